package diary

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type pages struct {
	diary *Diary
}

// Pages are the pages of the diary.
func Pages(d *Diary) []modules.Page {
	p := &pages{diary: d}
	return []modules.Page{
		{Pattern: "GET /cartelle/{case}/diario", Permission: "case:read", Case: &modules.CaseNav{Label: "casefile.nav.diary", Sections: noteSections(), Order: 40}, Handle: p.list},
		{Pattern: "GET /cartelle/{case}/diario/nuova", Permission: "case:write", Handle: p.newNote},
		{Pattern: "POST /cartelle/{case}/diario", Permission: "case:write", Handle: p.saveNote},
		{Pattern: "POST /cartelle/{case}/diario/bozza", Permission: "case:write", Handle: p.draftNote},
		{Pattern: "GET /cartelle/{case}/diario/{note}", Permission: "case:read", Handle: p.showNote},
		{Pattern: "GET /cartelle/{case}/diario/{note}/firma", Permission: "case:write", Handle: p.reviewNote},
		{Pattern: "POST /cartelle/{case}/diario/{note}/firma", Permission: "case:write", Handle: p.signNote},
	}
}

// diaryPage is the diary of a case.
type diaryPage struct {
	Timeline component.Timeline
	New      *component.Button
}

func (p *pages) list(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.Asked(r)(p.diary.OpenDiary(r.Context(), s, r.PathValue("case")))
	if err != nil || a == nil {
		return ask, err
	}
	notes, next, err := p.diary.FindNotes(r.Context(), a, access.ParseCursor(r.FormValue("dopo")))
	if err != nil {
		return modules.View{}, err
	}
	page := diaryPage{Timeline: component.Timeline{Label: modules.Say(r, "casefile.diary.title"), Empty: nothing(r, a)}}
	for _, n := range notes {
		page.Timeline.Events = append(page.Timeline.Events, Event(r, a, n))
	}
	if !next.IsZero() {
		page.Timeline.Pager = &component.Pager{Next: "/cartelle/" + a.Ref + "/diario?dopo=" + next.String()}
	}
	if mayWrite(a) == nil {
		page.New = &component.Button{Label: modules.Say(r, "casefile.diary.new"), URL: "/cartelle/" + a.Ref + "/diario/nuova", Emphasis: component.Primary, Shortcut: "n"}
	}
	return modules.Render("casefile/diary", language.M("casefile.diary.title"), page).On(a.Bar(p.diary.cases, "diary")), nil
}

// nothing says that there is no note to read: none at all, or none in the parts that the actor reads.
func nothing(r *http.Request, a *access.Access) component.Empty {
	if a.Scope.Reads("diary") {
		return component.Empty{Title: modules.Say(r, "casefile.diary.empty"), Text: modules.Say(r, "casefile.diary.empty_text")}
	}
	return component.Empty{
		Title: modules.Say(r, "casefile.diary.none_shown"), Text: modules.Say(r, "casefile.access.parts", "sections", a.Labels(r.Context(), noteSections()...)),
	}
}

// Event is a note as a line of a diary shows it.
func Event(r *http.Request, a *access.Access, n Note) component.Event {
	kind, _ := NoteKindOf(n.Kind)
	e := component.Event{
		Title: language.SayText(r.Context(), kind.Label), At: n.HappenedOn, Day: true, By: a.By(n.AuthorTenant, n.AuthorName), Text: paragraphs(n.Body),
		Link: &component.Link{Label: modules.Say(r, "casefile.note.open"), Hidden: language.SayText(r.Context(), kind.Label), URL: "/cartelle/" + a.Ref + "/diario/" + n.ID.String()},
	}
	if !n.Signed() {
		e.Link.Label = modules.Say(r, "casefile.note.resume")
		e.Tags = append(e.Tags, component.Tag{Label: modules.Say(r, "casefile.note.draft"), Tone: component.Warning})
	} else {
		e.Tags = append(e.Tags, component.Tag{Label: modules.Say(r, "casefile.note.signed"), Tone: component.Success})
	}
	if n.Visibility == "private" {
		e.Tags = append(e.Tags, component.Tag{Label: modules.Say(r, "casefile.note.private")})
	}
	if n.AddendumTo != uuid.Nil {
		e.Tags = append(e.Tags, component.Tag{Label: modules.Say(r, "casefile.note.addendum")})
	}
	return e
}

