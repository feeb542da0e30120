package casefile_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// The desk shows what awaits the actor before all else, and says so where nothing does.
func TestDutiesOnTheDesk(t *testing.T) {
	st := newStage(t)
	duties := modules.NewDuties(st.deps.Bodies, st.deps.Policies)
	st.deps.Platform.Duties = duties
	rome, err := time.LoadLocation("Europe/Rome")
	must(t, err)
	day := func(days int) time.Time { return time.Now().In(rome).AddDate(0, 0, days) }
	duties.Add(modules.Module{ID: "casefile"}, []modules.DutySource{{
		Permission: "case:write",
		Find: func(context.Context, tenants.Scope) ([]modules.Duty, error) {
			return []modules.Duty{
				{Label: language.M("casefile.nav.why"), Title: "Comune <di> prova", Path: "/cartelle/x"},
				{Label: language.M("casefile.nav.diary"), Path: "/diario", Due: day(3)},
				{Label: language.M("casefile.nav.documents"), Path: "/documenti", Due: day(-2)},
				{Label: language.M("casefile.nav.summary"), Path: "/oggi", Due: day(0)},
			}, nil
		},
	}})
	si := newSite(t, st)
	page := si.visitor(t, st.worker).get(t, "/scrivania").want(t, 200,
		"Da fare", `href="/pantelleria/cartelle/x"`, "Comune <di> prova",
		"Scaduto il "+day(-2).Format("02/01/2006"), "Entro oggi", "Entro il "+day(3).Format("02/01/2006"), "Le mie cartelle")
	from := 0
	for _, text := range []string{"Da fare", "/documenti", "/oggi", "/diario", "/cartelle/x", "Le mie cartelle", "Avvisi"} {
		at := strings.Index(page.main()[from:], text)
		if at < 0 {
			t.Fatalf("%q does not come in its place:\n%s", text, page.main())
		}
		from += at
	}
	page.lacks(t, "Niente da fare ora")
	si.visitor(t, st.as(t, "access_desk")).get(t, "/scrivania").want(t, 200, "Da fare", "Niente da fare ora").lacks(t, `href="/pantelleria/oggi"`)
}
