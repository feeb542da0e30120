package practice_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/policies"
	"staffetta/tenants"
)

// described is the role of educator with a description.
func described(text string, sections ...string) kit.Source {
	return source(kit.KindRole, "RU-01", map[string]any{
		"description": map[string]string{"it": text}, "assigned": map[string]any{"may": []string{"open"}, "reads": sections},
	})
}

// Who has read what their kept answer does, and answers otherwise, reads again: by the service, and on the page, which tells that
// only who looks after the rules can apply a role.
func TestOtherAnswersAreReadAgain(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.Operator(t, st.taker, policies.ItemRole("RU-01"))
	p := st.install(t, described("Chi segue", "diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.taking, described("Chi segue da noi", "diary"))
	st.edit(t, st.giving, described("Chi accompagna", "diary", "health"))
	st.publish(t, p, "1.1.0")
	ours := map[string]upgrade.Decision{"role/RU-01": {Answer: upgrade.KeepOurs, Reason: "Ci basta il diario"}}
	_, err = st.upgrades.Keep(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: ours})
	fatal(t, err)
	plan := st.plan(t, a)
	if len(plan.Sights) > 0 || plan.Seen() {
		t.Fatalf("who keeps their own changes what is seen: %+v", plan.Sights)
	}
	taken := upgrade.Choice{Seen: plan.Digest(), Acknowledged: true, Decisions: map[string]upgrade.Decision{"role/RU-01": {Answer: upgrade.TakeKit}}}
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, taken)
	if !problem.Is(err, problem.Invalid) || problem.Of(err).Fields[0].Name != modules.ConsentField {
		t.Fatalf("what nobody has read is written: %v", err)
	}
	_, err = st.upgrades.Keep(t.Context(), st.taking, a.ID, upgrade.Choice{Decisions: ours}) // what was refused is kept, and would be read now
	fatal(t, err)
	taker := newSite(t, st).as(t, st.taking)
	at := "/adozioni/" + a.ID.String()
	page := taker.visit(t, at+"/prova", nil).want(t, 200)
	before := st.state(t)
	page = taker.visit(t, at+"/applica", page.fill("answer.role/RU-01", "kit", "visto", "si")).want(t, 422, "leggi di nuovo", policies.SectionLabel("health").It, "Il kit porta ruoli (RU-01 Voce RU-01)")
	if st.state(t) != before {
		t.Error("the page writes what nobody has read")
	}
	taker.visit(t, at+"/applica", page.fill("answer.role/RU-01", "kit", "visto", "si")).want(t, 303)
	if after := st.plan(t, a); after.Changes() != 0 || after.Barred {
		t.Errorf("applied, there is still %+v", after.Lines)
	}
}

// What the body gave up and takes from the kit after all is shown before, as what it would be.
func TestWhatIsTakenAfterAllIsShown(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	template := func(sections ...string) kit.Source {
		return source(kit.KindRole, "RU-01", map[string]any{"description": map[string]string{"it": "Chi"}, "assigned": map[string]any{"may": []string{"open"}, "reads": sections}})
	}
	p := st.install(t, template("diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	item, err := st.items.Item(t.Context(), st.taking, kit.KindRole, "RU-01")
	fatal(t, err)
	fatal(t, st.items.Retire(t.Context(), st.taking, kit.Step{Kind: item.Kind, Key: item.Key, Revision: item.Revision, Reason: "Non serve più"}))
	st.Operator(t, st.taker, policies.ItemRole("RU-01")) // whoever holds it by mistake sees it come back
	st.edit(t, st.giving, template("diary", "health"))
	st.publish(t, p, "1.1.0")
	plan := st.plan(t, a)
	if len(plan.Sights) != 1 || !plan.Sights[0].Unasked || plan.Seen() {
		t.Fatalf("the plan shows %+v", plan.Sights)
	}
	take := upgrade.Choice{Seen: plan.Digest(), Decisions: map[string]upgrade.Decision{"role/RU-01": {Answer: upgrade.TakeKit}}}
	if _, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, take); !problem.Is(err, problem.Invalid) {
		t.Errorf("taken after all without an acknowledgement: %v", err)
	}
	take.Acknowledged = true
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, take)
	fatal(t, err)
}

