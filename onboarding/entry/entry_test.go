package entry_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/onboarding/entry"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

const pantelleria, mazara, marsala, petrosino = "081014", "081012", "081011", "081024"

func TestAnEntryIsSavedStepByStepAndResumed(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)

	st.service = entry.NewService(st.deps) // as after a restart
	got := st.get(t, s, e.ID)
	if diff := cmp.Diff(contact(), got.Contact); diff != "" {
		t.Errorf("contact (-want +got):\n%s", diff)
	}
	m, chosen := got.Municipality()
	if !chosen || m.Name != "Pantelleria" || m.IPA() != "c_g315" {
		t.Errorf("municipality is %v, %v", m, chosen)
	}
	if !got.Ready() || got.State != entry.Open {
		t.Errorf("the entry is %s, ready %v", got.State, got.Ready())
	}
	mine, err := st.service.Find(t.Context(), s)
	if err != nil || len(mine) != 1 || mine[0].ID != e.ID {
		t.Errorf("entries are %v, %v", mine, err)
	}
	events := st.texts(t, `select action || ' ' || coalesce(payload ->> 'step', '') from audit.events where object_id = $1 order by at`, e.ID)
	want := []string{"entry.create ", "entry.update body", "entry.update contact"}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func TestCreatingTwiceCreatesOnce(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	id := newID(t)
	for range 2 {
		e, err := st.service.Create(t.Context(), s, id)
		if err != nil || e.ID != id {
			t.Fatalf("%v, %v", e.ID, err)
		}
	}
	if events := st.texts(t, `select action from audit.events`); len(events) != 1 {
		t.Errorf("events are %v", events)
	}
	for range 19 {
		_, err := st.service.Create(t.Context(), s, newID(t))
		failOn(t, err)
	}
	_, err := st.service.Create(t.Context(), s, newID(t))
	wantKind(t, err, problem.Conflict)
}

func TestAnotherAccountSeesNothing(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	mine, other := st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Carla Bonomo", otherOne)
	e := st.filled(t, mine, pantelleria)

	elsewhere := mine // the same account with a session at a body
	elsewhere.Tenant = st.Body(t, "trapani").ID
	for name, s := range map[string]tenants.Scope{"another account": other, "another body": elsewhere} {
		for doing, err := range map[string]error{
			"get":      second(st.service.Get(ctx, s, e.ID)),
			"body":     st.service.ChooseMunicipality(ctx, s, e.ID, 1, mazara),
			"invalid":  st.service.ChooseMunicipality(ctx, s, e.ID, 1, "x"),
			"contact":  st.service.SaveContact(ctx, s, e.ID, 1, contact()),
			"code":     st.service.SendCode(ctx, s, e.ID, e.Mark()),
			"activate": second(st.service.Activate(ctx, s, e.ID, e.Mark(), "x")),
		} {
			if !problem.Is(err, problem.NotFound) {
				t.Errorf("%s, %s: %v, want not found", name, doing, err)
			}
		}
	}
	wantKind(t, second(st.service.Create(ctx, other, e.ID)), problem.NotFound)
	found, err := st.service.Find(ctx, other)
	if err != nil || len(found) != 0 {
		t.Errorf("the other finds %v, %v", found, err)
	}
	if diff := cmp.Diff(e, st.get(t, mine, e.ID)); diff != "" {
		t.Errorf("the entry has changed:\n%s", diff)
	}
}

