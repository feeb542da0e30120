// Package flow is workflows as data: their rules, what a step needs, the examples that they carry, and how they are drawn.
// It must not know what moves along them.
package flow

import (
	"fmt"
	"slices"
	"strings"

	"staffetta/modules/kit/part"
)

// Workflow is a path of work as data (it: flusso di lavoro): states, who may move from one to the next and with which
// fields filled in, and the terms within which it must happen.
type Workflow struct {
	Subject     string       `json:"subject"` // what moves: contact, case, procedure, plan
	Fields      []Field      `json:"fields,omitempty"`
	States      []State      `json:"states"`
	Transitions []Transition `json:"transitions"`
	Terms       []Term       `json:"terms,omitempty"`
	Tests       []Test       `json:"tests,omitempty"`
}

// Field is a value that a transition may require.
type Field struct {
	Key        string    `json:"key"`
	Label      part.Text `json:"label"`
	Type       string    `json:"type"`                 // text, longtext, date, number, account, choice, document
	Vocabulary string    `json:"vocabulary,omitempty"` // key of the vocabulary of a choice
	Form       string    `json:"form,omitempty"`       // key of the form of a document
}

// State is a place on the path.
type State struct {
	Key     string     `json:"key"`
	Label   part.Text  `json:"label"`
	Meaning *part.Text `json:"meaning,omitempty"`
	Initial bool       `json:"initial,omitempty"`
	Final   bool       `json:"final,omitempty"`
}

// Transition is a step between two states.
type Transition struct {
	Key      string    `json:"key"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	Label    part.Text `json:"label"`
	Roles    []string  `json:"roles"`              // role ids that may take it
	Requires []string  `json:"requires,omitempty"` // field keys
}

// Term is a number of days from entering one state to entering another.
type Term struct {
	Key     string    `json:"key"`
	Label   part.Text `json:"label"`
	Days    int       `json:"days"`
	Working bool      `json:"working,omitempty"` // count working days only
	From    string    `json:"from"`
	To      string    `json:"to"`
	Law     string    `json:"law,omitempty"`
}

// Parse reads the content of a workflow item. Unknown fields are an error.
func Parse(content []byte) (*Workflow, error) {
	workflow := &Workflow{}
	if err := part.Decode(content, workflow); err != nil {
		return nil, fmt.Errorf("read workflow: %w", err)
	}
	return workflow, nil
}

// Initial returns the state where the path begins; false when none is marked.
func (w *Workflow) Initial() (State, bool) {
	at := slices.IndexFunc(w.States, func(s State) bool { return s.Initial })
	if at < 0 {
		return State{}, false
	}
	return w.States[at], true
}

// From lists the steps that lead out of a state.
func (w *Workflow) From(state string) []Transition {
	var out []Transition
	for _, transition := range w.Transitions {
		if transition.From == state {
			out = append(out, transition)
		}
	}
	return out
}

// Roles lists the roles of the body's own people that may take the steps of a workflow, in the order of the steps.
func Roles(content []byte) []string {
	workflow, err := Parse(content)
	if err != nil {
		return nil // its own check tells what is wrong with the content
	}
	var roles []string
	for _, transition := range workflow.Transitions {
		for _, role := range transition.Roles {
			served := strings.HasPrefix(role, "citizen") || role == "delegate" // people who use the service, not staff
			if !served && !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
	}
	return roles
}

// Validate tells what is wrong with a workflow: states nobody reaches or that lead nowhere, steps between
// states or with fields that do not exist, terms that can never be met.
func Validate(content []byte) []part.Fault {
	workflow, err := Parse(content)
	if err != nil {
		return part.Unreadable(err)
	}
	faults := part.Repeated("states", workflow.States, func(s State) string { return s.Key })
	faults = append(faults, part.Repeated("fields", workflow.Fields, func(f Field) string { return f.Key })...)
	faults = append(faults, part.Repeated("terms", workflow.Terms, func(t Term) string { return t.Key })...)
	faults = append(faults, part.Repeated("transitions", workflow.Transitions, func(t Transition) string { return t.Key })...)
	faults = append(faults, workflow.transitionFaults()...)
	faults = append(faults, workflow.stateFaults()...)
	return append(faults, workflow.termFaults()...)
}

func (w *Workflow) transitionFaults() []part.Fault {
	fields := map[string]bool{}
	for _, field := range w.Fields {
		fields[field.Key] = true
	}
	states := w.stateKeys()
	var faults []part.Fault
	for _, transition := range w.Transitions {
		path := fmt.Sprintf("transitions[%s]", transition.Key)
		faults = append(faults, part.NotAmong(path+".from", states, transition.From)...)
		faults = append(faults, part.NotAmong(path+".to", states, transition.To)...)
		faults = append(faults, part.NotAmong(path+".requires", fields, transition.Requires...)...)
		if len(transition.Roles) == 0 {
			faults = append(faults, part.Wrong(path+".roles", "kit.content.roles_needed"))
		}
	}
	return faults
}

func (w *Workflow) stateFaults() []part.Fault {
	var faults []part.Fault
	initials := slices.DeleteFunc(slices.Clone(w.States), func(s State) bool { return !s.Initial })
	if len(initials) != 1 {
		faults = append(faults, part.Wrong("states", "kit.content.one_initial"))
		return faults
	}
	reached := w.reachable(initials[0].Key)
	for _, state := range w.States {
		path := fmt.Sprintf("states[%s]", state.Key)
		if !reached[state.Key] {
			faults = append(faults, part.Wrong(path, "kit.content.state_unreachable", "key", state.Key))
		}
		if !state.Final && !w.reachesFinal(state.Key) {
			faults = append(faults, part.Wrong(path, "kit.content.state_dead", "key", state.Key))
		}
	}
	return faults
}

func (w *Workflow) termFaults() []part.Fault {
	states := w.stateKeys()
	var faults []part.Fault
	for _, term := range w.Terms {
		path := fmt.Sprintf("terms[%s]", term.Key)
		wrong := append(part.NotAmong(path+".from", states, term.From), part.NotAmong(path+".to", states, term.To)...)
		if len(wrong) == 0 && !w.reachable(term.From)[term.To] {
			wrong = append(wrong, part.Wrong(path, "kit.content.term_unreachable", "from", term.From, "to", term.To))
		}
		faults = append(faults, wrong...)
	}
	return faults
}

func (w *Workflow) stateKeys() map[string]bool {
	keys := map[string]bool{}
	for _, state := range w.States {
		keys[state.Key] = true
	}
	return keys
}

// reachable gives every state that can follow a state, and the state itself.
func (w *Workflow) reachable(from string) map[string]bool {
	seen, next := map[string]bool{from: true}, []string{from}
	for len(next) > 0 {
		state := next[0]
		next = next[1:]
		for _, transition := range w.From(state) {
			if !seen[transition.To] {
				seen[transition.To] = true
				next = append(next, transition.To)
			}
		}
	}
	return seen
}

func (w *Workflow) reachesFinal(from string) bool {
	reached := w.reachable(from)
	return slices.ContainsFunc(w.States, func(s State) bool { return s.Final && reached[s.Key] })
}
