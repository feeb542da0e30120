package spread

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/kit/effect"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// adapted is of how many items of the large kit the body has changed one.
const adapted = 10

// adoptLarge lets the largest body take the first release of a kit of many items, change some of them, and wait for the second.
func (f *filling) adoptLarge(ctx context.Context) error {
	p, taker := invented(-1), f.largest()
	p.key, p.title = Large, "Kit di molti componenti"
	first, err := manyItems(f.Items)
	if err != nil {
		return err
	}
	second := make([]kit.Source, len(first))
	for i, item := range first {
		if second[i], err = reworded(item, 0, " (nuova stesura)"); err != nil {
			return err
		}
	}
	by := f.signers(perBody * (f.Practices + 10))[f.Practices/perBody+1]
	p.key = fmt.Sprintf("%s-%d", Large, f.Items)
	p.id = idOf(p.key)
	if err := f.install(ctx, by, p, "1.0.0", first); err != nil {
		return err
	}
	adopted, fresh, err := f.adopt(ctx, taker, p.id)
	if err != nil || !fresh {
		return err
	}
	for i := 0; i < len(first); i += adapted {
		if err := f.adapt(ctx, taker, first[i]); err != nil {
			return fmt.Errorf("adapt an item of adoption %s: %w", adopted.ID, err)
		}
	}
	return f.install(ctx, by, p, "2.0.0", second)
}

// adopt begins an adoption and applies the newest kit; fresh tells whether it was not there.
func (f *filling) adopt(ctx context.Context, s tenants.Scope, practice uuid.UUID) (a adoption.Adoption, fresh bool, err error) {
	id := uuid.Must(uuid.NewV7())
	if a, err = f.adoptions.Start(ctx, s, id, practice); err != nil {
		return a, false, err
	}
	runs, err := f.upgrades.Runs(ctx, s, a.ID)
	if err != nil || len(runs) > 0 {
		return a, false, err
	}
	plan, err := f.upgrades.Plan(ctx, s, a.ID, uuid.Nil)
	if err != nil {
		return a, false, err
	}
	choice := upgrade.Choice{Seen: plan.Digest(), Acknowledged: true, Decisions: map[string]upgrade.Decision{}}
	for _, line := range plan.Lines {
		if line.Outcome == upgrade.Conflict {
			choice.Decisions[line.Place()] = upgrade.Decision{Answer: upgrade.TakeKit}
		}
	}
	_, err = f.upgrades.Apply(ctx, s, a.ID, choice)
	return a, true, err
}

// adapt changes another text of an item than a new release does.
func (f *filling) adapt(ctx context.Context, s tenants.Scope, item kit.Source) error {
	ours, err := reworded(item, 1, " (da noi)")
	if err != nil {
		return err
	}
	items := kit.NewItems(f.deps)
	present, err := items.Item(ctx, s, item.Kind, item.Key)
	if err != nil {
		return err
	}
	draft, err := items.SaveDraft(ctx, s, kit.Edit{Source: ours, Revision: present.Revision})
	if err != nil {
		return err
	}
	told, err := items.Effect(ctx, s, effect.Of{Kind: item.Kind, Key: item.Key, Action: "publish"})
	if err != nil {
		return err
	}
	_, err = items.Publish(ctx, s, kit.Step{
		Kind: item.Kind, Key: item.Key, Revision: draft.Revision, Reason: "Da noi si dice così",
		Consent: modules.Consent{Mark: told.Mark, Acknowledged: true},
	})
	return err
}

// manyItems are those of the demonstration practice, again and again under other keys.
func manyItems(n int) ([]kit.Source, error) {
	items, err := cid.Items()
	if err != nil {
		return nil, err
	}
	all := make([]kit.Source, 0, n)
	for i := range n {
		item := items[i%len(items)]
		if round := i / len(items); round > 0 { // the first ones keep theirs, which others name
			item.Key = fmt.Sprintf("%s.%d", item.Key, round+1)
		}
		all = append(all, item)
	}
	return all, nil
}

// reworded adds words to the n-th Italian text of an item, in the order of its names; to the first where there are fewer.
func reworded(item kit.Source, n int, words string) (kit.Source, error) {
	var content any
	if err := json.Unmarshal(item.Content, &content); err != nil {
		return item, fmt.Errorf("read %s: %w", item.Key, err)
	}
	var texts []map[string]any
	gather(content, &texts)
	if len(texts) == 0 {
		item.Title.IT += words
		return item, nil
	}
	text := texts[min(n, len(texts)-1)]
	said, _ := text["it"].(string)
	text["it"] = said + words
	raw, err := json.Marshal(content)
	item.Content = raw
	return item, err
}

