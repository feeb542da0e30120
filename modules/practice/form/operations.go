package form

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// IDPath names an object in a path of the API.
type IDPath struct {
	ID string `path:"id" format:"uuid" maxLength:"36" doc:"Id of the object"`
}

// UUID is the id; problem.NotFound for anything else.
func (in IDPath) UUID() (uuid.UUID, error) { return ParseID(in.ID) }

// Operation is an operation of the API about practices.
func Operation(id, method, path, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"practice"}, Summary: summary, Description: description}
}
