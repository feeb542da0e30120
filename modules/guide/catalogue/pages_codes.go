package catalogue

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// filePage takes a table of codes.
type filePage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Action     string
	File       component.Field
	Send       component.Button
	Columns    string
	Areas      string
	Export     component.Link
}

func (p *pages) begin(r *http.Request, _ tenants.Scope) (modules.View, error) {
	return fileView(r, nil), nil
}

func codesCrumbs(r *http.Request) component.Breadcrumb {
	return component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "guide.catalogue.title"), URL: at}, {Label: modules.Say(r, "guide.catalogue.import")}}}
}

func fileView(r *http.Request, refused error) modules.View {
	page := filePage{
		Breadcrumb: codesCrumbs(r), Action: codesPath, Columns: strings.Join(Columns, ", "), Areas: strings.Join(Areas(), ", "),
		File: component.Field{
			ID: "file", Kind: component.File, Required: true, Label: modules.Say(r, "guide.catalogue.file"), Accept: ".csv,text/csv",
			Error: modules.FieldErrors(r.Context(), refused)["file"],
		},
		Send:   component.Button{Label: modules.Say(r, "guide.catalogue.read"), Emphasis: component.Primary},
		Export: component.Link{Label: modules.Say(r, "guide.catalogue.export"), URL: at + "/elenco"},
	}
	page.Errors = component.Summarize(page.File)
	view := modules.Render("guide/codes", language.M("guide.catalogue.import"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view
}

// planPage says line by line what a table of codes does.
type planPage struct {
	Breadcrumb component.Breadcrumb
	Alert      *component.Alert
	Counts     string
	Table      component.Table
	Action     string
	Hidden     component.Hidden
	Confirm    *component.Button
	Again      component.Link
}

func (p *pages) plan(r *http.Request, s tenants.Scope) (modules.View, error) {
	content, err := readFile(r)
	var lines []Line
	if err == nil {
		lines, err = p.service.Plan(r.Context(), s, content)
	}
	if problem.Is(err, problem.Invalid) {
		return fileView(r, err), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return planView(r, lines, content, nil), nil
}

// readFile reads the file of the form. The error is problem.Invalid where there is none.
func readFile(r *http.Request) ([]byte, error) {
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, unreadable("web.field.required")
	}
	if err != nil {
		return nil, fmt.Errorf("read the sent table: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the sent table: %w", err)
	}
	return content, nil
}

// tones are how what becomes of a line looks.
var tones = map[string]component.Tone{Change: component.Success, Wrong: component.Danger}

func planView(r *http.Request, lines []Line, content []byte, refused error) modules.View {
	page := planPage{
		Breadcrumb: codesCrumbs(r), Action: codesPath + "/conferma", Hidden: component.Hidden{Name: "elenco", Value: base64.StdEncoding.EncodeToString(content)},
		Again: component.Link{Label: modules.Say(r, "guide.catalogue.again"), URL: codesPath},
		Table: component.Table{ID: "righe", Caption: modules.Say(r, "guide.catalogue.import"), Hidden: true},
	}
	for _, key := range []string{"line", "service", "was", "now", "do"} {
		page.Table.Columns = append(page.Table.Columns, component.Column{Label: modules.Say(r, "guide.catalogue.column."+key)})
	}
	counts := map[string]int{}
	for _, l := range lines {
		counts[l.Do]++
		page.Table.Rows = append(page.Table.Rows, planRow(r, l))
	}
	page.Counts = modules.Say(r, "guide.catalogue.counts", "change", counts[Change], "keep", counts[Keep], "wrong", counts[Wrong])
	switch {
	case counts[Wrong] > 0:
		page.Alert = &component.Alert{Tone: component.Warning, Text: modules.Say(r, "guide.catalogue.error.wrong")}
	case counts[Change] > 0:
		page.Confirm = &component.Button{Label: modules.Say(r, "guide.catalogue.confirm", "n", counts[Change]), Emphasis: component.Primary}
	}
	view := modules.Render("guide/codes_plan", language.M("guide.catalogue.import"), &page)
	if refused != nil {
		why := problem.Of(refused).Message
		if fields := problem.Of(refused).Fields; len(fields) > 0 {
			why = fields[0].Message
		}
		page.Alert = &component.Alert{Tone: component.Danger, Text: language.Say(r.Context(), why)}
		view = view.Refused()
	}
	return view
}

func planRow(r *http.Request, l Line) component.Row {
	var faults []string
	for _, fault := range l.Faults {
		faults = append(faults, language.Say(r.Context(), fault))
	}
	row := component.Row{Cells: []component.Cell{
		{Text: strconv.Itoa(l.Number)},
		{Text: l.Key, Note: language.SayText(r.Context(), l.Was.Title)},
		{Text: inShort(l.Was.Codings)},
		{},
		{Tags: []component.Tag{{Label: modules.Say(r, "guide.catalogue.do."+l.Do), Tone: tones[l.Do]}}, Note: strings.Join(faults, ". ")},
	}}
	if l.Do == Change {
		row.Cells[3].Text = inShort(l.Now)
	}
	return row
}

// inShort is codings in one line.
func inShort(c kit.Codings) string {
	var given []string
	for _, code := range []string{c.Local, c.SIUSS, strings.Join(c.ISTAT, " ")} {
		if code != "" {
			given = append(given, code)
		}
	}
	return strings.Join(given, " · ")
}

func (p *pages) apply(r *http.Request, s tenants.Scope) (modules.View, error) {
	content, err := base64.StdEncoding.DecodeString(r.PostFormValue("elenco"))
	if err != nil {
		return fileView(r, unreadable("guide.catalogue.error.form")), nil
	}
	lines, err := p.service.Apply(r.Context(), s, content)
	switch {
	case problem.Is(err, problem.Invalid) && lines == nil:
		return fileView(r, err), nil
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict):
		return planView(r, lines, content, err), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(at, language.M("guide.catalogue.imported")), nil
}
