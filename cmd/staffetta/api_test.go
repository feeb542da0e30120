package main

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/tenants"
)

// call asks the API and decodes what it answers, which must have the status.
func (v *visitor) call(t *testing.T, want int, method, path string, body any, header ...string) map[string]any {
	t.Helper()
	var content strings.Builder
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			t.Fatal(err)
		}
		header = append(header, "Content-Type", "application/json")
	}
	answer := v.send(t, method, "/api/v1"+path, strings.NewReader(content.String()), header...)
	if answer.Status != want {
		t.Fatalf("%s %s answers %d, want %d: %s", method, path, answer.Status, want, answer.Body)
	}
	decoded := map[string]any{}
	if answer.Body != "" {
		if err := json.Unmarshal([]byte(answer.Body), &decoded); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return decoded
}

type object = map[string]any

// idIn is the id in an answer.
func idIn(t *testing.T, o object) string {
	t.Helper()
	id, ok := o["id"].(string)
	if !ok {
		t.Fatalf("no id in %v", o)
	}
	return id
}

// itemsOf are the items of a list.
func itemsOf(t *testing.T, o object) []object {
	t.Helper()
	list, ok := o["items"].([]any)
	if !ok {
		t.Fatalf("no items in %v", o)
	}
	items := make([]object, len(list))
	for i, one := range list {
		items[i], _ = one.(object)
	}
	return items
}

// trip is the journey through the API and the ids that it made.
type trip struct {
	st                                           *stage
	giulia, anna, davide, chiara, elena, luca    *visitor
	practice, kit, finding, adoption, statement  string
	trainee                                      string
	need                                         string // a draft
	entry                                        string
	person, relative, household, contact         string
	caseFile, assessment, draft, note, document  string
	form                                         string // about the contact
	agreement, share, offered, sharedRef, reason string
	handover, refused                            string // by Mazara, the second one
	network                                      string
	pact                                         string    // a draft
	contested                                    uuid.UUID // an access to the own file, by the citizen
	contest, exemption                           string
	danger                                       danger
}

var (
	apiJourney stretch
	travelled  trip
)

// travel walks the journey through the API once.
func travel(t *testing.T) *trip {
	t.Helper()
	st := asked(t)
	apiJourney.walk(t, func() {
		tr := trip{st: st, reason: "Motivo della condivisione: mirto"}
		tr.release(t, "1.0.0")
		tr.enter(t)
		tr.adopt(t)
		tr.register(t)
		tr.work(t)
		tr.agree(t)
		tr.look(t)
		tr.danger = st.endanger(t, tr.caseFile)
		travelled = tr
	})
	return &travelled
}

// release publishes a kit of the practice with all that the body uses.
func (tr *trip) release(t *testing.T, number string) {
	t.Helper()
	tr.giulia = tr.st.token(t, tr.st.castScope(t, marsala, "Ferrante"))
	tr.practice = idIn(t, itemsOf(t, tr.giulia.call(t, 200, "GET", "/c_e974/practices", nil))[0])
	var versions []string
	for _, item := range itemsOf(t, tr.giulia.call(t, 200, "GET", "/c_e974/items", nil)) {
		versions = append(versions, item["version_id"].(string))
	}
	tr.kit = uuid.Must(uuid.NewV7()).String()
	report := tr.giulia.call(t, 200, "PUT", "/c_e974/practices/"+tr.practice+"/kits/"+tr.kit, object{"release": number, "versions": versions})
	for _, one := range report["findings"].([]any) {
		finding := one.(object)
		tr.finding = idIn(t, finding)
		at, why := "/c_e974/kits/"+tr.kit+"/findings/"+idIn(t, finding), object{"reason": "Recapito pubblico dell’ente"}
		tr.giulia.call(t, 200, "POST", at+"/justify", why)
		tr.st.token(t, tr.st.castScope(t, marsala, "Todaro")).call(t, 200, "POST", at+"/confirm", why)
	}
	if published := tr.giulia.call(t, 200, "POST", "/c_e974/kits/"+tr.kit+"/publish", nil); published["state"] != "published" {
		t.Fatalf("the kit is %v", published["state"])
	}
}

