package kit

// Text is a wording for people: Italian always, English where somebody wrote it.
type Text struct {
	IT string `json:"it"`
	EN string `json:"en,omitempty"`
}

// In returns the wording in the language asked for ("it" or "en"), Italian when it has not been translated.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.IT
}
