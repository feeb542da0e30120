package entry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/onboarding/entry"
	"staffetta/tenants"
)

func TestTheLetterSaysWhoAsksForWhat(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	code := st.code(t, s, e.ID)
	letter := st.letter(t, e.Contact.PEC)
	for _, part := range []string{
		"Ada Valenza (Responsabile dei servizi sociali, ada@comune.example)", "«Comune di Pantelleria»", "DD 12/2026 del 15/01/2026", code,
		"non dare il codice a nessuno", "Avvisa chi gestisce la piattaforma",
	} {
		if !strings.Contains(letter, part) {
			t.Errorf("the letter lacks %q:\n%s", part, letter)
		}
	}
	plain := strings.ReplaceAll(code, "-", "")
	for _, row := range slices.Concat(st.texts(t, `select c::text from onboarding.entry_codes c`), st.texts(t, `select a::text from audit.events a`),
		st.texts(t, `select m::text from platform.mails m`)) {
		if strings.Contains(row, plain) || strings.Contains(row, code) || strings.Contains(row, fmt.Sprintf("%x", code)) {
			t.Errorf("the code is kept in the clear: %s", row)
		}
	}
	if events := st.texts(t, `select actor_name from audit.events where action = 'entry.code'`); len(events) != 1 {
		t.Errorf("codes in the audit: %v", events)
	}
}

// tries writes a code and wants what is said of it.
func (st *stage) tries(t *testing.T, s tenants.Scope, e entry.Entry, code, key string) {
	t.Helper()
	_, err := st.service.Activate(t.Context(), s, e.ID, e.Mark(), code)
	wantField(t, err, "code", "onboarding.code."+key)
}

func TestFiveWrongCodesEndTheOneThatWasSent(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	st.tries(t, s, e, "ACD-EFG-HJK", "none")
	right := st.code(t, s, e.ID)
	for _, slip := range []string{"", "ACD-EFG", strings.Repeat("A", 5000), right[:10] + "é", "OCD-EFG-HJK"} {
		st.tries(t, s, e, slip, "cut") // counts for nothing
	}
	for _, guess := range []string{"ACD-EFG-HJK", "acd efg hjk", "KJH-GFE-DCA", "ACDEFGHJM"} {
		st.tries(t, s, e, guess, "wrong")
	}
	st.service = entry.NewService(st.deps) // a restart forgets no try
	if left := st.get(t, s, e.ID).Code.Left; left != 1 {
		t.Errorf("%d tries are left", left)
	}
	st.tries(t, s, e, "ACD-EFG-HJK", "guessed")
	st.tries(t, s, e, right, "none")
	want := []string{"code_none", "code_wrong", "code_wrong", "code_wrong", "code_wrong", "code_guessed", "code_none"}
	if got := st.refusals(t); !slices.Equal(got, want) {
		t.Errorf("the audit says %v", got)
	}
	if bodies := st.texts(t, `select slug from platform.tenants where belfiore is not null`); len(bodies) != 0 {
		t.Errorf("there is %v", bodies)
	}
	if live, err := st.goLive(t, s, e.ID); err != nil || live.State != entry.Live { // with a new one
		t.Errorf("%s, %v", live.State, err)
	}
}

func TestACodeHoldsOnceForADayAndUntilTheNext(t *testing.T) {
	st := newStage(t)
	ctx, s := t.Context(), st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	first := st.code(t, s, e.ID)
	second := st.code(t, s, e.ID)
	st.tries(t, s, e, first, "newer")
	st.setClock(t, 23*time.Hour+59*time.Minute)
	if st.get(t, s, e.ID).Code.Left != 4 {
		t.Error("an old code counts as no try")
	}
	st.setClock(t, 24*time.Hour+time.Minute)
	st.tries(t, s, e, second, "expired")
	third := st.code(t, s, e.ID)
	st.exec(t, `alter table platform.memberships add constraint broken check (display_name <> 'Ada Valenza')`)
	if _, err := st.service.Activate(ctx, s, e.ID, e.Mark(), third); err == nil {
		t.Fatal("a broken transaction succeeds")
	}
	// replayed, by who has meanwhile another entry for the same body
	st.exec(t, `alter table platform.memberships drop constraint broken`)
	st.exec(t, `update onboarding.entries set state = 'open' where id = $1`, e.ID)
	st.tries(t, s, e, third, "used")
	other := st.filled(t, s, pantelleria)
	st.tries(t, s, other, third, "none")
	if got := st.refusals(t); !slices.Equal(got, []string{"code_newer", "code_expired", "code_used", "code_none"}) {
		t.Errorf("the audit says %v", got)
	}
}

