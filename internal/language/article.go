package language

import (
	"regexp"
	"slices"
	"strings"
)

// kinds are the first words of how bodies are called, by the article that they take: "il Comune", "la Provincia", "l’Unione".
var kinds = map[string][]string{
	"il": {"Comune", "Consorzio", "Libero Consorzio", "Distretto", "Municipio", "Servizio", "Dipartimento"},
	"la": {"Provincia", "Comunità", "Città", "Regione", "Società", "Rete", "Fondazione", "Cooperativa"},
	"l’": {"Unione", "Azienda", "Ambito", "Ufficio", "Ente", "Associazione", "Istituto", "Agenzia"},
}

// joined are prepositions with each article.
var joined = map[string]map[string]string{
	"di": {"il": "del ", "la": "della ", "l’": "dell’"},
	"a":  {"il": "al ", "la": "alla ", "l’": "all’"},
	"da": {"il": "dal ", "la": "dalla ", "l’": "dall’"},
	"in": {"il": "nel ", "la": "nella ", "l’": "nell’"},
	"su": {"il": "sul ", "la": "sulla ", "l’": "sull’"},
}

// articleOf is the article of the name of a body; "" where it is not known, as of persons.
func articleOf(name string) string {
	for article, words := range kinds {
		if slices.ContainsFunc(words, func(kind string) bool { return strings.HasPrefix(name, kind+" ") }) {
			return article
		}
	}
	return ""
}

// articled joins the prepositions before names of bodies with the article that an Italian reader expects: "la cartella di
// {{.body}}" reads "la cartella del Comune di Marsala", and "di Anna Rossi" stays.
func articled(text string, args map[string]any) string {
	for _, arg := range args {
		name, ok := arg.(string)
		article := articleOf(name)
		if !ok || article == "" {
			continue
		}
		before := regexp.MustCompile(`(^|[^\p{L}\p{N}])([dD]i|[aA]|[dD]a|[iI]n|[sS]u) ` + regexp.QuoteMeta(name))
		text = before.ReplaceAllStringFunc(text, func(found string) string {
			part := before.FindStringSubmatch(found)
			word := joined[strings.ToLower(part[2])][article]
			if part[2][0] < 'a' {
				word = strings.ToUpper(word[:1]) + word[1:]
			}
			return part[1] + word + name
		})
	}
	return text
}
