package casefile_test

import (
	"net/url"
	"strings"
	"testing"

	"staffetta/internal/problem"
)

// signs goes from the form over the review, which must show the words, to the signed note.
func (v *visitor) signs(t *testing.T, at string, form url.Values, words ...string) answer {
	t.Helper()
	form.Set("azione", "controlla")
	review := v.post(t, at, form).want(t, 303)
	return v.post(t, review.to, v.get(t, review.to).want(t, 200, words...).fill()).want(t, 303)
}

func TestReviewBeforeSigning(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st)
	v := si.visitor(t, st.worker)
	at, day := "/cartelle/"+st.ref+"/diario", today().Format("2006-01-02")
	form := v.get(t, at+"/nuova").want(t, 200, `value="controlla"`).lacks(t, "Firma e blocca").
		fill("tipo", "colloquio", "data", day, "testo", "Riga uno\r\n"+rude, "visibilita", "private", "azione", "controlla")
	to := v.post(t, at, form).want(t, 303).to
	want(t, "drafts kept", 1, ask[int](t, st, `select count(*) from casefile.notes where signed_at is null`))
	note := strings.TrimSuffix(to, "/firma")
	review := v.get(t, to).want(t, 200, "<h1>Controlla e firma</h1>", "<h2>Colloquio</h2>", "<p lang=\"it\">Riga uno</p>", rude, "Chi la legge: Solo io", "non si potrà più modificare",
		`href="/pantelleria`+note+`">Torna a modificare`).lacks(t, "<textarea")
	want(t, "primary buttons", 1, strings.Count(review.main(), "btn-primary"))
	v.get(t, note).want(t, 200, "Riga uno", "<textarea")

	// what the review showed is what is signed: a draft that changed since is shown again
	draft := v.get(t, note).fill("tipo", "nota", "data", day, "testo", "Riga due", "visibilita", "public", "azione", "bozza")
	v.post(t, at, draft).want(t, 303)
	changed := v.post(t, to, review.fill()).want(t, 409, "La bozza è cambiata nel frattempo", "Riga due").lacks(t, "Riga uno")
	colleague := st.as(t, "social_worker")
	st.onTeam(t, colleague)
	si.visitor(t, colleague).get(t, to).want(t, 404)
	si.visitor(t, colleague).post(t, to, changed.fill()).want(t, 404)
	caused := st.events(t, func() {
		for range 2 { // the second submit changes nothing
			want(t, "signed at", note, v.post(t, to, changed.fill()).want(t, 303).to)
		}
	})
	want(t, "signings in the audit", 1, caused["note.sign"])
	want(t, "review of a signed note leads to", note, v.get(t, to).want(t, 303).to)
	v.get(t, note).want(t, 200, "Riga due", "il testo è bloccato")
	want(t, "a colleague who signs it is led to", note, si.visitor(t, colleague).post(t, to, changed.fill()).want(t, 303).to)
	want(t, "author", st.worker.Account.String(), ask[string](t, st, `select author_account::text from casefile.notes`))
}

func TestAnEmptyNoteIsNotReviewed(t *testing.T) {
	st := newStage(t)
	v := newSite(t, st).visitor(t, st.worker)
	at, day := "/cartelle/"+st.ref+"/diario", today().Format("2006-01-02")
	to := v.post(t, at, v.get(t, at+"/nuova").fill("tipo", "colloquio", "data", day, "testo", " ", "visibilita", "private", "azione", "controlla")).want(t, 303).to
	v.get(t, to).want(t, 422, "Errore:", `href="#testo"`, `value="colloquio" selected`, `value="private" checked`)
	v.post(t, to, url.Values{"version": {"1"}}).want(t, 422, `href="#testo"`)
	v.get(t, at+"/"+newID(t).String()+"/firma").want(t, 404)
	v.post(t, at+"/x/firma", url.Values{}).want(t, 404)
	_, err := st.cases.SignNote(t.Context(), st.worker, st.ref, newID(t), 1)
	wantKind(t, err, problem.NotFound)
}