// paragraphs cuts a text at its line breaks.
func paragraphs(body string) []string {
	return modules.Given(strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n")...)
}

// notePage is the form of a draft.
type notePage struct {
	Errors   component.ErrorSummary
	Conflict *component.Alert
	Fields   []component.Field
	Hidden   []component.Hidden
	Action   string
	DraftURL string             // "" where nothing is written any more
	Buttons  []component.Button // none, as well
	Original *component.Summary // the note that this one corrects
}

func (p *pages) newNote(r *http.Request, s tenants.Scope) (modules.View, error) {
	a, ask, err := access.Asked(r)(p.diary.OpenDiary(r.Context(), s, r.PathValue("case")))
	if err != nil || a == nil {
		return ask, err
	}
	if err := mayWrite(a); err != nil {
		return modules.View{}, err
	}
	w := Writing{ID: modules.FormID(r.FormValue("id")), Kind: firstKind(a), Visibility: "public", HappenedOn: time.Now().In(language.Rome), AddendumTo: modules.LinkID(r.FormValue("corregge"))}
	return p.noteForm(r, a, w, nil)
}

func (p *pages) noteForm(r *http.Request, a *access.Access, w Writing, refused error) (modules.View, error) {
	conflict := shut(r, a)
	open := conflict == nil
	if open && problem.Is(refused, problem.Conflict) {
		var err error
		if conflict, err = p.conflict(r, a, &w); err != nil {
			return modules.View{}, err
		}
	}
	page := notePage{
		Conflict: conflict,
		Action:   "/cartelle/" + a.Ref + "/diario", Fields: noteFields(r, a, w, refused),
		Hidden: []component.Hidden{{Name: "id", Value: w.ID.String()}, {Name: "version", Value: strconv.Itoa(w.Version)}, {Name: "corregge", Value: modules.IDText(w.AddendumTo)}},
	}
	if open {
		page.DraftURL = "/cartelle/" + a.Ref + "/diario/bozza"
		page.Buttons = []component.Button{
			{Label: modules.Say(r, "casefile.note.review"), Name: "azione", Value: "controlla", Emphasis: component.Primary},
			{Label: modules.Say(r, "casefile.note.save"), Name: "azione", Value: "bozza"},
		}
	}
	if a.Foreign() {
		page.Hidden = append(page.Hidden, component.Hidden{Name: "visibilita", Value: "public"})
	}
	page.Errors = component.Summarize(page.Fields...)
	if err := p.original(r, a, w.AddendumTo, &page.Original); err != nil {
		return modules.View{}, err
	}
	view := modules.Render("casefile/note_form", language.M("casefile.note.title"), page).On(a.Bar(p.diary.cases, "diary"))
	if conflict != nil && refused != nil {
		view.Status = http.StatusConflict
	} else if refused != nil {
		view = view.Refused()
	}
	return view, nil
}

// shut says why nothing is written into the diary any more, whoever writes; nil where it is.
func shut(r *http.Request, a *access.Access) *component.Alert {
	if err := mayWrite(a); problem.Is(err, problem.Conflict) {
		return &component.Alert{Tone: component.Warning, Title: language.Say(r.Context(), problem.Of(err).Message)}
	}
	return nil
}

// original puts the note that is corrected into the page, or nothing for uuid.Nil.
func (p *pages) original(r *http.Request, a *access.Access, id uuid.UUID, into **component.Summary) error {
	if id == uuid.Nil {
		return nil
	}
	n, err := p.diary.GetNote(r.Context(), a, id)
	*into = &component.Summary{Title: modules.Say(r, "casefile.note.original"), Rows: []component.SummaryRow{
		{Label: a.By(n.AuthorTenant, n.AuthorName), Values: paragraphs(n.Body), Lang: "it"},
	}}
	return err
}

// conflict shows what is stored beside what was typed, which stays in the form. Whoever sends the form again has
// seen the stored draft and replaces it; beside a signed note it becomes a correction.
func (p *pages) conflict(r *http.Request, a *access.Access, w *Writing) (*component.Alert, error) {
	stored, err := p.diary.GetNote(r.Context(), a, w.ID)
	if err != nil {
		return nil, err
	}
	alert := &component.Alert{Tone: component.Warning, Title: modules.Say(r, "casefile.note.conflict"), Text: stored.Body}
	w.Version = stored.Version
	if stored.Signed() {
		alert.Title = modules.Say(r, "casefile.note.conflict_signed")
		w.ID, w.Version, w.AddendumTo = modules.FormID(""), 0, stored.ID
	}
	return alert, nil
}

func noteFields(r *http.Request, a *access.Access, w Writing, refused error) []component.Field {
	wrong := modules.FieldErrors(r.Context(), refused)
	kind := component.Field{ID: "tipo", Kind: component.Select, Required: true, Label: modules.Say(r, "casefile.note.kind"), Value: w.Kind, Error: wrong["tipo"]}
	for _, k := range NoteKinds {
		if a.Scope.Writes(k.Section) {
			kind.Options = append(kind.Options, component.Option{Value: k.ID, Label: language.SayText(r.Context(), k.Label)})
		}
	}
	day := component.Field{ID: "data", Kind: component.Appointed, Required: true, Width: component.Short, Label: modules.Say(r, "casefile.note.day"), Error: wrong["data"]}
	if !w.HappenedOn.IsZero() {
		day.Value = w.HappenedOn.Format(time.DateOnly)
	}
	fields := []component.Field{kind, day, bodyField(r, w, wrong)}
	if a.Foreign() {
		return fields // what is written into another body's case is for both
	}
	return append(fields, component.Field{
		ID: "visibilita", Kind: component.Radios, Required: true, Label: modules.Say(r, "casefile.note.visibility"), Value: w.Visibility, Error: wrong["visibilita"],
		Options: []component.Option{
			{Value: "public", Label: modules.Say(r, "casefile.note.visible_public")}, {Value: "private", Label: modules.Say(r, "casefile.note.visible_private")},
		},
	})
}

func bodyField(r *http.Request, w Writing, wrong map[string]string) component.Field {
	return component.Field{ID: "testo", Kind: component.LongText, Rows: 12, Required: true, MaxLength: maxNote, Label: modules.Say(r, "casefile.note.body"), Value: w.Body, Error: wrong["testo"]}
}

// firstKind is the type that a new note begins with: the first that the actor writes.
func firstKind(a *access.Access) string {
	for _, k := range NoteKinds {
		if a.Scope.Writes(k.Section) {
			return k.ID
		}
	}
	return ""
}

// writing reads the form of a note.
func writing(r *http.Request) Writing {
	w := Writing{
		ID: modules.FormID(r.PostFormValue("id")), Kind: modules.Value(r, "tipo"), Visibility: modules.Value(r, "visibilita"),
		Body: strings.ReplaceAll(r.PostFormValue("testo"), "\r\n", "\n"), AddendumTo: modules.LinkID(r.PostFormValue("corregge")),
	}
	w.HappenedOn, _ = time.Parse(time.DateOnly, modules.Value(r, "data")) // an unreadable day is a missing one, which check refuses
	w.Version, _ = strconv.Atoi(r.PostFormValue("version"))
	return w
}

// saveNote keeps the draft; who asked to check it goes on to its review.
func (p *pages) saveNote(r *http.Request, s tenants.Scope) (modules.View, error) {
	w := writing(r)
	note, err := p.diary.SaveNote(r.Context(), s, r.PathValue("case"), w, false)
	if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
		a, ask, openErr := access.Asked(r)(p.diary.OpenDiary(r.Context(), s, r.PathValue("case")))
		if openErr != nil || a == nil {
			return ask, openErr
		}
		return p.noteForm(r, a, w, err)
	}
	if err != nil {
		return p.diary.cases.Unsaved(r, s, err, access.Typed{Label: modules.Say(r, "casefile.note.body"), Text: w.Body})
	}
	path := "/cartelle/" + r.PathValue("case") + "/diario/" + note.ID.String()
	if r.PostFormValue("azione") == "controlla" {
		return modules.Redirect(path+"/firma", language.Message{}), nil
	}
	return modules.Redirect(path, language.M("casefile.note.was_saved")), nil
}

