package document

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/policies"
	"staffetta/tenants"
)

type pages struct {
	documents *Documents
}

// Pages are the pages of the documents.
func Pages(f *Documents) []modules.Page {
	p := &pages{documents: f}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/documenti", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.documents", Sections: documentSections, Order: 50}, Handle: p.list},
		{Pattern: "POST /cartelle/{case}/documenti", Permission: "case:write", MaxBody: MaxDocument + 1<<20, Handle: p.upload},
		{Pattern: "GET /cartelle/{case}/documenti/{document}", Permission: "case:read", Handle: p.download},
	}
}

// documentsPage lists the documents and takes new ones.
type documentsPage struct {
	Table  component.Table
	Errors component.ErrorSummary
	Fields []component.Field
	Hidden []component.Hidden
	Action string
	Submit *component.Button
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	return p.documentList(r, s, nil)
}

func (p *pages) documentList(r *http.Request, s tenants.Scope, refused error) (modules.View, error) {
	a, ask, err := access.Asked(r)(p.documents.OpenDocuments(r.Context(), s, r.PathValue("case")))
	if err != nil || a == nil {
		return ask, err
	}
	found, err := p.documents.FindDocuments(r.Context(), a)
	if err != nil {
		return modules.View{}, err
	}
	page := documentsPage{Table: documentTable(r, a, found), Action: "/cartelle/" + a.Ref + "/documenti"}
	if slices.ContainsFunc(documentSections, func(section string) bool { return a.MayWrite(section) == nil }) {
		page.Fields = documentFields(r, a, refused)
		page.Errors = component.Summarize(page.Fields...)
		page.Hidden = []component.Hidden{{Name: "id", Value: modules.FormID("").String()}}
		page.Submit = &component.Button{Label: modules.Say(r, "casefile.document.submit"), Emphasis: component.Primary}
	}
	view := modules.Render("casefile/documents", language.M("casefile.document.title"), page).On(a.Bar(p.documents.cases, "documents"))
	if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

func documentTable(r *http.Request, a *access.Access, found []Document) component.Table {
	t := component.Table{
		Caption: modules.Say(r, "casefile.document.title"), Hidden: true,
		Columns: []component.Column{
			{Label: modules.Say(r, "casefile.document.name")},
			{Label: modules.Say(r, "casefile.document.section")},
			{Label: modules.Say(r, "casefile.document.size"), Numeric: true},
			{Label: modules.Say(r, "casefile.document.by")},
			{Label: modules.Say(r, "casefile.document.at")},
		},
		Empty: component.Empty{Title: modules.Say(r, "casefile.document.empty"), Text: modules.Say(r, "casefile.document.empty_text")},
	}
	if !a.Scope.Reads("documents") {
		t.Empty = component.Empty{
			Title: modules.Say(r, "casefile.document.none_shown"), Text: modules.Say(r, "casefile.access.parts", "sections", a.Labels(r.Context(), documentSections...)),
		}
	}
	for _, d := range found {
		t.Rows = append(t.Rows, component.Row{Cells: []component.Cell{
			{Text: d.Title, URL: "/cartelle/" + a.Ref + "/documenti/" + d.ID.String(), Note: d.FileName, Lang: "it"},
			{Text: language.SayText(r.Context(), policies.SectionLabel(d.Section))},
			{Text: fmt.Sprintf("%d KB", (d.Size+1023)/1024), Numeric: true},
			{Text: a.By(d.AuthorTenant, d.AuthorName)},
			{Instant: d.CreatedAt.In(language.Rome)},
		}})
	}
	return t
}

func documentFields(r *http.Request, a *access.Access, refused error) []component.Field {
	wrong := modules.FieldErrors(r.Context(), refused)
	file := component.Field{
		ID: "file", Kind: component.File, Required: true, Label: modules.Say(r, "casefile.document.file"),
		Hint: modules.Say(r, "casefile.document.hint", "max", MaxDocument>>20), Accept: ".pdf,.png,.jpg,.jpeg,.webp,.txt,.csv,.docx,.odt,.xlsx,.ods", Error: wrong["file"],
	}
	title := component.Field{ID: "titolo", MaxLength: 200, Label: modules.Say(r, "casefile.document.name"), Value: modules.Value(r, "titolo"), Error: wrong["titolo"]}
	section := component.Field{ID: "sezione", Kind: component.Radios, Required: true, Label: modules.Say(r, "casefile.document.section"), Value: modules.Value(r, "sezione"), Error: wrong["sezione"]}
	for _, id := range documentSections {
		if a.Scope.Writes(id) {
			section.Options = append(section.Options, component.Option{Value: id, Label: language.SayText(r.Context(), policies.SectionLabel(id)), Selected: id == "documents" && section.Value == ""})
		}
	}
	return []component.Field{file, title, section}
}

func (p *pages) upload(r *http.Request, s tenants.Scope) (modules.View, error) {
	u, err := readUpload(r)
	if err != nil {
		return modules.View{}, err
	}
	_, err = p.documents.AddDocument(r.Context(), s, r.PathValue("case"), u)
	if problem.Is(err, problem.Invalid) {
		return p.documentList(r, s, err)
	}
	if err != nil {
		return p.documents.cases.Unsaved(r, s, err, access.Typed{Label: modules.Say(r, "casefile.document.name"), Text: cmp.Or(u.Title, u.FileName)})
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/documenti", language.M("casefile.document.done")), nil
}

// readUpload reads the file of the form; a form without one has no content.
func readUpload(r *http.Request) (Upload, error) {
	u := Upload{ID: modules.FormID(r.FormValue("id")), Title: modules.Value(r, "titolo"), Section: modules.Value(r, "sezione")}
	file, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return u, nil
	}
	if err != nil {
		return u, fmt.Errorf("read the sent file: %w", err)
	}
	defer file.Close()
	if u.Content, err = io.ReadAll(io.LimitReader(file, MaxDocument+1)); err != nil {
		return u, fmt.Errorf("read the sent file: %w", err)
	}
	u.FileName, u.Sniffed = head.Filename, http.DetectContentType(u.Content)
	return u, nil
}

func (p *pages) download(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "document")
	if err != nil {
		return modules.View{}, err
	}
	d, content, err := p.documents.ReadDocument(r.Context(), s, r.PathValue("case"), id)
	if errors.Is(err, access.ErrReason) {
		return access.AskReason(r, nil), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{Name: d.FileName, MediaType: d.MediaType, Content: content, Modified: d.CreatedAt}}, nil
}
