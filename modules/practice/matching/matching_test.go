package matching_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/fit"
	"staffetta/modules/practice/matching"
	"staffetta/modules/practice/need"
	"staffetta/modules/practice/organisation"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sheet"
	"staffetta/tenants"
	"staffetta/tenants/register"
)

var (
	today = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	roles = []string{"social_worker", "access_desk", "coordinator", "officer"}
	words = []string{"sportello", "famiglie", "trasporto", "anziani", "ascolto", "autonomia", "caregiver", "scuola"}
	codes = []string{"SV-01", "SV-02", "SV-03", "SV-04"}
	near  = []string{"081011", "081014", "082053", "058091"} // Marsala, Pantelleria, Palermo, Roma
)

func platform(t testing.TB) modules.Platform {
	t.Helper()
	list := []modules.Module{
		{ID: "kit", Essential: true},
		{ID: "guide", Kinds: guide.Module().Kinds},
		{ID: "casefile", Kinds: casefile.Module().Kinds},
		{ID: "practice", Kinds: organisation.Kinds()},
	}
	kinds, err := modules.NewKinds(list)
	if err != nil {
		t.Fatal(err)
	}
	return modules.Platform{Kinds: kinds, Modules: list}
}

func place(code string) *register.Municipality {
	m, err := register.ByISTAT(code)
	if err != nil {
		return nil
	}
	return &m
}

func item(kind, key string, content any) kit.Source {
	raw, _ := json.Marshal(content)
	return kit.Source{Kind: kind, Key: key, Content: raw}
}

func workflow(roles ...string) kit.Source {
	return item(kit.KindWorkflow, "WF-01", map[string]any{
		"states": []any{}, "transitions": []any{map[string]any{"key": "a", "from": "x", "to": "y", "roles": roles}},
	})
}

func staffing(people float64) kit.Source {
	return item(kit.KindStaffing, "OR-01", map[string]any{"posts": []any{map[string]any{"headcount": people}}})
}

func cost(euro string) kit.Source {
	return item(kit.KindCost, "CO-01", map[string]any{"rows": []any{map[string]any{"quantity": 1, "unitCost": euro}}})
}

// drawn is a random want with a random practice.
func drawn(t *rapid.T) (matching.Want, matching.Practice) {
	some := func(from []string, name string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, len(from), rapid.ID[string]).Draw(t, name)
	}
	staff := rapid.IntRange(0, 9).Draw(t, "staff")
	n := need.PracticeNeed{
		Title: "Serve", Purpose: joined(some(words, "wanted")), Area: rapid.SampledFrom([]string{"", "disabili", "anziani", "multiutenza"}).Draw(t, "area"),
		Budget: rapid.SampledFrom(append([]string{""}, need.Budgets...)).Draw(t, "budget"), Staff: &staff,
		Deadline: today.AddDate(0, rapid.IntRange(-3, 24).Draw(t, "months left"), 0),
	}
	body := fit.Body{Tenant: tenants.Tenant{Switched: map[string]bool{"guide": rapid.Bool().Draw(t, "guide")}}, Held: set(some(roles, "held")), Services: set(some(codes, "present"))}
	w := matching.Want{Need: &n, Place: place(rapid.SampledFrom(near).Draw(t, "here")), Body: &body, Today: today}
	p := matching.Practice{Offer: catalogue.Offer{
		Practice: uuid.Must(uuid.NewV7()), Title: language.Text{It: "Pratica"}, Text: sheetText(some(words, "has")),
		Area:  rapid.SampledFrom([]string{"", "disabili", "anziani", "multiutenza"}).Draw(t, "practice's area"),
		ISTAT: rapid.SampledFrom(append([]string{"", "999999"}, near...)).Draw(t, "there"),
		Sheet: release.Sheet{Transfer: sheet.Transfer{Months: rapid.IntRange(0, 18).Draw(t, "months")}},
	}}
	p.Items = append(p.Items, workflow(some(roles, "roles")...), staffing(float64(rapid.IntRange(0, 20).Draw(t, "people"))/2), cost("60000.00"))
	for _, key := range some(codes, "services") {
		p.Items = append(p.Items, item(kit.KindService, key, map[string]any{}))
	}
	return w, p
}

