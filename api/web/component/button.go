package component

// Emphasis is the weight of a button. One Primary per page.
type Emphasis string

// The emphases. The zero value is Secondary.
const (
	Secondary Emphasis = ""
	Primary   Emphasis = "primary"
	Grave     Emphasis = "grave" // does something that cannot be undone
	Plain     Emphasis = "plain" // looks like a link
)

// Button submits the form around it, or leads somewhere when it has a URL. Template "button".
type Button struct {
	Label    string
	Hidden   string // rest of the name for those who hear it alone
	Name     string
	Value    string
	URL      string
	Emphasis Emphasis
	Shortcut string // keys that activate it: "n"
}

// ButtonRow puts buttons side by side; they wrap on narrow screens. Template "button-row".
type ButtonRow struct {
	Buttons []Button
}

// Hidden is a value a form carries without showing it.
type Hidden struct {
	Name  string
	Value string
}

// Confirm is the page before a grave act: what will happen, what cannot be undone, one button and a way back.
// Template "confirm". It is a page, so it works without scripts.
type Confirm struct {
	Title        string
	Text         []string
	Consequences []string // what will happen, one line each
	Errors       ErrorSummary
	Fields       []Field // a reason, a confirmation
	Hidden       []Hidden
	Action       string // POST target
	Button       Button
	CancelURL    string
}
