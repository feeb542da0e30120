package language

import "testing"

func TestPrepositionsTakeTheArticleOfABody(t *testing.T) {
	for _, c := range []struct{ text, name, want string }{
		{"la cartella di Comune di Marsala", "Comune di Marsala", "la cartella del Comune di Marsala"},
		{"Tocca a Unione dei Comuni", "Unione dei Comuni", "Tocca all’Unione dei Comuni"},
		{"passa da Comune di Marsala al tuo ente", "Comune di Marsala", "passa dal Comune di Marsala al tuo ente"},
		{"Entra in Provincia di Trapani", "Provincia di Trapani", "Entra nella Provincia di Trapani"},
		{"Di Azienda sanitaria", "Azienda sanitaria", "Dell’Azienda sanitaria"},
		{"Comune di Marsala", "Comune di Marsala", "Comune di Marsala"},
		{"Ruoli di Anna Rossi", "Anna Rossi", "Ruoli di Anna Rossi"},
		{"Ruoli di Libero Grassi", "Libero Grassi", "Ruoli di Libero Grassi"},
		{"passa a Libero Consorzio di Trapani", "Libero Consorzio di Trapani", "passa al Libero Consorzio di Trapani"},
		{"Sollecita Comune di Marsala", "Comune di Marsala", "Sollecita Comune di Marsala"},
		{"quindi Comune di Marsala", "Comune di Marsala", "quindi Comune di Marsala"},
	} {
		if got := articled(c.text, map[string]any{"body": c.name, "n": 1}); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
}
