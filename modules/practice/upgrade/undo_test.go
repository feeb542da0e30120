package upgrade

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/modules/practice/sight"
)

// stood is how the item of the tests stood at a moment.
func stood(content string, change ...func(*standing)) standing {
	s := standing{
		Item: thisItem, State: kit.Published, Source: note(content, "Nota"), Adaptation: kit.Adopted, Origin: kit.Origin{Practice: thisPractice, Base: []byte(content)},
		Decision: "adopted", Kit: lastKit,
	}
	for _, one := range change {
		one(&s)
	}
	return s
}

// present is the item, and the decision about it, as they stand.
func present(s standing, draft string) (kit.Item, taken) {
	item := kit.Item{
		ID: s.Item, Kind: "note", Key: "N", Title: language.Text{It: s.Source.Title.IT, En: s.Source.Title.EN}, Owner: s.Source.Owner, Licence: s.Source.Licence,
		State: s.State, Adaptation: s.Adaptation, Reason: s.Reason, Origin: s.Origin, Current: kit.Version{Content: s.Source.Content},
	}
	if s.State == kit.Draft {
		item.Current, item.Draft = kit.Version{}, s.Source.Content
	}
	if draft != "" {
		item.Draft = []byte(draft)
	}
	return item, taken{item: s.Item, decision: s.Decision, kit: s.Kit, reason: s.Why}
}

// Going back to how an item stood, from how a run left it and how it stands.
func TestGoingBack(t *testing.T) {
	t.Parallel()
	retired := func(s *standing) { s.State, s.Adaptation, s.Reason = kit.Retired, kit.Dropped, "Non serve" }
	undecided := func(s *standing) { s.Decision, s.Kit, s.Origin, s.Adaptation = "", uuid.Nil, kit.Origin{}, kit.Local }
	gone := func(s *standing) { s.State, s.Adaptation, s.Decision = kit.Retired, kit.Dropped, left }
	drafted := func(s *standing) { undecided(s); s.State = kit.Draft }
	was := stood(start, func(s *standing) {
		s.Adaptation, s.Reason, s.Why, s.Kit = kit.Adapted, "Perché sì", "Perché sì", uuid.Nil
	})
	for name, c := range map[string]struct {
		then, now, is standing
		draft         string
		back          *standing // nil where nothing is written
		edited        bool
	}{
		"what was adapted":               {then: was, now: stood(otherA), is: stood(otherA), back: &was},
		"what stands as before":          {then: was, now: was, is: was},
		"what was not used":              {then: stood(start, retired), now: stood(otherA), is: stood(otherA), back: new(stood(start, retired))},
		"what was not there":             {now: stood(start), is: stood(start), back: new(stood(start, gone))},
		"what was nobody's":              {then: stood(start, undecided), now: stood(otherA), is: stood(otherA), back: new(stood(start, undecided, func(s *standing) { s.Decision, s.Kit = left, lastKit }))},
		"what was a draft":               {then: stood(start, drafted), now: stood(otherA), is: stood(otherA), draft: start, back: new(stood(start, drafted, func(s *standing) { s.Decision, s.Kit = left, lastKit }))},
		"what somebody changed since":    {then: was, now: stood(otherA), is: stood(otherB), back: &was, edited: true},
		"what somebody renamed since":    {then: was, now: stood(otherA), is: stood(otherA, func(s *standing) { s.Source.Title.IT = "Altra" }), back: &was, edited: true},
		"what somebody stopped to use":   {then: was, now: stood(otherA), is: stood(otherA, retired), back: &was, edited: true},
		"what another practice took":     {then: was, now: stood(otherA), is: stood(otherA, func(s *standing) { s.Origin.Practice = otherPractice }), back: &was, edited: true},
		"what another kit stands behind": {then: was, now: stood(otherA), is: stood(otherA, func(s *standing) { s.Origin.Base = []byte(otherB) }), back: &was, edited: true},
		"what was decided again":         {then: was, now: stood(otherA), is: stood(otherA, func(s *standing) { s.Kit = thisKit }), back: &was, edited: true},
		"what somebody is changing":      {then: was, now: stood(otherA), is: stood(otherA), draft: otherB, back: &was, edited: true},
		"what comes back into use, while it is changed": {
			then: stood(otherA, retired), now: stood(otherA), is: stood(otherA), draft: otherB, back: new(stood(otherA, retired)), edited: true,
		},
		"what is changed and stays as it is": {
			then: stood(otherA, func(s *standing) { s.Kit = uuid.Nil }), now: stood(otherA), is: stood(otherA), draft: otherB,
			back: new(stood(otherA, func(s *standing) { s.Kit = uuid.Nil })),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			item, decided := present(c.is, c.draft)
			var u Undoing
			err := u.compare([]Return{{Kind: "note", Key: "N", then: c.then, now: c.now}}, map[string]kit.Item{"note/N": item}, map[string]taken{"note/N": decided})
			if err != nil {
				t.Fatal(err)
			}
			if c.back == nil || len(u.Lines) != 1 {
				if len(u.Lines) > 0 || c.back != nil {
					t.Errorf("%d items go back", len(u.Lines))
				}
				return
			}
			line := u.Lines[0]
			if d := cmp.Diff(*c.back, line.then); d != "" {
				t.Errorf("how it stands then (-want +got):\n%s", d)
			}
			wrote := standing{
				Item: thisItem, State: line.change.State, Source: line.change.Source, Adaptation: line.change.Adaptation, Reason: line.change.Why, Origin: line.change.Origin,
				Decision: line.then.Decision, Kit: line.then.Kit, Why: line.then.Why,
			}
			if d := cmp.Diff(*c.back, wrote); d != "" {
				t.Errorf("what is written (-want +got):\n%s", d)
			}
			if edited := slices.Contains(u.Edited(), "N"); edited != c.edited {
				t.Errorf("edited: %t", edited)
			}
		})
	}
}

