package all_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules/all"
	"staffetta/onboarding/subject"
	"staffetta/onboarding/subject/dossier"
	"staffetta/policies"
	"staffetta/tenants"
)

// unreached are tables about people that name nobody: what operators read or have typed, and what a member's row leads to.
var unreached = []string{"casefile.counters", "casefile.notices", "intake.drafts", "ledger.contests", "registry.households"}

// newCopiedBody is a body of which every declared row about people is about the one who asks.
func newCopiedBody(t *testing.T) *askedBody {
	t.Helper()
	b := newAskedBody(t)
	bodies, err := tenants.NewDirectory(t.Context(), b.DB)
	if err != nil {
		t.Fatal(err)
	}
	b.deps.Bodies = bodies
	b.asked = subject.NewService(b.deps)
	b.run(t, `update assessment.assessments set state = 'final', finalised_at = now() where state = 'draft'`)
	b.run(t, `update casefile.notes set signed_at = now(), visibility = 'public', body = 'nota firmata'`)
	b.run(t, `update registry.changes set person_id = $1`, b.person)
	b.run(t, `update intake.contacts set person_id = $1, request = 'parole allo sportello'`, b.person)
	for _, r := range records() {
		if r.CaseColumn == "case_id" && r.Table != "onboarding.holds" {
			b.run(t, `update `+r.Table+` set case_id = $1 where case_id is null or case_id <> $1`, b.file)
		}
	}
	return b
}

// all is the choice of everything that there is.
func (b *askedBody) all(t *testing.T, id uuid.UUID) (choices []subject.Choice) {
	t.Helper()
	_, parts, err := b.asked.Parts(t.Context(), b.dpo, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		choices = append(choices, subject.Choice{Part: p.ID, In: true})
	}
	return choices
}

// copied has a copy made and opens its files.
func (b *askedBody) copied(t *testing.T, id uuid.UUID, choices []subject.Choice) map[string]string {
	t.Helper()
	one := uuid.Must(uuid.NewV7())
	if err := b.asked.MakeCopy(t.Context(), b.dpo, id, one, choices); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the job that is tried again changes nothing
		if err := b.asked.Write(t.Context(), tenants.Scope{Tenant: b.body.ID, Name: "sistema"}, one); err != nil {
			t.Fatal(err)
		}
	}
	_, _, content, err := b.asked.Fetch(t.Context(), b.Operator(t, b.body, "coordinator"), id, one)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(content)
	if err == nil {
		err = content.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return unzipped(t, raw)
}

