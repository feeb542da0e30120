package diary

import (
	"net/http"
	"strconv"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

// reviewPage shows a draft as it will stand once it is signed.
type reviewPage struct {
	Changed  *component.Alert
	Note     component.Event
	Readers  string
	Original *component.Summary // the note that this one corrects
	Action   string
	Version  int // of the draft that is shown
	Sign     component.Button
	Back     component.Link
}

// reviewNote shows the draft before it is signed; where something is missing it shows the form with what is wrong.
func (p *pages) reviewNote(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.Opened(r, s, p.diary.cases, "")
	if err != nil || a == nil {
		return ask, err
	}
	id, err := modules.PathID(r, "note")
	if err != nil {
		return modules.View{}, err
	}
	n, err := p.diary.GetNote(r.Context(), a, id)
	if err != nil {
		return modules.View{}, err
	}
	at := "/cartelle/" + a.Ref + "/diario/" + n.ID.String()
	if n.Signed() || a.MayWrite(n.Section) != nil {
		return modules.Redirect(at, language.Message{}), nil // as it can be seen
	}
	if _, err := n.writing().check(time.Now(), true); err != nil {
		return p.noteForm(r, a, n.writing(), err)
	}
	page := reviewPage{
		Note: Event(r, a, n), Readers: modules.Say(r, "casefile.note.visible_public"), Action: at + "/firma", Version: n.Version,
		Sign: component.Button{Label: modules.Say(r, "casefile.note.sign"), Emphasis: component.Primary},
		Back: component.Link{Label: modules.Say(r, "casefile.note.edit"), URL: at},
	}
	if n.Visibility == "private" {
		page.Readers = modules.Say(r, "casefile.note.visible_private")
	}
	err = p.original(r, a, n.AddendumTo, &page.Original)
	return modules.Render("casefile/note_review", language.M("casefile.note.review"), page).On(a.Bar(p.diary.cases, "diary")), err
}

// signNote signs the draft that the review showed. One that changed since is shown again.
func (p *pages) signNote(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "note")
	if err != nil {
		return modules.View{}, err
	}
	seen, _ := strconv.Atoi(r.PostFormValue("version"))
	n, err := p.diary.SignNote(r.Context(), s, r.PathValue("case"), id, seen)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		view, err := p.reviewNote(r, s)
		if page, shown := view.Data.(reviewPage); shown {
			page.Changed = &component.Alert{Tone: component.Warning, Title: modules.Say(r, "casefile.note.changed")}
			view.Data, view.Status = page, http.StatusConflict
		}
		return view, err
	}
	if err != nil {
		return modules.View{}, err
	}
	return modules.Redirect("/cartelle/"+r.PathValue("case")+"/diario/"+n.ID.String(), language.M("casefile.note.was_signed")), nil
}