func joined(list []string) string {
	text := ""
	for _, one := range list {
		text += one + " "
	}
	return text
}

func set(list []string) map[string]bool {
	all := map[string]bool{}
	for _, one := range list {
		all[one] = true
	}
	return all
}

func sheetText(list []string) []byte {
	raw, _ := json.Marshal(map[string]any{"solution": map[string]string{"it": joined(list)}})
	return raw
}

// The explanation sums to the score, nothing gives more than the table says, and what is unknown gives nothing.
func TestPartsSumToThePoints(t *testing.T) {
	t.Parallel()
	most := 0
	for _, one := range matching.Weights {
		most += one.Most
	}
	if most != 100 {
		t.Errorf("the weights sum to %d", most)
	}
	at := platform(t)
	rapid.Check(t, func(t *rapid.T) {
		w, p := drawn(t)
		m := matching.Weigh(at, w, p)
		if len(m.Parts) != len(matching.Weights) {
			t.Fatalf("%d parts of %d criteria", len(m.Parts), len(matching.Weights))
		}
		sum, possible := 0, 0
		for i, part := range m.Parts {
			if part.Criterion != matching.Weights[i].Criterion || part.Most != matching.Weights[i].Most || part.Points < 0 || part.Points > part.Most {
				t.Fatalf("part %d: %+v", i, part)
			}
			if part.Why.Key == "" || !part.Known && part.Points != 0 {
				t.Fatalf("%s gives %d without saying why, or without knowing: %+v", part.Criterion, part.Points, part)
			}
			sum += part.Points
			if part.Known {
				possible += part.Most
			}
		}
		if m.Points() != sum || m.Possible() != possible || sum > possible {
			t.Fatalf("points %d of %d, the parts say %d of %d", m.Points(), m.Possible(), sum, possible)
		}
		for _, part := range m.Parts {
			if (part.Criterion == matching.Structure || part.Criterion == matching.Distance) && part.Known {
				t.Fatalf("%s is known without any data", part.Criterion)
			}
		}
	})
}

// more are the ways to give more of what is wanted.
var more = map[string]func(t *rapid.T, w *matching.Want, p *matching.Practice){
	"a word in the sheet": func(t *rapid.T, _ *matching.Want, p *matching.Practice) {
		text := string(p.Offer.Text) + rapid.SampledFrom(words).Draw(t, "word")
		p.Offer.Text, _ = json.Marshal(map[string]string{"it": text})
	},
	"the same area": func(_ *rapid.T, w *matching.Want, p *matching.Practice) {
		if w.Need.Area != "" {
			p.Offer.Area = w.Need.Area
		}
	},
	"the same place": func(_ *rapid.T, w *matching.Want, p *matching.Practice) { p.Offer.ISTAT = w.Place.ISTAT },
	"a role that is held": func(t *rapid.T, w *matching.Want, _ *matching.Practice) {
		w.Body.Held[rapid.SampledFrom(roles).Draw(t, "role")] = true
	},
	"a service that is present": func(t *rapid.T, w *matching.Want, _ *matching.Practice) {
		w.Body.Services[rapid.SampledFrom(codes).Draw(t, "service")] = true
	},
	"more people": func(t *rapid.T, w *matching.Want, _ *matching.Practice) {
		staff := *w.Need.Staff + rapid.IntRange(1, 9).Draw(t, "more")
		w.Need.Staff = &staff
	},
	"more time": func(t *rapid.T, w *matching.Want, _ *matching.Practice) {
		w.Need.Deadline = w.Need.Deadline.AddDate(0, rapid.IntRange(1, 9).Draw(t, "more"), 0)
	},
	"more money": func(_ *rapid.T, w *matching.Want, _ *matching.Practice) {
		if w.Need.Budget != "" {
			w.Need.Budget = "more"
		}
	},
}

