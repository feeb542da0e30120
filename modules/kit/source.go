package kit

import (
	"encoding/json"
	"fmt"

	"staffetta/modules/kit/canonical"
	"staffetta/modules/kit/part"
)

// The kinds of the modules of the program, by which they find what they work with.
const (
	KindForm            = "form"
	KindAssessment      = "assessment"
	KindWorkflow        = "workflow"
	KindService         = "service"
	KindIndicator       = "indicator"
	KindVocabulary      = "vocabulary"
	KindRole            = "role"
	KindSharingTemplate = "sharing-template"
	KindAct             = "act"
	KindProcedure       = "procedure"
	KindTraining        = "training"
	KindCommunication   = "communication"
	KindSpace           = "space"
	KindCost            = "cost"
	KindStaffing        = "staffing"
	KindChecklist       = "checklist"
	KindQuestion        = "question"
)

// Source is an item as somebody wrote it (it: componente), before it has a version or a tenant.
type Source struct {
	Kind    string          `json:"kind"`
	Key     string          `json:"key"`
	Title   Text            `json:"title"`
	Owner   string          `json:"owner"`   // body that answers for the content
	Licence string          `json:"licence"` // SPDX identifier
	Content json.RawMessage `json:"content"`
}

// ParseSource reads an item file. Unknown fields are an error; the content is not validated.
func ParseSource(raw []byte) (Source, error) {
	var source Source
	if err := part.Decode(raw, &source); err != nil {
		return Source{}, fmt.Errorf("read item: %w", err)
	}
	return source, nil
}

// Hash returns the sha-256 of the canonical content.
func (s Source) Hash() (string, error) {
	sum, err := Hash(s.Content)
	if err != nil {
		return "", fmt.Errorf("hash item %s: %w", s.Key, err)
	}
	return sum, nil
}

// ErrUnreadable says that a text has no canonical form.
var ErrUnreadable = canonical.ErrUnreadable

// Canonical is the one text of a content (see package canonical).
func Canonical(raw []byte) ([]byte, error) { return canonical.Text(raw) }

// Hash is the sha-256 of the canonical text of a content, in lower-case hexadecimal.
func Hash(raw []byte) (string, error) { return canonical.Hash(raw) }
