package sharing_test

import (
	"context"
	"errors"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/modules/sharing/handover"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// home is a household of the owner's register in which Rosa lives, written behind the walls.
func (k *known) home(persons ...uuid.UUID) uuid.UUID {
	k.t.Helper()
	id := newID()
	k.exec(`insert into registry.households (tenant_id, id, kind) values ($1, $2, 'cohabiting')`, k.owner.ID, id)
	for i, person := range persons {
		k.moveIn(id, person, map[bool]string{true: "head", false: "child"}[i == 0])
	}
	return id
}

func (k *known) moveIn(home, person uuid.UUID, relation string) {
	k.t.Helper()
	k.exec(`insert into registry.members (tenant_id, id, household_id, kind, person_id, relation, valid_from) values ($1, $2, $3, 'cohabiting', $4, $5, current_date)`,
		k.owner.ID, newID(), home, person, relation)
}

func (k *known) moveOut(person uuid.UUID) {
	k.t.Helper()
	k.exec(`update registry.members set valid_to = current_date - 1, valid_from = current_date - 2 where tenant_id = $1 and person_id = $2`, k.owner.ID, person)
}

// mother is a case of somebody else of the owner's.
func (k *known) mother() casefile.CaseFile {
	k.t.Helper()
	return k.openCase(k.worker, "Anna", "Bianco")
}

// Who finds the child finds the mother: whoever must not be found protects all who live with them, whichever comes first.
func TestAT10AProtectedMemberProtectsTheHousehold(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	mother := k.mother()
	house := k.home(mother.Person, k.file.Person)
	k.publish()
	k.wantAnswer("nobody at home is protected", true)

	mark := newID()
	token := k.tokenOf(k.agreement.ID)
	k.protect(mother.ID.String(), mark, "violence")
	k.wantAnswer("the mother is protected", false)
	k.publish()
	k.wantAnswer("the mother is protected, after the job", false)
	if _, _, _, err := k.question(k.reader, k.agreement.ID, token); err != nil {
		t.Fatal(err)
	}
	k.refuses("the mother is protected", k.reader, token, "P0002", nil)
	k.must(k.cases.Release(t.Context(), k.worker, mother.ID.String(), mark, "Non serve più"))
	k.publish()
	k.wantAnswer("the mother is not protected any more", true)

	k.exec(`update registry.persons set alias = 'Stella' where id = $1`, mother.Person)
	k.wantAnswer("the mother gives no name", false)
	k.publish()
	k.wantAnswer("the mother gives no name, after the job", false)
	k.exec(`update registry.persons set alias = '' where id = $1`, mother.Person)
	k.publish()

	k.moveOut(k.file.Person)
	k.protect(mother.ID.String(), newID(), "sealed")
	k.publish()
	k.wantAnswer("the child lives elsewhere", true)
	k.exec(`update registry.members set valid_to = null where person_id = $1`, k.file.Person)
	k.wantAnswer("the child is back", false)
	k.moveOut(k.file.Person)
	k.publish()
	k.home(newHeadOf(k), k.file.Person)
	k.wantAnswer("a household where nobody is protected", true)
	k.exec(`update registry.members set household_id = (select m.household_id from registry.members m where m.person_id = $2 limit 1), kind = 'cohabiting'
		where person_id = $1 and valid_to is null`, k.file.Person, mother.Person)
	k.wantAnswer("the child moves to the mother", false)
	k.moveOut(k.file.Person)
	k.publish()
	k.wantAnswer("the child has left again", true)
	k.moveIn(house, k.file.Person, "child")
	k.wantAnswer("the child is written into the mother's household", false)
}

// newHeadOf registers somebody of whom there is no case.
func newHeadOf(k *known) uuid.UUID {
	k.t.Helper()
	p, err := registry.NewService(k.deps).Create(context.Background(), k.worker, registry.NewPerson{ID: newID(), Details: registry.Details{NoCodeReason: "unknown", Name: "Ugo", Surname: "Verdi"}})
	k.must(err)
	return p.ID
}

// Whoever is registered twice, under one code, is one person: so are those who live with either.
func TestAT10WhoIsRegisteredTwiceIsProtectedOnce(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	again := k.openCoded(k.worker, k.code)
	mark := newID()
	k.protect(again.ID.String(), mark, "violence")
	k.wantAnswer("the other entry of hers is protected", false)
	k.publish()
	k.wantAnswer("the other entry of hers is protected, after the job", false)
	mother := k.mother()
	k.must(k.cases.Release(t.Context(), k.worker, again.ID.String(), mark, "Non serve più"))
	k.home(mother.Person, again.Person)
	k.publish()
	k.wantAnswer("no longer", true)
	k.protect(mother.ID.String(), newID(), "violence")
	k.wantAnswer("who lives with the other entry is protected", false)
	k.publish()
	k.wantAnswer("who lives with the other entry is protected, after the job", false)
}

// Two changes at a time, of which each alone hides nobody: the next run of the job takes away what they left.
func TestAT10TheJobTakesAwayWhatMustNotBeFound(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.exec(`alter table casefile.marks disable trigger drop_tokens`)
	k.protect(k.file.ID.String(), newID(), "violence")
	k.wantAnswer("the token is left", true)
	k.publish()
	k.wantAnswer("after the job", false)
}

// A case that is being protected while the job writes has no token in the end, whoever comes first.
func TestAT10ProtectingAndPublishingWaitForEachOther(t *testing.T) {
	t.Parallel()
	k, ctx := newKnown(t), context.Background()
	k.exec(`delete from policies.case_tokens`)
	tx, err := k.Owner.Begin(ctx)
	k.must(err)
	t.Cleanup(func() { _ = tx.Rollback(ctx) })
	_, err = tx.Exec(ctx, `insert into casefile.marks (tenant_id, id, case_id, kind, reason, set_by, set_name) values ($1, $2, $3, 'violence', 'Chi la cerca', $4, 'X')`,
		k.owner.ID, newID(), k.file.ID, k.worker.Account)
	k.must(err)
	published := make(chan error, 1)
	go func() {
		_, err := k.sharing.Elsewhere.Publish(ctx, tenants.Scope{Tenant: k.owner.ID, Name: "sistema"})
		published <- err
	}()
	k.waits(published)
	k.must(tx.Commit(ctx))
	k.must(<-published)
	if n := k.count(`select count(*) from policies.case_tokens`); n != 0 {
		t.Errorf("%d tokens of a case that was protected meanwhile", n)
	}
}

// waits returns when somebody waits for a lock that the tokens of a body have; it fails when it is over instead.
func (k *known) waits(over <-chan error) {
	k.t.Helper()
	end := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-over:
			k.t.Fatalf("nobody waited: %v", err)
		case <-end:
			k.t.Fatal("nobody waits")
		case <-tick.C:
			if k.count(`select count(*) from pg_locks l join pg_database d on d.oid = l.database where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`) > 0 {
				return
			}
		}
	}
}

