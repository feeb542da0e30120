package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

// TestOneTypoIsWarned registers a person and describes it with one letter wrong: the search behind the comparison has to
// bring it up, whichever name has the mistake and whichever comes first.
func TestOneTypoIsWarned(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	first := time.Date(1930, time.January, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(r *rapid.T) {
		d := registry.Details{
			NoCodeReason: "unknown", Surname: registry.DrawName(r, "surname"), Name: registry.DrawName(r, "name"),
			BirthDate: first.AddDate(0, 0, rapid.IntRange(0, 30000).Draw(r, "born")).Format(time.DateOnly),
		}
		known := st.create(t, s, d)
		if rapid.Bool().Draw(r, "in the name") {
			d.Name = registry.DrawTypo(r, d.Name)
		} else {
			d.Surname = registry.DrawTypo(r, d.Surname)
		}
		if rapid.Bool().Draw(r, "exchanged") {
			d.Surname, d.Name = d.Name, d.Surname
		}
		found, err := st.registry.FindDuplicates(t.Context(), s, d)
		if err != nil {
			r.Fatal(err)
		}
		if !slices.ContainsFunc(found, func(f registry.Duplicate) bool { return f.ID == known.ID && f.Reasons[0] == registry.SameBirth }) {
			r.Fatalf("%s %s is not found as %s %s: %v", known.Surname, known.Name, d.Surname, d.Name, found)
		}
	})
}

// crowd gives a body 20,000 persons: every tenth is of unknown birth, every tenth said to be born on 1 January 1980.
const crowd = `insert into registry.persons (tenant_id, id, code_kind, no_code_reason, surname, name, surname_key, name_key, birth_date)
	select $1, gen_random_uuid(), 'none', 'unknown', x.surname, x.name, x.surname, x.name,
		case n % 10 when 0 then null when 1 then date '1980-01-01' else date '1940-01-01' + n % 25000 end
	from generate_series(1, 20000) n, lateral (select
		translate((n * 7919 % 8000)::text, '0123456789', 'bcdfglmnrt') || (array['ini', 'ello', 'ano', 'esi'])[n % 4 + 1] as surname,
		(array['maria', 'mario', 'mara', 'giuseppe', 'giuseppina', 'anna', 'luca', 'ahmed'])[n % 8 + 1] as name) x`

// TestCandidatesAreFew asks the planner and counts: in a large body the comparison sees a bounded list, found by
// indexes, and who is most alike is in it.
func TestCandidatesAreFew(t *testing.T) {
	st := newStage(t)
	s := st.deps.Policies.Confine(st.as(t, "access_desk"), policies.Body)
	st.exec(t, crowd, st.body.ID)
	st.exec(t, crowd, st.Body(t, "altra").ID)
	st.exec(t, `analyze registry.persons`)
	known := st.create(t, s, registry.Details{NoCodeReason: "unknown", Surname: "Scaturro", Name: "Maria", BirthDate: "1980-01-01"})
	st.exec(t, `update registry.persons set id = 'ffffffff-ffff-7fff-bfff-ffffffffffff' where id = $1`, known.ID) // the last in any order
	for _, birth := range []*string{nil, new("1980-01-01"), new("1985-04-03")} {
		args := []any{s.Tenant, "", "scapurro", "maria", birth}
		err := st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			rows, err := tx.Query(t.Context(), `explain `+registry.CandidatesSQL, args...)
			if err != nil {
				return err
			}
			plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if text := strings.Join(plan, "\n"); strings.Contains(text, "Seq Scan on persons") {
				t.Errorf("the persons are read one after the other:\n%s", text)
			}
			if err != nil {
				return err
			}
			var n int
			if err := tx.QueryRow(t.Context(), `select count(*) from (`+registry.CandidatesSQL+`) c`, args...).Scan(&n); err != nil {
				return err
			}
			t.Logf("%d candidates of 20,000", n)
			if n > 420 {
				t.Errorf("%d candidates", n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := st.registry.FindDuplicates(t.Context(), s, registry.Details{NoCodeReason: "unknown", Surname: "Scapurro", Name: "Maria", BirthDate: "1980-01-01"})
	if err != nil || len(found) == 0 || found[0].Surname != known.Surname || len(found) > 20 {
		t.Errorf("found %s, %v", brief(found), err)
	}
}

func brief(found []registry.Duplicate) string {
	var lines []string
	for _, f := range found {
		lines = append(lines, fmt.Sprint(f.ListName(), " ", f.Score, " ", f.Reasons))
	}
	return strings.Join(lines, "; ")
}
