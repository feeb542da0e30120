package practice_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/personal"
	"staffetta/modules/practice/release"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

func TestPersonalDataForbidPublication(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, rule string }{
		"fiscal code":        {"Scrivere a RSSMRA85T10A562S per primo", personal.FiscalCode},
		"omocodia":           {"codice rssmra85t10a56nh", personal.FiscalCode},
		"iban":               {"Versare su IT60 X054 2811 1010 0000 0123 456 entro maggio", personal.IBAN},
		"e-mail":             {"scrivi a rosa.bianco@esempio.it", personal.Email},
		"mobile":             {"chiama il 347 1234567", personal.Phone},
		"landline":           {"chiama il +39 0923 716111", personal.Phone},
		"plate":              {"auto AB123CD autorizzata", personal.Plate},
		"registered person":  {"come ha fatto Rosa Lo Bianco nel 2019", personal.Name},
		"surname goes first": {"pratica di Lo Bianco Rosa", personal.Name},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			p := st.install(t, question("QU-01", "Nulla"), question("QU-02", test.text))
			if test.rule == personal.Name {
				st.register(t, st.giving, "Lo Bianco", "Rosa")
				st.giving = st.Operator(t, st.giver, "practice_owner", "social_worker") // only who may see persons is told where names stand
			}
			report := st.compose(t, p, "1.0.0")
			if len(report.Kit.Findings) != 1 || report.Kit.Findings[0].Rule != test.rule || report.Kit.Findings[0].Place() != "QU-02 answer.it" {
				t.Fatalf("findings: %+v", report.Kit.Findings)
			}
			_, err := st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
			wantKind(t, err, problem.Invalid)
			if fields := problem.Of(err).Fields; len(fields) != 1 || fields[0].Name != "QU-02 answer.it" {
				t.Errorf("places: %+v", fields)
			}
			if n := st.count(t, `select count(*) from commons.kits`); n != 0 {
				t.Errorf("%d kits went out", n)
			}
		})
	}
}

// register puts a person into the registry of a body, as its desk does.
func (st *stage) register(t *testing.T, s tenants.Scope, surname, name string) {
	t.Helper()
	desk := st.Operator(t, tenants.Tenant{ID: s.Tenant, Slug: s.Slug}, "social_worker")
	_, err := registry.NewService(st.deps).Create(t.Context(), desk, registry.NewPerson{Details: registry.Details{
		Surname: surname, Name: name, NoCodeReason: "unknown",
	}})
	fatal(t, err)
}

func TestNamesOfOtherBodiesAreNotTold(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.register(t, st.taking, "Lo Bianco", "Rosa")
	st.giving = st.Operator(t, st.giver, "practice_owner", "social_worker")
	report := st.compose(t, st.install(t, question("QU-01", "come ha fatto Rosa Lo Bianco")), "1.0.0")
	if len(report.Kit.Findings) != 0 || !report.Kit.NamesCompared {
		t.Errorf("the registry of another body answered: %+v", report.Kit.Findings)
	}
}

func TestInnocentTextsPass(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	texts := "L. 104/1992, art. 14 D.Lgs. 62/2024; 468.997,68 euro; dal 01/01/2026 al 31-12-2026; A2.07; codice 12345678; ore 09.00-13.00; 2018-2019"
	report := st.compose(t, st.install(t, question("QU-01", texts)), "1.0.0")
	if len(report.Kit.Findings) != 0 {
		t.Errorf("findings: %+v", report.Kit.Findings)
	}
}

