package practice_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/practice/upgrade"
)

// A dry run, of a kit or of the way back, waits for nobody who is changing an item or holds the rules of the body.
func TestADryRunWaitsForNobody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), described("Chi segue", "diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	run, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.giving, question("QU-01", "Uno e mezzo"))
	st.edit(t, st.giving, described("Chi accompagna", "diary", "health"))
	st.publish(t, p, "1.1.0")

	tx, err := st.Owner.Begin(t.Context())
	fatal(t, err)
	defer func() { fatal(t, tx.Rollback(context.WithoutCancel(t.Context()))) }()
	_, err = tx.Exec(t.Context(), `select from kit.items where tenant_id = $1 for update`, st.taker.ID)
	fatal(t, err)
	_, err = tx.Exec(t.Context(), `select from platform.tenants where id = $1 for no key update`, st.taker.ID)
	fatal(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // who waited would wait for ever
	defer cancel()
	plan, err := st.upgrades.Plan(ctx, st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	if plan.Changes() != 2 {
		t.Errorf("the dry run finds %d changes", plan.Changes())
	}
	back, err := st.upgrades.PlanUndo(ctx, st.taking, a.ID, run.ID)
	fatal(t, err)
	if len(back.Lines) != 2 {
		t.Errorf("the way back has %d items", len(back.Lines))
	}
}
