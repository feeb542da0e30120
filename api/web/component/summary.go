package component

import "time"

// Summary shows answers or facts as pairs of label and value. Template "summary-list".
type Summary struct {
	Title  string
	Change *Link // changes the whole list
	Rows   []SummaryRow
}

// SummaryRow is one fact. Without a value it says "Non indicato".
type SummaryRow struct {
	Label  string
	Values []string // one paragraph each; none means not given
	Tag    *Tag
	Date   time.Time // shown as a day when not zero
	Error  string    // why the answer cannot be accepted
	Change *Link     // "Modifica" with the hidden rest of its name
	Lang   string    // of the values, when it is not the language of the page: text of a body stays "it"
}

// Identity is the bar that says whose record is open. Template "identity-bar"; it stays in view on large screens.
type Identity struct {
	Label   string // name of the region: "Persona"
	Name    string
	Facts   []Fact
	Tags    []Tag
	Notice  string // one line: "Accesso tracciato"
	Link    *Link  // "Perché posso vederla?"
	Actions []Button
}

// Fact is a label with its value on one line.
type Fact struct {
	Label string
	Value string
}

// Timeline shows what happened, newest first; what is still to do belongs to a task list. Template "timeline".
type Timeline struct {
	Label  string // name of the region: "Diario"
	Events []Event
	Empty  Empty // shown when there are no events
	Pager  *Pager
}

// Event is one thing that happened.
type Event struct {
	Title string
	At    time.Time // none for what was there from the start
	Day   bool      // only the day of At is known
	By    string
	Text  []string // paragraphs
	Tags  []Tag
	Link  *Link
	Lang  string // of Title and Text when it is not the language of the page
}
