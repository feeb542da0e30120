package team

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/casefile/access"
	"staffetta/tenants"
)

type operations struct {
	team *Team
}

// Operations are the operations about who works on a case.
func Operations(t *Team) []modules.Operation {
	o, tags := &operations{team: t}, []string{"casefile"}
	return []modules.Operation{
		modules.Declare("case:read", huma.Operation{
			OperationID: "list-case-workers", Method: http.MethodGet, Path: "/case-workers", Tags: tags,
			Summary: "List who may hold a case file", Description: "The people of the body whose role works on case files, by name.",
		}, o.workers),
		modules.Declare("case:read", huma.Operation{
			OperationID: "list-assignments", Method: http.MethodGet, Path: "/case-files/{case}/assignments", Tags: tags,
			Summary: "List who works on a case file", Description: "The manager and the team, now and before, with the instants at which each began and ended.",
		}, o.assigned),
		modules.Declare("case:write", huma.Operation{
			OperationID: "create-assignment", Method: http.MethodPost, Path: "/case-files/{case}/assignments", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary:     "Assign a case file",
			Description: "Hands the case file to another manager, for who coordinates, or puts somebody on its team, for the manager too. Who has the part already keeps it.",
		}, o.assign),
		modules.Declare("case:write", huma.Operation{
			OperationID: "end-assignment", Method: http.MethodPost, Path: "/case-files/{case}/assignments/{assignment}/end", Tags: tags, DefaultStatus: http.StatusNoContent,
			Summary: "Remove somebody from the team", Description: "Ends a place in the team; ending it again changes nothing. A manager is replaced, never removed.",
		}, o.leave),
	}
}

// WorkerBody is somebody who may hold a case file.
type WorkerBody struct {
	Account string `json:"account_id" format:"uuid" doc:"Account of the person"`
	Name    string `json:"name" maxLength:"120" doc:"Name"`
	Role    string `json:"role" maxLength:"40" doc:"A role by which the person works on case files"`
}

type workersOutput struct {
	Body struct {
		Items []WorkerBody `json:"items" maxItems:"10000" doc:"People, by name"`
	}
}

func (o *operations) workers(ctx context.Context, _ *struct{}) (*workersOutput, error) {
	found, err := o.team.FindManagers(ctx, tenants.ScopeFrom(ctx))
	out := &workersOutput{}
	out.Body.Items = make([]WorkerBody, len(found))
	for i, c := range found {
		out.Body.Items[i] = WorkerBody{Account: c.Account.String(), Name: c.Name, Role: c.Role}
	}
	return out, err
}

// AssignmentBody is somebody's part in a case file as the API shows it.
type AssignmentBody struct {
	ID      string     `json:"id" format:"uuid" doc:"Id of the assignment"`
	Account string     `json:"account_id" format:"uuid" doc:"Account of who has the part"`
	Name    string     `json:"name" maxLength:"120" doc:"Name of who has the part"`
	Part    string     `json:"part" enum:"manager,team" doc:"The part"`
	From    time.Time  `json:"from" doc:"When it began"`
	To      *time.Time `json:"to,omitempty" doc:"When it ended; missing while it lasts"`
	Reason  string     `json:"reason,omitempty" maxLength:"500" doc:"Why it was given"`
	By      string     `json:"assigned_by,omitempty" maxLength:"120" doc:"Who gave it"`
	EndedBy string     `json:"ended_by,omitempty" maxLength:"120" doc:"Who ended it"`
}

type assignedOutput struct {
	Body struct {
		Items []AssignmentBody `json:"items" maxItems:"200" doc:"Present ones first, the manager before the team"`
	}
}

func (o *operations) assigned(ctx context.Context, in *access.CaseRef) (*assignedOutput, error) {
	a, err := access.WithoutReason(o.team.cases.OpenOwn(ctx, tenants.ScopeFrom(ctx), in.Case))
	if err != nil {
		return nil, err
	}
	found, err := o.team.FindAssignments(ctx, a)
	out := &assignedOutput{}
	out.Body.Items = make([]AssignmentBody, len(found))
	for i, m := range found {
		out.Body.Items[i] = AssignmentBody{ID: m.ID.String(), Account: m.Account.String(), Name: m.Name, Part: m.Part, From: m.From, Reason: m.Reason, By: m.By, EndedBy: m.EndedBy}
		if !m.Lasts() {
			out.Body.Items[i].To = &m.To
		}
	}
	return out, err
}

type assignInput struct {
	access.CaseRef
	Body struct {
		Part    string `json:"part" enum:"manager,team" doc:"The part to give"`
		Account string `json:"account_id" format:"uuid" doc:"Account of who is to have it"`
		Reason  string `json:"reason" maxLength:"500" doc:"Why"`
		Seen    string `json:"instead_of,omitempty" format:"uuid" doc:"Account of the manager that the caller has seen; whoever it is now if missing"`
	}
}

func (o *operations) assign(ctx context.Context, in *assignInput) (*struct{}, error) {
	give := o.team.AddToTeam
	if in.Body.Part == Manager {
		give = o.team.Assign
	}
	n := Assigning{Account: modules.LinkID(in.Body.Account), Reason: in.Body.Reason, Seen: modules.LinkID(in.Body.Seen)}
	_, err := give(ctx, tenants.ScopeFrom(ctx), in.Case, n)
	return nil, err
}

type leaveInput struct {
	access.CaseRef
	Assignment string `path:"assignment" format:"uuid" maxLength:"36" doc:"Id of the place in the team"`
}

func (o *operations) leave(ctx context.Context, in *leaveInput) (*struct{}, error) {
	return nil, o.team.RemoveFromTeam(ctx, tenants.ScopeFrom(ctx), in.Case, modules.LinkID(in.Assignment))
}
