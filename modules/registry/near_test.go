package registry_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/humatest"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"staffetta/modules/registry"
	"staffetta/policies"
	"staffetta/tenants"
)

func named(surname, name string) registry.Details {
	return registry.Details{NoCodeReason: "unknown", Surname: surname, Name: name}
}

func listed(persons []registry.Person) []string {
	names := []string{}
	for _, p := range persons {
		names = append(names, p.ListName())
	}
	return names
}

func TestASearchWithAMistakeOffersNearNames(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	for _, d := range []registry.Details{
		named("Rossi", "Giovanni"), named("Rosso", "Giovanna"), named("Rossi", "Carla"), named("Bianchi", "Giovanni"), named("De Luca", "Ada"),
		named("Scaturro", "Maria"), named("Scaturro", "Anna"), named("Scaturro", "Luca"),
		named("Scatturro", "Ugo"), named("Verdi", "Ugo"),
	} {
		st.create(t, s, d)
	}
	born := named("Verdi", "Ugo")
	born.BirthDate = "1985-04-03"
	st.create(t, s, born)
	other := st.Operator(t, st.Body(t, "marsala"), "access_desk")
	st.create(t, other, named("Rossi", "Giovanni"))
	for text, want := range map[string][]string{
		"Giovani Rosi":      {"Rossi Giovanni", "Rosso Giovanna"},
		"rosi gio":          {"Rossi Giovanni", "Rosso Giovanna"},
		"rozsi giovanni":    {"Rossi Giovanni"},
		"rossi tiovanni":    {"Rossi Giovanni", "Rosso Giovanna"},
		"de luka":           {"De Luca Ada"},
		"ada deluka":        {"De Luca Ada"},
		"scapurro":          {"Scaturro Anna", "Scaturro Luca", "Scaturro Maria", "Scatturro Ugo"},
		"verdy ugo":         {"Verdi Ugo", "Verdi Ugo"},
		"verdy ugo 1985":    {"Verdi Ugo"},
		"rosi giovani RSS1": {}, // a code says who is meant
		"scaturo mar":       {"Scaturro Maria"},
		"scaturro":          {}, // found: three are not few
		"giovani rosi 1980": {}, // nobody was born then
		"rsx":               {}, // too short
		"RSSGNN80A01F205":   {},
		"":                  {},
	} {
		found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, listed(found.Near)); diff != "" {
			t.Errorf("near %q (-want +got):\n%s", text, diff)
		}
	}
	// who is found is not offered a second time
	found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: "Rossi Giovanni"})
	if err != nil || !slices.Equal(listed(found.Persons), []string{"Rossi Giovanni"}) || !slices.Equal(listed(found.Near), []string{"Rosso Giovanna"}) {
		t.Errorf("found %v, near %v, %v", listed(found.Persons), listed(found.Near), err)
	}
	if found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: "Giovani Rosi", After: found.Persons[0].ID}); err != nil || len(found.Near) != 0 {
		t.Errorf("a later page offers %v, %v", listed(found.Near), err)
	}
}

// TestOneMistakeIsForgiven searches for drawn names with one drawn mistake in one of the two.
func TestOneMistakeIsForgiven(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "access_desk")
	rapid.Check(t, func(r *rapid.T) {
		d := named(registry.DrawName(r, "surname"), registry.DrawName(r, "name"))
		known := st.create(t, s, d)
		if rapid.Bool().Draw(r, "in the name") {
			d.Name = registry.DrawTypo(r, d.Name)
		} else {
			d.Surname = registry.DrawTypo(r, d.Surname)
		}
		if min(len(registry.Key(d.Surname)), len(registry.Key(d.Name))) < 3 {
			r.Skip("too short to be near anything")
		}
		words := []string{d.Surname, d.Name}
		if rapid.Bool().Draw(r, "the name first") {
			slices.Reverse(words)
		}
		found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: strings.Join(words, " ")})
		if err != nil {
			r.Fatal(err)
		}
		is := func(p registry.Person) bool { return p.Surname == known.Surname && p.Name == known.Name }
		if len(found.Persons) < 3 && !slices.ContainsFunc(slices.Concat(found.Persons, found.Near), is) {
			r.Fatalf("%s is not found by %q: %v, %v", known.ListName(), words, listed(found.Persons), listed(found.Near))
		}
	})
}