// Of many runs the first says how an item stood and the last how it was left; items are told apart by kind and key.
func TestRunsAreJoinedByItem(t *testing.T) {
	t.Parallel()
	lines := join(nil, Return{Kind: "note", Key: "N", then: stood(start), now: stood(otherA)})
	lines = join(lines, Return{Kind: "note", Key: "N", then: stood(otherA), now: stood(otherB)})
	lines = join(lines, Return{Kind: "letter", Key: "N", then: stood(start), now: stood(thirdA)})
	lines = join(lines, Return{Kind: "letter", Key: "M", then: stood(start), now: stood(thirdA)})
	if len(lines) != 3 || string(lines[0].then.Source.Content) != start || string(lines[0].now.Source.Content) != otherB {
		t.Errorf("%+v", lines)
	}
}

// A dry run of going back that somebody read is another one as soon as anything that they saw is.
func TestReturnsAreToldApart(t *testing.T) {
	t.Parallel()
	line := Return{Kind: "note", Key: "N"}
	seen := map[string]string{}
	for name, change := range map[string]func(*Undoing, *Return){
		"as it is": func(*Undoing, *Return) {}, "edited": func(_ *Undoing, r *Return) { r.edited = true }, "drafted": func(_ *Undoing, r *Return) { r.drafted = true },
		"leaves": func(_ *Undoing, r *Return) { r.Leaves = true }, "more runs": func(u *Undoing, _ *Return) { u.Undone = 2 },
		"another run": func(u *Undoing, _ *Return) { u.Run.ID = thisKit }, "sights": func(u *Undoing, _ *Return) { u.Sights = []sight.Sight{{Place: "note/N"}} }, "another item": func(_ *Undoing, r *Return) { r.Key = "M" },
	} {
		u, r := Undoing{Undone: 1}, line
		change(&u, &r)
		u.Lines = []Return{r}
		if twin, twice := seen[u.Digest()]; twice {
			t.Errorf("%s is told as %s", name, twin)
		}
		seen[u.Digest()] = name
	}
}
