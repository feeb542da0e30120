package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"staffetta/cmd/staffetta/stages"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/need"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/tenants"
)

// release publishes what Marsala made of its practice since: every further release of the sources.
func (j *journey) release(ctx context.Context) error {
	known, err := release.NewService(j.p.deps).FindKits(ctx, j.owner, j.practice)
	if err != nil {
		return err
	}
	for _, number := range cid.Releases[len(known):] {
		if err := j.bringItems(ctx, number); err != nil {
			return fmt.Errorf("bring items to %s: %w", number, err)
		}
		if err := j.publishRelease(ctx, number); err != nil {
			return fmt.Errorf("publish %s: %w", number, err)
		}
	}
	return nil
}

// bringItems makes Marsala's items those of a release of the sources.
func (j *journey) bringItems(ctx context.Context, number string) error {
	wanted, err := cid.ItemsOf(number)
	if err != nil {
		return err
	}
	for _, source := range wanted {
		if err := j.p.rewrite(ctx, j.owner, source, "Versione "+number); err != nil {
			return fmt.Errorf("%s: %w", source.Key, err)
		}
	}
	return nil
}

// rewrite makes a content the live one of an item; one that is so already stays.
func (p *Program) rewrite(ctx context.Context, s tenants.Scope, source kit.Source, reason string) error {
	items := kit.NewItems(p.deps)
	revision := 0
	if item, err := items.Item(ctx, s, source.Kind, source.Key); err == nil {
		if hash, err := source.Hash(); err != nil || item.State == kit.Published && item.Current.SHA256 == hash {
			return err
		}
		revision = item.Revision
	}
	draft, err := items.SaveDraft(ctx, s, kit.Edit{Source: source, Revision: revision})
	if err != nil {
		return err
	}
	_, err = items.Publish(ctx, s, kit.Step{Kind: source.Kind, Key: source.Key, Revision: max(draft.Revision, 1), Reason: reason})
	return err
}

// adapt has Pantelleria write its own term into the welcome service.
func (j *journey) adapt(ctx context.Context) error {
	items := kit.NewItems(j.p.deps)
	item, err := items.Item(ctx, j.pantelleria.admin, kit.KindService, "SV-01")
	if err != nil {
		return err
	}
	version, err := items.Get(ctx, j.pantelleria.admin, kit.KindService, "SV-01")
	if err != nil {
		return err
	}
	text := string(version.Content)
	if strings.Contains(text, stages.IslandTerm[1]) {
		return nil
	}
	return j.p.rewrite(ctx, j.pantelleria.admin, kit.Source{
		Kind: kit.KindService, Key: "SV-01", Title: kit.Text{IT: item.Title.It, EN: item.Title.En}, Content: []byte(strings.NewReplacer(stages.IslandTerm...).Replace(text)),
	}, "Sull'isola lo sportello passa nelle contrade a turno")
}

// upgrade takes the newest release into Pantelleria, which keeps its own term; Mazara has not done so yet.
func (j *journey) upgrade(ctx context.Context) error {
	last := idOf("kit " + cid.Releases[len(cid.Releases)-1])
	a, err := adoption.NewService(j.p.deps).GetAdoption(ctx, j.pantelleria.admin, idOf("adoption"))
	if err != nil || a.Kit == last {
		return err
	}
	_, err = upgrade.NewService(j.p.deps).Apply(ctx, j.pantelleria.admin, a.ID, upgrade.Choice{Kit: last, Decisions: map[string]upgrade.Decision{
		kit.Place(kit.KindService, "SV-01"): {Answer: upgrade.KeepOurs, Reason: "Il giro delle contrade dura una settimana"},
	}})
	return err
}

// seek publishes what municipalities look for: Mazara what nobody offers, Petrosino, which works with nothing yet, what Marsala's
// practice could serve, though not all of it has a place there.
func (j *journey) seek(ctx context.Context) error {
	admin, err := j.p.scopeOf(ctx, petrosino, "tenant_admin")
	if err != nil {
		return err
	}
	two, one := 2, 1
	return errors.Join(
		j.look(ctx, j.mazara.admin, need.PracticeNeed{
			ID: idOf("need"), Title: "Accompagnare chi assiste un familiare", Area: "anziani", Budget: "50000", Staff: &two,
			Purpose:  "Chi assiste un familiare ogni giorno chiede informazioni in troppi uffici e non ha mai una pausa: cerchiamo uno sportello che ascolti e un sollievo programmato.",
			Audience: "Familiari che assistono persone anziane o con disabilità",
		}),
		j.look(ctx, admin, need.PracticeNeed{
			ID: idOf("need of Petrosino"), Title: "Uno sportello per le persone con disabilità", Area: "disabili", Budget: "10000", Staff: &one,
			Purpose:  "Le famiglie vanno a Marsala anche solo per un'informazione sull'accertamento o sul progetto di vita: vogliamo un punto di ascolto in paese.",
			Audience: "Persone con disabilità e le loro famiglie",
		}),
	)
}

// look publishes a need.
func (j *journey) look(ctx context.Context, s tenants.Scope, n need.PracticeNeed) error {
	needs := need.NewService(j.p.deps)
	if _, err := needs.Create(ctx, s, n); err != nil {
		return err
	}
	_, err := needs.Publish(ctx, s, n.ID)
	return err
}

// composed are the live items of Marsala as a kit of a number.
func (j *journey) composed(ctx context.Context, number string) (release.Composition, error) {
	items := kit.NewItems(j.p.deps)
	c := release.Composition{Kit: idOf("kit " + number), Practice: j.practice, Release: number}
	for _, kind := range j.p.deps.Platform.Kinds.IDs() {
		versions, err := items.Published(ctx, j.owner, kind)
		if err != nil {
			return release.Composition{}, err
		}
		for _, v := range versions {
			c.Versions = append(c.Versions, v.ID)
		}
	}
	return c, nil
}

func (j *journey) publishRelease(ctx context.Context, number string) error {
	service := release.NewService(j.p.deps)
	c, err := j.composed(ctx, number)
	if err != nil {
		return err
	}
	if _, err := service.Compose(ctx, j.owner, c); err != nil {
		return err
	}
	_, err = service.Publish(ctx, j.owner, c.Kit)
	return err
}

// holds tells whether a body has the items of the practice.
func (p *Program) holds(ctx context.Context, s tenants.Scope) (bool, error) {
	_, err := kit.NewItems(p.deps).Item(ctx, s, kit.KindService, "SV-01")
	if problem.Is(err, problem.NotFound) {
		return false, nil
	}
	return err == nil, err
}
