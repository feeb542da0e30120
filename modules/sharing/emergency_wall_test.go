package sharing_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"staffetta/modules/kit"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/offer"
	"staffetta/modules/sharing/template"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// ruling is the content of a sharing template.
func ruling(never []string, purposes ...offer.Purpose) []byte {
	content := struct {
		Purposes []offer.Purpose `json:"purposes"`
		Never    []string        `json:"never,omitempty"`
	}{Never: never}
	for _, one := range purposes {
		one.Why, one.Law = kit.Text{IT: "Perché serve"}, "L. 328/2000"
		one.Label.IT, one.Action, one.MaxDays = cmp.Or(one.Label.IT, "Scopo "+one.Key), cmp.Or(one.Action, policies.Read), cmp.Or(one.MaxDays, 1)
		content.Purposes = append(content.Purposes, one)
	}
	raw, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	return raw
}

// ruled publishes a sharing template in a body, or takes it out of use where it has no content.
func (s *stage) ruled(body tenants.Tenant, key string, content []byte) {
	s.t.Helper()
	actor := s.Operator(s.t, body, "tenant_admin")
	change := kit.Change{Source: kit.Source{Kind: kit.KindSharingTemplate, Key: key, Title: kit.Text{IT: "Regole " + key}, Content: content}, State: kit.Published, Adaptation: kit.Local, Reason: "Prova"}
	if content == nil {
		item, err := kit.NewItems(s.deps).Item(context.Background(), actor, change.Source.Kind, key)
		s.must(err)
		change.Source.Content, change.State = item.Current.Content, kit.Retired
	}
	s.must(s.deps.DB.InTx(context.Background(), actor, func(tx tenants.Tx) error {
		_, err := kit.NewItems(s.deps).Put(context.Background(), tx, actor, []kit.Change{change})
		return errors.Join(err, audit.Write(context.Background(), tx, actor, audit.Event{Action: "adoption.apply"}))
	}))
}

// widened makes the agreement carry every section.
func (k *known) widened() {
	k.exec(`update policies.agreements set sections = $2 where id = $1`, k.agreement.ID, policies.SectionIDs())
}

var danger = []string{"break_glass"}

// Whoever opens a case cannot say what it shows: their body's templates, whatever they hold, count for nothing.
func TestAnEmergencyShowsNothingThatTheAskersBodyChooses(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	k.widened()
	k.ruled(k.receiver, "AA-00", ruling(nil,
		offer.Purpose{Key: "emergency", Kinds: danger, Sections: policies.SectionIDs()}, offer.Purpose{Key: "advice", Kinds: danger, Sections: policies.SectionIDs()}))
	k.broken(k.reader)
	if diff := gocmp.Diff([]string{"identity", "household", "contacts"}, k.reads(k.reader)); diff != "" {
		t.Errorf("the asker's template opens a case of another body (-want +got):\n%s", diff)
	}
}

// Nor past the program: what a caller of the function says of purpose and sections counts for nothing.
func TestBreakGlassTakesNoSectionsFromItsCaller(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	k.widened()
	k.must(k.breakBySQL(k.reader, k.code, k.tokenOf(k.agreement.ID), map[string]any{
		"purpose": "advice", "purpose_label": "Curiosità", "sections": policies.SectionIDs(), "writable": policies.SectionIDs(), "preview": map[string]any{"sections": []string{}},
	}))
	if diff := gocmp.Diff([]string{"identity", "household", "contacts"}, k.reads(k.reader)); diff != "" {
		t.Errorf("the caller chooses the sections (-want +got):\n%s", diff)
	}
	if n := k.count(`select count(*) from sharing.shares where purpose = 'emergency' and purpose_label = 'Emergenza' and writable = '{}'
		and preview -> 'sections' = to_jsonb(sections)`); n != 1 {
		t.Errorf("%d shares say what the owner's template does, want 1", n)
	}
}

