package main

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// rosaliaAt is the person of the journey, who signs in as a citizen at a body.
func (tr *trip) rosaliaAt(t *testing.T, slug string) *visitor {
	t.Helper()
	s := tr.st.scope(t, slug, rosalia.Name+" "+rosalia.Surname, rosalia.Code)
	s.Purpose = tenants.Citizen
	return tr.st.signIn(t, s)
}

// look is what the citizen does: she sees who opened her file and contests one access. A delay of what she sees is recorded
// and ended at once.
func (tr *trip) look(t *testing.T) {
	citizen := tr.rosaliaAt(t, pantelleria)
	seen := itemsOf(t, citizen.call(t, 200, "GET", "/c_g315/own-accesses", nil))
	at := slices.IndexFunc(seen, func(o object) bool { return o["actor"] == "Davide Errera" })
	if at < 0 {
		t.Fatalf("the citizen sees %v", seen)
	}
	tr.contested = uuid.MustParse(idIn(t, seen[at]))
	tr.contest = uuid.Must(uuid.NewV7()).String()
	citizen.call(t, 204, "POST", "/c_g315/own-accesses/"+tr.contested.String()+"/contest", object{"words": "Non so chi sia: corbezzolo"}, "Idempotency-Key", tr.contest)
	path := "/c_g315/case-files/" + tr.caseFile + "/exemptions"
	tr.exemption = idIn(t, tr.davide.call(t, 201, "POST", path, object{"ground": "violence", "reason": "Decreto 12/2026", "until": time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}))
	if withheld := itemsOf(t, citizen.call(t, 200, "GET", "/c_g315/own-accesses", nil)); len(withheld) != 0 {
		t.Errorf("while it is delayed the citizen sees %v", withheld)
	}
	tr.davide.call(t, 204, "POST", path+"/"+tr.exemption+"/end", nil)
}

// TestTheCitizenSeesWhoOpenedTheFile walks from what the citizen sees to the answer of the data protection officer.
func TestTheCitizenSeesWhoOpenedTheFile(t *testing.T) {
	tr := travel(t)
	officer := tr.st.signIn(t, tr.st.extra(t, pantelleria, "Protezione", "dpo"))
	citizen := tr.rosaliaAt(t, pantelleria)
	page := citizen.get(t, "/c_g315/area-personale/accessi")
	for _, text := range []string{"Davide Errera", "Segue la tua cartella", "Contesta", "corbezzolo"} {
		if page.Status != http.StatusOK || !strings.Contains(page.Body, text) {
			t.Errorf("the page of the citizen answers %d and lacks %q", page.Status, text)
		}
	}
	if elsewhere := tr.rosaliaAt(t, mazara).get(t, "/c_f061/area-personale/accessi"); strings.Contains(elsewhere.Body, "Errera") || strings.Contains(elsewhere.Body, "corbezzolo") {
		t.Error("another body shows what was done at this one")
	}
	if answer := citizen.get(t, "/c_g315/cartelle/"+tr.caseFile); answer.Status == http.StatusOK {
		t.Error("the citizen opens the case file itself")
	}
	desk := officer.get(t, "/c_g315/scrivania")
	if !strings.Contains(desk.Body, "/c_g315/console/registro/contestazioni") {
		t.Errorf("nothing on the officer's desk tells of the contest: %d", desk.Status)
	}
	at := "/c_g315/console/registro/contestazioni/" + tr.contest
	if shown := officer.get(t, at); !strings.Contains(shown.Body, "corbezzolo") || !strings.Contains(shown.Body, "Davide Errera") || strings.Contains(shown.Body, rosalia.Surname) {
		t.Errorf("the officer reads the contest with %d, or who the citizen is", shown.Status)
	}
	if refused := officer.post(t, at, url.Values{"versione": {"1"}, "risposta": {"Segue la cartella dal primo giorno"}}); refused.Status != http.StatusUnprocessableEntity {
		t.Errorf("an answer without a finding answers %d", refused.Status)
	}
	if sent := officer.post(t, at, url.Values{"versione": {"1"}, "esito": {"justified"}, "risposta": {"Segue la cartella dal primo giorno"}}); sent.Status != http.StatusSeeOther {
		t.Fatalf("the answer is sent with %d", sent.Status)
	}
	if page := citizen.get(t, "/c_g315/area-personale/accessi"); !strings.Contains(page.Body, "Segue la cartella dal primo giorno") {
		t.Error("the citizen does not read the answer")
	}
	tr.st.wantCleanLog(t, "corbezzolo", rosalia.Surname)
}

// TestTheOfficerSearchesTheAudit looks for content and for names of persons in what the officer sees and exports.
func TestTheOfficerSearchesTheAudit(t *testing.T) {
	tr := travel(t)
	s := tr.st.extra(t, pantelleria, "Registro", "dpo")
	officer := tr.st.signIn(t, s)
	number := query[string](t, tr.st, `select number from casefile.cases where id = $1`, tr.caseFile)
	today := language.Day(time.Now()).Format(time.DateOnly)
	page := officer.get(t, "/c_g315/console/registro?"+url.Values{"cartella": {number}, "chi": {"errera"}, "dal": {today}, "al": {today}}.Encode())
	if page.Status != http.StatusOK || !strings.Contains(page.Body, "Davide Errera") || !strings.Contains(page.Body, number) {
		t.Errorf("the search answers %d and does not tell who worked on %s", page.Status, number)
	}
	file := officer.get(t, "/c_g315/console/registro/esporta")
	sheet := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\ufeff")))
	sheet.Comma = ';'
	rows, err := sheet.ReadAll()
	if err != nil || len(rows) < 20 || len(rows[0]) != 14 || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("the export is %d rows of %q: %v", len(rows), file.Header.Get("Content-Type"), err)
	}
	found := itemsOf(t, tr.st.token(t, s).call(t, 200, "GET", "/c_g315/audit-events?case_number="+url.QueryEscape(number), nil))
	if !slices.ContainsFunc(found, func(o object) bool { return o["case_number"] == number }) {
		t.Errorf("the operation finds %v", found)
	}
	for _, secret := range append(tr.secrets(marsala), tr.reason, "corbezzolo") {
		if strings.Contains(page.Body, secret) || strings.Contains(file.Body, secret) {
			t.Errorf("the officer reads %q", secret)
		}
	}
	for _, action := range rows[1:] {
		if action[4] == action[5] {
			t.Errorf("nobody says what %s is: name it in the Events of its module", action[4])
		}
	}
	if wrong := officer.get(t, "/c_g315/console/registro?dal=2026-01-01&al=2020-01-01"); wrong.Status != http.StatusUnprocessableEntity {
		t.Errorf("days that run backwards answer %d", wrong.Status)
	}
}
