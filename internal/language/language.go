// Package language holds the two languages of Staffetta: bilingual texts written
// in code and the message catalogues that modules ship as it.json and en.json.
// It must not know what any message is about.
package language

// Languages that every text and catalogue must carry, the default first.
const (
	Italian = "it"
	English = "en"
)

// Text is a short text that code declares in both languages, such as the title
// of a module or the label of a permission.
type Text struct {
	It string `json:"it"`
	En string `json:"en,omitempty"`
}

// In returns the text in the language, Italian when the other is missing.
func (t Text) In(lang string) string {
	if lang == English && t.En != "" {
		return t.En
	}
	return t.It
}

// Message names an entry of a catalogue together with the values it shows.
// Args must be safe to show to whoever sees the message.
type Message struct {
	Key  string
	Args map[string]any
}

// M builds a message from a key and pairs of name and value.
func M(key string, pairs ...any) Message {
	m := Message{Key: key}
	if len(pairs) > 1 {
		m.Args = make(map[string]any, len(pairs)/2)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		m.Args[name] = pairs[i+1]
	}
	return m
}

// IsZero tells whether the message names nothing.
func (m Message) IsZero() bool { return m.Key == "" }
