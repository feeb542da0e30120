// Package diary is the diary of a case: notes, drafts of their authors until they are signed and locked for ever after.
// It must not decide who opens a case: the package access does.
package diary

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/draft"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Note is an entry of the diary (it: annotazione): a draft of its author until it is signed, then locked for ever.
type Note struct {
	Tenant       int32
	ID           uuid.UUID
	Case         uuid.UUID
	Section      string
	Kind         string // one of NoteKinds
	Visibility   string // public or private to its author
	HappenedOn   time.Time
	Body         string
	AddendumTo   uuid.UUID // the signed note that this one corrects, or uuid.Nil
	AuthorTenant int32
	Author       uuid.UUID
	AuthorName   string
	CreatedAt    time.Time
	SignedAt     time.Time // zero for a draft
	Version      int
}

// says tells whether two notes have the same words.
func (n Note) says(other Note) bool {
	return n.Kind == other.Kind && n.Visibility == other.Visibility && n.Body == other.Body && n.HappenedOn.Equal(other.HappenedOn)
}

// Signed tells whether the note is locked.
func (n Note) Signed() bool { return !n.SignedAt.IsZero() }

// NoteKind is a type of diary entry and the section in which it belongs.
type NoteKind struct {
	ID      string
	Section string
	Label   language.Text
}

// NoteKinds are the types of diary entries (it: tipi di annotazione); the section decides who reads them and
// whether they can be shared.
var NoteKinds = []NoteKind{
	{"nota", "diary", language.Text{It: "Nota", En: "Note"}},
	{"colloquio", "diary", language.Text{It: "Colloquio", En: "Interview"}},
	{"visita_domiciliare", "diary", language.Text{It: "Visita domiciliare", En: "Home visit"}},
	{"relazione", "diary", language.Text{It: "Relazione", En: "Report"}},
	{"famiglia", "diary", language.Text{It: "Famiglia", En: "Family"}},
	{"abitazione", "diary", language.Text{It: "Abitazione", En: "Housing"}},
	{"orientamento_lavoro", "diary", language.Text{It: "Orientamento al lavoro", En: "Job guidance"}},
	{"mediazione_culturale", "diary", language.Text{It: "Mediazione culturale", En: "Cultural mediation"}},
	{"scuola", "school", language.Text{It: "Scuola", En: "School"}},
	{"foglio_amministrativo", "interventions", language.Text{It: "Foglio amministrativo", En: "Administrative sheet"}},
	{"isee", "interventions", language.Text{It: "ISEE", En: "ISEE"}},
	{"provvedimenti_tribunale", "judicial", language.Text{It: "Provvedimenti del tribunale", En: "Court orders"}},
	{"altro", "diary", language.Text{It: "Altro", En: "Other"}},
}

// NoteKindOf returns the kind with the id.
func NoteKindOf(id string) (NoteKind, bool) {
	for _, k := range NoteKinds {
		if k.ID == id {
			return k, true
		}
	}
	return NoteKind{}, false
}

// KindLabel words the id of a kind; empty for one that there is not.
func KindLabel(id string) language.Text {
	kind, _ := NoteKindOf(id)
	return kind.Label
}

// KindsOf are the labels of the types that are written in a section.
func KindsOf(section string) []language.Text {
	var labels []language.Text
	for _, k := range NoteKinds {
		if k.Section == section {
			labels = append(labels, k.Label)
		}
	}
	return labels
}

// noteSections are the sections in which diary entries stand.
func noteSections() []string {
	var sections []string
	for _, k := range NoteKinds {
		if !slices.Contains(sections, k.Section) {
			sections = append(sections, k.Section)
		}
	}
	return sections
}

// Writing is what an author writes into a note.
type Writing struct {
	ID         uuid.UUID
	Kind       string
	Visibility string
	HappenedOn time.Time
	Body       string
	AddendumTo uuid.UUID
	Version    int // of the draft that was shown; 0 for a new one
}

// Diary holds the rules of notes.
type Diary struct {
	deps  modules.Deps
	cases *access.Cases
}

// New makes the diary of the cases.
func New(deps modules.Deps, cases *access.Cases) *Diary { return &Diary{deps: deps, cases: cases} }

const maxNote = 20000

// writing is the note as its author would write it again.
func (n Note) writing() Writing {
	return Writing{ID: n.ID, Kind: n.Kind, Visibility: n.Visibility, HappenedOn: n.HappenedOn, Body: n.Body, AddendumTo: n.AddendumTo, Version: n.Version}
}

func (w Writing) check(now time.Time, signing bool) (NoteKind, error) {
	var fields problem.Fields
	if w.ID == uuid.Nil {
		fields.Add("id", "casefile.error.id")
	}
	kind, ok := NoteKindOf(w.Kind)
	if !ok {
		fields.Add("tipo", "web.field.choice")
	}
	if w.Visibility != "public" && w.Visibility != "private" {
		fields.Add("visibilita", "web.field.choice")
	}
	if w.HappenedOn.IsZero() {
		fields.Add("data", "casefile.error.day")
	} else if w.HappenedOn.Format(time.DateOnly) > now.In(language.Rome).Format(time.DateOnly) {
		fields.Add("data", "casefile.error.future")
	}
	if signing {
		fields.Require("testo", strings.TrimSpace(w.Body))
	}
	fields.MaxLength("testo", w.Body, maxNote)
	return kind, fields.Err()
}

