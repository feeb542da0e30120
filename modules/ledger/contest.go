package ledger

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Contest is what a citizen says against an access to the own file, and what the data protection officer answers
// (it: contestazione).
type Contest struct {
	ID         uuid.UUID
	Event      uuid.UUID
	EventAt    time.Time
	Words      string // of the citizen
	MadeAt     time.Time
	Finding    string // Justified or Unjustified; "" until it is answered
	Answer     string
	AnsweredBy string
	AnsweredAt time.Time
	Version    int

	// What was contested, for the data protection officer.
	Line Line
}

// What the data protection officer finds.
const (
	Justified   = "justified"
	Unjustified = "unjustified"
)

// contestDays is within how many days a contest is to be answered: a month (GDPR art. 12(3)).
const contestDays = 30

// Due is the last day to answer.
func (c Contest) Due() time.Time { return c.MadeAt.In(language.Rome).AddDate(0, 0, contestDays) }

// Complaint is a new contest. The same ID twice makes one.
type Complaint struct {
	ID    uuid.UUID
	Event uuid.UUID // the first of what somebody did on a day
	Words string
}

// Own is the line of the own file that begins with an event. Errors: problem.NotFound for what the citizen does not see.
func (s *Service) Own(ctx context.Context, scope tenants.Scope, event uuid.UUID) (OwnAccess, error) {
	if scope.Purpose != tenants.Citizen {
		return OwnAccess{}, problem.Missing()
	}
	wait := s.deps.Audit.Start(ctx, scope, audit.Event{Action: "accesses.read"})
	a, seen, err := s.sees(ctx, scope, event)
	if audited := wait(); audited != nil {
		return OwnAccess{}, audited
	}
	if err == nil && !seen {
		err = problem.Missing()
	}
	return a, err
}

// Complain makes a contest; contesting a line again changes nothing. Errors: problem.NotFound for what the citizen does not
// see, problem.Invalid for too few or too many words.
func (s *Service) Complain(ctx context.Context, scope tenants.Scope, c Complaint) error {
	a, err := s.Own(ctx, scope, c.Event)
	if err != nil {
		return err
	}
	c.Words = strings.TrimSpace(c.Words)
	var wrong problem.Fields
	words(&wrong, "testo", c.Words, 1000)
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		made, err := insertContest(ctx, tx, scope, c, a.At)
		if err != nil || !made {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{Action: "contest.create", Object: c.ID})
	})
}

// words refuses a text without sense and one that is too long.
func words(wrong *problem.Fields, name, text string, limit int) {
	if len([]rune(text)) < 5 {
		wrong.Add(name, "ledger.error.words")
	}
	wrong.MaxLength(name, text, limit)
}

// FindOwnContests lists what the citizen has contested, newest first, with the answers.
func (s *Service) FindOwnContests(ctx context.Context, scope tenants.Scope) ([]Contest, error) {
	if scope.Purpose != tenants.Citizen {
		return nil, problem.Missing()
	}
	return s.findContests(ctx, scope, ownContests)
}

// FindContests lists what citizens have contested: what waits for an answer first, by its day, then what was answered.
func (s *Service) FindContests(ctx context.Context, scope tenants.Scope) ([]Contest, error) {
	wait := s.deps.Audit.Start(ctx, scope, audit.Event{Action: "contest.list"})
	found, err := s.findContests(ctx, scope, allContests)
	if audited := wait(); audited != nil {
		return nil, audited
	}
	return found, err
}

// GetContest returns what a citizen has contested, with what was done. Errors: problem.NotFound.
func (s *Service) GetContest(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Contest, error) {
	wait := s.deps.Audit.Start(ctx, scope, audit.Event{Action: "contest.read", Object: id})
	c, err := s.readContest(ctx, scope, id)
	if audited := wait(); audited != nil {
		return Contest{}, audited
	}
	return c, err
}

// Answer is what the data protection officer answers.
type Answer struct {
	Contest uuid.UUID
	Finding string
	Words   string
	Version int // of the contest, as it was read
}

// AnswerContest answers a contest once. Errors: problem.NotFound, problem.Conflict for one that is answered already,
// problem.Invalid for the fields at fault.
func (s *Service) AnswerContest(ctx context.Context, scope tenants.Scope, a Answer) error {
	a.Words = strings.TrimSpace(a.Words)
	var wrong problem.Fields
	wrong.OneOf("esito", a.Finding, Justified, Unjustified)
	if a.Finding == "" {
		wrong.Add("esito", "ledger.error.finding")
	}
	words(&wrong, "risposta", a.Words, 2000)
	if err := wrong.Err(); err != nil {
		return err
	}
	if _, err := s.readContest(ctx, scope, a.Contest); err != nil {
		return err
	}
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		if err := answerContest(ctx, tx, scope, a); err != nil {
			return err
		}
		return audit.Write(ctx, tx, scope, audit.Event{Action: "contest.answer", Object: a.Contest, Payload: map[string]any{"finding": a.Finding}})
	})
}

// duties tells who answers contests what waits.
func (s *Service) duties() []modules.DutySource {
	return []modules.DutySource{{Permission: answerContests, Topics: []string{"ledger.contests"}, Find: func(ctx context.Context, scope tenants.Scope) ([]modules.Duty, error) {
		n, first, err := s.countOpen(ctx, scope)
		if err != nil || n == 0 {
			return nil, err
		}
		return []modules.Duty{{
			Label: language.M("ledger.duty.contests", "n", n), Path: "/console/registro/contestazioni", Due: Contest{MadeAt: first}.Due(),
		}}, nil
	}}}
}
