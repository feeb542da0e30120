package practice_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/modules/kit"
	"staffetta/modules/practice/release"
)

// Before a release goes out its publisher reads what it changes, who gains or loses, and who is told.
func TestAPublisherReadsWhatChangesAndWhoIsTold(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, question("QU-01", "Uno"), question("QU-02", "Due"), described("Chi segue", "diary"))
	si := newSite(t, st)
	giver := si.as(t, st.giving)
	check := func(number, without string) (answer, string) {
		t.Helper()
		items, err := st.items.Find(t.Context(), st.giving, "")
		fatal(t, err)
		c := release.Composition{Kit: uuid.Must(uuid.NewV7()), Practice: p.ID, Release: number}
		for _, item := range items {
			if item.State == kit.Published && item.Key != without {
				c.Versions = append(c.Versions, item.Current.ID)
			}
		}
		_, err = st.releases.Compose(t.Context(), st.giving, c)
		fatal(t, err)
		at := "/pratiche/" + p.ID.String() + "/pubblica/" + c.Kit.String()
		return giver.visit(t, at, nil), at
	}
	first, at := check("1.0.0", "")
	first.want(t, 200, "è la prima versione", "Nessun ente adotta ancora")
	giver.visit(t, at+"/conferma", first.fill()).want(t, 303)
	st.start(t, p)

	st.edit(t, st.giving, question("QU-01", "Uno e mezzo"))
	st.edit(t, st.giving, question("QU-03", "Tre"))
	st.edit(t, st.giving, described("Chi segue", "diary", "health"))
	page, _ := check("1.1.0", "QU-02")
	page.want(t, 200, "Dalla versione 1.0.0 alla 1.1.0", "Uno e mezzo", "Voce QU-03", "Voce QU-02",
		"Un ente adotta questa pratica", st.taker.Name+" (ha la 1.0.0)", "Chi guadagna e chi perde")
	main := page.main()
	if at, button := strings.Index(main, "Chi lo saprà"), strings.Index(main, "/conferma"); at < 0 || button < at {
		t.Error("the button stands before what is to be read")
	}
	if strings.Contains(main, st.other.Name) {
		t.Error("a body that adopts nothing is named")
	}
	for _, state := range []string{"Nuovo", "Cambiato", "Tolto"} {
		if strings.Count(main, state) < 2 { // its count, and its item
			t.Errorf("the page does not tell what is %s", state)
		}
	}
}
