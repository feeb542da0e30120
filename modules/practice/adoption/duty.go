package adoption

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/practice/clash"
	"staffetta/tenants"
)

// What somebody is reminded of. Each has its message practice.duty.What and its page.
const (
	dueStage   = "stage"   // the day by which the own side of the present stage is to be done
	dueGaps    = "gaps"    // gaps of the checklist with their day
	dueMeasure = "measure" // values of indicators some months after the first case
	dueReview  = "review"  // the yearly statement
	dueNaming  = "naming"  // a lead that the other side has named
)

// label begins the message of each duty.
const label = "practice.duty."

// reminder is one thing that an adoption asks of the scope's body.
type reminder struct {
	What   string
	ID     uuid.UUID
	Title  language.Text
	N      int
	Months int
	Due    *time.Time
	Since  *time.Time
}

// Duties are what adoptions ask: of the two sides by their days and alarms, of a lead body by alarms that have stood for the term.
func (v *Service) Duties() []modules.DutySource {
	return []modules.DutySource{
		{
			Permission: "adoption:write", Topics: []string{"practice.adoptions", "practice.adoptions_owners", "practice.adoptions_alarms"},
			Choices: choices(dueStage, dueGaps, dueMeasure, dueReview, dueNaming, "unused", "left", "conflicts"), Find: v.FindDuties,
		},
		{Permission: "adoption:read", Topics: []string{"practice.adoptions_alarms"}, Choices: choices("lead"), Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
			found, err := v.findLeadAlarms(ctx, s)
			return duties(found), err
		}},
	}
}

// choices are the labels of duties.
func choices(whats ...string) (labels []string) {
	for _, what := range whats {
		labels = append(labels, label+what)
	}
	return labels
}

// FindDuties lists what the adoptions ask of the scope's body within the days ahead, what is late, and conflicts of upgrades
// that nobody has decided.
func (v *Service) FindDuties(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
	found, err := v.findReminders(ctx, s)
	if err != nil {
		return nil, err
	}
	open, err := clash.FindDuties(ctx, v.deps.DB, s)
	return append(open, duties(found)...), err
}

func duties(found []reminder) []modules.Duty {
	var list []modules.Duty
	for _, r := range found {
		duty := modules.Duty{Label: language.M(label+r.What, "n", r.N, "months", r.Months), Title: r.Title.It, Path: r.path()}
		if r.Due != nil {
			duty.Due = *r.Due
		}
		if r.Since != nil {
			duty.Since = *r.Since
		}
		list = append(list, duty)
	}
	return list
}

// path is where it is done.
func (r reminder) path() string {
	at := "/adozioni/" + r.ID.String()
	switch r.What {
	case dueStage:
		return at
	case dueGaps:
		return at + "/analisi"
	case dueMeasure:
		return at + "/fasi/8"
	case dueReview:
		return at + "/riscontri/nuovo?tipo=review"
	case dueNaming:
		return at + "/capofila"
	case "left":
		return at + "/formati"
	}
	return at + "/esito"
}
