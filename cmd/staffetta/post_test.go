package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Somebody chooses to be told by e-mail, opens the link in the letter, which a demo shows, and comes from a letter to the desk.
func TestNoticesByMailThroughTheProgram(t *testing.T) {
	st := asked(t)
	somebody := st.extra(t, mazara, "Postino", "social_worker")
	v, calls := st.signIn(t, somebody), st.token(t, somebody)
	const email = "postino@comune.example"
	before := calls.call(t, 200, "GET", "/"+mazara+"/own-mail-address", nil)
	if before["email"] != "" || before["rhythm"] != "at_once" || before["urgent"] != false {
		t.Fatalf("before: %v", before)
	}
	answer := v.post(t, "/"+mazara+"/posta", url.Values{"email": {email}, "quando": {"daily"}, "versione": {"0"}})
	if answer.Status != http.StatusSeeOther {
		t.Fatalf("the address was not taken: %d\n%s", answer.Status, answer.Body)
	}
	if page := v.get(t, "/"+mazara+"/posta"); !strings.Contains(page.Body, "Abbiamo scritto a "+email) {
		t.Errorf("the page does not say what to do:\n%s", page.Body)
	}
	guest := st.guest()
	letter, token := st.letterTo(t, email)
	for _, missing := range []string{"conferma/" + token + "x", "conferma/x", "01890000-0000-7000-8000-000000000000", "x"} {
		if answer := guest.get(t, "/piattaforma/avviso/"+missing); answer.Status != http.StatusNotFound {
			t.Errorf("%s answers %d", missing, answer.Status)
		}
	}
	link := "/piattaforma/avviso/conferma/" + token
	if page := guest.get(t, link); page.Status != http.StatusOK || !strings.Contains(page.Body, "Conferma l&#39;indirizzo") {
		t.Errorf("the link answers %d\n%s", page.Status, page.Body)
	}
	if now := calls.call(t, 200, "GET", "/"+mazara+"/own-mail-address", nil); now["pending"] != email {
		t.Errorf("to look at the link is enough: %v", now)
	}
	if page := guest.post(t, link, url.Values{}); page.Status != http.StatusOK || !strings.Contains(page.Body, "Indirizzo confermato") {
		t.Errorf("the link confirms with %d\n%s", page.Status, page.Body)
	}
	if page := guest.post(t, link, url.Values{}); page.Status != http.StatusNotFound {
		t.Errorf("the link holds twice: %d", page.Status)
	}
	now := calls.call(t, 200, "GET", "/"+mazara+"/own-mail-address", nil)
	if now["email"] != email || now["pending"] != "" || now["rhythm"] != "daily" {
		t.Errorf("after: %v", now)
	}
	if to := guest.get(t, "/piattaforma/avviso/"+letter); to.Status != http.StatusSeeOther || to.Header.Get("Location") != "/"+mazara+"/scrivania" {
		t.Errorf("a letter leads to %d %q", to.Status, to.Header.Get("Location"))
	}
	calls.call(t, 409, "PUT", "/"+mazara+"/own-mail-address", object{"email": "", "rhythm": "never"}, "If-Match", "0")
	calls.call(t, 422, "PUT", "/"+mazara+"/own-mail-address", object{"email": "no", "rhythm": "never"}, "If-Match", "2")
	if gone := calls.call(t, 200, "PUT", "/"+mazara+"/own-mail-address", object{"email": "", "rhythm": "never"}, "If-Match", "2"); gone["email"] != "" {
		t.Errorf("removed, but %v", gone)
	}
	st.wantCleanLog(t, "comune.example", token)
}

// letterTo is the newest letter to an address in the outbox of the demo, and the token in its link.
func (st *stage) letterTo(t *testing.T, email string) (letter, token string) {
	t.Helper()
	page := st.guest().get(t, "/piattaforma/posta")
	_, rest, found := strings.Cut(page.Body, email)
	if !found {
		t.Fatalf("the outbox shows no letter to %s:\n%s", email, page.Body)
	}
	_, rest, _ = strings.Cut(rest, "/avviso/conferma/")
	token, _, _ = strings.Cut(rest, `"`)
	return query[string](t, st, `select m.id::text from platform.mails m order by m.created_at desc limit 1`), token
}
