// Package policies says who may do what: roles, relations and sections, decided by
// Casbin and explained, and what a case opens to whom. PostgreSQL enforces the same
// on every row (package tenants, migrations/core). It must not know HTTP or a module.
package policies

import (
	"slices"

	"staffetta/internal/language"
)

// Relation is how an actor stands to what it acts on.
type Relation string

// The relations of an actor to an object.
const (
	Assigned  Relation = "assigned"  // the case is assigned to the actor
	Team      Relation = "team"      // the case is assigned to the actor's team
	Office    Relation = "office"    // the case belongs to the actor's office
	Body      Relation = "body"      // the object belongs to the actor's body
	Guest     Relation = "guest"     // the object belongs to another body, under a live grant
	Emergency Relation = "emergency" // opened with a reason, for three hours
)

// Actions on sections.
const (
	Read  = "read"
	Write = "write"
)

// Section is a part of a case that can be shared on its own (it: sezione).
type Section struct {
	ID    string
	Label language.Text
}

// Sections is the one list of sections (it: sezioni), in the order in which people read a case.
var Sections = []Section{
	{"identity", language.Text{It: "Dati anagrafici", En: "Identity"}},
	{"household", language.Text{It: "Nucleo e rete", En: "Household and network"}},
	{"contacts", language.Text{It: "Recapiti", En: "Contact details"}},
	{"intake", language.Text{It: "Accessi", En: "Intake"}},
	{"assessment", language.Text{It: "Valutazioni", En: "Assessments"}},
	{"icf", language.Text{It: "Profilo ICF", En: "ICF profile"}},
	{"plan", language.Text{It: "Progetto", En: "Plan"}},
	{"interventions", language.Text{It: "Interventi e contributi", En: "Interventions and benefits"}},
	{"school", language.Text{It: "Scuola", En: "School"}},
	{"diary", language.Text{It: "Diario", En: "Diary"}},
	{"documents", language.Text{It: "Documenti", En: "Documents"}},
	{"judicial", language.Text{It: "Provvedimenti", En: "Court orders"}},
	{"health", language.Text{It: "Sanitario", En: "Health"}},
}

// SectionIDs lists the ids of Sections.
func SectionIDs() []string {
	ids := make([]string, len(Sections))
	for i, s := range Sections {
		ids[i] = s.ID
	}
	return ids
}

// SectionLabel is the label of a section, or its id if it is unknown.
func SectionLabel(id string) language.Text {
	for _, s := range Sections {
		if s.ID == id {
			return s.Label
		}
	}
	return language.Text{It: id, En: id}
}

// Role is a set of duties that a membership gives (it: ruolo).
type Role struct {
	ID    string
	Label language.Text
	// Configures marks roles that are incompatible with reading cases.
	Configures bool
}

// Roles is the one list of roles (it: ruoli).
var Roles = []Role{
	{ID: "access_desk", Label: language.Text{It: "Operatore di accesso", En: "Access desk operator"}},
	{ID: "social_worker", Label: language.Text{It: "Assistente sociale", En: "Social worker"}},
	{ID: "educator", Label: language.Text{It: "Educatore", En: "Educator"}},
	{ID: "psychologist", Label: language.Text{It: "Psicologo", En: "Psychologist"}},
	{ID: "coordinator", Label: language.Text{It: "Coordinatore", En: "Coordinator"}},
	{ID: "admin_officer", Label: language.Text{It: "Amministrativo", En: "Administrative officer"}},
	{ID: "uvm_member", Label: language.Text{It: "Membro UVM", En: "UVM member"}},
	{ID: "provider", Label: language.Text{It: "Ente gestore", En: "Provider"}},
	{ID: "district_contact", Label: language.Text{It: "Referente di distretto", En: "District contact"}},
	{ID: "plan_office", Label: language.Text{It: "Ufficio di piano", En: "Plan office"}},
	{ID: "practice_owner", Label: language.Text{It: "Referente della pratica", En: "Practice owner"}},
	{ID: "tenant_admin", Label: language.Text{It: "Amministratore", En: "Administrator"}, Configures: true},
	{ID: "dpo", Label: language.Text{It: "DPO / RPD", En: "Data protection officer"}, Configures: true},
	{ID: "lead_contact", Label: language.Text{It: "Referente dell'ente capofila", En: "Lead body contact"}},
	{ID: "platform_operator", Label: language.Text{It: "Gestore della piattaforma", En: "Platform operator"}, Configures: true},
	{ID: "platform_reviewer", Label: language.Text{It: "Revisore della piattaforma", En: "Platform reviewer"}, Configures: true},
	{ID: "support", Label: language.Text{It: "Assistenza della piattaforma", En: "Support of the platform"}, Configures: true},
	{ID: "newcomer", Label: language.Text{It: "Nuovo ente", En: "New body"}},
}

// Support is the role of somebody of the platform to whom a body shows for some hours how it is set up. No membership gives it and
// no rule of a body is about it; the hosts let it read what its permissions name, write nothing, and tell the body's audit of each request.
const Support = "support"

// Configures tells whether a role is incompatible with cases.
func Configures(role string) bool {
	return slices.ContainsFunc(Roles, func(r Role) bool { return r.Configures && r.ID == role })
}

// RoleLabel is the label of a role, or its id if it is unknown.
func RoleLabel(id string) language.Text {
	for _, r := range Roles {
		if r.ID == id {
			return r.Label
		}
	}
	return language.Text{It: id, En: id}
}

// Permission is something that a page or an operation asks for: a verb on an object.
type Permission struct {
	Object, Verb string
	Label        language.Text
	Assurance    int // the least level of the login, 1 to 3; 0 means 2
}

// Name is the permission as object:verb.
func (p Permission) Name() string { return p.Object + ":" + p.Verb }

// Public marks pages and operations that anybody may reach, also without a login.
const Public = "public"

// SignedIn marks pages that anybody who is signed in may reach.
const SignedIn = "signed_in"

// RoleGrant gives permissions to a role by default.
type RoleGrant struct {
	Role        string
	Permissions []string // names, object:verb
}

// Level is the least assurance that the permission asks for.
func (p Permission) Level() int {
	if p.Assurance == 0 {
		return 2
	}
	return p.Assurance
}