// enter makes Pantelleria, brings it live and signs its people in.
func (tr *trip) enter(t *testing.T) {
	newcomer := tr.st.castScope(t, tenants.PlatformSlug, "Rizzo")
	newcomer.Purpose = tenants.Newcomer
	anna := tr.st.signIn(t, newcomer)
	found := itemsOf(t, anna.call(t, 200, "GET", "/platform/municipalities?q=G315", nil))
	if len(found) != 1 || found[0]["istat"] != "081014" {
		t.Fatalf("by its code is found %v", found)
	}
	tr.entry = idIn(t, anna.call(t, 201, "POST", "/platform/entries", nil))
	at := "/platform/entries/" + tr.entry
	anna.call(t, 200, "PUT", at+"/municipality", object{"municipality": "081014"}, "If-Match", "0")
	anna.call(t, 200, "PUT", at+"/contact", object{
		"position": "Responsabile", "email": "servizi@comune.example", "phone": "0923695011",
		"act_number": "DD 12", "act_date": "2026-01-15", "certified_mail": "protocollo@pec.comune.pantelleria.tp.it",
	}, "If-Match", "0")
	read, _ := anna.call(t, 200, "GET", at, nil)["mark"].(string)
	anna.call(t, 200, "POST", at+"/codes", nil, "If-Match", read)
	made := anna.call(t, 200, "POST", at+"/activation", object{"code": tr.st.sentCode(t)}, "If-Match", read)
	if made["slug"] != pantelleria {
		t.Fatalf("the new body is %v", made["slug"])
	}
	tr.st.goesLive(t, pantelleria)
	who := func(slug, surname string) *visitor { return tr.st.token(t, tr.st.castScope(t, slug, surname)) }
	tr.anna, tr.davide, tr.chiara = who(pantelleria, "Rizzo"), who(pantelleria, "Errera"), who(pantelleria, "Valenza")
	tr.elena, tr.luca = who(mazara, "Asaro"), who(mazara, "Giacalone")
}

// adopt adopts the kit: dry run, then applied.
func (tr *trip) adopt(t *testing.T) {
	offers := itemsOf(t, tr.anna.call(t, 200, "GET", "/c_g315/offers", nil))
	if len(offers) != 1 || offers[0]["practice"] != tr.practice {
		t.Fatalf("the offers are %v", offers)
	}
	tr.need = idIn(t, tr.anna.call(t, 201, "POST", "/c_g315/practice-needs", object{"title": "Uno sportello", "purpose": "Informare le famiglie", "area": "disabili"}))
	if found := itemsOf(t, tr.anna.call(t, 200, "GET", "/c_g315/practice-needs/"+tr.need+"/matches", nil)); found[0]["practice"] != tr.practice {
		t.Errorf("the need is matched with %v", found)
	}
	tr.adoption = idIn(t, tr.anna.call(t, 201, "POST", "/c_g315/adoptions", object{"practice": tr.practice}))
	plan := tr.anna.call(t, 200, "GET", "/c_g315/adoptions/"+tr.adoption+"/plan", nil)
	if plan["conflict"] != 0.0 || plan["new"].(float64) < 40 {
		t.Fatalf("the dry run tells of %v new and %v in conflict", plan["new"], plan["conflict"])
	}
	run := tr.anna.call(t, 200, "POST", "/c_g315/adoptions/"+tr.adoption+"/apply", object{"digest": plan["digest"], "acknowledged": true})
	if run["changed"] != true || run["new"] != plan["new"] {
		t.Fatalf("applying made %v, the dry run told of %v", run, plan["new"])
	}
	board := "/c_g315/adoptions/" + tr.adoption
	tr.anna.call(t, 200, "POST", board+"/statements", object{"items": []object{{"kind": "interest", "note": "Uno sportello per l'isola"}}})
	if moved := tr.anna.call(t, 200, "POST", board+"/advance", object{"seen": 1, "target": 2}); moved["stage"] != 2.0 {
		t.Fatalf("the adoption stands at %v", moved["stage"])
	}
	tr.statement = query[string](t, tr.st, `select id::text from practice.adoptions_statements where adoption_id = $1`, tr.adoption)
	tr.anna.call(t, 200, "POST", board+"/trainees", object{"course": "TR-01", "account": tr.st.castScope(t, pantelleria, "Errera").Account.String(), "day": time.Now().AddDate(0, 0, -1).Format(time.DateOnly)})
	tr.trainee = query[string](t, tr.st, `select id::text from practice.trainees where adoption_id = $1`, tr.adoption)
	tr.show(t)
}

