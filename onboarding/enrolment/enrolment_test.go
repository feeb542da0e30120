package enrolment_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/text/encoding/charmap"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/enrolment"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a platform with two modules besides that of entries.
type stage struct {
	*moduletest.Stage
	service *enrolment.Service
	scope   tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	text := language.Text{It: "Modulo", En: "Module"}
	st := &stage{Stage: moduletest.NewStage(t, modules.Module{ID: "registry", Title: text, Essential: true}, modules.Module{ID: "guide", Title: text}, onboarding.Module())}
	st.service = enrolment.NewService(st.Deps)
	platform, _, err := st.Deps.Bodies.BySlug(tenants.PlatformSlug)
	failOn(t, err)
	st.scope = tenants.Scope{Tenant: platform.ID, Slug: platform.Slug, Name: "prova", Purpose: tenants.Operator, RequestID: uuid.NewString()}
	return st
}

func failOn(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// enrol runs a plan to its end.
func (st *stage) enrol(t *testing.T, p enrolment.Plan) enrolment.Report {
	t.Helper()
	report, err := st.service.Enrol(t.Context(), st.scope, p, func(int, int) {})
	failOn(t, err)
	return report
}

func (st *stage) list(t *testing.T, text string) enrolment.Plan {
	t.Helper()
	p, err := st.service.FromList(strings.NewReader(text))
	failOn(t, err)
	return p
}

// texts are the rows of a query, sorted.
func (st *stage) texts(t *testing.T, sql string) []string {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), sql)
	failOn(t, err)
	defer rows.Close()
	var found []string
	for rows.Next() {
		var one string
		failOn(t, rows.Scan(&one))
		found = append(found, one)
	}
	failOn(t, rows.Err())
	slices.Sort(found)
	return found
}

func (st *stage) count(t *testing.T, sql string) (n int) {
	t.Helper()
	failOn(t, st.Owner.QueryRow(t.Context(), sql).Scan(&n))
	return n
}

func region(t *testing.T, name string) enrolment.Plan {
	t.Helper()
	p, err := enrolment.FromRegister(name)
	failOn(t, err)
	return p
}

