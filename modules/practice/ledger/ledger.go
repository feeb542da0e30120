// Package ledger tells what the reusing body of an adoption made of each item of the kit: all of it to that body, counts alone
// to the ceding one. It must not change an item, nor decide anything about it.
package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board"
	"staffetta/modules/practice/catalogue"
	"staffetta/tenants"
)

// Ledger is what the reusing body made of each item of the kit (it: registro degli adattamenti). The ceding body sees the
// counts alone.
type Ledger struct {
	Adoption adoption.Adoption
	Standing board.Standing
	Lines    []Line // by kind and key; of the reusing body alone
}

// Line is what became of one item: adopted, adapted with its difference and reason, or dropped with its reason.
type Line struct {
	Kind     string
	Key      string
	Title    kit.Text
	Decision kit.Adaptation
	Reason   string
	Release  string
	At       time.Time
	Places   []string // where the body's item differs from the kit's
}

// Service reads ledgers.
type Service struct {
	deps      modules.Deps
	boards    *board.Service
	catalogue *catalogue.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps, board.NewService(deps), catalogue.NewService(deps)}
}

// maxPlaces is how many differing places a line names: who reads more opens the item.
const maxPlaces = 20

// Get returns the ledger of an adoption; problem.NotFound where the body is no party.
func (v *Service) Get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Ledger, error) {
	b, err := v.boards.Get(ctx, s, id)
	if err != nil {
		return Ledger{}, err
	}
	l := Ledger{Adoption: b.Adoption, Standing: b.Standing}
	if b.Adoption.Side != adoption.Reusing {
		return l, nil
	}
	err = v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		l.Lines, err = findLedger(ctx, tx, id)
		return err
	})
	return l, err
}

// applied is an item as it was applied and as it is now.
type applied struct {
	Line
	base, current []byte
	changeReason  string // of the version in use
}

// line says what became of the item: an adopted one that the body has changed since is an adapted one.
func (a applied) line() (Line, error) {
	places, err := Differences(a.base, a.current)
	if err != nil {
		return Line{}, problem.New(problem.Internal, "web.error.internal").Wrap(fmt.Errorf("compare %s %s: %w", a.Kind, a.Key, err))
	}
	line := a.Line
	if line.Decision == kit.Dropped {
		return line, nil
	}
	if line.Places = places; len(places) > 0 {
		line.Decision = kit.Adapted
		if line.Reason == "" {
			line.Reason = a.changeReason
		}
	}
	return line, nil
}

// Differences lists the places where two contents differ, at most twenty; entries of lists by their key where they have one.
func Differences(base, ours []byte) ([]string, error) {
	var x, y any
	if err := json.Unmarshal(base, &x); err != nil {
		return nil, fmt.Errorf("read what the kit held: %w", err)
	}
	if err := json.Unmarshal(ours, &y); err != nil {
		return nil, fmt.Errorf("read what the body has: %w", err)
	}
	var places []string
	differ("", x, y, &places)
	return places[:min(len(places), maxPlaces)], nil
}

func differ(place string, x, y any, places *[]string) {
	if reflect.DeepEqual(x, y) || len(*places) >= maxPlaces {
		return
	}
	left, right := members(x), members(y)
	if left == nil || right == nil {
		*places = append(*places, place)
		return
	}
	found := len(*places)
	names := maps.Clone(left)
	maps.Copy(names, right)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		inner := name
		if place != "" {
			inner = place + "." + name
		}
		differ(inner, left[name], right[name], places)
	}
	if found == len(*places) { // the same entries in another order
		*places = append(*places, place)
	}
}

// members are the parts of a value by name, nil for a plain one; entries of a list by their key, or by their number.
func members(value any) map[string]any {
	switch v := value.(type) {
	case map[string]any:
		return v
	case []any:
		parts := map[string]any{}
		for i, entry := range v {
			name := fmt.Sprint(i + 1)
			if object, ok := entry.(map[string]any); ok {
				if key, ok := object["key"].(string); ok && parts[key] == nil {
					name = key
				}
			}
			parts[name] = entry
		}
		return parts
	}
	return nil
}
