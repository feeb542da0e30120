package component

// Tone is the colour family of a tag, an alert or a button. Colour never says anything that words do not.
type Tone string

// The tones. The zero value is Neutral.
const (
	Neutral Tone = ""
	Info    Tone = "info"
	Success Tone = "success"
	Warning Tone = "warning"
	Danger  Tone = "danger"
)

// Alert is a message on the page. Template "alert"; the layout shows Shell.Flash with the same look and role status.
type Alert struct {
	Tone  Tone
	Title string
	Text  string
	Link  *Link
}

// Tag is a short state or quality. Template "tag".
type Tag struct {
	Label string
	Tone  Tone
}

// Link is an address with its words.
type Link struct {
	Label  string
	Hidden string // rest of the name for those who hear it alone: "la cartella di Rosa Bianco"
	URL    string
}

// Empty stands where nothing is to show: what would be here, why it is not, one thing to do. Template "empty".
type Empty struct {
	Title  string
	Text   string
	Action *Link
}