// More of what is wanted never ranks lower.
func TestMoreNeverRanksLower(t *testing.T) {
	t.Parallel()
	at := platform(t)
	for name, give := range more {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rose := false
			rapid.Check(t, func(t *rapid.T) {
				w, p := drawn(t)
				before := matching.Weigh(at, w, p)
				give(t, &w, &p)
				after := matching.Weigh(at, w, p)
				if after.Points() < before.Points() {
					t.Fatalf("%d points became %d:\n%+v\n%+v", before.Points(), after.Points(), before.Parts, after.Parts)
				}
				rose = rose || after.Points() > before.Points()
			})
			if !rose {
				t.Error("it never gave a point more")
			}
		})
	}
}

func TestRankPutsTheBestFirst(t *testing.T) {
	t.Parallel()
	at := platform(t)
	rapid.Check(t, func(t *rapid.T) {
		var list []matching.Match
		w, p := drawn(t)
		for range rapid.IntRange(1, 6).Draw(t, "practices") {
			list = append(list, matching.Weigh(at, w, p))
			_, p = drawn(t)
		}
		matching.Rank(list)
		if !slices.IsSortedFunc(list, func(a, b matching.Match) int { return b.Points() - a.Points() }) {
			t.Fatal("fewer points come before more")
		}
	})
}

func TestGapsAreListed(t *testing.T) {
	t.Parallel()
	at := platform(t)
	p := matching.Practice{Items: []kit.Source{
		workflow("social_worker", "citizen", "delegate"), item(kit.KindService, "SV-01", map[string]any{"related": []string{"SV-99"}}),
		item(kit.KindQuestion, "QU-01", map[string]any{"services": []string{"SV-01", "SV-77"}}), item("antenna", "AN-01", map[string]any{}),
	}}
	w := matching.Want{Body: &fit.Body{Tenant: tenants.Tenant{Switched: map[string]bool{"casefile": true, "practice": true}}, Services: map[string]bool{"SV-99": true}}, Today: today}
	m := matching.Weigh(at, w, p)
	got, _ := json.Marshal(m.Missing)
	if want := `{"Kinds":["antenna"],"Modules":["guide"],"Roles":["social_worker"],"Services":["SV-77"]}`; string(got) != want {
		t.Errorf("missing %s, want %s", got, want)
	}
	if !m.Checked || !m.Missing.Refuses() {
		t.Errorf("a kit without its module can be applied: %+v", m.Missing)
	}
	if blind := matching.Weigh(at, matching.Want{Today: today}, p); blind.Checked || !blind.Missing.Nothing() {
		t.Errorf("what another body has is told: %+v", blind.Missing)
	}
}

// Costs for demonstration, and costs with holes, are not compared.
func TestCostsThatAreNoneAreNotCompared(t *testing.T) {
	t.Parallel()
	at := platform(t)
	n := need.PracticeNeed{Title: "Serve", Budget: "50000"}
	for name, c := range map[string]struct {
		item   kit.Source
		known  bool
		points int
	}{
		"within":     {cost("49999.99"), true, 5},
		"near":       {cost("90000"), true, 2},
		"above":      {cost("100000.01"), true, 0},
		"demo":       {item(kit.KindCost, "CO-01", map[string]any{"demo": true, "rows": []any{map[string]any{"quantity": 1, "unitCost": "1.00"}}}), false, 0},
		"incomplete": {item(kit.KindCost, "CO-01", map[string]any{"rows": []any{map[string]any{"quantity": 1}}}), false, 0},
		"none":       {item(kit.KindQuestion, "QU-01", map[string]any{}), false, 0},
		"huge":       {cost("99999999999999999999999999"), false, 0},
	} {
		m := matching.Weigh(at, matching.Want{Need: &n, Today: today}, matching.Practice{Items: []kit.Source{c.item}})
		at := slices.IndexFunc(m.Parts, func(p matching.Part) bool { return p.Criterion == matching.Budget })
		if part := m.Parts[at]; part.Known != c.known || part.Points != c.points {
			t.Errorf("%s: %+v", name, part)
		}
	}
}

func TestStems(t *testing.T) {
	t.Parallel()
	got := matching.Stems("Un centro di informazione per le persone con disabilità; Informazioni alle PERSONE.")
	if want := []string{"centro", "inform", "person", "disabi"}; !slices.Equal(got, want) {
		t.Errorf("stems %v, want %v", got, want)
	}
}