// show lets citizens see the services that the kit brought, which they do not before.
func (tr *trip) show(t *testing.T) {
	seen := func() int {
		return len(itemsOf(t, tr.st.guest().call(t, 200, "GET", "/c_g315/services", nil)))
	}
	if n := seen(); n != 0 {
		t.Errorf("citizens see %d services that nobody has started", n)
	}
	var keys []any
	for _, one := range itemsOf(t, tr.anna.call(t, 200, "GET", "/c_g315/guide-services", nil)) {
		keys = append(keys, one["key"])
	}
	tr.anna.call(t, 200, "PUT", "/c_g315/guide-services", object{"services": keys, "shown": true})
	if n := seen(); n != 12 {
		t.Errorf("the guide has %d services", n)
	}
}

// register registers a person with a household and a contact.
func (tr *trip) register(t *testing.T) {
	key := uuid.Must(uuid.NewV7()).String()
	written := object{"tax_code": rosalia.Code, "surname": rosalia.Surname, "name": rosalia.Name, "contacts": object{"mobile": rosalia.Mobile}}
	tr.person = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/persons", written, "Idempotency-Key", key))
	if again := tr.davide.call(t, 201, "POST", "/c_g315/persons", written, "Idempotency-Key", key); idIn(t, again) != tr.person {
		t.Errorf("a repeated call made another person")
	}
	person := tr.davide.call(t, 200, "GET", "/c_g315/persons/"+tr.person, nil)
	if person["birth_date"] != "1951-07-09" || person["sex"] != "F" || person["birthplace"] != "Pantelleria" {
		t.Errorf("the birth data are %v, %v, %v", person["birth_date"], person["sex"], person["birthplace"])
	}
	delete(written, "contacts")
	if twice := itemsOf(t, tr.davide.call(t, 200, "POST", "/c_g315/persons/duplicates", written)); len(twice) != 1 || idIn(t, twice[0]) != tr.person {
		t.Errorf("possible duplicates are %v", twice)
	}
	tr.relative = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/persons", object{"tax_code": son.Code, "surname": son.Surname, "name": son.Name}))
	tr.household = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/persons/"+tr.person+"/households", object{"kind": "registry", "relation": "head"}))
	tr.davide.call(t, 201, "POST", "/c_g315/households/"+tr.household+"/members", object{"person_id": tr.relative, "relation": "child"})
	tr.contact = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/contacts", object{
		"channel": "in_person", "interlocutor": "user", "reason": "spontaneous", "person_id": tr.person,
		"request": "Richiesta allo sportello: gelsomino", "target": "disability", "outcome": "taking_in_charge",
	}))
	tr.form = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/contacts/"+tr.contact+"/forms", object{"form": "FO-01", "answers": object{}}))
}

// work opens a case and does what a social worker does.
func (tr *trip) work(t *testing.T) {
	opened := tr.davide.call(t, 201, "POST", "/c_g315/case-files", object{
		"person_id": tr.person, "contact_id": tr.contact, "area": "disabili", "summary": "Sintesi della cartella: ginestra",
	})
	tr.caseFile = idIn(t, opened)
	at := "/c_g315/case-files/" + tr.caseFile
	barthel, answers := tr.barthel(t)
	today := time.Now().Format(time.DateOnly)
	result := tr.davide.call(t, 201, "POST", at+"/assessments", object{"instrument": barthel, "done_on": today, "answers": answers, "final": true})
	tr.assessment = idIn(t, result)
	explained := tr.davide.call(t, 200, "GET", at+"/assessments/"+tr.assessment, nil)
	if explained["state"] != "final" || explained["score"] != 95.0 || explained["band"] == nil {
		t.Errorf("the assessment is %v with score %v and band %v", explained["state"], explained["score"], explained["band"])
	}
	tr.draft = idIn(t, tr.davide.call(t, 201, "POST", at+"/assessments", object{"instrument": barthel, "done_on": today, "answers": object{}}))
	note := object{"kind": "nota", "happened_on": today, "body": diaryMarker, "sign": true}
	signed := tr.davide.call(t, 201, "POST", at+"/notes", note)
	if tr.note = idIn(t, signed); signed["signed"] != true {
		t.Error("the note is not signed")
	}
	tr.document = idIn(t, tr.davide.call(t, 201, "POST", at+"/documents", object{
		"file_name": "certificato.txt", "title": "Titolo del documento: cappero", "content": base64.StdEncoding.EncodeToString([]byte("Certificato\n")),
	}))
	if viewings := itemsOf(t, tr.davide.call(t, 200, "GET", at+"/viewings", nil)); len(viewings) < 3 || viewings[0]["actor"] != "Davide Errera" {
		t.Errorf("who opened the case: %v", viewings)
	}
}

