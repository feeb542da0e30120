package policies

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
)

// itemRole marks the roles that follow a configuration item of a body.
const itemRole = "item:"

// BodyRole is a role of a body's own, which follows a configuration item (it: ruolo dell'ente). Its rules stand with the other
// rules of the body, and nobody changes them but by the item.
type BodyRole struct {
	Role
	Item     string    // key of the item
	Practice uuid.UUID // whose kit brought it; uuid.Nil for the body's own
	Release  string    // of that kit
	Ended    bool      // kept for its name: it has no rules, and nobody holds it
}

// ItemRole is the id of the role that follows the item with the key.
func ItemRole(key string) string { return itemRole + key }

// ItemOf is the key of the item that a role follows; false for the roles of the program.
func ItemOf(role string) (string, bool) { return strings.CutPrefix(role, itemRole) }

// RolesOf lists the roles of a body's own, by their name.
func (e *Engine) RolesOf(tenant int32) []BodyRole {
	roles := e.bodyRoles.Load()
	if roles == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone((*roles)[tenant]), func(r BodyRole) bool { return r.Ended })
}

// GivenRoles are those that a body can give its people and has rules about: of the program, and of its own.
func (e *Engine) GivenRoles(tenant int32) []Role {
	roles := Ruled()
	for _, own := range e.RolesOf(tenant) {
		roles = append(roles, own.Role)
	}
	return roles
}

// RoleLabel is the label of a role in a body; of an unknown one, its id.
func (e *Engine) RoleLabel(tenant int32, id string) language.Text {
	if roles := e.bodyRoles.Load(); roles != nil {
		for _, r := range (*roles)[tenant] {
			if r.ID == id {
				return r.Label
			}
		}
	}
	return RoleLabel(id)
}