// A finding goes out when one person has said why it may stand and another one has confirmed it: neither alone suffices, and
// nobody is both.
func TestFindingsAreClearedByTwo(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	second := st.Operator(t, st.giver, "tenant_admin")
	p := st.install(t, question("QU-01", "scrivi a sportello@comune.esempio.it"), question("QU-02", "chiama il 347 1234567"))
	report := st.compose(t, p, "1.0.0")
	if report.Kit.Open() != 2 {
		t.Fatalf("open: %+v", report.Kit.Findings)
	}
	id, email := report.Kit.ID, report.Kit.Findings[0].ID
	const why = "casella dell'ufficio"
	wantKind(t, st.releases.Justify(t.Context(), st.giving, id, email, "  "), problem.Invalid)
	wantKind(t, st.releases.Justify(t.Context(), st.giving, id, "0000", "perché sì"), problem.NotFound)
	wantKind(t, st.releases.Confirm(t.Context(), second, id, email, why), problem.Conflict) // nobody gave a reason
	fatal(t, st.releases.Justify(t.Context(), st.giving, id, email, why))
	_, err := st.releases.Publish(t.Context(), st.giving, id)
	wantKind(t, err, problem.Invalid)
	wantKind(t, st.releases.Confirm(t.Context(), st.giving, id, email, why), problem.Forbidden)
	wantKind(t, st.releases.Confirm(t.Context(), second, id, email, "un altro motivo"), problem.Conflict)
	wantKind(t, st.releases.Confirm(t.Context(), st.taking, id, email, why), problem.NotFound)
	fatal(t, st.releases.Confirm(t.Context(), second, id, email, why))

	st.edit(t, st.giving, question("QU-02", "chiama lo sportello"))
	report = st.recompose(t, report.Kit)
	if f := report.Kit.Findings; len(f) != 1 || !f[0].Cleared() || f[0].Justified.Name != st.giving.Name || f[0].Confirmed.Name != second.Name {
		t.Fatalf("the justification was lost: %+v", report.Kit.Findings)
	}
	hash, err := st.releases.Publish(t.Context(), st.giving, id)
	fatal(t, err)
	again, err := st.releases.Publish(t.Context(), st.giving, id)
	fatal(t, err)
	if hash != again || len(hash) != 64 {
		t.Errorf("hash %q, again %q", hash, again)
	}
	_, err = st.releases.Compose(t.Context(), st.giving, release.Composition{Kit: id, Practice: p.ID, Release: "1.0.1", Versions: report.Kit.Versions})
	wantKind(t, err, problem.Conflict)
	wantKind(t, st.releases.Confirm(t.Context(), second, id, email, why), problem.NotFound)
	if n := st.count(t, `select count(*) from audit.events where action in ('kit.justify', 'kit.confirm') and object_id = $1`, id); n != 2 {
		t.Errorf("%d events", n)
	}
}

// recompose chooses for a draft all items as they are now.
func (st *stage) recompose(t *testing.T, k release.Kit) release.Report {
	t.Helper()
	items, err := st.items.Find(t.Context(), st.giving, "")
	fatal(t, err)
	c := release.Composition{Kit: k.ID, Practice: k.Practice, Release: k.Release}
	for _, item := range items {
		c.Versions = append(c.Versions, item.Current.ID)
	}
	report, err := st.releases.Compose(t.Context(), st.giving, c)
	fatal(t, err)
	return report
}

// What two people said is void when the item that it is about changes, however little, or when one of them thinks better of it.
func TestAChangeVoidsAJustification(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	second := st.Operator(t, st.giver, "tenant_admin")
	p := st.install(t, question("QU-01", "scrivi a sportello@comune.esempio.it"), question("QU-02", "scrivi a centro@comune.esempio.it"))
	report := st.compose(t, p, "1.0.0")
	for _, f := range report.Kit.Findings {
		fatal(t, st.releases.Justify(t.Context(), st.giving, report.Kit.ID, f.ID, "ufficio"))
		fatal(t, st.releases.Confirm(t.Context(), second, report.Kit.ID, f.ID, "ufficio"))
	}
	st.edit(t, st.giving, question("QU-01", "Rosa risponde: scrivi a sportello@comune.esempio.it"))
	report = st.recompose(t, report.Kit)
	f := report.Kit.Findings
	if len(f) != 2 || f[0].Key != "QU-01" || f[0].Justified != nil || f[0].Confirmed != nil || !f[1].Cleared() || report.Kit.Open() != 1 {
		t.Fatalf("after the change: %+v", f)
	}
	fatal(t, st.releases.Justify(t.Context(), second, report.Kit.ID, f[1].ID, "un altro motivo"))
	wantKind(t, st.releases.Confirm(t.Context(), second, report.Kit.ID, f[1].ID, "un altro motivo"), problem.Forbidden)
	now, err := st.releases.GetReport(t.Context(), st.giving, report.Kit.ID)
	fatal(t, err)
	if now.Kit.Open() != 2 {
		t.Errorf("a new reason is confirmed by nobody, but %+v", now.Kit.Findings)
	}
}

// The database takes no draft that counts fewer open findings than one person alone, or nobody, lets stand.
func TestTheDatabaseCountsTwoPeople(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	report := st.compose(t, st.install(t, question("QU-01", "scrivi a sportello@comune.esempio.it")), "1.0.0")
	const one, other = `{"account": "0198a000-0000-7000-8000-000000000001"}`, `{"account": "0198a000-0000-7000-8000-000000000002"}`
	for name, test := range map[string]struct {
		findings string
		taken    bool
	}{
		"nobody":         {`[{"id": "a"}]`, false},
		"one":            {`[{"justified": ` + one + `}]`, false},
		"second alone":   {`[{"confirmed": ` + one + `}]`, false},
		"the same":       {`[{"justified": ` + one + `, "confirmed": ` + one + `}]`, false},
		"two":            {`[{"justified": ` + one + `, "confirmed": ` + other + `}]`, true},
		"one is missing": {`[{"justified": ` + one + `, "confirmed": ` + other + `}, {"justified": ` + one + `}]`, false},
	} {
		err := st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), `update practice.kits set open_findings = 0, findings = $2 where id = $1`, report.Kit.ID, test.findings)
			return err
		})
		if (err == nil) != test.taken || err != nil && !strings.Contains(err.Error(), "two_people") {
			t.Errorf("%s: %v", name, err)
		}
	}
	st.Excuse(t, "practice.kits")
}

