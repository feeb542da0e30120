package main

import (
	"net/http"
	"os"
	"testing"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/internal/language"
)

// TestOnboard brings in bodies of a list whose third line is wrong, puts it right, and brings in the rest.
func TestOnboard(t *testing.T) {
	st := alone(t)
	term, out := at(t, language.Italian)
	file := folder(t)("enti.csv")
	write := func(text string) { mustDo(t, os.WriteFile(file, []byte(text), 0o600)) }
	run := func(c terminal.Onboard) error { return st.asPlatform(t.Context(), term, c.Do) }
	bodies := func() int { return query[int](t, st, `select count(*) from platform.tenants`) }
	before := bodies()

	write("istat;stato\n081014;in prova\n99999;\n081021;attivo\n")
	wantError(t, run(terminal.Onboard{Register: file, DryRun: true}), "alcune righe sono state rifiutate")
	wantWords(t, out, "riga 3 (99999): non c’è un Comune con il codice ISTAT «99999»", "Si creerebbero 2 enti", "Righe rifiutate: 1", "Non è stato fatto niente")
	if bodies() != before {
		t.Error("a dry run made bodies")
	}
	wantError(t, run(terminal.Onboard{Register: file}), "alcune righe sono state rifiutate")
	wantWords(t, out, "riga 3 (99999)", "Enti creati: 2. Già presenti, lasciati come sono: 0.")
	write("istat;stato\n081014;in prova\n081013;\n081021;attivo\n")
	mustDo(t, run(terminal.Onboard{Register: file}))
	wantWords(t, out, "Enti creati: 1. Già presenti, lasciati come sono: 2. Ruoli dati: 0. Righe rifiutate: 0.")

	// at once and without a restart, the live one is there for everybody, the one on trial for its own people, and no other
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for slug, want := range map[string]int{"c_g315": http.StatusSeeOther, "c_l331": http.StatusOK, "c_i407": http.StatusNotFound} {
		answer, err := client.Get(st.URL + "/" + slug + "/servizi")
		mustDo(t, err)
		_ = answer.Body.Close() // read for its status
		if answer.StatusCode != want {
			t.Errorf("/%s/servizi answers %d", slug, answer.StatusCode)
		}
	}
	wantError(t, run(terminal.Onboard{Region: "Atlantide"}), "Non c’è una regione «Atlantide»")
	term.Language = language.English
	write("istat,colour\n")
	wantError(t, run(terminal.Onboard{Register: file}), "The column “colour” is not known")
}
