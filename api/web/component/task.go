package component

import "strconv"

// TaskState is how far a task or a step is.
type TaskState string

// The states of a task. The zero value is ToDo.
const (
	ToDo    TaskState = ""
	Doing   TaskState = "doing"
	Done    TaskState = "done"
	Locked  TaskState = "locked"  // waits for another task, has no link
	Waiting TaskState = "waiting" // somebody else has to do it
	Problem TaskState = "problem" // something is wrong and must be corrected
	Needed  TaskState = "needed"  // nothing goes on without it
	Advised TaskState = "advised" // worth doing, and nothing waits for it
	// Outdated was done, and things have changed since.
	Outdated TaskState = "outdated"
)

// TaskList shows what is to do and how far it is. Template "task-list"; the whole row is the link.
type TaskList struct {
	ID    string // prefix of the ids in the list; needed when a page has more than one
	Title string
	Tasks []Task
}

// StateID is the id of the state of the task at the given place, counted from zero.
func (l TaskList) StateID(index int) string {
	prefix := l.ID
	if prefix == "" {
		prefix = "attivita"
	}
	return prefix + "-" + strconv.Itoa(index+1)
}

// Task is one thing to do. A Locked task, or one without URL, is not a link.
type Task struct {
	Label string
	Hint  string
	URL   string
	State TaskState
}

// Steps shows where the person is in a flow; earlier steps stay open for change. Template "steps".
type Steps struct {
	Items []Step
}

// Step is one page of a flow.
type Step struct {
	Label   string
	URL     string // empty if it cannot be opened yet
	Current bool
	Done    bool
}

// Position is the number of the current step, counted from one, or zero when none is current.
func (s Steps) Position() int {
	for index, step := range s.Items {
		if step.Current {
			return index + 1
		}
	}
	return 0
}

// CurrentLabel is the name of the current step.
func (s Steps) CurrentLabel() string {
	if position := s.Position(); position > 0 {
		return s.Items[position-1].Label
	}
	return ""
}

// Cards is a list of things to choose from with a few words each. Template "cards".
type Cards struct {
	Level int // heading level of a card, 2 or 3; 0 means 3
	Items []Card
}

// Card is one thing to open.
type Card struct {
	Title    string
	URL      string
	Category string
	Text     string
	Tags     []Tag
	Element  string // data-element of the official model: "service-link"
	Lang     string
}