// draftNote keeps a draft while it is typed and answers with its version. Without a usable id every save would make
// another draft, so there is none to make up here.
func (p *pages) draftNote(r *http.Request, s tenants.Scope) (modules.View, error) {
	w := writing(r)
	w.ID, _ = modules.ParseID(r.PostFormValue("id"))
	note, err := p.diary.SaveNote(r.Context(), s, r.PathValue("case"), w, false)
	if err != nil {
		return modules.NotKept(r, err)
	}
	return modules.Kept(note.Version)
}

// signedPage is a locked note.
type signedPage struct {
	Note     component.Event
	Addendum *component.Button
	Back     component.Link
}

func (p *pages) showNote(r *http.Request, s tenants.Scope) (modules.View, error) {
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
	if !n.Signed() && n.Author == s.Account {
		return p.noteForm(r, a, n.writing(), nil)
	}
	event := Event(r, a, n)
	event.Link = nil
	page := signedPage{Note: event, Back: component.Link{Label: modules.Say(r, "casefile.note.back"), URL: "/cartelle/" + a.Ref + "/diario"}}
	if a.MayWrite(n.Section) == nil {
		page.Addendum = &component.Button{Label: modules.Say(r, "casefile.note.correct"), URL: "/cartelle/" + a.Ref + "/diario/nuova?corregge=" + n.ID.String()}
	}
	return modules.Render("casefile/note", language.M("casefile.note.title"), page).On(a.Bar(p.diary.cases, "diary")), nil
}
