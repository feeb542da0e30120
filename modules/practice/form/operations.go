package form

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
)

// IDPath names an object in a path of the API.
type IDPath struct {
	ID string `path:"id" format:"uuid" maxLength:"36" doc:"Id of the object"`
}

// UUID is the id; problem.NotFound for anything else.
func (in IDPath) UUID() (uuid.UUID, error) { return modules.KnownID(in.ID) }

// Operation is an operation of the API about practices.
func Operation(id, method, path, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"practice"}, Summary: summary, Description: description}
}

// CursorInput asks for a page of a long list.
type CursorInput struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"Next of the page before"`
}

// StartInput begins something with a practice; the key is the id of what begins.
type StartInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"Id of the new object; the same again creates nothing more"`
	Body struct {
		Practice string `json:"practice" format:"uuid" maxLength:"36"`
	}
}

// IDs are those of what begins and of the practice.
func (in StartInput) IDs() (id, practice uuid.UUID, err error) {
	if practice, err = modules.KnownID(in.Body.Practice); err == nil {
		id, err = modules.NewID(in.Key)
	}
	return id, practice, err
}
