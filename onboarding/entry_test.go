package onboarding_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/onboarding"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

const pantelleria, mazara, marsala, petrosino = "081014", "081012", "081011", "081024"

func TestAnEntryIsSavedStepByStepAndResumed(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)

	st.service = onboarding.NewService(st.deps) // as after a restart
	got := st.get(t, s, e.ID)
	if diff := cmp.Diff(contact(), got.Contact); diff != "" {
		t.Errorf("contact (-want +got):\n%s", diff)
	}
	m, chosen := got.Municipality()
	if !chosen || m.Name != "Pantelleria" || m.IPA() != "c_g315" {
		t.Errorf("municipality is %v, %v", m, chosen)
	}
	if diff := cmp.Diff([]modules.ID{"casefile", "assessment"}, got.Modules); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	if len(got.Users) != 2 || got.Users[0].Name != "Ada Valenza" || got.Users[0].Mask != "••••••••••••"+adaCode[12:] {
		t.Errorf("users are %+v", got.Users)
	}
	if !got.Ready() || got.State != onboarding.Open {
		t.Errorf("the entry is %s, ready %v", got.State, got.Ready())
	}
	mine, err := st.service.Find(t.Context(), s)
	if err != nil || len(mine) != 1 || mine[0].ID != e.ID {
		t.Errorf("entries are %v, %v", mine, err)
	}
	events := st.texts(t, `select action || ' ' || coalesce(payload ->> 'step', '') from audit.events where object_id = $1 order by at`, e.ID)
	want := []string{"entry.create ", "entry.update body", "entry.update contact", "entry.update choice", "entry.update users", "entry.update users"}
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
	user := e.Users[0].ID

	elsewhere := mine // the same account with a session at a body
	elsewhere.Tenant = st.Body(t, "trapani").ID
	for name, s := range map[string]tenants.Scope{"another account": other, "another body": elsewhere} {
		for doing, err := range map[string]error{
			"get":      second(st.service.Get(ctx, s, e.ID)),
			"body":     st.service.ChooseMunicipality(ctx, s, e.ID, 1, mazara),
			"invalid":  st.service.ChooseMunicipality(ctx, s, e.ID, 1, "x"),
			"contact":  st.service.SaveContact(ctx, s, e.ID, 1, contact()),
			"choice":   second(st.service.SaveChoice(ctx, s, e.ID, 1, onboarding.Choice{})),
			"add":      st.service.AddUser(ctx, s, e.ID, onboarding.NewUser{ID: newID(t), Name: "X", TaxCode: marCode, Roles: []string{"dpo"}}),
			"remove":   st.service.RemoveUser(ctx, s, e.ID, user),
			"activate": second(st.service.Activate(ctx, s, e.ID, e.Mark())),
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
	if diff := cmp.Diff(e, st.get(t, mine, e.ID), cmp.AllowUnexported(onboarding.User{})); diff != "" {
		t.Errorf("the entry has changed:\n%s", diff)
	}
}

func TestTheWallsHoldForEntries(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	mine, other := st.newcomer(t, "Ada Valenza", adaCode), st.newcomer(t, "Carla Bonomo", otherOne)
	e := st.filled(t, mine, pantelleria)
	st.filled(t, other, mazara)
	count := func(s tenants.Scope, table string) (n int) {
		failOn(t, st.DB.InTx(ctx, s, func(tx tenants.Tx) error { return tx.QueryRow(ctx, `select count(*) from onboarding.`+table).Scan(&n) }))
		return n
	}
	operator := other
	operator.Purpose = tenants.Operator
	for table, rows := range map[string]int{"entries": 1, "entry_people": 1, "users": 2} {
		if got := []int{count(mine, table), count(other, table), count(operator, table)}; !slices.Equal(got, []int{rows, rows, 2 * rows}) {
			t.Errorf("%s: owner, another, platform operator see %v", table, got)
		}
	}
	for doing, sql := range map[string]string{
		"join":   `insert into onboarding.entry_people (entry_id, account_id) values ('` + e.ID.String() + `', app.account())`,
		"open":   `insert into onboarding.entries (id) values (gen_random_uuid())`,
		"plant":  `insert into onboarding.users (id, entry_id, name, roles) values (gen_random_uuid(), '` + e.ID.String() + `', 'X', '{dpo}')`,
		"delete": `delete from onboarding.users`,
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
	if found, _, err := st.service.FindMunicipalities(ctx, "Mazara"); err != nil || !found[0].Taken || found[0].Slug != "c_f061" {
		t.Errorf("an active municipality is offered: %v, %v", found, err)
	}
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	wantField(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, mazara), "municipality", "onboarding.body.taken")
	wantField(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, "999999"), "municipality", "onboarding.body.unknown")
	st.exec(t, `insert into platform.tenants (slug, name, kind, state, belfiore) values ('c_e974', 'Comune di Marsala', 'municipality', 'entering', 'E974')`)
	wantField(t, st.service.ChooseMunicipality(ctx, s, e.ID, 0, marsala), "municipality", "onboarding.body.entering")
	_, err = st.goLive(t, s, second.ID)
	wantKind(t, err, problem.Conflict)
	if got := problem.Of(err).Message; got.Key != "onboarding.error.taken" || got.Args["name"] != "Mazara del Vallo" {
		t.Errorf("the late one is told %v", got)
	}
	// it may go on with another municipality
	failOn(t, st.service.ChooseMunicipality(ctx, s, second.ID, 1, petrosino))
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
	_, err := st.service.SaveChoice(ctx, s, e.ID, 0, onboarding.Choice{Modules: []modules.ID{"guide"}})
	wantKind(t, err, problem.Conflict)
	got := st.get(t, s, e.ID)
	if got.Contact.Phone != "0923 111111" || got.Belfiore != "G315" || len(got.Modules) != 2 || got.ContactVersion != 2 {
		t.Errorf("something was overwritten: %+v", got)
	}
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 2, theirs)) // knowingly
}