// SaveNote keeps a draft of the diary, or signs and locks it; saving the same words
// again changes nothing. Errors: problem.Invalid by field; problem.NotFound when the
// case, the section or the corrected note does not open; problem.Conflict when the
// draft changed elsewhere or is signed already; problem.Forbidden for who only reads.
func (d *Diary) SaveNote(ctx context.Context, scope tenants.Scope, ref string, w Writing, sign bool) (Note, error) {
	kind, err := w.check(time.Now(), sign)
	if err != nil {
		// The case must open first, or the errors would tell that it exists.
		if _, openErr := d.openToWrite(ctx, scope, ref); openErr != nil {
			return Note{}, openErr
		}
		return Note{}, err
	}
	a, err := d.cases.OpenToWrite(ctx, scope, ref, kind.Section)
	if err != nil {
		return Note{}, err
	}
	if a.Foreign() && w.Visibility != "public" {
		var fields problem.Fields
		fields.Add("visibilita", "casefile.error.for_both")
		return Note{}, fields.Err()
	}
	note := Note{
		Tenant: a.Tenant, ID: w.ID, Case: a.ID, Section: kind.Section, Kind: w.Kind, Visibility: w.Visibility,
		HappenedOn: w.HappenedOn, Body: w.Body, AddendumTo: w.AddendumTo, AuthorTenant: scope.Tenant,
		Author: scope.Account, AuthorName: scope.Name, Version: w.Version,
	}
	action := "note.draft"
	if sign {
		action = "note.sign"
	}
	err = a.Change(ctx, func(tx tenants.Tx) error {
		changed, err := saveNote(ctx, tx, &note, sign)
		if err != nil || !changed {
			return err
		}
		return a.Note(ctx, tx, audit.Event{Action: action, Object: note.ID, Sections: []string{kind.Section}})
	})
	return note, err
}

// SignNote signs the words that a draft of the actor holds, in the version that was shown; signing the same again changes
// nothing. Errors: those of SaveNote; problem.NotFound for what the actor cannot see.
func (d *Diary) SignNote(ctx context.Context, scope tenants.Scope, ref string, id uuid.UUID, version int) (Note, error) {
	a, err := d.openToWrite(ctx, scope, ref)
	if err != nil {
		return Note{}, err
	}
	n, err := d.getNote(ctx, a, id)
	if err != nil || n.Signed() && n.Author == scope.Account {
		return n, err
	}
	if n.Version != version {
		return Note{}, problem.New(problem.Conflict, "web.error.conflict")
	}
	return d.SaveNote(ctx, scope, ref, n.writing(), true)
}

// OpenDiary is Open for the diary, whose entries stand in several sections: the
// audit names each of them that the actor reads. Errors: those of Open.
func (d *Diary) OpenDiary(ctx context.Context, scope tenants.Scope, ref string) (*access.Access, error) {
	return d.cases.OpenAny(ctx, scope, ref, noteSections()...)
}

// openToWrite opens a case for a note of whatever section the actor writes. Errors: those of access.OpenToWrite.
func (d *Diary) openToWrite(ctx context.Context, scope tenants.Scope, ref string) (*access.Access, error) {
	a, err := d.OpenDiary(ctx, scope, ref)
	if errors.Is(err, access.ErrReason) {
		return nil, problem.Missing().Wrap(err) // a reason opens to read only
	}
	if err != nil {
		return nil, err
	}
	return a, mayWrite(a)
}

// Shows tells whether an opened case shows any part of its diary.
func Shows(a *access.Access) bool { return slices.ContainsFunc(noteSections(), a.Scope.Reads) }

// mayWrite tells why no note can be written into an opened case.
func mayWrite(a *access.Access) error {
	for _, section := range noteSections() {
		if a.Scope.Writes(section) {
			return a.MayWrite(section)
		}
	}
	return a.MayWrite("diary")
}

// FindNotes lists the diary of an opened case, newest first, from a cursor on.
func (d *Diary) FindNotes(ctx context.Context, a *access.Access, after access.Cursor) ([]Note, access.Cursor, error) {
	notes, err := d.findNotes(ctx, a, after)
	if err != nil || len(notes) <= access.PageSize {
		return notes, access.Cursor{}, err
	}
	notes = notes[:access.PageSize]
	last := notes[access.PageSize-1]
	return notes, access.Cursor{At: last.HappenedOn, ID: last.ID}, nil
}

// GetNote returns a note of an opened case, or problem.NotFound. The reading of the
// note, with its section, is in the audit before GetNote returns.
func (d *Diary) GetNote(ctx context.Context, a *access.Access, id uuid.UUID) (Note, error) {
	n, err := d.getNote(ctx, a, id)
	if err != nil {
		return Note{}, err
	}
	events := a.Events("note.read", n.Section)
	for i := range events {
		events[i].Object = id
	}
	if err := d.deps.Audit.Record(ctx, a.Scope, events...); err != nil {
		return Note{}, err
	}
	return n, nil
}

// Drafts are the notes that the actor has begun.
func (d *Diary) Drafts() draft.Notes {
	return draft.Notes{DB: d.deps.DB, Held: d.cases.Held, Label: func(id string) language.Text {
		kind, _ := NoteKindOf(id)
		return kind.Label
	}}
}