// A region comes in at once: each body on trial, with every module, and with its beginning in its own chain. Again changes nothing.
func TestARegion(t *testing.T) {
	st := newStage(t)
	p := region(t, "sicilia")
	if len(p.Bodies) != 391 {
		t.Fatalf("the region has %d municipalities", len(p.Bodies))
	}
	if dry, err := st.service.Check(t.Context(), p); err != nil || dry.Made != 391 || st.count(t, `select count(*) from platform.tenants where state = 'entering'`) != 0 {
		t.Fatalf("the dry run: %+v, %v", dry, err)
	}
	if report := st.enrol(t, p); report.Made != 391 || report.Present != 0 || len(report.Refused) != 0 {
		t.Fatalf("the report is %+v", report)
	}
	body, _, err := st.Deps.Bodies.BySlug("c_g315") // known at once
	failOn(t, err)
	want := tenants.Tenant{
		ID: body.ID, Slug: "c_g315", IPA: "c_g315", Name: "Comune di Pantelleria", Kind: tenants.Municipality, State: tenants.Entering,
		ISTAT: "081014", Belfiore: "G315", Switched: map[string]bool{"registry": true, "guide": true, "onboarding": true},
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if told := st.count(t, `select count(distinct e.tenant_id) from audit.events e join platform.tenants t on t.id = e.tenant_id where e.action = 'body.enter' and t.state = 'entering'`); told != 391 {
		t.Errorf("%d bodies were told of their beginning", told)
	}
	before := st.count(t, `select count(*) from audit.events where action = 'body.enter'`)
	if report := st.enrol(t, p); report.Made != 0 || report.Present != 391 {
		t.Errorf("the second run: %+v", report)
	}
	if after := st.count(t, `select count(*) from audit.events where action = 'body.enter'`); after != before {
		t.Errorf("the second run told %d bodies", after-before)
	}
	if runs := st.texts(t, `select (payload ->> 'made') || ' ' || (payload ->> 'present') from audit.events where action = 'entry.enrol'`); !slices.Equal(runs, []string{"0 391", "391 0"}) {
		t.Errorf("the platform's chain has %v", runs)
	}
}

// What was made before a run was cut off stays, and the next run makes the rest.
func TestACutOffRunGoesOn(t *testing.T) {
	st := newStage(t)
	p := region(t, "03")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := st.service.Enrol(ctx, st.scope, p, func(int, int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("the run ended with %v", err)
	}
	made := st.count(t, `select count(*) from platform.tenants where state = 'entering'`)
	if made == 0 || made >= len(p.Bodies) {
		t.Fatalf("%d of %d bodies were made", made, len(p.Bodies))
	}
	if report := st.enrol(t, p); report.Made != len(p.Bodies)-made || report.Present != made {
		t.Errorf("the next run: %+v", report)
	}
}

// code is the tax code of an invented person.
func code(surname, name string) string {
	return taxcode.Build(surname, name, time.Date(1980, time.March, 14, 0, 0, 0, 0, time.UTC), taxcode.Female, "G315")
}

const heading = "istat;ipa;pec;codice_fiscale;stato;nome;codice_fiscale_persona;ruolo\n"

// A list gives bodies their certified mail, tax code, state and people; who is named twice has one account.
func TestAList(t *testing.T) {
	st := newStage(t)
	ada, livia := code("Valenza", "Ada"), code("Culoma", "Livia")
	text := heading +
		"81014;;Protocollo@pec.pantelleria.example;00247990815;;Ada Valenzà;" + ada + ";Amministratore\n" +
		"081014;;;;;Livia Culoma;" + livia + ";social_worker\n" +
		"081012;cm_mazara;;;attivo;Ada Valenzà;" + ada + ";\n;;;;;;;\n"
	raw, err := charmap.Windows1252.NewEncoder().String(text)
	failOn(t, err)
	if report := st.enrol(t, st.list(t, raw)); report.Made != 2 || report.People != 3 || len(report.Refused) != 0 {
		t.Fatalf("the report is %+v", report)
	}
	want := []string{"c_g315 Protocollo@pec.pantelleria.example 00247990815 entering", "cm_mazara   active"}
	if got := st.texts(t, `select slug || ' ' || coalesce(pec, '') || ' ' || coalesce(tax_code, '') || ' ' || state from platform.tenants where istat in ('081014', '081012')`); !slices.Equal(got, want) {
		t.Errorf("bodies %q", got)
	}
	want = []string{"c_g315 Ada Valenzà tenant_admin", "c_g315 Livia Culoma social_worker", "cm_mazara Ada Valenzà tenant_admin"}
	if got := st.texts(t, `select t.slug || ' ' || m.display_name || ' ' || m.role from platform.memberships m join platform.tenants t on t.id = m.tenant_id`); !slices.Equal(got, want) {
		t.Errorf("people %q", got)
	}
	var account uuid.UUID
	failOn(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) (err error) {
		account, err = tenants.EnsureAccount(t.Context(), tx, st.Key, ada) // as a login finds it
		return err
	}))
	if held := st.count(t, fmt.Sprintf(`select count(*) from platform.memberships where account_id = '%s'`, account)); held != 2 {
		t.Errorf("the login finds %d of two roles", held)
	}
	if old := st.count(t, `select count(*) from platform.accounts where substr(id::text, 15, 1) <> '4'`); old != 0 {
		t.Errorf("the ids of %d accounts tell when they were made", old)
	}
	again := strings.ReplaceAll(text, "Ada Valenzà", "Un'altra")
	if report := st.enrol(t, st.list(t, again)); report.Made != 0 || report.Present != 2 || report.People != 0 {
		t.Errorf("bodies that are there: %+v", report)
	}
}

// refusals are the lines and reasons of a report.
func refusals(r []enrolment.Refusal) []string {
	var found []string
	for _, one := range r {
		found = append(found, fmt.Sprint(one.Line, " ", strings.TrimPrefix(one.Why.Key, "onboarding.enrol.")))
	}
	slices.Sort(found)
	return found
}

