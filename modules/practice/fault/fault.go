// Package fault finds items that cannot go out in a kit as they are, whatever else is in it: those that contain each other and
// those that are entitled like something of the program or like each other. It must not know databases, pages or personal data.
package fault

import (
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
)

// Flaw is why an item cannot go out.
type Flaw struct {
	Rule  string `json:"rule" enum:"cycle,title,twins" doc:"cycle: it and the other item contain each other; title: its title may not be used; twins: people would take it and the other item for each other"`
	Place string `json:"place" maxLength:"120" doc:"Kind and key of the item"`
	Other string `json:"other" maxLength:"300" doc:"The other item, or the title"`
}

// Find lists what is wrong with the items of a kit.
func Find(kinds *modules.Kinds, items []kit.Source) []Flaw {
	found := []Flaw{}
	if ring := kit.Ring(kinds, items); ring != nil {
		found = append(found, Flaw{"cycle", ring[0], ring[len(ring)-1]})
	}
	for _, item := range items {
		kind, _, _ := kinds.Get(item.Kind)
		if kind.Entitle != nil && kind.Entitle(language.Text{It: item.Title.IT, En: item.Title.EN}) != nil {
			found = append(found, Flaw{"title", kit.Place(item.Kind, item.Key), item.Title.IT})
		}
	}
	if one, other, twins := Twins(kinds, items); twins {
		found = append(found, Flaw{"twins", kit.Place(one.Kind, one.Key), kit.Place(other.Kind, other.Key)})
	}
	return found
}

// Twins finds two items that people would take for each other by what they are called.
func Twins(kinds *modules.Kinds, items []kit.Source) (one, other kit.Source, found bool) {
	type name struct{ kind, name string }
	held := map[name]kit.Source{}
	for _, item := range items {
		kind, _, _ := kinds.Get(item.Kind)
		if kind.Called == nil || item.Content == nil {
			continue
		}
		for _, called := range kind.Called(language.Text{It: item.Title.IT, En: item.Title.EN}) {
			if other, taken := held[name{item.Kind, called}]; taken {
				return other, item, true
			}
			held[name{item.Kind, called}] = item
		}
	}
	return kit.Source{}, kit.Source{}, false
}

// Field is the fault at its place.
func (f Flaw) Field() problem.Field { return problem.Field{Name: f.Place, Message: f.Message()} }

// Message says what is wrong.
func (f Flaw) Message() language.Message {
	return language.M("practice.file."+f.Rule, "name", f.Place, "key", f.Other, "title", f.Other)
}
