// Package reader answers who of a body can read what: for each kind of data, by the rules and the roles of today, with names. It reads
// no data of that kind, and walks the manifests, so that a module that is added is answered for too.
package reader

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Reading are the verbs of permissions by which somebody reads what is written about others.
var Reading = []string{"read", "search", "oversee", "explain", "fetch"}

// DataKind is a kind of data with who reads it today.
type DataKind struct {
	Module  modules.ID // that declares the permission; "" for a section of the case files
	Name    string     // a section, or a permission
	Label   language.Text
	Readers []Reader
}

// Reader is somebody who reads a kind of data.
type Reader struct {
	Account uuid.UUID
	Name    string
	Roles   []string          // by which they read it
	Bond    policies.Relation // of which case files, the farthest; "" where it is no section
	Desk    bool              // of all persons of the body, without opening a case file
}

// Service answers it.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// desk are the sections that the registry and the access desk show of everybody of the body.
var desk = []string{"identity", "household", "contacts", "intake"}

// far are the relations to a body's own case files, from the farthest on: through the first that opens a section most is read.
var far = []policies.Relation{policies.Body, policies.Team, policies.Assigned, policies.Emergency}

// Find lists every kind of data with who reads it today: the sections of case files, then what each module that is on for the body
// shows. What people of other bodies see by agreements stands with the shares. It is a read event: it names people.
func (v *Service) Find(ctx context.Context, s tenants.Scope) ([]DataKind, error) {
	wait := v.deps.Audit.Start(ctx, s, audit.Event{Action: "reader.list"})
	body, err := v.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return nil, err
	}
	var people []person
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		holders, err := tenants.FindHolders(ctx, tx)
		people = today(holders)
		return err
	})
	if err != nil {
		return nil, err
	}
	kinds := Kinds(v.deps.Platform.Modules, func(m modules.Module) bool { return m.Essential || body.Has(string(m.ID)) }, v.deps.Policies.OfPlatform)
	rules := v.deps.Policies.Now()
	for i, k := range kinds {
		for _, one := range people {
			if found, reads := k.readBy(rules, s.Tenant, one); reads {
				kinds[i].Readers = append(kinds[i].Readers, found)
			}
		}
	}
	return kinds, wait()
}

// Kinds lists the kinds of data of the modules: the sections of case files, and each permission to read that is not the platform's.
func Kinds(list []modules.Module, on func(modules.Module) bool, ofPlatform func(string) bool) []DataKind {
	var kinds []DataKind
	for _, section := range policies.Sections {
		kinds = append(kinds, DataKind{Name: section.ID, Label: section.Label})
	}
	for _, m := range list {
		for _, p := range m.Permissions {
			if on(m) && slices.Contains(Reading, p.Verb) && !ofPlatform(p.Name()) {
				kinds = append(kinds, DataKind{Module: m.ID, Name: p.Name(), Label: p.Label})
			}
		}
	}
	return kinds
}

// person is somebody with the roles of today.
type person struct {
	account uuid.UUID
	name    string
	roles   []string
}

func today(holders []tenants.Holder) (people []person) {
	at := map[uuid.UUID]int{}
	for _, h := range holders {
		if h.From != "" {
			continue
		}
		if _, known := at[h.Account]; !known {
			at[h.Account] = len(people)
			people = append(people, person{account: h.Account, name: h.Name})
		}
		people[at[h.Account]].roles = append(people[at[h.Account]].roles, h.Role)
	}
	slices.SortStableFunc(people, func(a, b person) int { return cmp.Compare(a.name, b.name) })
	return people
}

// readBy tells how somebody reads the kind of data, and by which of their roles.
func (k DataKind) readBy(rules *policies.Rules, tenant int32, one person) (Reader, bool) {
	reader := Reader{Account: one.account, Name: one.name}
	allows := func(relation policies.Relation, object, action string) bool {
		return rules.Allows(tenants.Scope{Tenant: tenant, Roles: one.roles}, relation, object, action)
	}
	by := func(relation policies.Relation, object, action string) (roles []string) {
		for _, role := range one.roles {
			if rules.Allows(tenants.Scope{Tenant: tenant, Roles: []string{role}}, relation, object, action) && !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
		return roles
	}
	if object, verb, permission := strings.Cut(k.Name, ":"); permission {
		reader.Roles = by(policies.Body, object, verb)
		return reader, allows(policies.Body, object, verb)
	}
	for _, relation := range far {
		opens := allows(relation, "case", "open")
		if !allows(relation, k.Name, policies.Read) || !opens && (relation != policies.Body || !slices.Contains(desk, k.Name)) {
			continue
		}
		reader.Roles, reader.Bond, reader.Desk = by(relation, k.Name, policies.Read), relation, !opens
		return reader, true
	}
	return reader, false
}