// Whoever may publish is asked to confirm what somebody else justified, until it is cleared.
func TestASecondPersonIsAsked(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	second := st.Operator(t, st.giver, "tenant_admin")
	asked := func(s tenants.Scope) []modules.Duty {
		t.Helper()
		source := st.releases.Duties()[0]
		if allowed, _ := st.deps.Policies.Permits(s, source.Permission); !allowed {
			t.Fatalf("%s is not asked at all", s.Slug)
		}
		duties, err := source.Find(t.Context(), s)
		fatal(t, err)
		return duties
	}
	report := st.compose(t, st.install(t, question("QU-01", "scrivi a a@comune.esempio.it o a b@comune.esempio.it")), "1.0.0")
	if len(asked(st.giving))+len(asked(second)) != 0 {
		t.Error("somebody is asked before anything is justified")
	}
	for _, f := range report.Kit.Findings {
		fatal(t, st.releases.Justify(t.Context(), st.giving, report.Kit.ID, f.ID, "ufficio"))
	}
	if len(asked(st.giving))+len(asked(st.taking)) != 0 {
		t.Error("who justified, or another body, is asked")
	}
	duties := asked(second)
	if len(duties) != 1 || duties[0].Label.Args["n"] != 2 || !strings.HasSuffix(duties[0].Path, "/pubblica/"+report.Kit.ID.String()) || duties[0].Since.IsZero() {
		t.Fatalf("asked: %+v", duties)
	}
	for _, f := range report.Kit.Findings {
		fatal(t, st.releases.Confirm(t.Context(), second, report.Kit.ID, f.ID, "ufficio"))
	}
	if left := asked(second); len(left) != 0 {
		t.Errorf("still asked: %+v", left)
	}
}

func TestReferencesStayInside(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	withRef := source(kit.KindQuestion, "QU-09", map[string]any{
		"question": map[string]string{"it": "D"}, "answer": map[string]string{"it": "R"}, "audience": "citizen", "services": []string{"SV-77"},
	})
	report := st.compose(t, st.install(t, withRef), "1.0.0")
	if len(report.Dangling) != 1 || report.Dangling[0].Ref.Key != "SV-77" || report.Clear() {
		t.Fatalf("dangling: %+v", report.Dangling)
	}
	_, err := st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
	wantKind(t, err, problem.Invalid)
}

