package domain_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"staffetta/internal/problem"
	"staffetta/internal/resolver/dnstest"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/domain"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const (
	host     = "servizi.comune.pantelleria.tp.it"
	platform = "staffetta.example.it"
)

// stage is the service over a real database and a real DNS server.
type stage struct {
	*moduletest.Stage
	service *domain.Service
	dns     *dnstest.Server
	body    tenants.Tenant
	admin   tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, onboarding.Module())}
	var err error
	if st.dns, err = dnstest.Listen(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.dns.Close)
	st.dns.Lead(platform, "192.0.2.10", "2001:db8::10")
	st.Deps.Platform.DNS = st.dns.Address().Resolver()
	st.Deps.Platform.Mail = modules.Correspondence{Base: "https://" + platform}
	st.service = domain.NewService(st.Deps)
	st.body = st.On(t, "pantelleria")
	st.admin = st.Operator(t, st.body, "tenant_admin")
	return st
}

// asked is the address that somebody has just asked for.
func (st *stage) asked(t *testing.T, s tenants.Scope, host string) domain.Domain {
	t.Helper()
	must(t, st.service.Ask(t.Context(), s, host))
	return st.get(t, s)
}

func (st *stage) get(t *testing.T, s tenants.Scope) domain.Domain {
	t.Helper()
	d, err := st.service.Get(t.Context(), s)
	must(t, err)
	return d
}

// show puts both records of an address into the DNS.
func (st *stage) show(d domain.Domain) {
	st.dns.Text(d.RecordName(), "v=spf1 -all", d.RecordText())
	st.dns.Alias(d.Host, platform)
}

func (st *stage) wantState(t *testing.T, s tenants.Scope, want domain.State) {
	t.Helper()
	if d := st.get(t, s); d.State != want {
		t.Fatalf("the address is %s (%+v), want %s", d.State, d.Proof, want)
	}
	body, err := st.Deps.Bodies.ByHost(host)
	if isThere := err == nil && body.ID == s.Tenant; isThere != (want == domain.Confirmed) {
		t.Errorf("the address is %s, and its pages stand there: %v", want, isThere)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnAddressIsShownInTheDNS goes from asking to the pages being there, and back by days without the record.
func TestAnAddressIsShownInTheDNS(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	ctx := t.Context()
	if _, err := st.service.Check(ctx, st.admin); !problem.Is(err, problem.NotFound) {
		t.Fatalf("what nobody asked for is looked at: %v", err)
	}
	d := st.asked(t, st.admin, "https://"+strings.ToUpper(host)+"/")
	wants := func(record, lead domain.Answer) {
		t.Helper()
		found, err := st.service.Check(ctx, st.admin)
		must(t, err)
		if found.Record != record || found.Lead != lead || st.get(t, st.admin).Proof != found.Proof {
			t.Fatalf("found %+v, want %q and %q", found.Proof, record, lead)
		}
	}
	wants(domain.Missing, domain.Missing)
	st.dns.Text(d.RecordName(), "staffetta-verifica=DIUNALTRO")
	st.dns.Lead(host, "192.0.2.99")
	wants(domain.Other, domain.Other)
	st.wantState(t, st.admin, domain.Asked)
	st.dns.Lead(host, "2001:db8::10")
	wants(domain.Other, domain.Done)
	st.wantState(t, st.admin, domain.Asked)
	st.dns.Text(d.RecordName(), d.RecordText())
	wants(domain.Done, domain.Done)
	st.wantState(t, st.admin, domain.Confirmed)

	st.dns.Text(d.RecordName())
	job := tenants.Scope{Tenant: st.body.ID, Name: "sistema"}
	for range 2 {
		must(t, st.service.CheckDaily(ctx, job))
		wants(domain.Missing, domain.Done) // by hand: no day goes by
		st.wantState(t, st.admin, domain.Confirmed)
	}
	if finding := st.check(t); finding.State != modules.Wrong {
		t.Errorf("the console says %+v of a record that is gone", finding)
	}
	must(t, st.service.CheckDaily(ctx, job))
	st.wantState(t, st.admin, domain.Suspended)
	if finding := st.check(t); finding.State != modules.Wrong {
		t.Errorf("the console says %+v of a suspended address", finding)
	}
	st.show(d)
	must(t, st.service.CheckDaily(ctx, job))
	st.wantState(t, st.admin, domain.Confirmed)
	if finding := st.check(t); finding.State != modules.Met {
		t.Errorf("the console says %+v of an address that stands", finding)
	}

	must(t, st.service.Remove(ctx, st.admin))
	if _, err := st.Deps.Bodies.ByHost(host); err == nil {
		t.Error("the pages stand at an address that was removed")
	}
	if _, err := st.service.Get(ctx, st.admin); !problem.Is(err, problem.NotFound) {
		t.Errorf("a removed address is there: %v", err)
	}
	if again := st.asked(t, st.admin, host); again.Token == d.Token {
		t.Error("the old record shows a new address")
	}
	want := []string{"domain.ask", "domain.confirm", "domain.suspend", "domain.confirm", "domain.remove", "domain.ask"}
	if got := slices.DeleteFunc(st.events(t), func(e string) bool { return e == "domain.check" }); !slices.Equal(got, want) {
		t.Errorf("the audit tells %v, want %v", got, want)
	}
}

// check is what the console says.
func (st *stage) check(t *testing.T) modules.Finding {
	t.Helper()
	finding, err := domain.Checks(st.service)[0].Find(t.Context(), st.admin)
	must(t, err)
	return finding
}

func (st *stage) events(t *testing.T) (all []string) {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), `select action from audit.events where tenant_id = $1 and action like 'domain.%' order by at, id`, st.body.ID)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var one string
		must(t, rows.Scan(&one))
		all = append(all, one)
	}
	return all
}