func unzipped(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		content, err := fs.ReadFile(archive, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

// tablesIn are the tables of which a copy has rows.
func tablesIn(t *testing.T, data string) (names []string) {
	t.Helper()
	var read struct {
		Parts []struct {
			Tables []struct {
				Table string           `json:"table"`
				Rows  []map[string]any `json:"rows"`
			} `json:"tables"`
		} `json:"parts"`
	}
	if err := json.Unmarshal([]byte(data), &read); err != nil {
		t.Fatal(err)
	}
	for _, p := range read.Parts {
		for _, one := range p.Tables {
			if len(one.Rows) > 0 {
				names = append(names, one.Table)
			}
		}
	}
	return names
}

// TestACopyHasEveryDeclaredTable fails for a table about people that a copy misses, and for a table or a column without a name in it.
func TestACopyHasEveryDeclaredTable(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	id := b.ask(t, "access")
	files := b.copied(t, id, b.all(t, id))
	have := tablesIn(t, files["dati.json"])
	for _, name := range dossier.Tables(all.Modules()) {
		if b.has(t, name) && slices.Contains(have, name) == slices.Contains(unreached, name) {
			t.Errorf("%s is in the copy: %v", name, slices.Contains(have, name))
		}
	}
	for _, want := range []string{"nota firmata", "parole allo sportello", "D’Aloìa"} {
		if !strings.Contains(files["dati.html"], want) || !strings.Contains(files["dati.json"], want) {
			t.Errorf("%q is not in both files", want)
		}
	}
	if !slices.ContainsFunc(keysOf(files), func(name string) bool { return strings.HasPrefix(name, "documenti/") && files[name] == "relazione" }) {
		t.Errorf("the document is not among %v", keysOf(files))
	}
	b.wantWords(t)
}

// has tells whether the body has rows of a table.
func (b *askedBody) has(t *testing.T, table string) bool {
	t.Helper()
	if table == "sharing.shares_details" {
		return true // its rows are the owner's of the share
	}
	return b.count(t, table, b.body.ID) > 0
}

func keysOf(files map[string]string) (names []string) {
	for name := range files {
		names = append(names, name)
	}
	return names
}

// wantWords wants a name in words for every table and column that a copy can show.
func (b *askedBody) wantWords(t *testing.T) {
	t.Helper()
	err := b.DB.Report(t.Context(), policies.ForJob(tenants.Scope{Tenant: b.body.ID}, policies.SectionIDs()...), func(tx tenants.Tx) error {
		found, err := dossier.Columns(t.Context(), tx, all.Modules())
		for table, columns := range found {
			if _, known := dossier.Title(table); !known {
				t.Errorf("%s has no title in dossier/labels.go", table)
			}
			for _, column := range columns {
				if _, known := dossier.Label(column); !known {
					t.Errorf("%s.%s has no label in dossier/labels.go", table, column)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestACopyLeavesOutWhatProtectsOthers wants protected parts to begin out, what stays out to have a reason and not to be in the files, and
// of what protects somebody not even its name; rows about another person stay out, too.
func TestACopyLeavesOutWhatProtectsOthers(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	other := uuid.Must(uuid.NewV7())
	b.run(t, `insert into registry.persons (tenant_id, id, code_kind, surname, surname_key, name, name_key) values ($1, $2, 'none', 'Altri', 'altri', 'Ugo', 'ugo')`, b.body.ID, other)
	b.run(t, `insert into intake.contacts select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'person_id', $1::uuid, 'request', 'parole di un altro'))).* from intake.contacts c`, other)
	b.run(t, `update casefile.notes set section = 'judicial', body = 'decreto del tribunale'`)
	id := b.ask(t, "access")
	_, parts, err := b.asked.Parts(t.Context(), b.dpo, id)
	if err != nil {
		t.Fatal(err)
	}
	var choices []subject.Choice
	var others, hidden int
	for _, p := range parts {
		if p.Starts {
			t.Errorf("%s begins in, though something is protected", p.ID)
		}
		in := p.ID != "judicial" && !dossier.Hidden(p.ID)
		choices = append(choices, subject.Choice{Part: p.ID, In: in, Reason: "protegge altri"})
		others += p.Others
		if dossier.Hidden(p.ID) {
			hidden++
		}
	}
	if others != 1 || hidden != 2 {
		t.Errorf("%d rows are about others, and %d parts protect somebody: %+v", others, hidden, parts)
	}
	if err := b.asked.MakeCopy(t.Context(), b.dpo, id, uuid.Must(uuid.NewV7()), choices[:1]); !fails(err, "invalid") {
		t.Errorf("parts are forgotten: %v", err)
	}
	files := b.copied(t, id, choices)
	for _, name := range []string{"dati.html", "dati.json"} {
		for _, never := range []string{"decreto del tribunale", "parole di un altro", "proteggono", "protetti", "Protezioni", "Differimenti"} {
			if strings.Contains(files[name], never) {
				t.Errorf("%s says %q", name, never)
			}
		}
	}
	if !strings.Contains(files["dati.html"], "Provvedimenti") || !strings.Contains(files["dati.html"], "protegge altri") {
		t.Error("the page does not say what stays out, and why")
	}
	if _, steps := b.read(t, id); len(steps) < 2 || steps[1].Words != "Provvedimenti: protegge altri" {
		t.Errorf("the steps, which are data of the person, too, say %+v", steps)
	}
}

// TestACopyHasNoDrafts wants an assessment in the copy once it is final: the page that decides says so.
func TestACopyHasNoDrafts(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	id := b.ask(t, "access")
	if files := b.copied(t, id, b.all(t, id)); !slices.Contains(tablesIn(t, files["dati.json"]), "assessment.assessments") {
		t.Fatal("the copy lacks the assessment")
	}
	b.run(t, `update assessment.assessments set score = null, band = null, state = 'draft', finalised_at = null`)
	if files := b.copied(t, id, b.all(t, id)); slices.Contains(tablesIn(t, files["dati.json"]), "assessment.assessments") {
		t.Error("the copy has a draft")
	}
}

// TestWhoHasACopy wants a copy for who hands it over, not for who decided nor for another body, and nothing after its days.
func TestWhoHasACopy(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	id := b.ask(t, "access")
	b.copied(t, id, b.all(t, id))
	reads := func() (n int) {
		if err := b.Owner.QueryRow(t.Context(), `select count(*) from audit.events where action = 'subject_request.read' and object_id = $1`, id).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := reads()
	found, err := b.asked.Copies(t.Context(), b.dpo, id)
	if got := reads(); got != before+1 {
		t.Errorf("who reads which copies there are is in the audit %d times", got-before)
	}
	if err != nil || len(found) != 1 || found[0].State != subject.Ready || found[0].FetchedAt == nil {
		t.Fatalf("there are %+v, %v", found, err)
	}
	for name, who := range map[string]tenants.Scope{"a colleague": b.colleague, "another body": b.foreign, "the administrator": b.admin} {
		if _, _, _, err := b.asked.Fetch(t.Context(), who, id, found[0].ID); !fails(err, "not_found") {
			t.Errorf("%s fetches it: %v", name, err)
		}
	}
	reader := b.Operator(t, b.body, "coordinator")
	if _, _, _, err := b.asked.Fetch(t.Context(), reader, b.ask(t, "access"), found[0].ID); !fails(err, "not_found") {
		t.Errorf("the copy of another request: %v", err)
	}
	b.run(t, `update onboarding.subject_copies set expires_at = now()`)
	if _, _, _, err := b.asked.Fetch(t.Context(), reader, id, found[0].ID); !fails(err, "not_found") {
		t.Errorf("after its days, before the file is removed: %v", err)
	}
	if b.deps.Permits(b.dpo, subject.Fetch) {
		t.Error("who decides reads the content, too")
	}
	if err := b.asked.Forget(t.Context(), tenants.Scope{Tenant: b.body.ID, Name: "sistema"}, found[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := b.asked.Fetch(t.Context(), b.proposer, id, found[0].ID); !fails(err, "not_found") {
		t.Errorf("after its days: %v", err)
	}
	if _, steps := b.read(t, id); steps[0].Kind != "fetch" || steps[1].Kind != "copy" {
		t.Errorf("the steps are %+v", steps)
	}
	if _, _, err := b.asked.Parts(t.Context(), b.dpo, b.ask(t, "erasure")); !fails(err, "conflict") {
		t.Errorf("a copy for an erasure: %v", err)
	}
}

// TestCodesAreSaidInWords finds by the catalogue the columns of codes that a copy can show: each code has words.
func TestCodesAreSaidInWords(t *testing.T) {
	t.Parallel()
	b := newCopiedBody(t)
	columns := map[string][]string{}
	err := b.DB.Report(t.Context(), policies.ForJob(tenants.Scope{Tenant: b.body.ID}, policies.SectionIDs()...), func(tx tenants.Tx) (err error) {
		columns, err = dossier.Columns(t.Context(), tx, all.Modules())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`'(\w+)'::text`)
	said := 0
	for _, r := range records() {
		for _, one := range collect[struct{ Column, Rule string }](t, b.Owner, `select a.attname::text as "column", pg_get_constraintdef(c.oid) as rule from pg_constraint c
			join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
			where c.contype = 'c' and cardinality(c.conkey) = 1 and c.conrelid = $1::regclass and pg_get_constraintdef(c.oid) like '%ARRAY[%'`, r.Table) {
			if !slices.Contains(columns[r.Table], one.Column) || slices.Contains(unreached, r.Table) {
				continue
			}
			for _, found := range code.FindAllStringSubmatch(one.Rule, -1) {
				if said++; r.Codes[one.Column].Say(b.deps.Platform.Mail.Words, found[1]) == "" {
					t.Errorf("%s.%s: %s has no words", r.Table, one.Column, found[1])
				}
			}
		}
	}
	if said < 50 {
		t.Errorf("only %d codes were found", said)
	}
	id := b.ask(t, "access")
	page := b.copied(t, id, b.all(t, id))["dati.html"]
	for _, want := range []string{"Allo sportello (desk)", "Vedere i suoi dati e averne copia (access)", "La persona stessa (self)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the copy does not say %q", want)
		}
	}
}