// A token is of the code that the person has when it is written.
func TestTokensAreOfTheCodeOfNow(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.exec(`delete from policies.case_tokens`)
	write := `select sharing.write_tokens(array[$1::uuid], array[1], array[$2::uuid], array[$3], array[sha256('x')])`
	for _, c := range []struct {
		code string
		want int
	}{{codeAda, 0}, {codeRosa, 1}} {
		k.must(k.DB.InTx(t.Context(), k.worker, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), write, k.agreement.ID, k.file.ID, c.code)
			return errors.Join(err, audit.Write(t.Context(), tx, k.worker, audit.Event{Action: "known.publish"}))
		}))
		if n := k.count(`select count(*) from policies.case_tokens`); n != c.want {
			t.Errorf("with the code %s: %d tokens, want %d", c.code, n, c.want)
		}
	}
}

// Who asks for a person who must not be found is never told which share is theirs.
func TestAskIsNotAnsweredOfAProtectedHousehold(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	mother := k.mother()
	k.home(mother.Person, k.file.Person)
	k.protect(mother.ID.String(), newID(), "violence")
	path := k.asked(codeRosa)
	made := k.offered()
	if markup := k.get(k.reader, path); strings.Contains(markup, made.ID.String()) || !strings.Contains(markup, "In attesa") {
		t.Errorf("the share of a protected household is named as the answer:\n%s", markup)
	}
	if got := k.serve(k.head, "POST", path+"/rifiuta", url.Values{}); got.redirect != path {
		t.Errorf("the ask cannot be refused: %d", got.status)
	}
}

// Somebody who gives no name, and turns out to be somebody who has a case, hides that case when they are registered.
func TestAT10WhoGivesNoNameHidesTheOtherEntry(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.exec(`insert into registry.persons (tenant_id, id, code_kind, tax_code, alias, surname_key, name_key) values ($1, $2, 'tax_code', $3, 'Stella', '', 'stella')`,
		k.owner.ID, newID(), k.code)
	k.wantAnswer("the other entry gives no name", false)
}