// TestADNSThatDoesNotAnswer: a server that fails, babbles or is silent takes nothing away, and is told from a record that is not there.
func TestADNSThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	d := st.asked(t, st.admin, host)
	st.show(d)
	must(t, st.service.CheckDaily(t.Context(), st.admin))
	st.wantState(t, st.admin, domain.Confirmed)
	st.dns.Break(d.RecordName(), dnstest.Refuses)
	for range 4 {
		must(t, st.service.CheckDaily(t.Context(), st.admin))
	}
	st.dns.Break(d.RecordName(), dnstest.Silent) // both wait at the same time
	st.dns.Break(host, dnstest.Babbles)
	found, err := st.service.Check(t.Context(), st.admin)
	must(t, err)
	if found.Record != domain.Unanswered || found.Lead != domain.Unanswered || found.Misses != 0 {
		t.Errorf("found %+v after %d days", found.Proof, found.Misses)
	}
	st.wantState(t, st.admin, domain.Confirmed)
}

// TestTwoBodiesShowOneHost: both may ask, one has it.
func TestTwoBodiesShowOneHost(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	ctx := t.Context()
	others := st.On(t, "marsala")
	other := st.Operator(t, others, "tenant_admin")
	mine, theirs := st.asked(t, st.admin, host), st.asked(t, other, host)
	st.dns.Text(mine.RecordName(), mine.RecordText(), theirs.RecordText())
	st.dns.Alias(host, platform)
	var got [2]error
	var both sync.WaitGroup
	for i, s := range []tenants.Scope{st.admin, other} {
		both.Go(func() { _, got[i] = st.service.Check(ctx, s) })
	}
	both.Wait()
	if (got[0] == nil) == (got[1] == nil) || !problem.Is(errors.Join(got[0], got[1]), problem.Conflict) {
		t.Fatalf("both, or nobody, or for another reason: %v, %v", got[0], got[1])
	}
	first, second := st.admin, other
	if got[0] != nil {
		first, second = other, st.admin
	}
	st.wantState(t, first, domain.Confirmed)
	st.wantState(t, second, domain.Asked)
	must(t, st.service.Remove(ctx, second))
	if err := st.service.Ask(ctx, second, host); !problem.Is(err, problem.Invalid) {
		t.Errorf("what another body has is asked for: %v", err)
	}
	must(t, st.service.Remove(ctx, first))
	taken := st.asked(t, second, host)
	st.show(taken)
	_, err := st.service.Check(ctx, second)
	must(t, err)
	st.wantState(t, second, domain.Confirmed)
}

// TestWhatABodyCannotHave: one address, none of the platform's, and none that who runs the platform suspended.
func TestWhatABodyCannotHave(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	ctx := t.Context()
	for _, taken := range []string{platform, "a." + platform, "localhost", "192.0.2.1"} {
		if err := st.service.Ask(ctx, st.admin, taken); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s is had: %v", taken, err)
		}
	}
	d := st.asked(t, st.admin, host)
	if err := st.service.Ask(ctx, st.admin, "comune.pantelleria.tp.it"); !problem.Is(err, problem.Conflict) {
		t.Errorf("a second address: %v", err)
	}
	st.show(d)
	_, err := st.service.Check(ctx, st.admin)
	must(t, err)
	if _, err := st.Owner.Exec(ctx, `update platform.domains set state = 'suspended', blocked = 'prova', changed_at = app.now()`); err != nil {
		t.Fatal(err)
	}
	must(t, st.Deps.Bodies.Reload(ctx))
	for name, do := range map[string]func() error{
		"check": func() error { _, err := st.service.Check(ctx, st.admin); return err }, "remove": func() error { return st.service.Remove(ctx, st.admin) },
		"ask": func() error { return st.service.Ask(ctx, st.admin, "comune.pantelleria.tp.it") },
	} {
		if err := do(); !problem.Is(err, problem.Conflict) {
			t.Errorf("%s of an address that was suspended: %v", name, err)
		}
	}
	must(t, st.service.CheckDaily(ctx, st.admin))
	st.wantState(t, st.admin, domain.Suspended)
	if kept, err := st.claims(t, "confirmed", st.get(t, st.admin).RecordText()); err != nil || kept {
		t.Errorf("the body itself takes up what was suspended: %v, %v", kept, err)
	}
}

