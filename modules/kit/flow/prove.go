package flow

import (
	"fmt"
	"slices"

	"staffetta/modules/kit/part"
	"staffetta/modules/kit/proof"
)

// Refusal is why a step cannot be taken; empty when it can.
type Refusal string

// The refusals.
const (
	NotHere    Refusal = "not_here" // the step does not lead out of the state
	NotAllowed Refusal = "role"     // not by somebody with the role
	NotFilled  Refusal = "missing"  // a field that it requires is empty
)

// Try is a step that somebody tries to take.
type Try struct {
	Step   string   `json:"step"` // key of the transition
	Role   string   `json:"role"`
	Filled []string `json:"filled,omitempty"` // keys of the fields that are filled in
}

// Allows tells whether somebody with the roles may take a step.
func (t Transition) Allows(roles ...string) bool {
	return slices.ContainsFunc(t.Roles, func(role string) bool { return slices.Contains(roles, role) })
}

// Take tells where a step leads from a state, or why it is refused.
func (w *Workflow) Take(state string, try Try) (next string, refused Refusal) {
	at := slices.IndexFunc(w.Transitions, func(t Transition) bool { return t.Key == try.Step })
	if at < 0 || w.Transitions[at].From != state {
		return state, NotHere
	}
	step := w.Transitions[at]
	if !step.Allows(try.Role) {
		return state, NotAllowed
	}
	for _, field := range step.Requires {
		if !slices.Contains(try.Filled, field) {
			return state, NotFilled
		}
	}
	return step.To, ""
}

// Test is an example of a workflow: a path of steps, all of which can be taken unless the last one is to be refused.
type Test = proof.Test[Walk, Outcome]

// Walk is where a path begins and which steps are tried.
type Walk struct {
	From  string `json:"from,omitempty"` // state; the initial one when empty
	Steps []Try  `json:"steps"`
}

// Outcome is where a path must end, and why its last step must be refused. What is left out is not looked at.
type Outcome struct {
	State   string  `json:"state,omitempty"`
	Refused Refusal `json:"refused,omitempty"`
}

// Prove runs the tests that a workflow carries.
func Prove(content []byte) []proof.Result {
	workflow, err := Parse(content)
	if err != nil {
		return nil // its own check tells what is wrong with the content
	}
	return proof.Run(workflow.Tests, workflow.prove)
}

func (w *Workflow) prove(test Test) proof.Result {
	result := proof.Result{Example: test.Example}
	result.Break(w.unknown(test)...)
	state, refused := test.Given.From, Refusal("")
	if initial, _ := w.Initial(); state == "" {
		state = initial.Key
	}
	for i, try := range test.Given.Steps {
		if refused != "" {
			result.Break(part.Wrong("given.steps", "kit.content.test_stopped", "step", w.stepName(test.Given.Steps[i-1].Step)))
			break
		}
		state, refused = w.Take(state, try)
	}
	result.Expect("state", w.stateTerm(test.Expected.State), w.stateTerm(state))
	if test.Expected.Refused != "" || refused != "" {
		result.Expect("refused", refusalTerm(test.Expected.Refused), refusalTerm(refused))
	}
	return result
}

// unknown finds what a test names that the workflow does not have.
func (w *Workflow) unknown(test Test) []part.Fault {
	states, steps, fields := w.stateKeys(), map[string]bool{}, map[string]bool{}
	for _, transition := range w.Transitions {
		steps[transition.Key] = true
	}
	for _, field := range w.Fields {
		fields[field.Key] = true
	}
	var faults []part.Fault
	if test.Given.From != "" {
		faults = append(faults, part.NotAmong("given.from", states, test.Given.From)...)
	}
	for i, try := range test.Given.Steps {
		faults = append(faults, part.NotAmong(fmt.Sprintf("given.steps[%d].step", i), steps, try.Step)...)
		faults = append(faults, part.NotAmong(fmt.Sprintf("given.steps[%d].filled", i), fields, try.Filled...)...)
	}
	if test.Expected.State != "" {
		faults = append(faults, part.NotAmong("expected.state", states, test.Expected.State)...)
	}
	return faults
}

func (w *Workflow) stepName(key string) string {
	for _, transition := range w.Transitions {
		if transition.Key == key {
			return transition.Label.IT
		}
	}
	return key
}

func (w *Workflow) stateTerm(key string) []proof.Term {
	for _, state := range w.States {
		if state.Key == key {
			return []proof.Term{{Code: key, Name: state.Label}}
		}
	}
	return nil
}

// refusalTerm is a refusal as a term; that there is none is one too.
func refusalTerm(refused Refusal) []proof.Term {
	if refused == "" {
		return []proof.Term{{Code: "none", Word: "kit.refusal.none"}}
	}
	return []proof.Term{{Code: string(refused), Word: "kit.refusal." + string(refused)}}
}