// barthel is the key of the Barthel index and answers to it: the first question the
// lowest, all others the highest.
func (tr *trip) barthel(t *testing.T) (string, object) {
	t.Helper()
	for _, instrument := range itemsOf(t, tr.davide.call(t, 200, "GET", "/c_g315/assessment-instruments", nil)) {
		if title, _ := instrument["title"].(string); !strings.Contains(title, "Barthel") {
			continue
		}
		answers := object{}
		for i, q := range instrument["questions"].([]any) {
			question := q.(object)
			if question["visible_when"] != nil {
				continue // asked of those who cannot walk
			}
			options := question["options"].([]any)
			chosen := options[len(options)-1].(object)
			if i == 0 {
				chosen = options[0].(object)
			}
			answers[question["key"].(string)] = chosen["value"]
		}
		if len(answers) != 10 {
			t.Fatalf("the Barthel index has %d questions", len(answers))
		}
		return instrument["key"].(string), answers
	}
	t.Fatal("the Barthel index did not come with the kit")
	return "", nil
}

// draft begins to write an agreement of Pantelleria.
func (v *visitor) draft(t *testing.T, title string) string {
	t.Helper()
	none := []string{}
	return idIn(t, v.call(t, 200, "PUT", "/c_g315/agreement-drafts/"+uuid.Must(uuid.NewV7()).String(), object{
		"title": title, "parties": []object{{"body": mazara, "data_role": "joint_controller"}}, "directions": []object{}, "purposes": none,
		"sections": none, "writable": none, "from": "", "until": "", "act_number": "", "act_day": "",
	}, "If-Match", "0"))
}

// propose proposes an agreement of Pantelleria to Mazara.
func (v *visitor) propose(t *testing.T, title string) string {
	t.Helper()
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	return idIn(t, v.call(t, 201, "POST", "/c_g315/agreements", object{
		"title": title, "purposes": []string{"assessment", "move"}, "sections": []string{"identity", "assessment"},
		"directions": []object{{"from": pantelleria, "to": mazara}}, "from": day(-1), "until": day(300),
		"act": object{"number": "DG 7", "day": day(-20)},
	}))
}

// step takes a step of an agreement, having read what it would do.
func (v *visitor) step(t *testing.T, agreement, step, target string, body object) object {
	t.Helper()
	body["mark"], body["acknowledged"] = v.call(t, 200, "GET", agreement+"/effects?target="+target, nil)["mark"], true
	return v.call(t, 200, "POST", agreement+"/"+step, body)
}

// agree signs an agreement and shares identity and assessment under it, once
// accepted and once only offered.
func (tr *trip) agree(t *testing.T) {
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	tr.agreement = tr.chiara.propose(t, "Accordo: finocchietto")
	tr.pact = tr.chiara.draft(t, "Bozza: ginestra")
	signed := tr.elena.step(t, "/c_f061/agreements/"+tr.agreement, "signature", "active", object{"number": "DD 31", "day": day(-2)})
	if signed["state"] != "active" {
		t.Fatalf("the agreement is %v", signed["state"])
	}
	act := object{"number": "DC 3", "day": day(-4)}
	tr.network = idIn(t, tr.chiara.call(t, 201, "POST", "/c_g315/networks", object{"title": "Rete di prova", "members": []string{mazara}, "act": act}))
	if joined := tr.elena.call(t, 200, "POST", "/c_f061/networks/"+tr.network+"/membership", act); joined["state"] != "active" || joined["lead"] != pantelleria {
		t.Fatalf("the network is %v", joined)
	}
	offer := object{
		"agreement_id": tr.agreement, "receiver": mazara, "purpose": "assessment", "sections": []string{"identity", "assessment"},
		"legal_basis": "public_task", "until": day(20), "reason": tr.reason,
	}
	tr.share = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/case-files/"+tr.caseFile+"/shares", offer))
	preview := tr.elena.send(t, "GET", "/api/v1/c_f061/shares/"+tr.share, nil)
	for _, secret := range []string{rosalia.Surname, rosalia.Code, tr.reason, tr.caseFile, tr.person} {
		if preview.Status != http.StatusOK || strings.Contains(preview.Body, secret) {
			t.Errorf("the preview answers %d and holds %q: %s", preview.Status, secret, preview.Body)
		}
	}
	tr.elena.call(t, 200, "POST", "/c_f061/shares/"+tr.share+"/acceptance", object{})
	tr.offered = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/case-files/"+tr.caseFile+"/shares", offer))
	passing := object{"agreement": tr.agreement, "to": mazara, "legal_basis": "law", "answer_by": day(10), "reason": tr.reason, "kept": true}
	tr.refused = idIn(t, tr.chiara.call(t, 201, "POST", "/c_g315/case-files/"+tr.caseFile+"/handovers", passing))
	tr.elena.call(t, 200, "POST", "/c_f061/handovers/"+tr.refused+"/refusal", object{"reason": "Non abita qui"})
	tr.handover = tr.chiara.move(t, tr.caseFile, tr.reason)
}

