package roster

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
	"staffetta/policies"
	"staffetta/tenants"
)

const (
	people = "/console/persone"
	at     = people + "/elenco"
)

type pages struct {
	service *Service
}

// Pages are the pages where a list of people is read and done.
func Pages(v *Service) []modules.Page {
	p := &pages{v}
	return []modules.Page{
		{Pattern: "GET " + at, Permission: policies.ManageRules, Handle: p.begin},
		{Pattern: "GET " + at + "/modello", Permission: policies.ManageRules, Handle: p.template},
		{Pattern: "POST " + at, Permission: policies.ManageRules, Handle: p.plan},
		{Pattern: "POST " + at + "/conferma", Permission: policies.ManageRules, Handle: p.apply},
	}
}

// filePage takes a list.
type filePage struct {
	Breadcrumb component.Breadcrumb
	Errors     component.ErrorSummary
	Action     string
	File       component.Field
	Send       component.Button
	Template   component.Link
	Columns    string
}

func (p *pages) begin(r *http.Request, _ tenants.Scope) (modules.View, error) {
	return fileView(r, nil), nil
}

func breadcrumb(r *http.Request) component.Breadcrumb {
	return component.Breadcrumb{Items: []component.Crumb{{Label: modules.Say(r, "onboarding.member.title"), URL: people}, {Label: modules.Say(r, "onboarding.roster.title")}}}
}

func fileView(r *http.Request, refused error) modules.View {
	page := filePage{
		Breadcrumb: breadcrumb(r), Action: at, Columns: strings.Join(Columns, ", "),
		File: component.Field{
			ID: "file", Kind: component.File, Required: true, Label: modules.Say(r, "onboarding.roster.file"), Hint: modules.Say(r, "onboarding.roster.file_hint"), Accept: ".csv,text/csv",
			Error: modules.FieldErrors(r.Context(), refused)["file"],
		},
		Send:     component.Button{Label: modules.Say(r, "onboarding.roster.read"), Emphasis: component.Primary},
		Template: component.Link{Label: modules.Say(r, "onboarding.roster.template"), URL: at + "/modello"},
	}
	page.Errors = component.Summarize(page.File)
	view := modules.Render("onboarding/roster", language.M("onboarding.roster.title"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view
}

func (p *pages) template(*http.Request, tenants.Scope) (modules.View, error) {
	return modules.View{File: &modules.File{Name: "persone.csv", MediaType: "text/csv; charset=utf-8", Content: Template()}}, nil
}

// planPage says line by line what a list does.
type planPage struct {
	Breadcrumb component.Breadcrumb
	Alert      *component.Alert
	Counts     string
	Table      component.Table
	Action     string
	Hidden     []component.Hidden
	Confirm    *component.Button
	Again      component.Link
}

func (p *pages) plan(r *http.Request, s tenants.Scope) (modules.View, error) {
	content, err := readFile(r)
	if err != nil {
		return refusedFile(r, err)
	}
	lines, err := p.service.Plan(r.Context(), s, content)
	if err != nil {
		return refusedFile(r, err)
	}
	return planView(r, lines, content, nil), nil
}

func refusedFile(r *http.Request, err error) (modules.View, error) {
	if problem.Is(err, problem.Invalid) {
		return fileView(r, err), nil
	}
	return modules.View{}, err
}

// readFile reads the file of the form. The error is problem.Invalid where there is none.
func readFile(r *http.Request) ([]byte, error) {
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, unreadable("web.field.required")
	}
	if err != nil {
		return nil, fmt.Errorf("read the sent list: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the sent list: %w", err)
	}
	return content, nil
}

// tones are how what becomes of a line looks.
var tones = map[string]component.Tone{Admit: component.Success, Invite: component.Info, Wrong: component.Danger}

func planView(r *http.Request, lines []Line, content []byte, refused error) modules.View {
	page := planPage{
		Breadcrumb: breadcrumb(r), Action: at + "/conferma", Hidden: []component.Hidden{{Name: "elenco", Value: base64.StdEncoding.EncodeToString(content)}},
		Again: component.Link{Label: modules.Say(r, "onboarding.roster.again"), URL: at},
		Table: component.Table{ID: "righe", Caption: modules.Say(r, "onboarding.roster.plan"), Hidden: true},
	}
	for _, key := range []string{"line", "person", "what", "do"} {
		page.Table.Columns = append(page.Table.Columns, component.Column{Label: modules.Say(r, "onboarding.roster.column."+key)})
	}
	counts := map[string]int{}
	for _, l := range lines {
		counts[l.Do]++
		page.Table.Rows = append(page.Table.Rows, rowOf(r, l))
	}
	page.Counts = modules.Say(r, "onboarding.roster.counts", "admit", counts[Admit], "invite", counts[Invite], "skip", counts[Skip], "wrong", counts[Wrong])
	if counts[Admit]+counts[Invite] > 0 {
		page.Confirm = &component.Button{Label: modules.Say(r, "onboarding.roster.confirm", "n", counts[Admit]+counts[Invite]), Emphasis: component.Primary}
	}
	if counts[Wrong] > 0 {
		page.Alert = &component.Alert{Tone: component.Warning, Text: modules.Say(r, "onboarding.roster.wrong")}
	}
	view := modules.Render("onboarding/roster_plan", language.M("onboarding.roster.plan"), &page)
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

func rowOf(r *http.Request, l Line) component.Row {
	var faults []string
	for _, fault := range l.Faults {
		faults = append(faults, language.Say(r.Context(), fault))
	}
	who := l.Email
	if l.Code != "" && l.Do != Wrong {
		who = "•••" + l.Code[len(l.Code)-4:] // the list itself has the whole code
	}
	return component.Row{Cells: []component.Cell{
		{Text: strconv.Itoa(l.Number)},
		{Text: l.Name, Note: who},
		{Text: l.Role, Note: l.Office},
		{Tags: []component.Tag{{Label: modules.Say(r, "onboarding.roster.do."+l.Do), Tone: tones[l.Do]}}, Note: strings.Join(faults, ". ")},
	}}
}

func (p *pages) apply(r *http.Request, s tenants.Scope) (modules.View, error) {
	content, err := base64.StdEncoding.DecodeString(r.PostFormValue("elenco"))
	if err != nil {
		return refusedFile(r, unreadable("onboarding.roster.error.form"))
	}
	lines, err := p.service.Apply(r.Context(), s, content)
	switch {
	case problem.Is(err, problem.Invalid) && lines == nil:
		return refusedFile(r, err)
	case problem.Is(err, problem.Invalid), problem.Is(err, problem.Conflict), problem.Is(err, problem.TooMany):
		return planView(r, lines, content, err), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(people, language.M("onboarding.roster.done")), nil
}