// claims writes a state of the address as who forgets to ask the DNS would.
func (st *stage) claims(t *testing.T, state, shown string) (kept bool, err error) {
	t.Helper()
	d := st.get(t, st.admin)
	err = st.Deps.DB.InTx(t.Context(), st.admin, func(tx tenants.Tx) error {
		return tx.QueryRow(t.Context(), `select platform.judge_domain($1, $2, $3, '', '', 0, $4, '192.0.2.10')`, d.ID, d.ChangedAt, state, shown).Scan(&kept)
	})
	return kept, err
}

// TestNothingIsConfirmedUnshown: the app cannot write how an address stands, and what it was found to show stays beside it.
func TestNothingIsConfirmedUnshown(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	ctx := t.Context()
	d := st.asked(t, st.admin, host)
	for _, sql := range []string{`update platform.domains set state = 'confirmed'`, `update platform.domains set token = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'`, `update platform.domains set shown_text = 'x'`, `update platform.domains set changed_at = app.now()`} {
		if err := st.Deps.DB.InTx(ctx, st.admin, func(tx tenants.Tx) error { _, err := tx.Exec(ctx, sql); return err }); err == nil {
			t.Errorf("the app may %s", sql)
		}
	}
	for _, shown := range []string{"", "staffetta-verifica=DIUNALTRO"} {
		if _, err := st.claims(t, "confirmed", shown); err == nil {
			t.Errorf("confirmed by %q", shown)
		}
	}
	if _, err := st.claims(t, "suspended", ""); err == nil {
		t.Error("suspended before it was confirmed")
	}
	st.show(d)
	for range 2 { // the second look finds all as it was, and says nothing
		_, err := st.service.Check(ctx, st.admin)
		must(t, err)
	}
	var name, text, address string
	must(t, st.Owner.QueryRow(ctx, `select shown_name, shown_text, host(shown_address) from platform.domains where id = $1 and shown_at is not null`, d.ID).Scan(&name, &text, &address))
	if name != d.RecordName() || text != d.RecordText() || address != "192.0.2.10" && address != "2001:db8::10" {
		t.Errorf("what it was confirmed by: %s %s %s", name, text, address)
	}
	if got, want := st.events(t), []string{"domain.ask", "domain.confirm"}; !slices.Equal(got, want) {
		t.Errorf("the audit tells %v, want %v", got, want)
	}
}

// TestABlockedHostIsNobodys: neither the body that it was taken from nor another one has it, whether it asks afterwards or asked before.
func TestABlockedHostIsNobodys(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	ctx := t.Context()
	body := st.On(t, "marsala")
	before, after := st.Operator(t, body, "tenant_admin"), st.Operator(t, st.On(t, "mazara"), "tenant_admin")
	d := st.asked(t, before, host)
	st.show(d)
	_, err := st.Owner.Exec(ctx, `insert into platform.blocked_hosts (host) values ($1)`, host)
	must(t, err)
	if _, err := st.service.Check(ctx, before); !problem.Is(err, problem.Conflict) {
		t.Errorf("who asked before has it: %v", err)
	}
	st.wantState(t, before, domain.Asked)
	if err := st.service.Ask(ctx, after, host); !problem.Is(err, problem.Invalid) {
		t.Errorf("somebody else asks for it: %v", err)
	}
}

// TestChecksInADayAreBounded: nobody makes the program ask the DNS for ever.
func TestChecksInADayAreBounded(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.asked(t, st.admin, host)
	for range 30 {
		_, err := st.service.Check(t.Context(), st.admin)
		must(t, err)
	}
	if _, err := st.service.Check(t.Context(), st.admin); !problem.Is(err, problem.TooMany) {
		t.Errorf("one more: %v", err)
	}
	must(t, st.service.Remove(t.Context(), st.admin))
	for range 9 { // after the first
		st.asked(t, st.admin, host)
		must(t, st.service.Remove(t.Context(), st.admin))
	}
	if err := st.service.Ask(t.Context(), st.admin, host); !problem.Is(err, problem.TooMany) {
		t.Errorf("one more address: %v", err)
	}
}

// TestTheJobFindsWhoHasAnAddress: the platform's job asks those bodies, and nobody else may list them.
func TestTheJobFindsWhoHasAnAddress(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	ctx := t.Context()
	st.On(t, "marsala")
	st.asked(t, st.admin, host)
	must(t, st.service.AskAll(ctx))
	var asked []int32
	rows, err := st.Owner.Query(ctx, `select (args ->> 'tenant_id')::int from river.river_job where kind = 'onboarding.domain'`)
	must(t, err)
	for rows.Next() {
		var one int32
		must(t, rows.Scan(&one))
		asked = append(asked, one)
	}
	rows.Close()
	if !slices.Equal(asked, []int32{st.body.ID}) {
		t.Errorf("the job asks %v, want %d alone", asked, st.body.ID)
	}
	err = st.Deps.DB.InTx(ctx, st.admin, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select from platform.bodies_with_domains()`)
		return err
	})
	if err == nil {
		t.Error("a body lists who has an address")
	}
}
