package kit

import (
	"fmt"
	"slices"
	"strings"
)

// Workflow is a path of work as data (it: flusso di lavoro): states, who may move from one to the next and with which
// fields filled in, and the terms within which it must happen.
type Workflow struct {
	Subject     string               `json:"subject"` // what moves: contact, case, procedure, plan
	Fields      []WorkflowField      `json:"fields,omitempty"`
	States      []WorkflowState      `json:"states"`
	Transitions []WorkflowTransition `json:"transitions"`
	Terms       []WorkflowTerm       `json:"terms,omitempty"`
}

// WorkflowField is a value that a transition may require.
type WorkflowField struct {
	Key        string `json:"key"`
	Label      Text   `json:"label"`
	Type       string `json:"type"`                 // text, longtext, date, account, choice, document
	Vocabulary string `json:"vocabulary,omitempty"` // key of the vocabulary of a choice
	Form       string `json:"form,omitempty"`       // key of the form of a document
}

// WorkflowState is a place on the path.
type WorkflowState struct {
	Key     string `json:"key"`
	Label   Text   `json:"label"`
	Meaning *Text  `json:"meaning,omitempty"`
	Initial bool   `json:"initial,omitempty"`
	Final   bool   `json:"final,omitempty"`
}

// WorkflowTransition is a step between two states.
type WorkflowTransition struct {
	Key      string   `json:"key"`
	From     string   `json:"from"`
	To       string   `json:"to"`
	Label    Text     `json:"label"`
	Roles    []string `json:"roles"`              // role ids that may take it
	Requires []string `json:"requires,omitempty"` // field keys
}

// WorkflowTerm is a number of days from entering one state to entering another.
type WorkflowTerm struct {
	Key     string `json:"key"`
	Label   Text   `json:"label"`
	Days    int    `json:"days"`
	Working bool   `json:"working,omitempty"` // count working days only
	From    string `json:"from"`
	To      string `json:"to"`
	Law     string `json:"law,omitempty"`
}

// ParseWorkflow reads the content of a workflow item. Unknown fields are an error.
func ParseWorkflow(content []byte) (*Workflow, error) {
	workflow := &Workflow{}
	if err := decodeStrict(content, workflow); err != nil {
		return nil, fmt.Errorf("read workflow: %w", err)
	}
	return workflow, nil
}

// Initial returns the state where the path begins; false when none is marked.
func (w *Workflow) Initial() (WorkflowState, bool) {
	at := slices.IndexFunc(w.States, func(s WorkflowState) bool { return s.Initial })
	if at < 0 {
		return WorkflowState{}, false
	}
	return w.States[at], true
}

// From lists the steps that lead out of a state.
func (w *Workflow) From(state string) []WorkflowTransition {
	var out []WorkflowTransition
	for _, transition := range w.Transitions {
		if transition.From == state {
			out = append(out, transition)
		}
	}
	return out
}

// WorkflowRoles lists the roles of the body's own people that may take the steps of a workflow, in the order of the steps.
func WorkflowRoles(content []byte) []string {
	workflow, err := ParseWorkflow(content)
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

// ValidateWorkflow tells what is wrong with a workflow: states nobody reaches or that lead nowhere, steps between
// states or with fields that do not exist, terms that can never be met.
func ValidateWorkflow(content []byte) []Fault {
	workflow, err := ParseWorkflow(content)
	if err != nil {
		return []Fault{fault("", "kit.content.unreadable", "cause", err.Error())}
	}
	faults := repeatedKeys("states", workflow.States, func(s WorkflowState) string { return s.Key })
	faults = append(faults, repeatedKeys("fields", workflow.Fields, func(f WorkflowField) string { return f.Key })...)
	faults = append(faults, repeatedKeys("terms", workflow.Terms, func(t WorkflowTerm) string { return t.Key })...)
	faults = append(faults, repeatedKeys("transitions", workflow.Transitions, func(t WorkflowTransition) string { return t.Key })...)
	faults = append(faults, workflow.transitionFaults()...)
	faults = append(faults, workflow.stateFaults()...)
	return append(faults, workflow.termFaults()...)
}

func (w *Workflow) transitionFaults() []Fault {
	fields := map[string]bool{}
	for _, field := range w.Fields {
		fields[field.Key] = true
	}
	states := w.stateKeys()
	var faults []Fault
	for _, transition := range w.Transitions {
		path := fmt.Sprintf("transitions[%s]", transition.Key)
		faults = append(faults, notAmong(path+".from", states, transition.From)...)
		faults = append(faults, notAmong(path+".to", states, transition.To)...)
		faults = append(faults, notAmong(path+".requires", fields, transition.Requires...)...)
		if len(transition.Roles) == 0 {
			faults = append(faults, fault(path+".roles", "kit.content.roles_needed"))
		}
	}
	return faults
}

func (w *Workflow) stateFaults() []Fault {
	var faults []Fault
	initials := slices.DeleteFunc(slices.Clone(w.States), func(s WorkflowState) bool { return !s.Initial })
	if len(initials) != 1 {
		faults = append(faults, fault("states", "kit.content.one_initial"))
		return faults
	}
	reached := w.reachable(initials[0].Key)
	for _, state := range w.States {
		path := fmt.Sprintf("states[%s]", state.Key)
		if !reached[state.Key] {
			faults = append(faults, fault(path, "kit.content.state_unreachable", "key", state.Key))
		}
		if !state.Final && !w.reachesFinal(state.Key) {
			faults = append(faults, fault(path, "kit.content.state_dead", "key", state.Key))
		}
	}
	return faults
}

func (w *Workflow) termFaults() []Fault {
	states := w.stateKeys()
	var faults []Fault
	for _, term := range w.Terms {
		path := fmt.Sprintf("terms[%s]", term.Key)
		wrong := append(notAmong(path+".from", states, term.From), notAmong(path+".to", states, term.To)...)
		if len(wrong) == 0 && !w.reachable(term.From)[term.To] {
			wrong = append(wrong, fault(path, "kit.content.term_unreachable", "from", term.From, "to", term.To))
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
	return slices.ContainsFunc(w.States, func(s WorkflowState) bool { return s.Final && reached[s.Key] })
}

func repeatedKeys[T any](list string, all []T, key func(T) string) []Fault {
	var faults []Fault
	seen := map[string]bool{}
	for _, one := range all {
		if seen[key(one)] {
			faults = append(faults, fault(fmt.Sprintf("%s[%s]", list, key(one)), "kit.content.repeated_key", "key", key(one)))
		}
		seen[key(one)] = true
	}
	return faults
}

func notAmong(path string, known map[string]bool, keys ...string) []Fault {
	var faults []Fault
	for _, key := range keys {
		if !known[key] {
			faults = append(faults, fault(path, "kit.content.unknown_key", "key", key))
		}
	}
	return faults
}
