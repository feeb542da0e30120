package practice_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/personal"
	"staffetta/modules/practice/personal/planted"
	"staffetta/modules/practice/release"
	"staffetta/modules/registry"
	"staffetta/tenants"
)

// household is somebody in the registry, with the ways in which others write the address.
type household struct {
	surname, name, address string
	written                []string
}

var households = []household{
	{"Zummo", "Calogera", "Via Trinacria, 12", []string{"via Trinacria 12", "Via Trinacria n. 12/A, 91025 Marsala", "VIA TRINACRIA 12"}},
	{"Lo Presti", "Ninfa", "c.da Bue Marino Alto", []string{"contrada Bue Marino Alto", "C.da Bue Marino Alto, 91017 Pantelleria"}},
	{"D’Ancona", "Baldassare", "P.zza 4 Novembre 7 int. 3", []string{"piazza 4 Novembre, 7", "P.zza 4 Novembre civico 7"}},
	{"Culicchia", "Leoluca", "CORSO UMBERTO I N. 101", []string{"corso Umberto I, 101", "c.so Umberto I 101"}},
}

func (st *stage) settle(t *testing.T) {
	t.Helper()
	desk := st.Operator(t, tenants.Tenant{ID: st.giving.Tenant, Slug: st.giving.Slug}, "social_worker")
	for _, h := range households {
		_, err := registry.NewService(st.deps).Create(t.Context(), desk, registry.NewPerson{
			Details: registry.Details{Surname: h.surname, Name: h.name, NoCodeReason: "unknown"}, Contacts: registry.ContactDetails{Address: h.address},
		})
		fatal(t, err)
	}
}

// identifier makes one of the twelve kinds.
func identifier(m planted.Maker, n int) (rule, text string) {
	h := households[m.IntN(len(households))]
	switch n %= len(planted.Rules) + 2; n {
	case len(planted.Rules):
		if m.IntN(2) == 0 {
			return personal.Name, h.name + " " + h.surname
		}
		return personal.Name, strings.ToUpper(h.surname + " " + h.name)
	case len(planted.Rules) + 1:
		return personal.Address, h.written[m.IntN(len(h.written))]
	}
	return planted.Rules[n], m.Identifier(planted.Rules[n])
}

// Two hundred identifiers of twelve kinds stand in the kit of the CID: each is found where it stands, nothing is found
// anywhere else, and the kit does not go out.
func TestPlantedPersonalDataIsFoundWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{7, uint64(time.Now().UnixNano())} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			st := newStage(t)
			st.settle(t)
			st.giving = st.Operator(t, st.giver, "practice_owner", "social_worker")
			source, err := release.CID()
			fatal(t, err)
			m, wanted, places := planted.NewMaker(seed), map[string]string{}, map[string]bool{}
			for n := range 200 {
				rule, text := identifier(m, n)
				place := st.plant(t, m, source.Items, text, places)
				wanted[rule+" "+place], places[place] = text, true
			}
			p, err := release.InstallSource(t.Context(), st.deps, st.giving, source)
			fatal(t, err)
			report := st.compose(t, p, "1.0.0")
			for _, f := range report.Kit.Findings {
				delete(wanted, f.Rule+" "+f.Place())
				if !places[f.Place()] {
					t.Errorf("%s %q at %s was not planted", f.Rule, f.Match, f.Place())
				}
			}
			for place, text := range wanted {
				t.Errorf("%s: %q is not found in %s", place, text, around(source.Items, text))
			}
			_, err = st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
			wantKind(t, err, problem.Invalid)
		})
	}
}

// around is what stands around a planted text.
func around(items []kit.Source, text string) string {
	for _, item := range items {
		if at := strings.Index(string(item.Content), text); at >= 0 {
			return string(item.Content[max(0, at-60):min(len(item.Content), at+len(text)+60)])
		}
	}
	return ""
}

// plant puts a text into one of the items, which stays one of its kind, at a place where nothing was put before.
func (st *stage) plant(t *testing.T, m planted.Maker, items []kit.Source, text string, used map[string]bool) (place string) {
	t.Helper()
	for range 1000 {
		item := &items[m.IntN(len(items))]
		changed, path, ok := m.Put(item.Content, text, func(path string) bool {
			return (strings.HasSuffix(path, ".it") || strings.HasSuffix(path, ".en")) && !used[item.Key+" "+path]
		})
		kind, _, _ := st.deps.Platform.Kinds.Get(item.Kind)
		if ok && kind.Validate(changed) == nil {
			item.Content = changed
			return item.Key + " " + path
		}
	}
	t.Fatalf("no place for %q", text)
	return ""
}

// An address is compared as a name is: who may not see persons learns one thing of the whole kit.
func TestAddressesOfTheRegistryAreNotTold(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.settle(t)
	p := st.install(t, question("QU-01", "Il centro è in via Trinacria 12"), question("QU-02", "Il centro è in via Trinacria 14"))
	report := st.compose(t, p, "1.0.0")
	if len(report.Kit.Findings) != 1 || report.Kit.Findings[0].Rule != finding.Names {
		t.Errorf("told %+v", report.Kit.Findings)
	}
	st.giving = st.Operator(t, st.giver, "practice_owner", "social_worker")
	found, err := st.releases.Check(t.Context(), st.giving, report.Kit.ID)
	fatal(t, err)
	if f := found.Kit.Findings; len(f) != 1 || f[0].Rule != personal.Address || f[0].Place() != "QU-01 answer.it" || f[0].Match != "" {
		t.Fatalf("found %+v", f)
	}
	fatal(t, st.releases.Justify(t.Context(), st.giving, report.Kit.ID, found.Kit.Findings[0].ID, "è la sede del Comune"))
	wantKind(t, st.releases.Confirm(t.Context(), st.Operator(t, st.giver, "tenant_admin"), report.Kit.ID, found.Kit.Findings[0].ID, "è la sede del Comune"), problem.NotFound)
	second := st.Operator(t, st.giver, "practice_owner", "social_worker")
	fatal(t, st.releases.Confirm(t.Context(), second, report.Kit.ID, found.Kit.Findings[0].ID, "è la sede del Comune"))
	_, err = st.releases.Publish(t.Context(), st.Operator(t, st.giver, "practice_owner"), report.Kit.ID)
	fatal(t, err)
	_, err = registry.NewService(st.deps).KnownAddresses(t.Context(), st.third, []string{"via Trinacria 12"})
	wantKind(t, err, problem.NotFound)
	known, err := registry.NewService(st.deps).KnownAddresses(t.Context(), st.Operator(t, st.other, "social_worker"), []string{"via Trinacria 12"})
	if err != nil || len(known) > 0 {
		t.Errorf("the registry of another body answered: %v %v", known, err)
	}
}
