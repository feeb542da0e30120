package roster_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/invitation"
	"staffetta/onboarding/member"
	"staffetta/onboarding/office"
	"staffetta/onboarding/roster"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// letters count what was to leave.
type letters struct{ n int }

func (l *letters) Queue(context.Context, tenants.Tx, modules.Mail) error {
	l.n++
	return nil
}

// stage is a body with an administrator and an office.
type stage struct {
	*moduletest.Stage
	service *roster.Service
	members *member.Service
	post    *letters
	admin   tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{post: &letters{}, Stage: moduletest.NewStage(t,
		modules.Module{ID: "registry", Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")},
		modules.Module{ID: "kit", Essential: true, Migrations: os.DirFS("../../modules/kit/migrations")},
		modules.Module{ID: "practice", Essential: true, Migrations: os.DirFS("../../modules/practice/migrations")},
		onboarding.Module())}
	st.Deps.Platform.Mail.Post = st.post
	st.members = member.NewService(st.Deps)
	offices := office.NewService(st.Deps)
	st.service = roster.NewService(st.Deps, st.members, invitation.NewService(st.Deps, st.members), offices)
	st.admin = st.Operator(t, st.On(t, "pantelleria"), "tenant_admin")
	_, err := offices.Create(t.Context(), st.admin, uuid.New(), office.Sheet{Name: "Centro Librino", Address: "Via Roma 1"})
	fatal(t, err)
	return st
}

const heads = "Cognome;Nome;Codice fiscale;E-mail;Ruolo;Sede;Dal;Al\n"

// told are the lines with what becomes of each.
func told(lines []roster.Line) (all []string) {
	for _, l := range lines {
		text := fmt.Sprintf("%d %s %s", l.Number, l.Do, l.Name)
		for _, fault := range l.Faults {
			text += " " + fault.Key
		}
		all = append(all, text)
	}
	return all
}

// A list says line by line what is right and what is wrong, and does nothing until it is confirmed; then the same list does nothing more.
func TestAListIsReadThenDone(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	list := []byte(heads + strings.Join([]string{
		"Bianchi;Rosa;BNCRSO80A41H501B;;Assistente sociale;centro librino;;31/12/2090",
		"Bianchi;Rosa;BNCRSO80A41H501B;;Educatore;;;",
		"Verdi;Anna;;anna@example.it;Coordinatore;;;",
		"Rossi;Mario;RSSMRA80A01H501U;;Sindaco;;;",
		"Rossi;Mario;RSSMRA80A01H501X;;Educatore;;;",
		"Rossi;Mario;RSSMRA80A01H501U;;Educatore;Centro che non c'è;;",
		"Rossi;Mario;RSSMRA80A01H501U;;Educatore;;2020-01-01;",
		"Bianchi;Rosa;BNCRSO80A41H501B;;Educatore;;;",
		"Neri;Ugo;;;Educatore;;;",
		"Verdi;Anna;;ANNA@example.it;Educatore;;;",
	}, "\n"))
	want := []string{
		"2 admit Rosa Bianchi", "3 admit Rosa Bianchi", "4 invite Anna Verdi", "5 wrong Mario Rossi onboarding.roster.error.role",
		"6 wrong Mario Rossi onboarding.tax_code.check", "7 wrong Mario Rossi onboarding.roster.error.office", "8 wrong Mario Rossi onboarding.member.error.past",
		"9 wrong Rosa Bianchi onboarding.roster.error.twice", "10 wrong Ugo Neri onboarding.roster.error.nobody", "11 wrong Anna Verdi onboarding.roster.error.twice",
	}
	lines, err := st.service.Plan(t.Context(), st.admin, list)
	fatal(t, err)
	if diff := cmp.Diff(want, told(lines)); diff != "" {
		t.Errorf("the plan (-want +got):\n%s", diff)
	}
	if held, err := st.members.Find(t.Context(), st.admin); err != nil || len(held) != 1 || st.post.n != 0 {
		t.Fatalf("reading a list does something: %v, %d letters, %v", held, st.post.n, err)
	}
	for range 2 {
		_, err = st.service.Apply(t.Context(), st.admin, list)
		fatal(t, err)
	}
	held, err := st.members.Find(t.Context(), st.admin)
	if err != nil || len(held) != 3 || st.post.n != 1 {
		t.Errorf("the list did: %+v, %d letters, %v", held, st.post.n, err)
	}
	lines, err = st.service.Plan(t.Context(), st.admin, list)
	if got := told(lines); err != nil || got[0] != "2 skip Rosa Bianchi" || got[1] != "3 skip Rosa Bianchi" {
		t.Errorf("read again: %v, %v", got, err)
	}
}

// Cells that a program for tables would compute are refused, and that is written down.
func TestFormulasAreRefused(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for _, cell := range []string{`=HYPERLINK("http://example.it")`, "+39", "-1", "@SUM(A1)", "＝1+1", "|calc"} {
		list := []byte("cognome;nome;codice fiscale;ruolo\n\"" + strings.ReplaceAll(cell, `"`, `""`) + "\";Rosa;BNCRSO80A41H501B;Educatore\n")
		lines, err := st.service.Plan(t.Context(), st.admin, list)
		if err != nil || len(lines) != 1 || lines[0].Do != roster.Wrong || lines[0].Faults[0].Key != "onboarding.roster.error.formula" {
			t.Errorf("%s: %+v, %v", cell, lines, err)
		}
		if _, err := st.service.Apply(t.Context(), st.admin, list); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s is done: %v", cell, err)
		}
	}
	var n int
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from audit.events where tenant_id = $1 and action = 'person.plan' and payload->'formulas' = '[2]'`, st.admin.Tenant).Scan(&n))
	if n != 12 {
		t.Errorf("the audit tells of %d lists with formulas", n)
	}
	if held, err := st.members.Find(t.Context(), st.admin); err != nil || len(held) != 1 {
		t.Errorf("a formula was imported: %v, %v", held, err)
	}
}

// Roles exclude each other over lines, and with what somebody holds already.
func TestRolesExcludeEachOtherInAList(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, err := st.members.Admit(t.Context(), st.admin, member.Admission{ID: uuid.New(), Name: "Mario Rossi", TaxCode: "RSSMRA80A01H501U", Term: member.Term{Roles: []string{"dpo"}}})
	fatal(t, err)
	lines, err := st.service.Plan(t.Context(), st.admin, []byte(heads+
		"Bianchi;Rosa;BNCRSO80A41H501B;;Educatore;;;\nBianchi;Rosa;BNCRSO80A41H501B;;Amministratore;;;\nRossi;Mario;RSSMRA80A01H501U;;Educatore;;;\n"))
	fatal(t, err)
	want := []string{
		"2 wrong Rosa Bianchi onboarding.member.error.incompatible", "3 wrong Rosa Bianchi onboarding.member.error.incompatible",
		"4 wrong Mario Rossi onboarding.member.error.incompatible",
	}
	if diff := cmp.Diff(want, told(lines)); diff != "" {
		t.Errorf("the plan (-want +got):\n%s", diff)
	}
}

// What is no list is refused at its field; another program's characters and separators are read.
func TestWhatIsAList(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	many := heads + strings.Repeat("Bianchi;Rosa;BNCRSO80A41H501B;;Educatore;;;\n", 501)
	for name, content := range map[string]string{
		"nothing": "", "no lines": heads, "no heads": "a;b;c\n1;2;3\n", "too many lines": many, "too much": heads + strings.Repeat("x", 200<<10), "only the template": string(roster.Template()),
	} {
		if _, err := st.service.Plan(t.Context(), st.admin, []byte(content)); !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != "file" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, content := range map[string]string{
		"Windows": "Cognome;Nome;CF;Ruolo\r\nD\x92Al\xec;Nicol\xf2;BNCRSO80A41H501B;Educatore\r\n",
		"UTF-8":   "\ufeffRuolo,Nome,Cognome,codice_fiscale\nEducatore,Nicolò,D’Alì,BNCRSO80A41H501B\n",
	} {
		lines, err := st.service.Plan(t.Context(), st.admin, []byte(content))
		if err != nil || len(lines) != 1 || lines[0].Name != "Nicolò D’Alì" || lines[0].Do != roster.Admit {
			t.Errorf("%s: %+v, %v", name, lines, err)
		}
	}
}