func TestOnlyWhatWasCheckedIsPublished(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Nulla"), question("QU-02", "Altro"))
	report := st.compose(t, p, "1.0.0")
	first := report.Items[0].ID
	for name, sql := range map[string]string{
		"fewer items": `update practice.kits set versions = array['` + first.String() + `']::uuid[]`,
		"other sheet": `update practice.kits set sheet = '{"a":1}'`,
		"open":        `update practice.kits set open_findings = 1`,
	} {
		err := st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
			_, err := tx.Exec(t.Context(), `select practice.publish_kit($1)`, report.Kit.ID)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "not cleared") {
			t.Errorf("%s: %v", name, err)
		}
	}
	fatal(t, st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select practice.publish_kit($1)`, report.Kit.ID)
		return err
	}))
	st.Excuse(t, "commons.practices", "commons.kits", "commons.kit_items", "commons.offers", "practice.kits", "practice.practices")
}

func TestCommonsIsReadByAllAndHoldsNoPersons(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Nulla"))
	st.publish(t, p, "1.0.0")
	published, err := st.catalogue.GetPublished(t.Context(), st.third, p.ID)
	fatal(t, err)
	if published.Newest.Body != st.giver.Name || len(published.Items) != 1 || published.Newest.Release != "1.0.0" {
		t.Fatalf("another body reads %+v", published.Newest)
	}
	var all string
	fatal(t, st.Owner.QueryRow(t.Context(), `select string_agg(x, E'\n') from (
		select p::text x from commons.practices p union all select k::text from commons.kits k union all select i::text from commons.kit_items i) a`).Scan(&all))
	for _, private := range []string{"Rosalia Genna", st.giving.Name, st.giving.Account.String()} {
		if strings.Contains(all, private) {
			t.Errorf("commons holds %q", private)
		}
	}
	for _, sql := range []string{
		`insert into commons.practices (id, tenant_id, body, key) values (gen_random_uuid(), app.tenant(), 'x', 'x')`,
		`update commons.kits set title_it = 'x'`, `update commons.kit_items set title_it = 'x'`, `delete from commons.kit_items`,
	} {
		err := st.DB.InTx(t.Context(), st.giving, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestPracticesStayInsideTheirBody(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Nulla"))
	report := st.compose(t, p, "1.0.0")
	_, err := st.releases.Get(t.Context(), st.taking, p.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.releases.GetReport(t.Context(), st.taking, report.Kit.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.releases.Publish(t.Context(), st.taking, report.Kit.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.releases.Compose(t.Context(), st.giving, release.Composition{
		Kit: uuid.New(), Practice: p.ID, Release: "1.0.1", Versions: []uuid.UUID{uuid.New()},
	})
	wantKind(t, err, problem.Invalid)
	err = st.DB.InTx(t.Context(), st.taking, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `select practice.publish_kit($1)`, report.Kit.ID)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "no such kit") {
		t.Errorf("another body published it: %v", err)
	}
}

func TestAForgedPracticeCannotTakeAPublishedOne(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Nulla"))
	st.publish(t, p, "1.0.0")
	_, err := release.InstallSource(t.Context(), st.deps, st.taking, release.Source{Items: []kit.Source{question("QU-01", "Altro")}, Practice: p})
	fatal(t, err)
	forged := p
	forged.Key = "ALTRA"
	created, err := st.releases.Create(t.Context(), st.taking, forged)
	fatal(t, err)
	items, err := st.items.Find(t.Context(), st.taking, "")
	fatal(t, err)
	report, err := st.releases.Compose(t.Context(), st.taking, release.Composition{
		Kit: uuid.New(), Practice: created.ID, Release: "2.0.0", Versions: []uuid.UUID{items[0].Current.ID},
	})
	fatal(t, err)
	if _, err = st.releases.Publish(t.Context(), st.taking, report.Kit.ID); err == nil {
		t.Error("a body published a kit of another body's practice")
	}
}

func TestTheCIDKitIsPublished(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	cid, err := release.CID()
	fatal(t, err)
	p, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	twice, err := release.InstallSource(t.Context(), st.deps, st.giving, cid)
	fatal(t, err)
	if twice.ID != p.ID {
		t.Error("a second installation made another practice")
	}
	report := st.compose(t, p, "1.0.0")
	if !report.Clear() || len(report.Items) != len(cid.Items) {
		t.Fatalf("findings %+v, dangling %+v", report.Kit.Findings, report.Dangling)
	}
	if !slices.Contains(report.Missing, kit.KindSpace) || slices.Contains(report.Missing, kit.KindAct) || report.Kit.Completeness < 50 {
		t.Errorf("completeness %d, missing %v", report.Kit.Completeness, report.Missing)
	}
	_, err = st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
	fatal(t, err)
	offers, err := st.catalogue.FindOffers(t.Context(), st.third, catalogue.Search{Words: "DISABILITÀ"})
	fatal(t, err)
	none, err := st.catalogue.FindOffers(t.Context(), st.third, catalogue.Search{Words: "astronomia"})
	fatal(t, err)
	if len(offers.Offers) != 1 || len(none.Offers) != 0 {
		t.Errorf("found %d and %d", len(offers.Offers), len(none.Offers))
	}
}

// Ids are chosen by who calls: one under which another body has published is nobody's to publish under again.
func TestNobodyPublishesUnderAnothersID(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"))
	st.publish(t, p, "1.0.0")
	giving := st.giving
	st.giving = st.taking
	st.edit(t, st.taking, question("QU-01", "Uno, da noi"))
	copied, err := st.releases.Create(t.Context(), st.taking, release.Practice{ID: p.ID, Key: "COPIA", Title: p.Title, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: sheet()})
	fatal(t, err)
	_, err = st.releases.Publish(t.Context(), st.taking, st.compose(t, copied, "1.0.1").Kit.ID)
	wantKind(t, err, problem.NotFound)
	_, err = st.releases.Create(t.Context(), st.taking, release.Practice{ID: uuid.Must(uuid.NewV7()), Key: "BREVE", Title: language.Text{It: "x"}, Owner: "Comune", Licence: "CC-BY-4.0", Sheet: sheet()})
	wantKind(t, err, problem.Invalid)
	st.giving = giving
	if n := st.count(t, `select count(*) from commons.kits where practice_id = $1`, p.ID); n != 1 {
		t.Errorf("%d kits of the practice", n)
	}
}
