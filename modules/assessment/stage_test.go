package assessment_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice/cid"
	"staffetta/modules/registry"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a body with the Barthel index published and a case of Rosa Bianco, held by a social worker.
type stage struct {
	*moduletest.Stage
	deps    modules.Deps
	service *assessment.Service
	items   *kit.Items
	body    tenants.Tenant
	worker  tenants.Scope
	ref     string // of the case
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, registry.Module(), kit.Module(), casefile.Module(), assessment.Module())}
	st.deps, st.body = st.Deps, st.On(t, "pantelleria")
	st.service, st.items = assessment.NewService(st.deps), kit.NewItems(st.deps)
	st.publish(t, st.as(t, "practice_owner"), "AS-01")
	st.worker = st.as(t, "social_worker")
	st.ref = st.openCase(t, st.worker).String()
	return st
}

func (st *stage) as(t *testing.T, roles ...string) tenants.Scope {
	t.Helper()
	return st.Operator(t, st.body, roles...)
}

// publish puts items of the CID kit into the actor's body.
func (st *stage) publish(t *testing.T, s tenants.Scope, keys ...string) {
	t.Helper()
	sources, err := cid.Items()
	must(t, err)
	var changes []kit.Change
	for _, source := range sources {
		if slices.Contains(keys, source.Key) {
			changes = append(changes, kit.Change{Source: source, Adaptation: kit.Local, Reason: "Prima pubblicazione"})
		}
	}
	if len(changes) != len(keys) {
		t.Fatalf("the kit has %d of the items %v", len(changes), keys)
	}
	must(t, st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
		_, err := st.items.Put(t.Context(), tx, s, changes)
		return errors.Join(err, audit.Write(t.Context(), tx, s, audit.Event{Action: "adoption.apply"})) // whoever puts items says why
	}))
}

// renew publishes the next version of the Barthel index, changed by edit.
func (st *stage) renew(t *testing.T, edit func(content map[string]any)) kit.Version {
	t.Helper()
	return st.renewAs(t, st.as(t, "practice_owner"), edit)
}

// renewAs does so in the actor's body.
func (st *stage) renewAs(t *testing.T, s tenants.Scope, edit func(content map[string]any)) kit.Version {
	t.Helper()
	ctx := t.Context()
	item, err := st.items.Item(ctx, s, kit.KindAssessment, "AS-01")
	must(t, err)
	var content map[string]any
	must(t, json.Unmarshal(item.Current.Content, &content))
	edit(content)
	raw, err := json.Marshal(content)
	must(t, err)
	source := kit.Source{Kind: item.Kind, Key: item.Key, Title: kit.Text{IT: item.Title.It, EN: item.Title.En}, Owner: item.Owner, Licence: item.Licence, Content: raw}
	item, err = st.items.SaveDraft(ctx, s, kit.Edit{Source: source, Revision: item.Revision})
	must(t, err)
	version, err := st.items.Publish(ctx, s, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Parole più chiare"})
	must(t, err)
	return version
}

func (st *stage) openCase(t *testing.T, s tenants.Scope) uuid.UUID {
	t.Helper()
	person, err := registry.NewService(st.deps).Create(t.Context(), s, registry.NewPerson{
		ID: newID(t), Details: registry.Details{Surname: "Bianco", Name: "Rosa", NoCodeReason: "unknown"},
	})
	must(t, err)
	c, err := casefile.NewService(st.deps).Create(t.Context(), s, casefile.Opening{ID: newID(t), Person: person.ID, Area: "disabili"})
	must(t, err)
	return c.ID
}

// best are the answers of somebody who needs no help at all: 100.
func best() kit.Answers {
	return kit.Answers{
		"hygiene": "5", "bathing": "5", "feeding": "10", "dressing": "10", "toilet": "10", "bladder": "10", "bowel": "10",
		"transfer": "15", "walking": "15", "stairs": "10",
	}
}

func except(answers kit.Answers, pairs ...string) kit.Answers {
	for i := 0; i+1 < len(pairs); i += 2 {
		if answers[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(answers, pairs[i])
		}
	}
	return answers
}

func barthel(t *testing.T, answers kit.Answers) assessment.Filling {
	t.Helper()
	return assessment.Filling{ID: newID(t), Instrument: "AS-01", DoneOn: day(2026, time.March, 2), Answers: answers}
}

func (st *stage) finalise(t *testing.T, f assessment.Filling) assessment.Assessment {
	t.Helper()
	made, err := st.service.Finalise(t.Context(), st.worker, st.ref, f)
	if err != nil {
		t.Fatalf("finalise: %v", err)
	}
	return made
}

// get opens the case as the actor and reads an assessment of it.
func (st *stage) get(t *testing.T, s tenants.Scope, ref string, id uuid.UUID) (assessment.Result, error) {
	t.Helper()
	a, err := st.service.Open(t.Context(), s, ref)
	if err != nil {
		return assessment.Result{}, err
	}
	return st.service.Get(t.Context(), a, id)
}

// share makes an agreement with a body in force and shows it sections of the case.
func (st *stage) share(t *testing.T, with tenants.Tenant, sections ...string) {
	t.Helper()
	agreement := newID(t)
	exec := func(sql string, args ...any) {
		t.Helper()
		_, err := st.Owner.Exec(t.Context(), sql, args...)
		must(t, err)
	}
	exec(`insert into policies.agreements (id, title, state, purposes, sections, valid)
		values ($1, 'Presa in carico comune', 'active', '{cura}', '{assessment}', tstzrange(now() - interval '1 day', now() + interval '1 day'))`, agreement)
	exec(`insert into policies.agreements_parties (agreement_id, tenant_id, side) values ($1, $2, 'proposer'), ($1, $3, 'party')`, agreement, st.body.ID, with.ID)
	for _, section := range sections {
		exec(`insert into policies.case_grants (tenant_id, id, share_id, agreement_id, case_id, section, grantee, valid)
			values ($1, $2, $3, $4, $5, $6, $7, tstzrange(now() - interval '1 hour', now() + interval '1 hour'))`,
			st.body.ID, newID(t), newID(t), agreement, st.ref, section, with.ID)
	}
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind problem.Kind) {
	t.Helper()
	if !problem.Is(err, kind) {
		t.Errorf("error is %v, want kind %v", err, kind)
	}
}

func newID(t *testing.T) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	must(t, err)
	return id
}
