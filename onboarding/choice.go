package onboarding

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// Kit is a published kit that a body can begin with.
type Kit struct {
	ID       uuid.UUID
	Practice uuid.UUID
	Title    language.Text
	Body     string // the name of the body that publishes it
	Release  string
	Kinds    []string // of its items
}

// Choice is what a body begins with (it: moduli e kit).
type Choice struct {
	Modules []modules.ID
	Kit     uuid.UUID // uuid.Nil for none
}

// Added is a module that was not chosen and is needed.
type Added struct {
	Module modules.ID
	For    modules.ID // the module that needs it; "" when the kit does
}

// practiceModule is the module with which a body adopts a practice and applies its kit.
const practiceModule modules.ID = "practice"

// Choosable lists the modules that a body switches on or off itself.
func (v *Service) Choosable() []modules.Module {
	return slices.DeleteFunc(slices.Clone(v.deps.Platform.Modules), func(m modules.Module) bool { return m.Essential })
}

// essentials lists the modules that every body has.
func (v *Service) essentials() []modules.ID {
	var ids []modules.ID
	for _, m := range v.deps.Platform.Modules {
		if m.Essential && m.ID != ID {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// module returns a manifest by its id.
func (v *Service) module(id modules.ID) (modules.Module, bool) {
	at := slices.IndexFunc(v.deps.Platform.Modules, func(m modules.Module) bool { return m.ID == id })
	if at < 0 {
		return modules.Module{}, false
	}
	return v.deps.Platform.Modules[at], true
}

// FindKits lists the newest kit of every published practice, and the chosen one too
// when a newer release has appeared.
func (v *Service) FindKits(ctx context.Context, s tenants.Scope, chosen uuid.UUID) ([]Kit, error) {
	if _, known := v.module(practiceModule); !known {
		return nil, nil // a deployment without the module has no kits
	}
	return v.findKits(ctx, s, chosen)
}

// SaveChoice keeps what the body begins with, together with every module that is
// needed by what was chosen, and returns those. Saving the same again changes
// nothing. Errors: problem.Invalid at "modules" or "kit"; problem.Conflict when the
// step was saved elsewhere.
func (v *Service) SaveChoice(ctx context.Context, s tenants.Scope, id uuid.UUID, version int, c Choice) ([]Added, error) {
	kits, err := v.FindKits(ctx, s, c.Kit)
	if err != nil {
		return nil, err
	}
	complete, added, invalid := v.complete(c, kits)
	err = v.changing(ctx, s, id, ChoiceStep, func(tx tenants.Tx, e Entry) (bool, error) {
		switch {
		case invalid != nil:
			return false, invalid
		case e.ChoiceVersion > 0 && slices.Equal(e.Modules, complete) && e.Kit == c.Kit:
			return false, nil
		case e.ChoiceVersion != version:
			return false, conflict()
		}
		return true, saveChoice(ctx, tx, s, id, Choice{Modules: complete, Kit: c.Kit})
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

// complete adds to what was chosen what it needs, in the order of the list of
// modules; essential ones are always on and not listed.
func (v *Service) complete(c Choice, kits []Kit) ([]modules.ID, []Added, error) {
	var faults problem.Fields
	chosen := map[modules.ID]bool{}
	for _, id := range c.Modules {
		m, known := v.module(id)
		if !known {
			faults.Add("modules", "web.field.choice")
		}
		chosen[id] = known && !m.Essential
	}
	var added []Added
	need := func(id, by modules.ID) {
		m, known := v.module(id)
		if known && !m.Essential && !chosen[id] {
			chosen[id] = true
			added = append(added, Added{Module: id, For: by})
		}
	}
	if !v.needForKit(c.Kit, kits, need) {
		faults.Add("kit", "web.field.choice")
	}
	// A module comes after those it requires, so one walk backwards reaches all.
	for _, m := range slices.Backward(v.deps.Platform.Modules) {
		if chosen[m.ID] || m.Essential {
			for _, required := range m.Requires {
				need(required, m.ID)
			}
		}
	}
	var complete []modules.ID
	for _, m := range v.deps.Platform.Modules {
		if chosen[m.ID] {
			complete = append(complete, m.ID)
		}
	}
	return complete, added, faults.Err()
}

// needForKit asks for the module that applies a kit, and for those that use what is
// in it. It tells whether there is such a kit; none is fine.
func (v *Service) needForKit(id uuid.UUID, kits []Kit, need func(id, by modules.ID)) bool {
	if id == uuid.Nil {
		return true
	}
	at := slices.IndexFunc(kits, func(k Kit) bool { return k.ID == id })
	if at < 0 {
		return false
	}
	need(practiceModule, "")
	for _, kind := range kits[at].Kinds {
		if declared, owner, known := v.deps.Platform.Kinds.Get(kind); known && declared.Live {
			need(owner, "")
		}
	}
	return true
}
