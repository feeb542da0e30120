package upgrade

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/sight"
	"staffetta/tenants"
)

// findTaken reads, by kit.Place, what the body last decided about each item of an adoption, with what the kit held then.
func findTaken(ctx context.Context, tx tenants.Tx, of uuid.UUID) (map[string]taken, error) {
	rows, err := tx.Query(ctx, `select i.item_id, i.decision, i.kit_id, i.reason, k.kind, k.key, k.title_it, k.title_en, k.owner, k.licence, k.content
		from practice.adoption_items i join commons.kit_items k on k.kit_id = i.kit_id and k.kind = i.kind and k.key = i.key
		where i.tenant_id = app.tenant() and i.adoption_id = $1`, of)
	if err != nil {
		return nil, fmt.Errorf("find what was decided about a kit: %w", err)
	}
	found := map[string]taken{}
	var one taken
	var content string
	_, err = pgx.ForEachRow(rows, []any{
		&one.item, &one.decision, &one.kit, &one.reason, &one.base.Kind, &one.base.Key, &one.base.Title.IT, &one.base.Title.EN, &one.base.Owner,
		&one.base.Licence, &content,
	}, func() error {
		one.base.Content = json.RawMessage(content)
		found[kit.Place(one.base.Kind, one.base.Key)] = one
		return nil
	})
	return found, err
}

// recordRun keeps what a run found and left of each item, so that it can be compared and undone.
func recordRun(ctx context.Context, tx tenants.Tx, s tenants.Scope, a applying, settlements []settled) error {
	var b pgx.Batch
	b.Queue(`insert into practice.applications (id, adoption_id, kit_id, release, run, author_name)
		values ($1, $2, $3, $4, $5, $6)`, a.run.ID, a.plan.Adoption.ID, a.plan.Kit, a.plan.Release, a.kindOfRun(), s.Name)
	written := make(map[string]settled, len(settlements))
	for _, one := range settlements {
		written[one.line.Place()] = one
		queueDecision(&b, a.plan.Adoption.ID, one.line.Kind, one.line.Key, one.made)
	}
	for _, line := range a.plan.Lines {
		one, told := written[line.Place()]
		if !told {
			one.found = a.standing(line.Place())
			one.made = one.found
		}
		if err := queueLine(&b, a.run.ID, runLine{line.Kind, line.Key, line.Outcome, a.answer(line), one.found, one.made}); err != nil {
			return err
		}
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("record an application: %w", err)
	}
	return nil
}

// kindOfRun tells the first run of an adoption from the later ones.
func (a applying) kindOfRun() string {
	if len(a.taken) == 0 {
		return "apply"
	}
	return "upgrade"
}

func (a applying) answer(line Line) Answer {
	if line.Outcome != Conflict {
		return ""
	}
	return a.decisions[line.Place()].Answer
}

// queueDecision keeps what the body decided about an item.
func queueDecision(b *pgx.Batch, of uuid.UUID, kind, key string, made standing) {
	b.Queue(`insert into practice.adoption_items (adoption_id, kind, key, item_id, decision, kit_id, reason)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (tenant_id, adoption_id, kind, key) do update set decision = excluded.decision, kit_id = excluded.kit_id,
			reason = excluded.reason, updated_at = app.now()`,
		of, kind, key, made.Item, made.Decision, made.Kit, made.Why)
}

// runLine is what a run found and made of one item.
type runLine struct {
	kind, key   string
	outcome     Outcome
	answer      Answer
	found, made standing
}

func queueLine(b *pgx.Batch, run uuid.UUID, l runLine) error {
	found, err := l.found.text()
	if err != nil {
		return err
	}
	made, err := l.made.text()
	if err != nil {
		return err
	}
	b.Queue(`insert into practice.application_items (application_id, kind, key, outcome, answer, found, made)
		values ($1, $2, $3, $4, $5, $6, $7)`, run, l.kind, l.key, l.outcome, l.answer, found, made)
	return nil
}

// moveAdoption notes a run in the journal that both sides read. It passes no gate: package board alone moves an adoption on.
func moveAdoption(ctx context.Context, tx tenants.Tx, p Plan, author string) error {
	if _, err := tx.Exec(ctx, `select practice.move_adoption($1, $2, 'applied', $3, '')`,
		p.Adoption.ID, p.Kit, author); err != nil {
		return fmt.Errorf("move an adoption: %w", err)
	}
	return nil
}

