package member

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are the operations of who holds which role.
func Operations(v *Service) []modules.Operation {
	o, tags := &operations{service: v}, []string{"onboarding"}
	return append([]modules.Operation{
		modules.Declare(Read, huma.Operation{
			OperationID: "list-memberships", Method: http.MethodGet, Path: "/memberships", Tags: tags, Summary: "List who holds which role",
			Description: "The roles of the people of the body, held today or from a later day on, by name in pages, and with each page the roles that the body can give.",
		}, o.find),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "create-membership", Method: http.MethodPost, Path: "/memberships", Tags: tags, DefaultStatus: http.StatusCreated, Summary: "Give somebody a role",
			Description: "Gives a person of the body a role, of the program or of the body's own. Who configures the body cannot hold a role that reads case files.",
		}, o.give),
		modules.Declare(policies.ManageRules, huma.Operation{
			OperationID: "end-membership", Method: http.MethodPost, Path: "/memberships/{membership}/end", Tags: tags, DefaultStatus: http.StatusNoContent, Summary: "Take a role back",
			Description: "From now on, or after the last day, the person does not hold the role; that they held it stays known. A last day moves that of a role that has one. The last administrator keeps theirs.",
		}, o.end),
	}, o.admissions(tags)...)
}

// MembershipBody is that somebody holds a role.
type MembershipBody struct {
	ID      uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	Account uuid.UUID `json:"account" format:"uuid" maxLength:"36"`
	Name    string    `json:"name" maxLength:"120"`
	Role    string    `json:"role" maxLength:"70" doc:"Id of the role; item:KEY for one that follows the item KEY"`
	Label   string    `json:"label" maxLength:"300"`
	From    string    `json:"from" format:"date"`
	To      string    `json:"to,omitempty" format:"date" doc:"The last day; none for no end"`
	Office  int32     `json:"office,omitempty" minimum:"0" maximum:"100000" doc:"Number of the office; none for the whole body"`
}

// RoleBody is a role that the body can give.
type RoleBody struct {
	ID      string `json:"id" maxLength:"70"`
	Label   string `json:"label" maxLength:"300"`
	Item    string `json:"item,omitempty" maxLength:"64" doc:"Key of the item that it follows"`
	Release string `json:"release,omitempty" maxLength:"40" doc:"Of the kit that brought the item"`
}

type membershipsOutput struct {
	Body struct {
		Items []MembershipBody `json:"items" maxItems:"200"`
		Next  string           `json:"next" maxLength:"1000" doc:"Cursor of the next page; empty on the last"`
		Roles []RoleBody       `json:"roles" maxItems:"600"`
	}
}

type membershipsInput struct {
	After string `query:"after" maxLength:"1000" doc:"Cursor of the next page"`
}

func (o *operations) find(ctx context.Context, in *membershipsInput) (*membershipsOutput, error) {
	s := tenants.ScopeFrom(ctx)
	found, next, err := o.service.FindPage(ctx, s, in.After)
	if err != nil {
		return nil, err
	}
	out := &membershipsOutput{}
	out.Body.Next = next
	out.Body.Items = make([]MembershipBody, len(found))
	for i, h := range found {
		out.Body.Items[i] = MembershipBody{ID: h.ID, Account: h.Account, Name: h.Name, Role: h.Role, Label: o.service.label(ctx, s, h.Role), Office: h.Office, From: h.From.Format(time.DateOnly)}
		if !h.To.IsZero() {
			out.Body.Items[i].To = h.To.Format(time.DateOnly)
		}
	}
	releases := map[string]string{}
	for _, own := range o.service.deps.Policies.RolesOf(s.Tenant) {
		releases[own.ID] = own.Release
	}
	for _, role := range o.service.deps.Policies.GivenRoles(s.Tenant) {
		one := RoleBody{ID: role.ID, Label: o.service.label(ctx, s, role.ID), Release: releases[role.ID]}
		if item, follows := policies.ItemOf(role.ID); follows {
			one.Item = item
		}
		out.Body.Roles = append(out.Body.Roles, one)
	}
	return out, nil
}

type giveInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"36" doc:"UUID that becomes the id of the membership"`
	Body struct {
		Account uuid.UUID `json:"account" format:"uuid" maxLength:"36" doc:"Of a person of the body"`
		Role    string    `json:"role" maxLength:"70"`
		From    string    `json:"from,omitempty" format:"date" doc:"Today if empty"`
		To      string    `json:"to,omitempty" format:"date" doc:"The last day; no end if empty"`
		Office  int32     `json:"office,omitempty" minimum:"0" maximum:"100000" doc:"Number of an office; none for the whole body"`
	}
}

type giveOutput struct {
	Body struct {
		ID uuid.UUID `json:"id" format:"uuid" maxLength:"36"`
	}
}

func (o *operations) give(ctx context.Context, in *giveInput) (*giveOutput, error) {
	id, err := modules.NewID(in.Key)
	if err != nil {
		return nil, err
	}
	g, err := Gift{ID: id, Account: in.Body.Account, Role: in.Body.Role, Office: in.Body.Office}.between(in.Body.From, in.Body.To)
	if err != nil {
		return nil, err
	}
	out := &giveOutput{}
	out.Body.ID = id
	return out, o.service.Give(ctx, tenants.ScopeFrom(ctx), g)
}

type endInput struct {
	Membership uuid.UUID `path:"membership" format:"uuid" maxLength:"36" doc:"Id of the membership"`
	Body       struct {
		Last   string `json:"last,omitempty" format:"date" doc:"The last day; from now on if empty"`
		Reason string `json:"reason" maxLength:"500" doc:"Why; it must be said"`
	}
}

func (o *operations) end(ctx context.Context, in *endInput) (*struct{}, error) {
	last, err := modules.ReadDay("al", in.Body.Last)
	if err != nil {
		return nil, err
	}
	return nil, o.service.End(ctx, tenants.ScopeFrom(ctx), Ending{Membership: in.Membership, Last: last, Reason: in.Body.Reason})
}