// Tokens are written while an agreement lives, and for the bodies that show cases under it.
func TestTokensAreWrittenUnderLiveAgreements(t *testing.T) {
	t.Parallel()
	k, ctx := newKnown(t), context.Background()
	missing := func(what string, actor tenants.Scope, want int) {
		t.Helper()
		if n := k.countAs(actor, `select count(*) from sharing.missing_tokens()`); n != want {
			t.Errorf("%s: %d tokens are to be written, want %d", what, n, want)
		}
	}
	k.openCoded(k.worker, codeAda)
	k.openCoded(k.reader, codeAda)
	missing("a live agreement", k.worker, 1)
	missing("a body that shows no case", k.reader, 0)
	_, err := k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementSuspended, k.seen(k.head, k.agreement.ID, policies.AgreementSuspended))
	k.must(err)
	missing("a suspended agreement", k.worker, 0)
	_, err = k.sharing.Agreements.MoveAgreement(ctx, k.head, k.agreement.ID, policies.AgreementActive, k.seen(k.head, k.agreement.ID, policies.AgreementActive))
	k.must(err)
	k.setClock(2 * 366 * 24 * time.Hour)
	missing("an agreement that is over", k.worker, 0)
}

// Nobody tells a protected person from nobody by a watch: asked in turns, neither answer is slower (Mann-Whitney, far beyond
// what chance and a busy machine do).
func TestAT10ProtectedAndUnknownTakeTheSameTime(t *testing.T) {
	t.Parallel()
	k := newKnown(t)
	k.protect(k.file.ID.String(), newID(), "violence")
	k.publish()
	const rounds = 60
	took := map[string][]time.Duration{}
	for round := range rounds {
		if round%25 == 0 {
			k.exec(`delete from policies.known_questions`)
		}
		for _, code := range []string{codeRosa, codeAda} {
			began := time.Now()
			if got := k.answers(k.reader, code); len(got) != 0 {
				t.Fatalf("%s is answered %v", code, got)
			}
			took[code] = append(took[code], time.Since(began))
		}
	}
	if z := slower(took[codeRosa], took[codeAda]); math.Abs(z) > 5 {
		t.Errorf("z = %.1f: a protected person %v, nobody %v", z, took[codeRosa], took[codeAda])
	}
}

// slower is how much longer the first of two samples of one size takes, in standard deviations of chance.
func slower(a, b []time.Duration) float64 {
	wins, n := 0.0, float64(len(a))
	for _, x := range a {
		for _, y := range b {
			if x > y {
				wins++
			} else if x == y {
				wins += 0.5
			}
		}
	}
	return (wins - n*n/2) / math.Sqrt(n*n*(2*n+1)/12)
}

// A case takes along that its household is protected, although what protects it stays behind.
func TestAHouseholdIsProtectedWhereTheCaseGoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		protected bool
		want      int
	}{"protected": {true, 1}, "not protected": {false, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := &known{site: newPassage(t), code: codeRosa}
			mother := k.mother()
			k.home(mother.Person, k.file.Person)
			if c.protected {
				k.protect(mother.ID.String(), newID(), "violence")
			}
			_, err := k.sharing.Handovers.Accept(t.Context(), k.decider, k.passing().ID, handover.Taking{})
			k.must(err)
			if n := k.count(`select count(*) from casefile.marks where tenant_id = $1 and case_id = $2 and kind = 'sealed' and ended_at is null and set_by = $3 and set_name = $4`,
				k.receiver.ID, k.file.ID, k.decider.Account, k.decider.Name); n != c.want {
				t.Errorf("%d marks at the taking body, want %d", n, c.want)
			}
			if n := k.count(`select count(*) from audit.events e join casefile.marks m on m.tenant_id = e.tenant_id and m.id = e.object_id
				where e.tenant_id = $1 and e.action = 'case.protect' and e.case_id = $2 and e.account_id = $3 and e.sections = '{diary}'`,
				k.receiver.ID, k.file.ID, k.decider.Account); n != c.want {
				t.Errorf("%d events of it in the chain of the taking body, want %d", n, c.want)
			}
		})
	}
}

// Nobody protects by this function but who has just taken a case over whose household was protected.
func TestShelterIsKeptByWhoTakesTheCase(t *testing.T) {
	t.Parallel()
	k := &known{site: newPassage(t), code: codeRosa}
	mother := k.mother()
	k.home(mother.Person, k.file.Person)
	k.protect(mother.ID.String(), newID(), "violence")
	h := k.passing()
	keep := func(actor tenants.Scope) (kept bool) {
		k.must(k.DB.InTx(t.Context(), actor, func(tx tenants.Tx) error {
			return tx.QueryRow(t.Context(), `select sharing.keep_shelter($1, $2)`, h.ID, newID()).Scan(&kept)
		}))
		return kept
	}
	if keep(k.decider) {
		t.Error("a case is protected that nobody has taken")
	}
	_, err := k.sharing.Handovers.Accept(t.Context(), k.decider, h.ID, handover.Taking{})
	k.must(err)
	k.exec(`delete from casefile.marks where tenant_id = $1`, k.receiver.ID)
	if keep(k.reader) || keep(k.head) {
		t.Error("a case is protected by somebody who did not take it")
	}
}
