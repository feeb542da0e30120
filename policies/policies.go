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
	About language.Text // what it is for, in a line; of a body's own it is empty
	// Configures marks roles that are incompatible with reading cases.
	Configures bool
}

// Roles is the one list of roles (it: ruoli).
var Roles = []Role{
	{ID: "access_desk", Label: language.Text{It: "Operatore di accesso", En: "Access desk operator"}, About: language.Text{It: "Accoglie chi chiede aiuto, registra le segnalazioni e le passa a chi le segue.", En: "Receives who asks for help, writes down referrals and passes them on."}},
	{ID: "social_worker", Label: language.Text{It: "Assistente sociale", En: "Social worker"}, About: language.Text{It: "Segue le persone: cartella, diario, valutazione, progetto.", En: "Follows people: case file, diary, assessment, care plan."}},
	{ID: "educator", Label: language.Text{It: "Educatore", En: "Educator"}, About: language.Text{It: "Lavora sul progetto delle persone che segue e scrive nel diario.", En: "Works on the plans of the people followed and writes the diary."}},
	{ID: "psychologist", Label: language.Text{It: "Psicologo", En: "Psychologist"}, About: language.Text{It: "Partecipa alla valutazione e al progetto delle persone che segue.", En: "Takes part in the assessment and the plan of the people followed."}},
	{ID: "coordinator", Label: language.Text{It: "Coordinatore", En: "Coordinator"}, About: language.Text{It: "Assegna le cartelle, guarda il lavoro del servizio e approva.", En: "Assigns case files, looks after the work of the service and approves."}},
	{ID: "admin_officer", Label: language.Text{It: "Amministrativo", En: "Administrative officer"}, About: language.Text{It: "Si occupa di domande, interventi e contributi, senza leggere il diario.", En: "Looks after applications and benefits, without reading the diary."}},
	{ID: "uvm_member", Label: language.Text{It: "Membro UVM", En: "UVM member"}, About: language.Text{It: "Valuta con altri servizi le persone portate in UVM.", En: "Assesses with other services who is brought to the UVM."}},
	{ID: "provider", Label: language.Text{It: "Ente gestore", En: "Provider"}, About: language.Text{It: "Lavora per chi gestisce un servizio per conto dell’ente.", En: "Works for who runs a service on behalf of the body."}},
	{ID: "district_contact", Label: language.Text{It: "Referente di distretto", En: "District contact"}, About: language.Text{It: "Tiene i contatti con il distretto sanitario.", En: "Is in touch with the health district."}},
	{ID: "plan_office", Label: language.Text{It: "Ufficio di piano", En: "Plan office"}, About: language.Text{It: "Programma e guarda i numeri dell’ambito, non le cartelle.", En: "Plans and looks at the figures of the district, not at case files."}},
	{ID: "practice_owner", Label: language.Text{It: "Referente della pratica", En: "Practice owner"}, About: language.Text{It: "Cura le buone pratiche dell’ente e le offre agli altri.", En: "Looks after the good practices of the body and offers them to others."}},
	{ID: "tenant_admin", Label: language.Text{It: "Amministratore", En: "Administrator"}, About: language.Text{It: "Configura l’ente: persone, ruoli, moduli, sedi. Non apre cartelle.", En: "Sets up the body: people, roles, modules, offices. Opens no case file."}, Configures: true},
	{ID: "dpo", Label: language.Text{It: "DPO / RPD", En: "Data protection officer"}, About: language.Text{It: "Controlla come sono trattati i dati: documenti privacy, registro, conservazione. Non apre cartelle.", En: "Checks how data are processed: privacy documents, audit, retention. Opens no case file."}, Configures: true},
	{ID: "lead_contact", Label: language.Text{It: "Referente dell'ente capofila", En: "Lead body contact"}, About: language.Text{It: "Rappresenta l’ente capofila verso la rete.", En: "Represents the lead body towards the network."}},
	{ID: "platform_operator", Label: language.Text{It: "Gestore della piattaforma", En: "Platform operator"}, About: language.Text{It: "Gestisce la piattaforma: enti, lavori, versioni.", En: "Runs the platform: bodies, jobs, releases."}, Configures: true},
	{ID: "platform_reviewer", Label: language.Text{It: "Revisore della piattaforma", En: "Platform reviewer"}, About: language.Text{It: "Verifica chi attiva un ente.", En: "Looks at who enters for a body."}, Configures: true},
	{ID: "support", Label: language.Text{It: "Assistenza della piattaforma", En: "Support of the platform"}, About: language.Text{It: "Aiuta un ente a configurarsi, per le ore che l’ente concede.", En: "Helps a body to set itself up, for the hours that it grants."}, Configures: true},
	{ID: "newcomer", Label: language.Text{It: "Nuovo ente", En: "New body"}, About: language.Text{It: "Attiva il proprio ente.", En: "Enters with their body."}},
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