// changedRole is a role that the taker has from a kit, with a newer one by which somebody who holds it from a later day on sees more too.
func (st *stage) changedRole(t *testing.T) adoption.Adoption {
	t.Helper()
	p := st.install(t, described("Chi segue", "diary"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.Operator(t, st.taker, policies.ItemRole("RU-01"))
	later := st.Operator(t, st.taker, policies.ItemRole("RU-01"))
	_, err = st.Owner.Exec(t.Context(), `update platform.memberships set valid_from = '2126-03-01' where account_id = $1`, later.Account)
	fatal(t, err)
	st.edit(t, st.giving, described("Chi segue", "diary", "health"))
	st.publish(t, p, "1.1.0")
	return a
}

// Who sends no digest acknowledges nothing: the refusal tells who gains and who loses, with the digest to send back. So forward and back.
func TestNobodyAcknowledgesWhatTheyDoNotName(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.changedRole(t)
	taker := newSite(t, st).api(t, st.taking)
	before := st.state(t)
	at := "/adoptions/" + a.ID.String()
	digest := taker.unread(t, at+"/apply")
	if st.state(t) != before {
		t.Error("refused, something is written")
	}
	if got := taker.post(t, at+"/apply", map[string]any{"digest": digest}); got.Code != 422 {
		t.Errorf("not acknowledged: %d %s", got.Code, got.Body)
	}
	if got := taker.post(t, at+"/apply", map[string]any{"digest": digest, "acknowledged": true}); got.Code != 200 {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	runs, err := st.upgrades.Runs(t.Context(), st.taking, a.ID)
	fatal(t, err)
	undo := at + "/applications/" + runs[0].ID.String() + "/undo"
	digest = taker.unread(t, undo)
	if got := taker.post(t, undo, map[string]any{"digest": digest, "acknowledged": true}); got.Code != 200 {
		t.Errorf("back: %d %s", got.Code, got.Body)
	}
}

// apiCaller sends requests to the API of a body as somebody.
type apiCaller struct {
	host   http.Handler
	prefix string
	cookie *http.Cookie
}

func (si *site) api(t *testing.T, s tenants.Scope) apiCaller {
	t.Helper()
	return apiCaller{si.API(t), "/api/v1/" + s.Slug, si.SignIn(t, s)}
}

func (c apiCaller) post(t *testing.T, path string, body any) *httptest.ResponseRecorder {
	t.Helper()
	raw, err := json.Marshal(body)
	fatal(t, err)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, c.prefix+path, bytes.NewReader(raw))
	r.AddCookie(c.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	c.host.ServeHTTP(w, r)
	return w
}

// unread wants a refusal of what is acknowledged without a digest, which tells of one person today and one later, and returns its digest.
func (c apiCaller) unread(t *testing.T, path string) string {
	t.Helper()
	got := c.post(t, path, map[string]any{"acknowledged": true})
	var told struct {
		Errors      []struct{ Field string }
		Acknowledge struct {
			Digest string
			Sights []struct {
				Item, From string
				Cases      int
			} `json:"gains_and_losses"`
		}
	}
	fatal(t, json.Unmarshal(got.Body.Bytes(), &told))
	if got.Code != 422 || len(told.Errors) != 1 || told.Errors[0].Field != "digest" || len(told.Acknowledge.Digest) != 64 {
		t.Fatalf("%s: %d %s", path, got.Code, got.Body)
	}
	days := []string{}
	for _, one := range told.Acknowledge.Sights {
		days = append(days, fmt.Sprintf("%s %d %s", one.Item, one.Cases, one.From))
	}
	if d := cmp.Diff([]string{"role/RU-01 1 ", "role/RU-01 1 2126-03-01"}, days); d != "" {
		t.Errorf("who gains or loses (-want +got):\n%s", d)
	}
	return told.Acknowledge.Digest
}

// Whose role begins later stands on the page of the dry run, and in its file, with the day.
func TestWhoBeginsLaterIsShownWithTheDay(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	a := st.changedRole(t)
	taker, at := newSite(t, st).as(t, st.taking), "/adozioni/"+a.ID.String()+"/prova"
	for _, path := range []string{at, at + "/file"} {
		taker.visit(t, path, nil).want(t, 200, "Dal 01/03/2126, quando inizia il suo ruolo")
	}
}

// older is the same stage in the time before titles of roles were looked at.
func (st *stage) older(t *testing.T) *stage {
	t.Helper()
	before := *st
	list := manifests()
	for i := range list {
		for j := range list[i].Kinds {
			list[i].Kinds[j].Entitle = nil
		}
	}
	kinds, err := modules.NewKinds(list)
	fatal(t, err)
	before.deps.Platform.Kinds = kinds
	before.releases, before.upgrades, before.items = release.NewService(before.deps), upgrade.NewService(before.deps), kit.NewItems(before.deps)
	return &before
}

// A kit that is older than the rule on titles of roles is refused with the item, why, and what to do; whoever has a role of their own by
// that key keeps it and applies the rest; and what a body has had under such a title from before goes on.
func TestAKitWithARoleOfTheProgramsNameIsRefusedInWords(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	old := st.older(t)
	called := described("Chi coordina", "diary")
	called.Title.IT = policies.RoleLabel("coordinator").It
	p := old.install(t, called, question("QU-01", "A chi?"))
	old.publish(t, p, "1.0.0")
	a := st.start(t, p)
	before := st.state(t)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	if !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "practice.error.misnamed" || st.state(t) != before {
		t.Fatalf("applied: %v", err)
	}
	taker, at := newSite(t, st).as(t, st.taking), "/adozioni/"+a.ID.String()
	taker.visit(t, at+"/prova", nil).want(t, 200, "RU-01 nel kit si chiama", called.Title.IT, "Chiedi all’ente che lo ha pubblicato un nuovo rilascio")
	_, err = old.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{}) // as it was applied then
	fatal(t, err)
	called.Content = described("Chi coordina e segue", "diary").Content
	old.edit(t, st.giving, called)
	old.publish(t, p, "1.1.0")
	run, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	_, err = st.upgrades.Undo(t.Context(), st.taking, a.ID, upgrade.Back{Run: run.ID})
	fatal(t, err)
}

// A role of a kit that is called like one that the body has under another key is told by the dry run, and nothing is applied.
func TestAKitWithATwinOfTheBodysRoleIsTold(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, described("Chi segue", "diary"), question("QU-01", "A chi?"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	own := described("Chi segue da noi", "diary")
	own.Key, own.Title.IT = "RU-09", strings.ToUpper(own.Title.IT)+"."
	st.edit(t, st.taking, own)
	before := st.state(t)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	if !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "practice.error.misnamed" || st.state(t) != before {
		t.Fatalf("applied: %v", err)
	}
	own.Title.IT = "Chi da noi segue"
	st.edit(t, st.taking, own)
	plan, err := st.upgrades.Plan(t.Context(), st.taking, a.ID, uuid.Nil)
	fatal(t, err)
	_, err = st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{Seen: plan.Digest(), Acknowledged: true})
	fatal(t, err)
}

func TestAMisnamedRoleStaysTheBodysOwn(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	old := st.older(t)
	p := st.install(t, described("Chi segue", "diary"), question("QU-01", "A chi?"))
	st.publish(t, p, "1.0.0")
	a := st.start(t, p)
	_, err := st.upgrades.Apply(t.Context(), st.taking, a.ID, upgrade.Choice{})
	fatal(t, err)
	st.edit(t, st.taking, described("Chi segue da noi", "diary"))
	called := described("Chi coordina", "diary")
	called.Title.IT = policies.RoleLabel("coordinator").It
	old.edit(t, st.giving, called)
	old.publish(t, p, "1.1.0")
	taker, at := newSite(t, st).as(t, st.taking), "/adozioni/"+a.ID.String()
	page := taker.visit(t, at+"/prova", nil).want(t, 200, "Puoi applicare il resto e tenere il vostro")
	page = taker.visit(t, at+"/applica", page.fill("answer.role/RU-01", "kit")).want(t, 422, "non si può prendere dal kit")
	taker.visit(t, at+"/applica", page.fill("answer.role/RU-01", "ours", "reason.role/RU-01", "Il titolo")).want(t, 303)
}
