// Package casefile is the case file (it: cartella sociale): who works on a case, its path, diary and
// documents. Each part of it stands in a package below, over the package access, by
// which any module opens a case. It must not know what other modules keep about a
// case.
package casefile

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/modules/casefile/diary"
	"staffetta/modules/casefile/document"
	"staffetta/modules/casefile/protection"
	"staffetta/modules/casefile/step"
	"staffetta/modules/casefile/team"
	"staffetta/modules/casefile/visit"
	"staffetta/modules/casefile/why"
	"staffetta/modules/kit"
	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// Opening is what is needed to open a case.
type Opening struct {
	ID       uuid.UUID // made when the form was rendered, so that a second submit changes nothing
	Person   uuid.UUID
	Contact  uuid.UUID
	Area     string
	Summary  string
	Workflow string    // key of a published workflow item, or "" for the program's own
	Manager  uuid.UUID // uuid.Nil for the actor
}

// Areas are the local targets of a case (domain: famiglia e minori …).
var Areas = []string{"famiglia_minori", "disabili", "adulti", "anziani"}

// What other modules know of a case stands in the packages of its parts.
type (
	// Access is an opened case.
	Access = access.Access
	// CaseFile is the header of a case.
	CaseFile = access.CaseFile
	// CaseRef names a case in a path of the API.
	CaseRef = access.CaseRef
	// Cursor is a place in a list.
	Cursor = access.Cursor
	// Grant is what a live share shows of a case.
	Grant = access.Grant
	// Question asks who may do what with a section of a case, now or in the past.
	Question = why.Question
	// Explanation is what answers a question.
	Explanation = why.Explanation
	// Typed is what somebody wrote into a field of a form.
	Typed = access.Typed
	// Upload is a file as it was sent.
	Upload = document.Upload
	// Mark says that a case is protected.
	Mark = protection.Mark
	// Assigning is what is needed to give somebody a part in a case.
	Assigning = team.Assigning
	// Writing is what an author writes into a note.
	Writing = diary.Writing
	// Asked are the questions of a step of a workflow.
	Asked = step.Asked
	// Given is what was given to a field of a step.
	Given = step.Given
)

// ErrReason says that a case opens only with a reason.
var ErrReason = access.ErrReason

// NoteKindsOf are the labels of the types of notes that are written in a section.
func NoteKindsOf(section string) []language.Text { return diary.KindsOf(section) }

// ReplaceGiven puts what is given now in the place of what was given to the same questions.
func ReplaceGiven(was, now []Given) []Given { return step.Replace(was, now) }

// ParseCursor reads a cursor; anything else is the beginning.
func ParseCursor(text string) Cursor { return access.ParseCursor(text) }

// Service holds the rules of cases: its own, those by which a case opens, and those of the parts of a case.
type Service struct {
	*access.Cases
	*diary.Diary
	*document.Documents
	*protection.Protections
	*team.Team
	*visit.Visits
	*why.Why

	Questions step.Questions // what steps of workflows ask for

	deps    modules.Deps
	items   *kit.Items
	persons *registry.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	cases := access.NewCases(deps)
	return &Service{
		Cases: cases, Diary: diary.New(deps, cases), Documents: document.New(deps, cases), Protections: protection.New(deps, cases), Team: team.New(deps, cases), Visits: visit.New(deps, cases), Why: why.New(deps, cases),
		Questions: step.NewQuestions(deps),
		deps:      deps, items: kit.NewItems(deps), persons: registry.NewService(deps),
	}
}

// Create opens a case for a person of the body (OpenCase, it: presa in carico) and assigns it. The person
// must be visible to the actor, else problem.NotFound. A case that exists with the
// id already is returned as it is.
func (s *Service) Create(ctx context.Context, scope tenants.Scope, o Opening) (CaseFile, error) {
	confined := s.ConfineOpening(scope)
	if err := o.check(confined); err != nil {
		return CaseFile{}, err
	}
	person, err := s.persons.Get(ctx, scope, o.Person)
	if err != nil {
		return CaseFile{}, err
	}
	flow, err := s.chooseWorkflow(ctx, scope, o.Workflow)
	if err != nil {
		return CaseFile{}, err
	}
	c := CaseFile{
		Tenant: scope.Tenant, ID: o.ID, Person: person.ID, Contact: o.Contact, State: flow.Start(), StateLabel: flow.Label(flow.Start()).It, Workflow: flow.Version,
		Area: o.Area, OpenedAt: time.Now().UTC().Truncate(time.Microsecond), Version: 1,
	}
	err = s.deps.DB.InTx(ctx, confined, func(tx tenants.Tx) error {
		manager, err := s.chooseManager(ctx, tx, scope, o.Manager)
		if err != nil {
			return err
		}
		if created, err := insertCase(ctx, tx, confined, &c, o.Summary); err != nil || !created {
			return err
		}
		return team.Begin(ctx, tx, confined, &c, manager)
	})
	return c, err
}

// ConfineOpening gives the scope the sections in which whoever opens a case may write.
func (s *Service) ConfineOpening(scope tenants.Scope) tenants.Scope {
	return s.deps.Policies.Confine(scope, policies.Body, policies.Assigned)
}

func (o Opening) check(confined tenants.Scope) error {
	var fields problem.Fields
	if o.Person == uuid.Nil {
		fields.Add("persona", "casefile.error.person")
	}
	fields.OneOf("area", o.Area, Areas...)
	fields.MaxLength("sintesi", o.Summary, 2000)
	if o.Summary != "" && !confined.Writes(reasonSection) {
		fields.Add("sintesi", "casefile.error.read_only")
	}
	return fields.Err()
}

// chooseManager finds who is to hold the case: the actor or, where the actor may
// assign cases, somebody else of the body; in any case with a role that works on cases.
func (s *Service) chooseManager(ctx context.Context, tx tenants.Tx, scope tenants.Scope, account uuid.UUID) (tenants.Colleague, error) {
	if account == uuid.Nil {
		account = scope.Account
	}
	if account != scope.Account && !s.deps.Policies.Allows(scope, policies.Body, "case", "assign") {
		var fields problem.Fields
		fields.Add("responsabile", "casefile.error.assign")
		return tenants.Colleague{}, fields.Err()
	}
	return s.FindColleague(ctx, tx, scope, account, "responsabile")
}

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