func TestContactIsChecked(t *testing.T) {
	today := time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*onboarding.Contact)
		field  string
		key    string
	}{
		"no name":      {func(c *onboarding.Contact) { c.Name = " " }, "name", "web.field.required"},
		"control":      {func(c *onboarding.Contact) { c.Name = "A\x00da" }, "name", "web.field.characters"},
		"not text":     {func(c *onboarding.Contact) { c.Position = "\xff" }, "position", "web.field.characters"},
		"long":         {func(c *onboarding.Contact) { c.Position = strings.Repeat("a", 121) }, "position", "web.field.too_long"},
		"no host":      {func(c *onboarding.Contact) { c.Email = "ada@comune" }, "email", "onboarding.contact.email_wrong"},
		"named e-mail": {func(c *onboarding.Contact) { c.Email = "Ada <ada@comune.example>" }, "email", "onboarding.contact.email_wrong"},
		"phone":        {func(c *onboarding.Contact) { c.Phone = "centralino" }, "phone", "onboarding.contact.phone_wrong"},
		"short phone":  {func(c *onboarding.Contact) { c.Phone = "118" }, "phone", "onboarding.contact.phone_wrong"},
		"no day":       {func(c *onboarding.Contact) { c.ActDate = "2026-02-30" }, "act_date", "onboarding.contact.date_wrong"},
		"future":       {func(c *onboarding.Contact) { c.ActDate = "2026-06-02" }, "act_date", "onboarding.contact.date_future"},
	} {
		t.Run(name, func(t *testing.T) {
			written := contact()
			c.change(&written)
			_, err := written.Check(today)
			wantField(t, err, c.field, c.key)
		})
	}
	odd := contact()
	odd.Name, odd.ActDate = "  <b>Ada</b>   𝒱alenza ", "2026-06-01"
	got, err := odd.Check(today)
	if err != nil || got.Name != "<b>Ada</b> 𝒱alenza" {
		t.Errorf("%q, %v", got.Name, err)
	}
}

