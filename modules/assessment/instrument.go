package assessment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Instrument is a questionnaire with a score in one of its published versions (it: strumento di valutazione).
type Instrument struct {
	Key         string
	Title       language.Text
	Edition     uuid.UUID // the item version that assessments pin
	Number      int       // of the version
	PublishedAt time.Time
	SHA256      string
	Definition  *kit.Assessment
}

func newInstrument(v kit.Version) (Instrument, error) {
	definition, err := kit.ParseAssessment(v.Content)
	if err != nil {
		return Instrument{}, fmt.Errorf("read instrument %s: %w", v.Key, err)
	}
	return Instrument{
		Key: v.Key, Title: v.Title, Edition: v.ID, Number: v.Number, PublishedAt: v.At, SHA256: v.SHA256, Definition: definition,
	}, nil
}

// Instruments lists the published instruments of the body, by key.
func (s *Service) Instruments(ctx context.Context, scope tenants.Scope) ([]Instrument, error) {
	versions, err := s.items.Published(ctx, scope, kit.KindAssessment)
	if err != nil {
		return nil, err
	}
	instruments := make([]Instrument, len(versions))
	for n, v := range versions {
		if instruments[n], err = newInstrument(v); err != nil {
			return nil, err
		}
	}
	return instruments, nil
}

// InstrumentsOf lists the published instruments with which the actor can assess in an opened case: those of the body that
// has it.
func (s *Service) InstrumentsOf(ctx context.Context, a *casefile.Access) ([]Instrument, error) {
	versions, err := findInstruments(ctx, a)
	instruments := make([]Instrument, len(versions))
	for n, v := range versions {
		if instruments[n], err = newInstrument(v); err != nil {
			return nil, err
		}
	}
	return instruments, err
}

// Start opens a case to write and returns the instrument to fill in. Errors: those of casefile.OpenToWrite;
// problem.NotFound when the instrument is not published.
func (s *Service) Start(ctx context.Context, scope tenants.Scope, ref, key string) (*casefile.Access, Instrument, error) {
	a, err := s.cases.OpenToWrite(ctx, scope, ref, Section)
	if err != nil {
		return nil, Instrument{}, err
	}
	in, err := s.edition(ctx, a, key, uuid.Nil)
	return a, in, err
}

// edition returns the version that the author saw when the form was rendered; without one, the present version. An
// instrument that is not published any more begins no new assessment.
func (s *Service) edition(ctx context.Context, a *casefile.Access, key string, seen uuid.UUID) (Instrument, error) {
	published, err := findInstruments(ctx, a)
	if err != nil {
		return Instrument{}, err
	}
	at := slices.IndexFunc(published, func(v kit.Version) bool { return v.Key == key })
	if at < 0 {
		return Instrument{}, problem.Missing()
	}
	if seen == uuid.Nil || seen == published[at].ID {
		return newInstrument(published[at])
	}
	v, err := readEdition(ctx, a, seen)
	if err != nil {
		return Instrument{}, err
	}
	if v.Kind != kit.KindAssessment || v.Key != key {
		return Instrument{}, problem.Missing()
	}
	return newInstrument(v)
}

// given reads the answers of a filling, which come as fields of a page or as values.
func (in Instrument) given(f Filling) kit.Answers {
	if f.Values != nil {
		return in.Definition.ParseValues(f.Values)
	}
	return f.Answers
}

// fill checks a filling and computes what it comes to. Names in the error are done_on and answers.<key of the item>.
func (in Instrument) fill(f Filling, target State, now time.Time) (kit.Answers, Outcome, error) {
	var fields problem.Fields
	switch {
	case f.DoneOn.IsZero() || f.DoneOn.Year() < 1900:
		fields.Add("done_on", "assessment.error.day")
	case f.DoneOn.After(language.Day(now)):
		fields.Add("done_on", "assessment.error.future")
	}
	check := in.Definition.CheckDraft
	if target == Final {
		check = in.Definition.Check
	}
	answers, faults := check(in.given(f))
	for _, fault := range faults {
		fields = append(fields, problem.Field{Name: kit.AnswerField + fault.Path, Message: fault.Message()})
	}
	outcome := Outcome{Min: in.Definition.Scoring.Min, Max: in.Definition.Scoring.Max}
	if err := fields.Err(); err != nil || target == Draft {
		return answers, outcome, err
	}
	explanation, err := in.Definition.Explain(answers)
	if err != nil {
		return nil, outcome, problem.New(problem.Invalid, "assessment.error.rule").Wrap(err)
	}
	return answers, outcomeOf(explanation), nil
}
