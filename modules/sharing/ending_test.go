package sharing_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules/casefile"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// newEmergency is a case of which an emergency is open, with the pages of cases too.
func newEmergency(t *testing.T) (k *known, id string) {
	t.Helper()
	k = newGlass(t)
	parts, err := casefile.Module().New(k.deps)
	k.must(err)
	k.pages = append(k.pages, parts.Pages...)
	return k, k.broken(k.reader)
}

// shelters protects a case through the pages.
func (k *known) shelters(file uuid.UUID) {
	k.t.Helper()
	path := "/cartelle/" + file.String() + "/protezione"
	if got := k.serve(k.worker, "POST", path, url.Values{"tipo": {"violence"}, "motivo": {"Chi la cerca non deve trovarla"}}); got.redirect != path {
		k.t.Fatalf("protect: %d %v\n%s", got.status, got.err, got.markup)
	}
}

// toldOfCut tells whether the desk says that an emergency was ended before its review.
func (k *known) toldOfCut(actor tenants.Scope) bool {
	k.t.Helper()
	for _, source := range k.sharing.Emergencies.Duties() {
		duties, err := source.Find(context.Background(), actor)
		k.must(err)
		for _, d := range duties {
			if d.Label.Key == "sharing.duty.cut" {
				return true
			}
		}
	}
	return false
}

// AT-07 of the sharing rules: a protected case is refused in an emergency, also to who is reading it.
func TestAT07ProtectingACaseEndsItsEmergency(t *testing.T) {
	t.Parallel()
	k, id := newEmergency(t)
	if got := k.serve(k.reader, "GET", "/cartelle/"+k.ref(), nil); got.status != http.StatusOK {
		t.Fatalf("the emergency is not open: %d %v", got.status, got.err)
	}
	if k.toldOfCut(k.head) {
		t.Error("an open emergency is told of as ended")
	}
	k.shelters(k.file.ID)
	if got := k.serve(k.reader, "GET", "/cartelle/"+k.ref(), nil); got.status != http.StatusNotFound {
		t.Errorf("the protected case is open: %d", got.status)
	}
	if n := k.count(`select count(*) from policies.case_grants where valid @> app.now()`); n != 0 {
		t.Errorf("%d grants are left", n)
	}
	if n := k.count(`select count(distinct e.tenant_id) from audit.events e join audit.events p on p.txid = e.txid and p.action = 'case.protect'
		where e.action = 'share.revoke' and e.object_id = $1 and e.account_id = $2 and e.actor_name = $3`, id, k.worker.Account, k.worker.Name); n != 2 {
		t.Errorf("the end is in %d chains, want both", n)
	}
	page := k.get(k.reader, "/rete/emergenze/"+id)
	if !strings.Contains(page, "accesso è finito") || strings.Contains(strings.ToLower(page), "prote") {
		t.Errorf("who read the case is not told that it is over, or is told why:\n%s", page)
	}
	if !k.toldOfCut(k.head) || k.toldOfCut(k.decider) {
		t.Error("the reviewer is not told that it was ended, or somebody else is")
	}
	k.get(k.head, "/rete/emergenze/"+id)
	if k.toldOfCut(k.head) || !slices.Contains(k.paths(k.head), "/rete/emergenze/"+id) {
		t.Error("who has seen that it was ended is told again, or need not review it any more")
	}
	if got := k.serve(k.decider, "POST", "/rete/emergenza", k.emergencyForm()); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "codice-errore") {
		t.Errorf("a colleague opens it: %d %v", got.status, got.err)
	}
}

// Whatever hides somebody ends it: who lives with them, a name that is not given. What the owner shows by a share of its own stays.
func TestWhateverHidesAPersonEndsTheirEmergencies(t *testing.T) {
	t.Parallel()
	for name, hide := range map[string]func(k *known){
		"a member of the household is protected": func(k *known) {
			mother := k.mother()
			k.home(mother.Person, k.file.Person)
			k.shelters(mother.ID)
		},
		"they move in with somebody who is protected": func(k *known) {
			mother := k.mother()
			house := k.home(mother.Person)
			k.shelters(mother.ID)
			k.changes(`insert into registry.members (tenant_id, id, household_id, kind, person_id, relation, valid_from) values ($1, $2, $3, 'cohabiting', $4, 'child', current_date)`,
				k.owner.ID, newID(), house, k.file.Person)
		},
		"they give no name": func(k *known) {
			k.changes(`update registry.persons set alias = 'Stella' where tenant_id = $1 and id = $2`, k.owner.ID, k.file.Person)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, id := newEmergency(t)
			shown := k.accepted()
			hide(k)
			if n := k.count(`select count(*) from policies.case_grants where share_id = $1 and valid @> app.now()`, id); n != 0 {
				t.Errorf("%d grants of the emergency are left", n)
			}
			if n := k.count(`select count(*) from policies.case_grants where share_id = $1 and valid @> app.now()`, shown.ID); n != len(shown.Sections) {
				t.Errorf("%d grants of a share that the owner made, want %d", n, len(shown.Sections))
			}
		})
	}
}

// changes writes behind the walls what a service of another module writes, with its event.
func (k *known) changes(sql string, args ...any) {
	k.t.Helper()
	ctx := context.Background()
	tx, err := k.Owner.Begin(ctx)
	k.must(err)
	defer func() { _ = tx.Rollback(ctx) }()
	_, err = tx.Exec(ctx, sql, args...)
	k.must(err)
	k.must(audit.Write(ctx, tx, k.worker, audit.Event{Action: "person.update", Object: k.file.Person}))
	k.must(tx.Commit(ctx))
}

// An emergency does not end without an event of what ends it: then nothing is changed.
func TestNoEmergencyEndsOutsideTheAudit(t *testing.T) {
	t.Parallel()
	k, id := newEmergency(t)
	_, err := k.Owner.Exec(t.Context(), `insert into casefile.marks (tenant_id, id, case_id, kind, reason, set_by, set_name) values ($1, $2, $3, 'violence', 'Chi la cerca', $4, 'X')`,
		k.owner.ID, newID(), k.file.ID, k.worker.Account)
	if code := sqlState(err); code != "42501" {
		t.Errorf("a protection without an event ends an emergency: %v", err)
	}
	if n := k.count(`select count(*) from sharing.shares where id = $1 and state = 'active'`, id); n != 1 {
		t.Error("the emergency ended")
	}
}

// Who protects waits for who is opening the case, and ends what they opened.
func TestProtectingAndOpeningWaitForEachOther(t *testing.T) {
	t.Parallel()
	k, ctx := newGlass(t), context.Background()
	token := k.tokenOf(k.agreement.ID)
	k.ask(k.reader, token)
	protected, id := make(chan error, 1), newID()
	k.must(k.DB.InTx(ctx, k.reader, func(tx tenants.Tx) error {
		told, err := audit.WriteTold(ctx, tx, k.reader, audit.Event{Action: "share.break", Object: id, Share: id})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, openBySQL, k.opening(id), k.code, token, told.ID, told.At); err != nil {
			return err
		}
		go func() {
			protected <- k.cases.Protect(ctx, k.worker, k.file.ID.String(), casefile.Mark{ID: newID(), Kind: "violence", Reason: "Chi la cerca non deve trovarla"})
		}()
		k.waits(protected)
		return nil
	}))
	k.must(<-protected)
	if n := k.count(`select count(*) from policies.case_grants where valid @> app.now()`); n != 0 {
		t.Errorf("%d grants of a case that was protected meanwhile", n)
	}
}