func TestTheWallsHoldForEntries(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	mine, other := st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Carla Bonomo", otherOne)
	e := st.filled(t, mine, pantelleria)
	st.code(t, mine, e.ID)
	st.code(t, other, st.filled(t, other, mazara).ID)
	count := func(s tenants.Scope, table string) (n int) {
		failOn(t, st.DB.InTx(ctx, s, func(tx tenants.Tx) error { return tx.QueryRow(ctx, `select count(*) from onboarding.`+table).Scan(&n) }))
		return n
	}
	operator := other
	operator.Purpose = tenants.Operator
	for table, rows := range map[string]int{"entries": 1, "entry_people": 1, "entry_codes": 1} {
		if got := []int{count(mine, table), count(other, table), count(operator, table)}; !slices.Equal(got, []int{rows, rows, 2 * rows}) {
			t.Errorf("%s: owner, another, platform operator see %v", table, got)
		}
	}
	for doing, sql := range map[string]string{
		"join":   `insert into onboarding.entry_people (entry_id, account_id) values ('` + e.ID.String() + `', app.account())`,
		"open":   `insert into onboarding.entries (id) values (gen_random_uuid())`,
		"plant":  `insert into onboarding.entry_codes (id, entry_id, account_id, mark, code_token, address_token, expires_at) values (gen_random_uuid(), '` + e.ID.String() + `', app.account(), '', '', '', now())`,
		"issue":  `select onboarding.issue_code(gen_random_uuid(), '` + e.ID.String() + `', '', 'x', 'x', interval '1 day')`,
		"renew":  `update onboarding.entry_codes set expires_at = now() + interval '1 year'`,
		"delete": `delete from onboarding.entry_codes`,
	} {
		err := st.DB.InTx(ctx, other, func(tx tenants.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		if err == nil {
			t.Errorf("another account can %s", doing)
		}
	}
	err := st.DB.InTx(ctx, other, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select onboarding.create_entry($1, 'X')`, e.ID)
		return err
	})
	if n := count(other, "entries"); err != nil || n != 1 {
		t.Errorf("with the id of an entry another account sees %d entries, %v", n, err)
	}
}

func TestMunicipalitiesAreFoundAndRefused(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.newcomer(t, "Ada Valenza", adaCode)
	for _, query := range []string{"pantelleria", "081014", "G315", "c_g315"} {
		found, more, err := st.service.FindMunicipalities(ctx, query)
		if err != nil || more || len(found) != 1 || found[0].Name != "Pantelleria" || found[0].Taken {
			t.Errorf("%s finds %v, %v, %v", query, found, more, err)
		}
	}
	if found, more, err := st.service.FindMunicipalities(ctx, "san"); err != nil || !more || len(found) != 20 {
		t.Errorf("san finds %d, %v, %v", len(found), more, err)
	}
	first := st.filled(t, s, mazara)
	second := st.filled(t, s, mazara) // both may begin
	_, err := st.goLive(t, s, first.ID)
	failOn(t, err)
	if found, _, err := st.service.FindMunicipalities(ctx, "Mazara"); err != nil || !found[0].Taken || found[0].Slug != "" { // nobody else sees it yet
		t.Errorf("a municipality on trial is offered: %v, %v", found, err)
	}
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	wantField(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, mazara), "municipality", "onboarding.body.entering")
	wantField(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, "999999"), "municipality", "onboarding.body.unknown")
	st.exec(t, `insert into platform.tenants (slug, name, kind, state, belfiore) values ('c_e974', 'Comune di Marsala', 'municipality', 'active', 'E974')`)
	wantField(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, marsala), "municipality", "onboarding.body.taken")
	_, err = st.goLive(t, s, second.ID)
	wantKind(t, err, problem.Conflict)
	if got := problem.Of(err).Message; got.Key != "onboarding.error.taken" || got.Args["name"] != "Comune di Mazara del Vallo" {
		t.Errorf("the late one is told %v", got)
	}
	// it may go on with another municipality
	failOn(t, st.service.ChooseMunicipality(ctx, s, second.ID, 1, petrosino))
	own := contact()
	own.PEC = pecOf(t, petrosino)
	failOn(t, st.service.SaveContact(ctx, s, second.ID, 1, own))
	_, err = st.goLive(t, s, second.ID)
	failOn(t, err)
}

func TestTwoTabsLoseNothing(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	mine, theirs := contact(), contact()
	mine.Phone, theirs.Phone = "0923 111111", "0923 222222"
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 1, mine))
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 1, mine)) // the same form again
	wantKind(t, st.service.SaveContact(ctx, s, e.ID, 1, theirs), problem.Conflict)
	wantKind(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, mazara), problem.Conflict)
	got := st.get(t, s, e.ID)
	if got.Contact.Phone != "0923 111111" || got.Belfiore != "G315" || got.ContactVersion != 2 {
		t.Errorf("something was overwritten: %+v", got)
	}
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 2, theirs)) // knowingly
}

func TestContactIsChecked(t *testing.T) {
	today := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*entry.Contact)
		field  string
		key    string
	}{
		"no position":  {func(c *entry.Contact) { c.Position = " " }, "position", "web.field.required"},
		"control":      {func(c *entry.Contact) { c.ActNumber = "A\x00da" }, "act_number", "web.field.characters"},
		"no mail":      {func(c *entry.Contact) { c.PEC = "" }, "pec", "web.field.required"},
		"wrong mail":   {func(c *entry.Contact) { c.PEC = "Comune <comune@pec.it>" }, "pec", "onboarding.contact.email_wrong"},
		"not text":     {func(c *entry.Contact) { c.Position = "\xff" }, "position", "web.field.characters"},
		"long":         {func(c *entry.Contact) { c.Position = strings.Repeat("a", 121) }, "position", "web.field.too_long"},
		"no host":      {func(c *entry.Contact) { c.Email = "ada@comune" }, "email", "onboarding.contact.email_wrong"},
		"named e-mail": {func(c *entry.Contact) { c.Email = "Ada <ada@comune.example>" }, "email", "onboarding.contact.email_wrong"},
		"phone":        {func(c *entry.Contact) { c.Phone = "centralino" }, "phone", "onboarding.contact.phone_wrong"},
		"short phone":  {func(c *entry.Contact) { c.Phone = "118" }, "phone", "onboarding.contact.phone_wrong"},
		"no day":       {func(c *entry.Contact) { c.ActDate = "2026-02-30" }, "act_date", "onboarding.contact.date_wrong"},
		"future":       {func(c *entry.Contact) { c.ActDate = "2026-06-02" }, "act_date", "onboarding.contact.date_future"},
	} {
		t.Run(name, func(t *testing.T) {
			written := contact()
			c.change(&written)
			_, err := written.Check(today)
			wantField(t, err, c.field, c.key)
		})
	}
	odd := contact()
	odd.Position, odd.ActDate, odd.PEC = "  <b>Capo</b>   𝒱icario ", "2026-06-01", " Protocollo@PEC.Comune.Marsala.TP.it"
	got, err := odd.Check(today)
	if err != nil || got.Position != "<b>Capo</b> 𝒱icario" || got.PEC != "protocollo@pec.comune.marsala.tp.it" {
		t.Errorf("%q, %q, %v", got.Position, got.PEC, err)
	}
}

// wrongCheck is the code with another last character.
func wrongCheck(code string) string {
	last := byte('A')
	if code[15] == last {
		last = 'B'
	}
	return code[:15] + string(last)
}

func TestFiscalCodesAreNowhereInTheClear(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	look := func() {
		t.Helper()
		rows := slices.Concat(
			st.texts(t, `select e::text from onboarding.entries e`), st.texts(t, `select p::text from onboarding.entry_people p`),
			st.texts(t, `select c::text from onboarding.entry_codes c`), st.texts(t, `select a::text from audit.events a`),
			st.texts(t, `select m::text from platform.modules m`))
		if len(rows) < 5 {
			t.Fatalf("only %d rows to look at", len(rows))
		}
		for _, row := range rows {
			for _, secret := range []string{adaCode, livCode, hex.EncodeToString([]byte(adaCode)), hex.EncodeToString([]byte(livCode))} {
				if strings.Contains(strings.ToUpper(row), strings.ToUpper(secret)) {
					t.Errorf("a fiscal code stands in the clear: %s", row)
				}
			}
		}
	}
	look()
	_, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	look()
}

func second[T any](_ T, err error) error { return err }

func TestInventedCodesAreValid(t *testing.T) {
	for _, text := range []string{adaCode, livCode, marCode, otherOne} {
		if _, err := taxcode.Parse(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhoTriesNumbersDoesNotFillTheAudit(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	for range 40 {
		wantKind(t, second(st.service.Get(t.Context(), s, newID(t))), problem.NotFound)
	}
	if got := st.refusals(t); len(got) != 20 {
		t.Errorf("40 tries are written down %d times", len(got))
	}
	wantKind(t, second(st.service.Get(t.Context(), st.newcomer(t, "Carla Bonomo", otherOne), newID(t))), problem.NotFound)
	if got := st.refusals(t); len(got) != 21 {
		t.Errorf("somebody else's try is not written down: %d", len(got))
	}
}