// move signs what goes along with the person of a case who moves to Mazara, and offers the handover.
func (v *visitor) move(t *testing.T, caseFile, note string) string {
	t.Helper()
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	at := "/c_g315/case-files/" + caseFile
	manifest := v.call(t, 200, "GET", at+"/move-manifest?to="+mazara+"&day="+day(-3), nil)
	made := v.call(t, 201, "POST", at+"/moves", object{
		"to": mazara, "day": day(-3), "manifest": manifest["manifest"], "answer_by": day(10), "note": note, "kept": true, "protected": true,
	})
	return made["handover"].(string)
}

func TestJourneyThroughTheAPI(t *testing.T) {
	tr := travel(t)
	cases := itemsOf(t, tr.luca.call(t, 200, "GET", "/c_f061/shared-case-files", nil))
	if len(cases) != 1 || cases[0]["surname"] != rosalia.Surname {
		t.Fatalf("Luca sees %v", cases)
	}
	tr.sharedRef = idIn(t, cases[0])
	at := "/c_f061/case-files/" + tr.sharedRef
	header := tr.luca.call(t, 200, "GET", at, nil)
	if header["relation"] != "guest" {
		t.Errorf("Luca sees it as %v", header["relation"])
	}
	if result := tr.luca.call(t, 200, "GET", at+"/assessments/"+tr.assessment, nil); result["score"] != 95.0 {
		t.Errorf("Luca reads the score %v", result["score"])
	}
	for _, closed := range []string{"/notes", "/viewings"} {
		tr.luca.call(t, 404, "GET", at+closed, nil)
	}
	if documents := tr.luca.send(t, "GET", "/api/v1"+at+"/documents", nil); strings.Contains(documents.Body, "cappero") {
		t.Errorf("Luca reads the documents: %s", documents.Body)
	}
	tr.explained(t, at)
	tr.revoked(t, at)
	tr.st.wantCleanLog(t, diaryMarker, rosalia.Surname, son.Surname, "mirto", "gelsomino", "ginestra", "cappero")
}

// explained wants both sides to tell who reads the case, and why.
func (tr *trip) explained(t *testing.T, at string) {
	t.Helper()
	explanation := tr.luca.call(t, 200, "GET", at+"/explanation", nil)
	for _, one := range explanation["sections"].([]any) {
		verdict := one.(object)
		section, allowed := verdict["section"].(string), verdict["allowed"].(bool)
		if want := section == "identity" || section == "assessment"; allowed != want {
			t.Errorf("section %s is allowed: %v", section, allowed)
		}
		if allowed && (verdict["share_id"] != tr.share || verdict["agreement_id"] != tr.agreement) {
			t.Errorf("section %s opens by %v under %v", section, verdict["share_id"], verdict["agreement_id"])
		}
	}
	viewings, _ := json.Marshal(tr.davide.call(t, 200, "GET", "/c_g315/case-files/"+tr.caseFile+"/viewings", nil))
	for _, word := range []string{"Luca Giacalone", "guest", tr.share} {
		if !strings.Contains(string(viewings), word) {
			t.Errorf("the owner's register does not tell %q", word)
		}
	}
}

// revoked wants nothing to be left at the next request after a revocation.
func (tr *trip) revoked(t *testing.T, at string) {
	t.Helper()
	tr.davide.call(t, 200, "POST", "/c_g315/case-files/"+tr.caseFile+"/shares/"+tr.share+"/revocation", object{"reason": "La valutazione è finita"})
	for _, part := range []string{"", "/assessments", "/assessments/" + tr.assessment, "/explanation"} {
		tr.luca.call(t, 404, "GET", at+part, nil)
	}
	if cases := itemsOf(t, tr.luca.call(t, 200, "GET", "/c_f061/shared-case-files", nil)); len(cases) != 0 {
		t.Errorf("Luca still sees %v", cases)
	}
}