// Lines with a fault are refused one by one, and the others are followed.
func TestLinesWithFaults(t *testing.T) {
	ada, livia := code("Valenza", "Ada"), code("Culoma", "Livia")
	for name, one := range map[string]struct {
		lines string
		want  []string
		made  int
	}{
		"a code of no municipality":        {"999999;;;;;;;\n081014;;;;;;;", []string{"2 unknown"}, 1},
		"too few cells":                    {"081014;;;\n081012;;;;;;;", []string{"2 cells"}, 1},
		"another municipality's address":   {"081014;c_e974;;;;;;", []string{"2 ipa"}, 0},
		"a reserved address":               {"081014;attivazione;;;;;;", []string{"2 ipa"}, 0},
		"no address of mail":               {"081014;;comune;;;;;", []string{"2 pec"}, 0},
		"a wrong tax code":                 {"081014;;;00247990816;;;;", []string{"2 code"}, 0},
		"a person's tax code":              {"081014;;;" + ada + ";;;;", []string{"2 code"}, 0},
		"a state that is none":             {"081014;;;;chiuso;;;", []string{"2 state"}, 0},
		"two bodies, one mail":             {"081014;;a@pec.example.it;;;;;\n081012;;A@pec.example.it;;;;;", []string{"3 twice"}, 1},
		"a body, two mails":                {"081014;;a@pec.example.it;;;;;\n081014;;b@pec.example.it;;;;;", []string{"3 differs"}, 1},
		"a wrong code of a person":         {"081014;;;;;Ada Valenza;" + ada[:15] + "0;", []string{"2 person_code"}, 0},
		"a code without a name":            {"081014;;;;;;" + ada + ";", []string{"2 name"}, 0},
		"a role of the platform":           {"081014;;;;;Ada Valenza;" + ada + ";platform_operator", []string{"2 role"}, 0},
		"nobody who administers":           {"081014;;;;;Ada Valenza;" + ada + ";coordinator", []string{"2 no_admin"}, 0},
		"one who administers and protects": {"081014;;;;;Ada Valenza;" + ada + ";\n081014;;;;;Ada Valenza;" + ada + ";dpo\n081014;;;;;Livia Culoma;" + livia + ";social_worker", []string{"3 incompatible"}, 1},
		"one who asks for support":         {"081014;;;;;Ada Valenza;" + ada + ";\n081014;;;;;Livia Culoma;" + livia + ";support", []string{"3 role"}, 1},
		"one who administers and works":    {"081014;;;;;Ada Valenza;" + ada + ";\n081014;;;;;Ada Valenza;" + ada + ";social_worker\n081014;;;;;Livia Culoma;" + livia + ";social_worker", []string{"3 incompatible"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			st := newStage(t)
			report := st.enrol(t, st.list(t, heading+one.lines))
			if got := refusals(report.Refused); !slices.Equal(got, one.want) || report.Made != one.made {
				t.Errorf("refused %v, made %d; want %v and %d", got, report.Made, one.want, one.made)
			}
		})
	}
}

// Nobody takes the address, the certified mail or the tax code of a body that is there, whatever its letters.
func TestWhatIsAnothersIsRefused(t *testing.T) {
	st := newStage(t)
	st.enrol(t, st.list(t, heading+"081012;cm_mazara;comune@pec.example.it;00247990815;;;;\n"))
	_, err := st.Owner.Exec(t.Context(), `insert into platform.slugs (slug, tenant_id) select 'cm_old', id from platform.tenants where slug = 'cm_mazara'`)
	failOn(t, err)
	report := st.enrol(t, st.list(t, heading+"081014;cm_mazara;;;;;;\n081011;;Comune@PEC.example.it;;;;;\n081001;;;00247990815;;;;\n081002;cm_old;;;;;;\n081003;;;;;;;\n"))
	if got := refusals(report.Refused); !slices.Equal(got, []string{"2 slug_taken", "3 pec_taken", "4 code_taken", "5 slug_taken"}) || report.Made != 1 {
		t.Errorf("refused %v, made %d", got, report.Made)
	}
}

// A list that cannot be read at all says why.
func TestListsThatCannotBeRead(t *testing.T) {
	st := newStage(t)
	for text, want := range map[string]string{
		"":                                       "empty",
		"istat;colore\n":                         "column",
		"istat;istat_code\n":                     "column",
		"ipa;pec\n":                              "no_istat",
		"istat\n" + strings.Repeat("\n", 17<<20): "too_large",
	} {
		_, err := st.service.FromList(bytes.NewReader([]byte(text)))
		if !problem.Is(err, problem.Invalid) || problem.Of(err).Message.Key != "onboarding.enrol."+want {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
	if _, err := enrolment.FromRegister("Atlantide"); !problem.Is(err, problem.Invalid) {
		t.Errorf("a region that is none: %v", err)
	}
}

// The function that tells new bodies of their beginning tells no other body anything.
func TestNobodyElseIsTold(t *testing.T) {
	st := newStage(t)
	st.enrol(t, st.list(t, heading+"081014;;;;;;;\n"))
	err := st.DB.Platform(t.Context(), func(tx tenants.Tx) error {
		if _, err := tx.Exec(t.Context(), `update platform.tenants set name = name || ' ' where slug = 'c_g315'`); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `select platform.tell_made($1, 'chiunque', 'prova')`, []uuid.UUID{uuid.New()})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "made 0 bodies") {
		t.Errorf("telling a body that is there: %v", err)
	}
}
