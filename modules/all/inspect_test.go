package all_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"staffetta/internal/testdb"
	"staffetta/migrations"
)

// inspected is what a check says of a database, in one text.
func inspected(t *testing.T, d *testdb.Database, key migrations.Sealer) string {
	t.Helper()
	findings, err := migrations.Inspect(t.Context(), d.OwnerURL, key, lines())
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range findings {
		text.WriteString(f.What + "\n")
	}
	return text.String()
}

func TestACheckFindsNothingInANewDatabase(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t, lines()...)
	if got := inspected(t, d, d.Key); got != "" {
		t.Errorf("it finds %s", got)
	}
	if err := migrations.Whole(t.Context(), d.OwnerURL); err != nil {
		t.Error(err)
	}
}

func TestACheckSaysWhatToDoFirst(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t)
	if got := inspected(t, d, d.Key); !strings.HasPrefix(got, "migrations are missing: registry/1, ") || strings.Count(got, "\n") != 1 {
		t.Errorf("before the migrations of modules it says %q", got)
	}
}

// A restore under another owner drops the owner's policies and leaves everything else; so may a hand at the server.
func TestACheckNamesPoliciesThatAreNotAsTheMigrationsMadeThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sql, says string
		refuses   bool
	}{
		"missing":        {`drop policy upkeep on casefile.cases`, "policies are missing: upkeep for all to owner on casefile.cases", true},
		"another role":   {`alter policy upkeep on casefile.cases to staffetta_app`, "upkeep for all to staffetta_app on casefile.cases", true},
		"an added one":   {`create policy open on casefile.cases for select to staffetta_app using (true)`, "of nobody's making: open for select to staffetta_app on casefile.cases", false},
		"an expression":  {`alter policy own on registry.persons using (true)`, "other than the migrations make them: own for all to staffetta_app on registry.persons", false},
		"forced no more": {`alter table casefile.cases no force row level security`, "row security of casefile.cases is off or not forced", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := testdb.Plain(t, lines()...)
			if _, err := d.Owner.Exec(t.Context(), c.sql); err != nil {
				t.Fatal(err)
			}
			if got := inspected(t, d, d.Key); !strings.Contains(got, c.says) {
				t.Errorf("it says %q, want %q", got, c.says)
			}
			if err := migrations.Whole(t.Context(), d.OwnerURL); (err != nil) != c.refuses {
				t.Errorf("a start says %v", err)
			}
		})
	}
}

// otherKey opens nothing of what the key within has sealed: what it opens is bound to another context.
type otherKey struct{ migrations.Sealer }

func (k otherKey) Open(sealed, context []byte) ([]byte, error) {
	return k.Sealer.Open(sealed, append([]byte("other "), context...))
}

func TestACheckTriesTheMasterKey(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t, lines()...)
	other := otherKey{d.Key}
	const says = "the master key does not open what this database keeps sealed"
	if got := inspected(t, d, other); !strings.Contains(got, says) {
		t.Errorf("with another key it says %q", got)
	}
	// After a restore the passwords are made anew: the accounts still know the key.
	d.Operator(t, d.Body(t, "c_g315"), "social_worker")
	if _, err := d.Owner.Exec(t.Context(), `delete from platform.role_secrets`); err != nil {
		t.Fatal(err)
	}
	if got := inspected(t, d, other); !strings.Contains(got, says) {
		t.Errorf("with another key after a restore it says %q", got)
	}
	if got := inspected(t, d, d.Key); !strings.Contains(got, "no password is kept for staffetta_app") {
		t.Errorf("without passwords it says %q", got)
	}
}

// The roles are the cluster's: a second database would give them other passwords and shut the first one out.
func TestASecondDeploymentInAClusterIsRefused(t *testing.T) {
	t.Parallel()
	first := testdb.Plain(t, lines()...)
	second := testdb.Plain(t, lines()...)
	if _, err := second.Owner.Exec(t.Context(), `delete from platform.role_secrets`); err != nil {
		t.Fatal(err)
	}
	_, err := migrations.Setup(t.Context(), second.OwnerURL, second.Key)
	if err == nil || !strings.Contains(err.Error(), "one deployment per cluster") {
		t.Errorf("the setup of a second database says %v", err)
	}
	if got := inspected(t, second, second.Key); !strings.Contains(got, "one deployment per cluster") {
		t.Errorf("the check of a second database says %q", got)
	}
	conn, err := pgx.Connect(t.Context(), first.URL("app"))
	if err != nil {
		t.Fatalf("the first is shut out: %v", err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := migrations.Setup(t.Context(), first.OwnerURL, first.Key); err != nil {
		t.Errorf("the first, which has its passwords, is refused: %v", err)
	}
}
