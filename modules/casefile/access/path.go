package access

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules/kit"
)

// ownWorkflow is the path of a case where the body has not adopted another.
//
//go:embed workflow.json
var ownWorkflow []byte

// Path is the workflow that a case follows (it: percorso della cartella): a pinned version of an item, or the
// program's own.
type Path struct {
	Version  uuid.UUID // uuid.Nil for the program's own
	Key      string
	Title    language.Text
	workflow *kit.Workflow
}

// transferred is the state of a case that another body has taken over; it stands on no path.
const transferred = "transferred"

// Start is the state in which a case begins.
func (p *Path) Start() string {
	state, _ := p.workflow.Initial()
	return state.Key
}

// Subject is what moves along the path: contact, case, procedure or plan.
func (p *Path) Subject() string { return p.workflow.Subject }

// Label is what people call a state.
func (p *Path) Label(state string) language.Text {
	for _, s := range p.workflow.States {
		if s.Key == state {
			return language.Text{It: s.Label.IT, En: s.Label.EN}
		}
	}
	if state == transferred {
		return language.Text{It: "Chiuso: trasferito", En: "Closed: handed over"}
	}
	return language.Text{It: state, En: state}
}

// Final tells whether a state ends the case.
func (p *Path) Final(state string) bool {
	return slices.ContainsFunc(p.workflow.States, func(s kit.WorkflowState) bool { return s.Key == state && s.Final })
}

// Steps lists what somebody with the roles may do from a state.
func (p *Path) Steps(state string, roles []string) []kit.WorkflowTransition {
	var open []kit.WorkflowTransition
	for _, t := range p.workflow.From(state) {
		if t.Allows(roles...) {
			open = append(open, t)
		}
	}
	return open
}

// Asks are the fields that a step requires, in the order of the workflow.
func (p *Path) Asks(t kit.WorkflowTransition) []kit.WorkflowField {
	return slices.DeleteFunc(slices.Clone(p.workflow.Fields), func(f kit.WorkflowField) bool { return !slices.Contains(t.Requires, f.Key) })
}

// FieldLabel is what people call a field of the path, or its key where there is none.
func (p *Path) FieldLabel(key string) language.Text {
	for _, f := range p.workflow.Fields {
		if f.Key == key {
			return language.Text{It: f.Label.IT, En: f.Label.EN}
		}
	}
	return language.Text{It: key, En: key}
}

// OwnPath is the program's own, with the key "". It is read once: most cases follow it.
var OwnPath = sync.OnceValues(func() (*Path, error) {
	workflow, err := kit.ParseWorkflow(ownWorkflow)
	if err != nil {
		return nil, fmt.Errorf("read the program's own workflow: %w", err)
	}
	return &Path{Title: language.Text{It: "Percorso di base", En: "Basic path"}, workflow: workflow}, nil
})

// NewPath is the path by a published item.
func NewPath(item kit.Version) (*Path, error) {
	workflow, err := kit.ParseWorkflow(item.Content)
	if err != nil {
		return nil, err
	}
	return &Path{Version: item.ID, Key: item.Key, Title: item.Title, workflow: workflow}, nil
}

// path reads the pinned workflow of an opened case. A guest sees no workflow
// beyond the name of the state.
func (c *Cases) path(ctx context.Context, a *Access) (*Path, error) {
	if a.Workflow == uuid.Nil || a.Foreign() {
		return OwnPath()
	}
	version, err := c.readWorkflow(ctx, a)
	if err != nil {
		return nil, err
	}
	workflow, err := kit.ParseWorkflow(version.Content)
	if err != nil {
		return nil, err
	}
	return &Path{Version: a.Workflow, workflow: workflow}, nil
}