// withhold keeps services of the body from citizens while its adoption is not at its start. The run has moved the adoption by
// then: nobody takes it there meanwhile.
func withhold(ctx context.Context, tx tenants.Tx, of uuid.UUID, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `update kit.items i set shown = false from practice.adoptions a
		where a.id = $1 and a.stage < $2 and i.tenant_id = app.tenant() and i.kind = $3 and i.key = any($4)`, of, adoption.StageGoLive, kit.KindService, keys)
	if err != nil {
		return fmt.Errorf("let services wait: %w", err)
	}
	return nil
}

// lockBody lets one kit be applied to a body at a time.
func lockBody(ctx context.Context, tx tenants.Tx) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('practice.apply', app.tenant()))`); err != nil {
		return fmt.Errorf("wait for another application: %w", err)
	}
	return nil
}

// findPublished reads the published live items of the body that may name others.
func (v *Service) findPublished(ctx context.Context, tx tenants.Tx, s tenants.Scope) ([]kit.Version, error) {
	var b pgx.Batch
	var byKind []*[]kit.Version
	for _, kind := range v.deps.Platform.Kinds.All() {
		if kind.Live && len(kind.References) > 0 {
			found := &[]kit.Version{}
			kit.QueuePublished(&b, s.Tenant, kind.ID, found)
			byKind = append(byKind, found)
		}
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("find the items of a body: %w", err)
	}
	var all []kit.Version
	for _, found := range byKind {
		all = append(all, *found...)
	}
	return all, nil
}

// findUsed reads what the body uses of kinds whose items count together.
func (v *Service) findUsed(ctx context.Context, tx tenants.Tx, s tenants.Scope) (sight.Used, error) {
	var b pgx.Batch
	found := map[string]*[]kit.Version{}
	for _, kind := range v.deps.Platform.Kinds.All() {
		if kind.ShowsTogether != nil {
			found[kind.ID] = &[]kit.Version{}
			kit.QueuePublished(&b, s.Tenant, kind.ID, found[kind.ID])
		}
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("find the items that count together: %w", err)
	}
	used := sight.Used{}
	for kind, versions := range found {
		used[kind] = map[string][]byte{}
		for _, one := range *versions {
			used[kind][one.Key] = one.Content
		}
	}
	return used, nil
}

// findNamed reads what the body uses of kinds of which no two items are called alike.
func (v *Service) findNamed(ctx context.Context, tx tenants.Tx, s tenants.Scope) (named []kit.Source, err error) {
	var b pgx.Batch
	var found []*[]kit.Version
	for _, kind := range v.deps.Platform.Kinds.All() {
		if kind.Called != nil {
			found = append(found, &[]kit.Version{})
			kit.QueuePublished(&b, s.Tenant, kind.ID, found[len(found)-1])
		}
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("find what items are called: %w", err)
	}
	for _, versions := range found {
		for _, one := range *versions {
			named = append(named, kit.Source{Kind: one.Kind, Key: one.Key, Title: kit.Text{IT: one.Title.It, EN: one.Title.En}, Content: one.Content})
		}
	}
	return named, nil
}

// readVersions reads the versions that records pin.
func readVersions(ctx context.Context, tx tenants.Tx, s tenants.Scope, stored map[modules.ItemName][]modules.StoredAnswers) (map[uuid.UUID]kit.Version, error) {
	found := map[uuid.UUID]*kit.Version{}
	var b pgx.Batch
	for _, answers := range stored {
		for _, one := range answers {
			if found[one.Version] == nil {
				found[one.Version] = &kit.Version{}
				kit.QueueVersion(&b, s.Tenant, one.Version, found[one.Version])
			}
		}
	}
	if len(found) == 0 {
		return map[uuid.UUID]kit.Version{}, nil
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, fmt.Errorf("read the versions that records pin: %w", err)
	}
	versions := map[uuid.UUID]kit.Version{}
	for id, version := range found {
		versions[id] = *version
	}
	return versions, nil
}