// The owner's published templates rule, joined and as they stand now; the agreement narrows them.
func TestAnEmergencyShowsWhatTheOwnersTemplatesDo(t *testing.T) {
	t.Parallel()
	opens := func(sections ...string) offer.Purpose {
		return offer.Purpose{Key: "emergency", Kinds: danger, Sections: sections}
	}
	all := policies.SectionIDs()
	for name, c := range map[string]struct {
		templates [][]byte // AA-00, AA-01 …
		signed    []string
		want      []string // nil where nothing opens
	}{
		"its own sections":                    {[][]byte{ruling(nil, opens("identity", "health"))}, all, []string{"identity", "health"}},
		"what the agreement leaves":           {[][]byte{ruling(nil, opens("identity", "health"))}, []string{"identity", "contacts"}, []string{"identity"}},
		"no agreed section":                   {[][]byte{ruling(nil, opens("identity"))}, []string{"contacts"}, nil},
		"the first of two with one key":       {[][]byte{ruling(nil, opens("contacts")), ruling(nil, opens(all...))}, all, []string{"contacts"}},
		"what another template never shows":   {[][]byte{ruling(nil, opens("identity", "contacts")), ruling([]string{"contacts"}, offer.Purpose{Key: "advice", Kinds: []string{"consultation"}, Sections: []string{"plan"}})}, all, []string{"identity"}},
		"never":                               {[][]byte{ruling(nil, opens("identity")), ruling([]string{"identity"}, offer.Purpose{Key: "advice", Kinds: []string{"consultation"}, Sections: []string{"plan"}})}, all, nil},
		"no purpose for emergencies":          {[][]byte{ruling(nil, offer.Purpose{Key: "emergency", Kinds: []string{"consultation"}, Sections: all})}, all, nil},
		"a purpose that nobody signed":        {[][]byte{ruling(nil, offer.Purpose{Key: "danger", Kinds: danger, Sections: all})}, all, nil},
		"a signed purpose after another one":  {[][]byte{ruling(nil, offer.Purpose{Key: "danger", Kinds: danger, Sections: all}, opens("contacts"))}, all, []string{"contacts"}},
		"a purpose of the signed ones and no": {[][]byte{ruling(nil, offer.Purpose{Key: "advice", Kinds: []string{"consultation"}, Sections: all}, opens("plan"))}, all, []string{"plan"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newGlass(t)
			k.exec(`update policies.agreements set sections = $2 where id = $1`, k.agreement.ID, c.signed)
			for n, content := range c.templates {
				k.ruled(k.owner, "AA-0"+string(rune('0'+n)), content)
			}
			_, err := k.sharing.Emergencies.Open(t.Context(), k.reader, emergency.Request{ID: newID(), TaxCode: k.code, Reason: "Non apre la porta", Body: k.owner.ID})
			if (err == nil) != (c.want != nil) {
				t.Errorf("it opens: %v", err)
			}
			got := k.reads(k.reader)
			slices.Sort(got)
			slices.Sort(c.want)
			if diff := gocmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What the owner closes after both have signed is closed, on the page that says what would open too; what it takes out of use rules no more.
func TestTheOwnerClosesWhatAnEmergencyShowsAfterSigning(t *testing.T) {
	t.Parallel()
	k := newGlass(t)
	k.ruled(k.owner, "AA-00", ruling([]string{"identity", "household", "contacts"}, offer.Purpose{Key: "advice", Kinds: []string{"consultation"}, Sections: []string{"plan"}}))
	for _, path := range []string{"/rete/emergenza", "/rete/emergenza/conferma"} {
		got := k.serve(k.reader, "POST", path, k.emergencyForm())
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "Nessun ente con cui") {
			t.Errorf("%s: %d %q %v", path, got.status, got.redirect, got.err)
		}
	}
	if err := k.breakBySQL(k.reader, k.code, k.tokenOf(k.agreement.ID), nil); sqlState(err) != "23514" {
		t.Errorf("by SQL: %v", err)
	}
	if n := k.count(`select count(*) from policies.case_grants`); n != 0 {
		t.Fatalf("%d grants", n)
	}
	k.ruled(k.owner, "AA-00", nil)
	k.broken(k.reader)
}

// The database has the program's own purposes of emergencies for who publishes no template.
func TestTheDatabaseKnowsTheOwnPurposesOfEmergencies(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	var stored []byte
	p.must(p.Owner.QueryRow(t.Context(), `select sharing.own_purposes()`).Scan(&stored))
	file, err := os.ReadFile("template/purposes.json")
	p.must(err)
	shown := func(content []byte) []string {
		known, err := template.Gather(content)
		p.must(err)
		lines := []string{"never " + strings.Join(known.Never, " ")}
		for _, one := range known.Of("break_glass") {
			lines = append(lines, strings.Join(append([]string{one.Key, one.Label.IT, one.Label.EN}, one.Sections...), " "))
		}
		return lines
	}
	if diff := gocmp.Diff(shown(file), shown(stored)); diff != "" {
		t.Errorf("the program's and the database's purposes differ (-program +database):\n%s", diff)
	}
}
