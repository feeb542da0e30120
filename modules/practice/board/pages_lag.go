package board

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// advanceForm moves an adoption to a stage; the first one offered is the thing to do next.
func advanceForm(r *http.Request, b Board, target int, label string, emphasis component.Emphasis) *AdvanceForm {
	to := &AdvanceForm{
		Action: "/adozioni/" + b.Adoption.ID.String() + "/avanza",
		Hidden: []component.Hidden{{Name: "seen", Value: strconv.Itoa(b.Adoption.Stage)}, {Name: "target", Value: strconv.Itoa(target)}},
		Button: component.Button{Label: modules.Say(r, label, "stage", form.Stage(r, target)), Emphasis: emphasis},
	}
	if len(b.Waiting) > 0 && target >= adoption.StageGoLive {
		to.Opens = &component.Link{Label: modules.Say(r, "practice.board.opens", "n", len(b.Waiting)), URL: "/adozioni/" + b.Adoption.ID.String() + "/fasi/" + strconv.Itoa(adoption.StageGoLive)}
	}
	return to
}

// addLag says which stages a kit that is applied already has met, and what lacks in those between.
func (p pages) addLag(r *http.Request, s tenants.Scope, b Board, page *BoardPage) {
	lag, behind := b.Lag(time.Now())
	if !behind {
		return
	}
	page.Lag = modules.Say(r, "practice.lag.text", "stage", form.Stage(r, b.Adoption.Stage))
	if len(lag.Met) > 0 {
		met := make([]string, len(lag.Met))
		for i, stage := range lag.Met {
			met[i] = strconv.Itoa(stage)
		}
		page.Lag += " " + modules.Say(r, "practice.lag.met", "n", len(met), "stages", strings.Join(met, ", "))
	}
	page.Behind = p.duties(r, s, b, Gate{Conditions: lag.Lacking})
	page.Behind.ID, page.Behind.Title = "ritardo", modules.Say(r, "practice.lag.lacking")
}

// Applied says after a kit was applied how far the journey may go on now, or where it stands behind; "" where the stage goes with
// the kit. Applying one moves no stage.
func Applied(r *http.Request, b Board) string {
	now := time.Now()
	if reach := b.Reach(now); reach > b.Adoption.Stage {
		return modules.Say(r, "practice.lag.applied_open", "stage", form.Stage(r, reach))
	}
	if _, behind := b.Lag(now); behind {
		return modules.Say(r, "practice.lag.applied_shut", "stage", form.Stage(r, b.Adoption.Stage))
	}
	return ""
}