// gather finds the texts in two languages that are sentences, not names.
func gather(value any, texts *[]map[string]any) {
	switch v := value.(type) {
	case map[string]any:
		if said, ok := v["it"].(string); ok && strings.Contains(said, " ") {
			*texts = append(*texts, v)
		}
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			gather(v[name], texts)
		}
	case []any:
		for _, one := range v {
			gather(one, texts)
		}
	}
}

// adoptSmall lets many bodies take a kit of few items, automatically from now on, and publishes one release more when all of
// them have the newest: a campaign then has something to bring.
func (f *filling) adoptSmall(ctx context.Context) error {
	giver := f.giver()
	p, err := f.offerSmall(ctx, giver)
	if err != nil {
		return err
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, body := range f.bodies[1 : f.Adopters+1] {
		group.Go(func() error {
			s := scopeOf(body)
			a, fresh, err := f.adopt(inner, s, p.ID)
			if err != nil || !fresh {
				return err
			}
			f.tell("bodies adopt a practice", i+1, f.Adopters)
			_, err = f.campaigns.Choose(inner, s, a.ID, true)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	candidate, err := f.campaigns.GetCandidate(ctx, giver, p.ID)
	if err != nil || candidate.Adopters == f.Adopters {
		return err
	}
	return f.publishNext(ctx, giver, p)
}

// offerSmall makes the practice with its first release, unless it is there.
func (f *filling) offerSmall(ctx context.Context, giver tenants.Scope) (release.Practice, error) {
	var items []kit.Source
	for i := range 4 {
		for _, item := range questions(i) {
			item.Key = fmt.Sprintf("CA-%d%s", i, strings.TrimPrefix(item.Key, "PR-"))
			items = append(items, item)
		}
	}
	sheet := invented(-2).sheet
	p, err := release.InstallSource(ctx, f.deps, giver, release.Source{Items: items, Practice: release.Practice{
		Key: Small, Title: language.Text{It: "Kit di una campagna"}, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: sheet,
	}})
	if err != nil {
		return p, err
	}
	kits, err := f.releases.FindKits(ctx, giver, p.ID)
	if err != nil || len(kits) > 0 {
		return p, err
	}
	return p, f.publish(ctx, giver, p, "1.0.0")
}

// publishNext changes an item and publishes the next release.
func (f *filling) publishNext(ctx context.Context, giver tenants.Scope, p release.Practice) error {
	kits, err := f.releases.FindKits(ctx, giver, p.ID)
	if err != nil {
		return err
	}
	items := kit.NewItems(f.deps)
	item, err := items.Item(ctx, giver, kit.KindQuestion, "CA-001")
	if err != nil {
		return err
	}
	next := questions(len(kits))[0]
	next.Key = item.Key
	if next, err = reworded(next, 0, fmt.Sprintf(" (stesura %d)", len(kits))); err != nil {
		return err
	}
	draft, err := items.SaveDraft(ctx, giver, kit.Edit{Source: next, Revision: item.Revision})
	if err != nil {
		return err
	}
	if _, err := items.Publish(ctx, giver, kit.Step{Kind: item.Kind, Key: item.Key, Revision: draft.Revision, Reason: "Nuova stesura"}); err != nil {
		return err
	}
	return f.publish(ctx, giver, p, fmt.Sprintf("1.%d.0", len(kits)))
}

// publish makes a release of all items whose keys begin with those of the small kit.
func (f *filling) publish(ctx context.Context, giver tenants.Scope, p release.Practice, number string) error {
	items, err := kit.NewItems(f.deps).Find(ctx, giver, kit.KindQuestion)
	if err != nil {
		return err
	}
	c := release.Composition{Kit: uuid.Must(uuid.NewV7()), Practice: p.ID, Release: number}
	for _, item := range items {
		if strings.HasPrefix(item.Key, "CA-") {
			c.Versions = append(c.Versions, item.Current.ID)
		}
	}
	if _, err := f.releases.Compose(ctx, giver, c); err != nil {
		return err
	}
	_, err = f.releases.Publish(ctx, giver, c.Kit)
	return err
}