func TestModulesBringWhatTheyNeed(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	kit, _ := st.kit(t, "1.0.0", "service", "brochure", "act", "unknown")

	added, err := st.service.SaveChoice(ctx, s, e.ID, 0, onboarding.Choice{Modules: []modules.ID{"assessment", "registry"}})
	failOn(t, err)
	if diff := cmp.Diff([]onboarding.Added{{Module: "casefile", For: "assessment"}}, added); diff != "" {
		t.Errorf("added (-want +got):\n%s", diff)
	}
	added, err = st.service.SaveChoice(ctx, s, e.ID, 1, onboarding.Choice{Kit: kit})
	failOn(t, err)
	if diff := cmp.Diff([]onboarding.Added{{Module: "practice"}, {Module: "guide"}}, added); diff != "" {
		t.Errorf("added for the kit (-want +got):\n%s", diff)
	}
	got := st.get(t, s, e.ID)
	if diff := cmp.Diff([]modules.ID{"guide", "practice"}, got.Modules); diff != "" || got.Kit != kit {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	_, err = st.service.SaveChoice(ctx, s, e.ID, 2, onboarding.Choice{Modules: []modules.ID{"casino"}, Kit: newID(t)})
	wantField(t, err, "modules", "web.field.choice")
	wantField(t, err, "kit", "web.field.choice")
}

func TestKitsOfferedAreTheNewest(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	old, practice := st.kit(t, "1.9.0")
	newest := newID(t)
	st.release(t, practice, newest, "1.10.0")
	ids := func(chosen uuid.UUID) (all []uuid.UUID) {
		kits, err := st.service.FindKits(t.Context(), s, chosen)
		failOn(t, err)
		for _, k := range kits {
			all = append(all, k.ID)
		}
		return all
	}
	if diff := cmp.Diff([]uuid.UUID{newest}, ids(uuid.Nil)); diff != "" {
		t.Errorf("offered (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]uuid.UUID{newest, old}, ids(old)); diff != "" {
		t.Errorf("offered to who chose the old one (-want +got):\n%s", diff)
	}
}

func TestUsersAreChecked(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	roles := []string{"dpo"}
	for _, c := range []struct {
		name       string
		user       onboarding.NewUser
		field, key string
	}{
		{"nothing", onboarding.NewUser{}, "tax_code", "web.field.required"},
		{"no name", onboarding.NewUser{TaxCode: adaCode, Roles: roles}, "name", "web.field.required"},
		{"short", onboarding.NewUser{Name: "A", TaxCode: "BNCRSA", Roles: roles}, "tax_code", "onboarding.tax_code.length"},
		{"provisional", onboarding.NewUser{Name: "A", TaxCode: "00139550818", Roles: roles}, "tax_code", "onboarding.tax_code.length"},
		{"character", onboarding.NewUser{Name: "A", TaxCode: "1" + adaCode[1:], Roles: roles}, "tax_code", "onboarding.tax_code.character"},
		{"check", onboarding.NewUser{Name: "A", TaxCode: wrongCheck(adaCode), Roles: roles}, "tax_code", "onboarding.tax_code.check"},
		{"no role", onboarding.NewUser{Name: "A", TaxCode: adaCode}, "roles", "onboarding.user.no_role"},
		{"unknown role", onboarding.NewUser{Name: "A", TaxCode: adaCode, Roles: []string{"king"}}, "roles", "web.field.choice"},
		{"platform role", onboarding.NewUser{Name: "A", TaxCode: adaCode, Roles: []string{"platform_operator"}}, "roles", "web.field.choice"},
		{"newcomer", onboarding.NewUser{Name: "A", TaxCode: adaCode, Roles: []string{"newcomer"}}, "roles", "web.field.choice"},
		{"admin who reads cases", onboarding.NewUser{Name: "A", TaxCode: adaCode, Roles: []string{"tenant_admin", "social_worker"}}, "roles", "onboarding.user.incompatible"},
		{"dpo who reads cases", onboarding.NewUser{Name: "A", TaxCode: adaCode, Roles: []string{"coordinator", "dpo"}}, "roles", "onboarding.user.incompatible"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.user.ID = newID(t)
			wantField(t, st.service.AddUser(ctx, s, e.ID, c.user), c.field, c.key)
		})
	}
	if got := st.get(t, s, e.ID); len(got.Users) != 0 {
		t.Errorf("refused users are kept: %v", got.Users)
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

func TestUsersAreAddedOnceAndRemoved(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(ctx, s, newID(t))
	failOn(t, err)
	livia := onboarding.NewUser{ID: newID(t), Name: "Livia Culoma", TaxCode: strings.ToLower(livCode[:6]) + " " + livCode[6:], Roles: []string{"social_worker", "social_worker"}}
	failOn(t, st.service.AddUser(ctx, s, e.ID, livia))
	failOn(t, st.service.AddUser(ctx, s, e.ID, livia)) // the same form again
	again := livia
	again.ID = newID(t)
	wantField(t, st.service.AddUser(ctx, s, e.ID, again), "tax_code", "onboarding.user.twice")
	self := onboarding.NewUser{ID: newID(t), Self: true, Roles: []string{"tenant_admin"}}
	failOn(t, st.service.AddUser(ctx, s, e.ID, self))
	wantField(t, st.service.AddUser(ctx, s, e.ID, onboarding.NewUser{ID: newID(t), Name: "Ada", TaxCode: adaCode, Roles: []string{"dpo"}}), "tax_code", "onboarding.user.twice")
	got := st.get(t, s, e.ID)
	if len(got.Users) != 2 || got.Users[1].Name != "Ada Valenza" || !strings.HasSuffix(got.Users[1].Mask, adaCode[12:]) {
		t.Fatalf("users are %+v", got.Users)
	}
	if diff := cmp.Diff([]string{"social_worker"}, got.Users[0].Roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	for range 2 {
		failOn(t, st.service.RemoveUser(ctx, s, e.ID, livia.ID))
	}
	if kept := st.texts(t, `select name from onboarding.users where removed_at is not null and code_sealed is null and code_token is null`); !slices.Equal(kept, []string{"Livia Culoma"}) {
		t.Errorf("after the removal there is %v", kept)
	}
	failOn(t, st.service.AddUser(ctx, s, e.ID, again))
	if got := st.get(t, s, e.ID); len(got.Users) != 2 {
		t.Errorf("users are %+v", got.Users)
	}
	other := st.filled(t, s, mazara)
	wantKind(t, st.service.AddUser(ctx, s, other.ID, onboarding.NewUser{ID: again.ID, Name: "X", TaxCode: marCode, Roles: []string{"dpo"}}), problem.NotFound)
}

func TestCoverageWarns(t *testing.T) {
	e := onboarding.Entry{}
	if diff := cmp.Diff([]string{"social_worker", "coordinator", "access_desk", "practice_owner"}, e.Uncovered()); diff != "" {
		t.Errorf("nobody (-want +got):\n%s", diff)
	}
	e.Users = []onboarding.User{{Roles: []string{"coordinator", "social_worker"}}, {Roles: []string{"practice_owner"}}}
	if diff := cmp.Diff([]string{"access_desk"}, e.Uncovered()); diff != "" {
		t.Errorf("two (-want +got):\n%s", diff)
	}
	if e.Done(onboarding.UsersStep) {
		t.Error("the users are done without an administrator")
	}
}

func TestFiscalCodesAreNowhereInTheClear(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	look := func() {
		t.Helper()
		rows := slices.Concat(
			st.texts(t, `select e::text from onboarding.entries e`), st.texts(t, `select p::text from onboarding.entry_people p`),
			st.texts(t, `select u::text from onboarding.users u`), st.texts(t, `select a::text from audit.events a`),
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
	if sealed := st.texts(t, `select name from onboarding.users where length(code_sealed) > 16`); len(sealed) != 2 {
		t.Errorf("sealed codes of %v", sealed)
	}
	_, err := st.goLive(t, s, e.ID)
	failOn(t, err)
	look()
	if kept := st.texts(t, `select name from onboarding.users where code_sealed is not null or code_token is not null`); len(kept) != 0 {
		t.Errorf("the codes of %v are kept after going live", kept)
	}
}

func second[T any](_ T, err error) error { return err }

func TestInventedCodesAreValid(t *testing.T) {
	for _, text := range []string{adaCode, livCode, marCode, otherOne} {
		if _, err := taxcode.Parse(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