func TestCodesAreBounded(t *testing.T) {
	st := newStage(t)
	ctx, ada, carla := t.Context(), st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Carla Bonomo", otherOne)
	first, second := st.filled(t, ada, pantelleria), st.filled(t, carla, pantelleria)
	ask := func(s tenants.Scope, e entry.Entry, key string) {
		t.Helper()
		err := st.service.SendCode(ctx, s, e.ID, e.Mark())
		if p := problem.Of(err); key == "" && err != nil || key != "" && (p == nil || p.Kind != problem.TooMany || p.Message.Key != "onboarding.code.many_"+key) {
			t.Errorf("asked for a code: %v, want %q", err, key)
		}
	}
	for range 3 {
		ask(ada, first, "")
	}
	ask(carla, second, "")
	ask(carla, second, "")
	ask(carla, second, "address") // somebody else's letters count
	ask(ada, first, "address")
	other := st.filled(t, ada, mazara)
	for range 5 {
		ask(ada, other, "")
	}
	ask(ada, other, "entry")
	third, fourth := st.filled(t, ada, marsala), st.filled(t, ada, petrosino)
	ask(ada, third, "")
	ask(ada, third, "")
	ask(ada, fourth, "account")
	st.setClock(t, 25*time.Hour)
	ask(ada, first, "")
}

func TestImpostorsAreStopped(t *testing.T) {
	st := newStage(t)
	ctx, s := t.Context(), st.newcomer(t, "Ada Valenza", adaCode)
	_, err := entry.Enter(ctx, st.deps, entry.Arrival{
		ISTAT: marsala, PEC: "Protocollo@pec.comune.marsala.tp.it", Users: []entry.Person{{Name: "Maria Errera", TaxCode: marCode, Roles: []string{"tenant_admin"}}},
	})
	failOn(t, err)
	e := st.filled(t, s, pantelleria)
	own, foreign := contact(), contact()
	foreign.PEC = "protocollo@PEC.comune.marsala.tp.it"
	wantField(t, st.service.SaveContact(ctx, s, e.ID, e.ContactVersion, foreign), "pec", "onboarding.contact.pec_taken")
	wantField(t, st.service.ChooseMunicipality(ctx, s, e.ID, e.BodyVersion, marsala), "municipality", "onboarding.body.taken")
	wantField(t, st.service.CorrectIPA(ctx, s, e.ID, e.BodyVersion, "c_e974"), "ipa", "onboarding.body.ipa_taken")
	// mail that does not look like the body's sends nothing
	for _, pec := range []string{"comune.pantelleria@pec.it", "protocollo@legalmail.it", "protocollo@comune.pantelleria.tp.it.evil.example"} {
		own.PEC = pec
		failOn(t, st.service.SaveContact(ctx, s, e.ID, st.get(t, s, e.ID).ContactVersion, own))
		e = st.get(t, s, e.ID)
		wantKind(t, st.service.SendCode(ctx, s, e.ID, e.Mark()), problem.Forbidden)
		wantKind(t, second(st.service.Activate(ctx, s, e.ID, e.Mark(), "x")), problem.Forbidden)
	}
	// a body that came meanwhile
	late := st.filled(t, s, mazara)
	code := st.code(t, s, late.ID)
	_, err = entry.Enter(ctx, st.deps, entry.Arrival{
		ISTAT: petrosino, PEC: late.Contact.PEC, Users: []entry.Person{{Name: "Maria Errera", TaxCode: marCode, Roles: []string{"tenant_admin"}}},
	})
	failOn(t, err)
	wantKind(t, st.service.SendCode(ctx, s, late.ID, late.Mark()), problem.Conflict)
	wantKind(t, second(st.service.Activate(ctx, s, late.ID, late.Mark(), code)), problem.Conflict)
	if got := st.refusals(t); !slices.Equal(got, []string{"taken", "taken", "taken", "taken", "taken"}) {
		t.Errorf("the audit says %v", got)
	}
	if letters := st.texts(t, `select template from platform.mails`); len(letters) != 1 {
		t.Errorf("letters: %v", letters)
	}
}

func TestAReviewedDeploymentMakesNoBodyByItsOwnWord(t *testing.T) {
	st := newStage(t)
	st.deps.Platform.Reviewed = true
	st.service = entry.NewService(st.deps)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	wantKind(t, st.service.SendCode(t.Context(), s, e.ID, e.Mark()), problem.Forbidden)
	wantKind(t, second(st.service.Activate(t.Context(), s, e.ID, e.Mark(), "x")), problem.Forbidden)
}

func TestRefusedToOthersAndAudited(t *testing.T) {
	c := newCrew(t)
	ctx, e := t.Context(), c.get(t, c.ada, c.entry)
	code := c.code(t, c.ada, c.entry)
	wantKind(t, c.service.SendCode(ctx, c.maria, c.entry, e.Mark()), problem.Forbidden)
	wantKind(t, second(c.service.Activate(ctx, c.maria, c.entry, e.Mark(), code)), problem.Forbidden)
	wantKind(t, second(c.service.Activate(ctx, c.carla, c.entry, e.Mark(), code)), problem.NotFound)
	wantKind(t, c.service.ChooseMunicipality(ctx, c.carla, c.entry, 1, marsala), problem.NotFound)
	wantKind(t, second(c.service.Get(ctx, c.carla, c.entry)), problem.NotFound)
	if got := c.refusals(t); !slices.Equal(got, []string{"starters", "starters", "foreign", "foreign", "foreign"}) {
		t.Errorf("the audit says %v", got)
	}
}
