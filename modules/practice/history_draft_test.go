package practice_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/problem"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// ward is a social worker of the taker with a case, and the open assessments in it.
type ward struct {
	service *assessment.Service
	worker  tenants.Scope
	ref     string
	drafts  map[string]*open // by kit.Place of the instrument
}

// open is a draft as the test knows it.
type open struct {
	id      uuid.UUID
	version int
	edition uuid.UUID
	answers kit.Answers
	left    []string // of earlier versions, as "question: answer"
}

// instruments are those of the history.
func (h *history) instruments() []string {
	return slices.DeleteFunc(slices.Clone(h.keys), func(place string) bool { return !strings.HasPrefix(place, kit.KindAssessment+"/") })
}

// assesses opens the ward at its first use; nil where the history has no instrument.
func (h *history) assesses() *ward {
	if h.desk != nil || len(h.instruments()) == 0 {
		return h.desk
	}
	ctx := h.rt.Context()
	d := &ward{service: assessment.NewService(h.deps), worker: h.worker, drafts: map[string]*open{}}
	person, err := registry.NewService(h.deps).Create(ctx, d.worker, registry.NewPerson{
		ID: uuid.Must(uuid.NewV7()), Details: registry.Details{Surname: "Bianco", Name: lettered(uuid.New()), NoCodeReason: "unknown"},
	})
	h.must(err)
	c, err := casefile.NewService(h.deps).Create(ctx, d.worker, casefile.Opening{ID: uuid.Must(uuid.NewV7()), Person: person.ID, Area: "disabili"})
	h.must(err)
	d.ref, h.desk = c.ID.String(), d
	return d
}

// assess answers some questions of an instrument of the taker, in a draft that stays open.
func (h *history) assess() {
	d := h.assesses()
	if d == nil {
		return
	}
	place := rapid.SampledFrom(h.instruments()).Draw(h.rt, "instrument")
	_, key, _ := strings.Cut(place, "/")
	item, there := h.item(h.taking, place)
	if !there || item.State != kit.Published && d.drafts[place] == nil {
		return
	}
	ctx, known := h.rt.Context(), d.drafts[place]
	f := assessment.Filling{ID: uuid.Must(uuid.NewV7()), Instrument: key, DoneOn: time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC), Answers: kit.Answers{}}
	content := item.Current.Content
	if known != nil {
		f.ID, f.Version = known.id, known.version
		pinned, err := h.items.Version(ctx, h.taking, known.edition)
		h.must(err)
		content = pinned.Content
	}
	instrument, err := kit.ParseAssessment(content)
	h.must(err)
	for _, question := range instrument.Items() {
		if rapid.IntRange(0, 3).Draw(h.rt, "answered") > 0 {
			f.Answers[question.Key] = answerTo(h.rt, question)
		}
	}
	f.Answers, _ = instrument.CheckDraft(f.Answers)
	made, err := d.service.SaveDraft(ctx, d.worker, d.ref, f)
	h.must(err)
	if known == nil {
		d.drafts[place] = &open{id: made.ID}
	}
	d.drafts[place].is(made)
	h.seen["assessed"]++
}

// answerTo is an answer that a question takes.
func answerTo(rt *rapid.T, q kit.FormItem) any {
	switch q.Type {
	case kit.TypeChoice:
		return rapid.SampledFrom(q.Options).Draw(rt, "option").Value
	case kit.TypeChoices:
		return []string{rapid.SampledFrom(q.Options).Draw(rt, "option").Value}
	case kit.TypeText, kit.TypeLongText:
		return "Risposta " + lettered(uuid.New())
	case kit.TypeDate:
		return "2026-03-01"
	case kit.TypeBoolean:
		return rapid.Bool().Draw(rt, "yes")
	}
	if q.Min != nil {
		return int64(*q.Min)
	}
	return int64(1)
}

// is notes what a draft holds.
func (o *open) is(a assessment.Assessment) {
	o.version, o.edition, o.answers, o.left = a.Version, a.Edition, a.Answers, leftOf(a)
}

// leftOf are the answers that have no place in the version of a draft.
func leftOf(a assessment.Assessment) []string {
	left := []string{}
	for _, one := range a.Left() {
		left = append(left, fmt.Sprintf("%s: %v", one.Question.Key, one.Answer))
	}
	return left
}

// goOn lets a draft go on in the present version of its instrument: whatever was answered stands or is told.
func (h *history) goOn() {
	d := h.assesses()
	if d == nil || len(d.drafts) == 0 {
		return
	}
	for _, place := range h.instruments() {
		was := d.drafts[place]
		if was == nil {
			continue
		}
		item, _ := h.item(h.taking, place)
		made, err := d.service.CarryOn(h.rt.Context(), d.worker, d.ref, assessment.Filling{ID: was.id, Version: was.version})
		if item.State != kit.Published {
			if !problem.Is(err, problem.NotFound) {
				h.rt.Fatalf("%s goes on in what is not in use: %v", place, err)
			}
			continue
		}
		h.must(err)
		if made.Edition != item.Current.ID {
			h.rt.Fatalf("%s went on in another version than the present", place)
		}
		told := leftOf(made)
		for _, given := range append(answered(was.answers), was.left...) {
			_, answer, _ := strings.Cut(given, ": ")
			stands := slices.ContainsFunc(answered(made.Answers), func(now string) bool { return strings.HasSuffix(now, ": "+answer) })
			if !stands && !slices.Contains(told, given) {
				h.rt.Fatalf("%s: %q is lost: it holds %v and tells %v", place, given, made.Answers, told)
			}
		}
		if made.Edition != was.edition {
			h.seen["went on"]++
		}
		was.is(made)
	}
}

func answered(answers kit.Answers) []string {
	all := []string{}
	for key, value := range answers {
		all = append(all, fmt.Sprintf("%s: %v", key, value))
	}
	return all
}

// readDrafts sees that whatever became of the items, each draft is as its author left it, in the version that it pins.
func (h *history) readDrafts() {
	if h.desk == nil {
		return
	}
	ctx := h.rt.Context()
	for place, want := range h.desk.drafts {
		a, err := h.desk.service.Open(ctx, h.desk.worker, h.desk.ref)
		h.must(err)
		got, err := h.desk.service.Get(ctx, a, want.id)
		h.must(err)
		if got.Edition != want.edition || got.Instrument.Edition != want.edition || !slices.Equal(leftOf(got.Assessment), want.left) || !sameAnswers(got.Answers, want.answers) {
			h.rt.Fatalf("the draft of %s is not as it was left (-want +got):\n%s", place, cmp.Diff(want.answers, got.Answers))
		}
	}
}

func sameAnswers(a, b kit.Answers) bool {
	one, two := answered(a), answered(b)
	slices.Sort(one)
	slices.Sort(two)
	return slices.Equal(one, two)
}
