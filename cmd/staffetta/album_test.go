package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// album keeps the markup of pages that a browser is to look at.
type album struct {
	dir    string          // of the markup
	seen   map[string]bool // routes
	shapes map[string]bool
}

// keep keeps the markup of a page and tells whether there was none like it: of its
// route, or of its shape, as an empty list and a refused form have other shapes.
func (a album) keep(t *testing.T, c called, markup string) bool {
	t.Helper()
	fresh := !a.seen[c.String()] || !a.shapes[shape(markup)]
	a.seen[c.String()], a.shapes[shape(markup)] = true, true
	file, err := os.CreateTemp(a.dir, "page-*.html")
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.WriteString(markup)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

var (
	mainPart  = regexp.MustCompile(`(?s)<main.*</main>`)
	startTag  = regexp.MustCompile(`<([a-z][a-z0-9]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*/?>`)
	attribute = regexp.MustCompile(`([^\s=>"]+)(?:="([^"]*)")?`)
)

// shape is which elements the main part of a page consists of, whatever their number,
// their words and where they lead.
func shape(markup string) string {
	elements := map[string]bool{}
	for _, tag := range startTag.FindAllStringSubmatch(mainPart.FindString(markup), -1) {
		element := tag[1]
		for _, a := range attribute.FindAllStringSubmatch(tag[2], -1) {
			element += " " + a[1]
			if a[1] == "class" || a[1] == "role" || a[1] == "type" {
				element += "=" + a[2]
			}
		}
		elements[element] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(elements)), "\n")
}

func TestShape(t *testing.T) {
	full := `<header><p></header><main id="a"><ul class="x"><li><a href="/1">Uno</a><li><a href="/2">Due</a></ul></main>`
	for name, c := range map[string]struct {
		markup string
		same   bool
	}{
		"other words, number and header": {`<main id="b"><ul class="x"><li><a href="/3">Tre</a></ul></main>`, true},
		"an empty list":                  {`<main id="a"><p class="vuoto">Nulla</p></main>`, false},
		"another class":                  {strings.Replace(full, `"x"`, `"y"`, 1), false},
		"another attribute":              {strings.Replace(full, `<a href`, `<a aria-current="page" href`, 1), false},
	} {
		if (shape(c.markup) == shape(full)) != c.same {
			t.Errorf("%s: the shapes are %q and %q", name, shape(c.markup), shape(full))
		}
	}
}

// neverRefuses names the forms that are not sent unfinished: nothing in them can be
// missing, so that they would be done, or none of the lookers meets them in a state in
// which they can be sent. Their modules test how they refuse.
func neverRefuses(c called) bool {
	switch c.pattern {
	case "/adozioni", "/aiuto/suggerimenti", "/codice-di-condotta", "/guida", "/adozioni/{id}/novita", "/attivazione/mie", "/attivazione/{entry}/codice", "/attivazione/{entry}/esame", "/campagne", "/console/indirizzo-web/controlla", "/console/pubblicazione", "/console/richieste/{request}/persona", "/console/richieste/{request}/prendi", "/console/privacy/dati/{part}", "/console/privacy/documenti/{document}", "/console/privacy/documenti/{document}/parere", "/console/privacy/documenti/{document}/ritiro", "/campagne/{campaign}/passo", "/proposte/{proposal}/invia", "/proposte/{proposal}/letta", "/fabbisogni/{need}/pubblica", "/cartelle/{case}/diario/bozza", "/cartelle/{case}/equipe/togli", "/cartelle/{case}/stato",
		"/cartelle/{case}/valutazioni/bozza", "/cartelle/{case}/valutazioni/{assessment}", "/piattaforma/avviso/conferma/{token}", "/piattaforma/invito/{token}", "/piattaforma/gettoni", "/rete/accordi/{id}/stato/{step}", "/rete/reti/{id}/capofila",
		"/area-personale/accessi/{event}/contesta", "/cartelle/{case}/differimento/{exemption}/fine", "/console/equipe/{team}/persone/{place}/fine", "/cartelle/{case}/passaggio", "/cartelle/{case}/cambio-residenza", "/passaggi/{id}/elenco",
		"/console/registro/contestazioni/{contest}", "/console/ruoli/storia/{change}/ripristina", "/console/ruoli/storia/{change}/controllata", "/console/ruoli/{role}", "/kit/{kind}/{key}/prova", "/kit/{kind}/{key}/versioni/{number}",
		"/scrivania/letti", "/sportello/{id}/moduli/bozza", "/sportello/{id}/proposta", "/sportello/{id}/esito", "/sportello/{id}/persona", "/sportello/{id}/vista":
		return true
	}
	for _, end := range []string{"/accetta", "/analisi", "/apri", "/avanza", "/applica", "/attiva", "/chiudi", "/conferma", "/continua", "/esci", "/ferma", "/firma", "/gettoni/{id}/revoca", "/motiva", "/motivazione", "/recesso", "/responsabile", "/rifiuta", "/rimuovi", "/rinnovo", "/rinvia", "/risposta", "/rinuncia", "/ritira", "/ritorno", "/scarta", "/sollecita", "/togli"} {
		if strings.HasSuffix(c.pattern, end) {
			return true
		}
	}
	return false
}