func TestNearNamesAreAuditedAsFoundOnes(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	known := st.create(t, s, named("Rossi", "Giovanni"))
	if _, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: "Giovani Rosi"}); err != nil {
		t.Fatal(err)
	}
	var payload []byte
	if err := st.Owner.QueryRow(t.Context(), `select payload from audit.events where action = 'person.list'`).Scan(&payload); err != nil {
		t.Fatal(err)
	}
	var told struct{ Persons []string }
	if err := json.Unmarshal(payload, &told); err != nil || !slices.Equal(told.Persons, []string{known.ID.String()}) {
		t.Errorf("the audit tells %s, %v", payload, err)
	}
	if _, err := st.Owner.Exec(t.Context(), `revoke insert on audit.events from staffetta_auditor`); err != nil {
		t.Fatal(err)
	}
	if found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: "Giovani Rosi"}); err == nil {
		t.Errorf("without an audit the search offers %v", listed(found.Near))
	}
}

// TestNearNamesAreFoundByIndexes asks the planner, in a body of 20,000 persons beside another one.
func TestNearNamesAreFoundByIndexes(t *testing.T) {
	st := newStage(t)
	s := st.deps.Policies.Confine(st.as(t, "access_desk"), policies.Body)
	st.exec(t, crowd, st.body.ID)
	st.exec(t, crowd, st.Body(t, "altra").ID)
	st.exec(t, `analyze registry.persons`)
	known := st.create(t, s, named("Zuccarello", "Maria"))
	for _, text := range []string{"zucarelo maria", "zucarello", "maria luisa zucarello", "maria zuccatello"} {
		sql, args := registry.NearNamesSQL(s.Tenant, text)
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(st.DB.InTx(t.Context(), s, func(tx tenants.Tx) error {
			rows, err := tx.Query(t.Context(), `explain `+sql, args...)
			if err != nil {
				return err
			}
			plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if way := strings.Join(plan, "\n"); strings.Contains(way, "Seq Scan on persons") || !strings.Contains(way, "persons_tenant_id_name_sound_surname_sound_idx") {
				t.Errorf("near %q the persons are not found by their sounds:\n%s", text, way)
			}
			return err
		}))
		found, err := st.registry.FindPersons(t.Context(), s, registry.Query{Text: text})
		must(err)
		if len(found.Near) > 10 {
			t.Errorf("%q offers %d persons", text, len(found.Near))
		}
		if text != "maria luisa zucarello" && (len(found.Near) == 0 || found.Near[0].ID != known.ID) {
			t.Errorf("%q offers %v", text, listed(found.Near))
		}
	}
}

func TestNearNamesThroughHTTP(t *testing.T) {
	st := newStage(t)
	s := st.as(t, "social_worker")
	si := newSite(t, st, s)
	st.create(t, s, named("Rossi", "Giovanni"))
	si.visit(t, "/persone?q=Giovani+Rosi", nil).want(t, 200, "Nessuna persona trovata", "Forse cercavi…", "Rossi Giovanni")
	if page := si.visit(t, "/persone?q=Rossi", nil).want(t, 200, "Rossi Giovanni"); strings.Contains(page.body, "Forse cercavi") {
		t.Error("who is found is offered again")
	}
	parts, err := registry.Module().New(st.deps)
	if err != nil {
		t.Fatal(err)
	}
	_, api := humatest.New(t)
	for _, o := range parts.Operations {
		o.Register(api)
	}
	response := api.DoCtx(tenants.WithScope(t.Context(), s), http.MethodGet, "/persons?q=Giovani+Rosi")
	var got struct {
		Items, Near []struct{ Surname, Name string }
	}
	if err := json.Unmarshal(response.Body.Bytes(), &got); err != nil || response.Code != 200 || len(got.Items) != 0 || len(got.Near) != 1 || got.Near[0].Surname != "Rossi" {
		t.Errorf("the API answers %d %s", response.Code, response.Body)
	}
}
