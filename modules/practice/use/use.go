// Package use tells how much a body works with each item that it took from a kit, by the records that all modules made with it.
// It must not read those records itself, nor ask anybody what they believe.
package use

import (
	"context"
	"time"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

// Quiet is for how many days an item may stand unused before it counts as dormant.
const Quiet = 90

// Line is an item that the body kept of a kit, with how much it is used.
type Line struct {
	Kind     string
	Key      string
	Title    kit.Text
	Decision kit.Adaptation
	Since    time.Time // when it was first applied
	Live     bool      // part of the daily work, so that it can fall asleep
	Measured bool
	Through  []string // the items by which it is measured, where nothing is made with itself
	Use      modules.Use

	content []byte
}

// Measures are the items of an adoption with their use at an instant (it: misura dell'uso).
type Measures struct {
	At    time.Time
	Since time.Time // the first run; zero before it
	Lines []Line    // by kind and key
}

// Count is how many items are used, and how much.
type Count struct {
	Items    int // kept of the kit
	Measured int // of them, those of the daily work that can be measured
	Used30   int
	Used90   int
	Used180  int
	Unused   int // for ninety days
	Records  int // of the last ninety days
	People   int
	Last     time.Time
}

// Service measures.
type Service struct{ deps modules.Deps }

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps} }

// Measure reads how much the scope's body uses what it kept of a kit; without lines where it has applied nothing.
func (v *Service) Measure(ctx context.Context, s tenants.Scope, adoption uuid.UUID) (Measures, error) {
	m, err := v.findKept(ctx, s, adoption)
	if err != nil || len(m.Lines) == 0 {
		return m, err
	}
	found, err := v.deps.Platform.Uses.Find(ctx, s)
	if err != nil {
		return Measures{}, err
	}
	for i := range m.Lines {
		kind, _, known := v.deps.Platform.Kinds.Get(m.Lines[i].Kind)
		m.Lines[i].Live = known && kind.Live && kind.ID != kit.KindIndicator
		m.Lines[i].Use, m.Lines[i].Measured = of(found, m.Lines[i].Kind, m.Lines[i].Key)
	}
	m.derive(v.deps.Platform.Kinds, found)
	return m, nil
}

// of is the use of one item, and whether its kind is measured.
func of(found map[string]map[string]modules.Use, kind, key string) (modules.Use, bool) {
	byKey, measured := found[kind]
	use := byKey[key]
	use.Key = key
	return use, measured
}

// derive measures items with which nothing is made themselves: a service by the forms, the instruments and the path that it
// names, else by what names it, as a vocabulary by the forms that offer its terms.
func (m *Measures) derive(kinds *modules.Kinds, found map[string]map[string]modules.Use) {
	for i := range m.Lines {
		line := &m.Lines[i]
		if line.Measured || !line.Live {
			continue
		}
		for _, ref := range kit.References(kinds, line.Kind, line.content) {
			line.through(kinds, found, ref.Kind, ref.Key)
		}
		if line.Measured {
			continue
		}
		for _, other := range m.Lines {
			if other.names(kinds, *line) {
				line.through(kinds, found, other.Kind, other.Key)
			}
		}
	}
}

// through adds the use of another item of the daily work, if its kind is measured: that a course speaks of a vocabulary is no use of it.
func (l *Line) through(kinds *modules.Kinds, found map[string]map[string]modules.Use, kind, key string) {
	use, measured := of(found, kind, key)
	if declared, _, _ := kinds.Get(kind); !measured || !declared.Live {
		return
	}
	use.Key = l.Key
	l.Use, l.Measured, l.Through = l.Use.Add(use), true, append(l.Through, key)
}

// names tells whether the item refers to another one.
func (l Line) names(kinds *modules.Kinds, other Line) bool {
	for _, ref := range kit.References(kinds, l.Kind, l.content) {
		if ref.Key == other.Key && (ref.Kind == "" || ref.Kind == other.Kind) {
			return true
		}
	}
	return false
}

// IsDormant tells whether an item of the daily work was there for ninety days and nobody used it.
func (l Line) IsDormant(now time.Time) bool {
	awake := l.Since
	if l.Use.Last.After(awake) {
		awake = l.Use.Last
	}
	return l.Live && l.Measured && now.Sub(awake) >= Quiet*24*time.Hour
}

// Count adds the lines up. The same people work with several items, so that people are at least those of the most used one.
func (m Measures) Count() Count {
	c := Count{Items: len(m.Lines)}
	for _, line := range m.Lines {
		if !line.Live || !line.Measured {
			continue
		}
		c.Measured++
		c.Used30 += one(line.Use.Days30 > 0)
		c.Used90 += one(line.Use.Days90 > 0)
		c.Used180 += one(line.Use.Days180 > 0)
		c.Unused += one(line.IsDormant(m.At))
		c.People = max(c.People, line.Use.People)
		if line.Use.Last.After(c.Last) {
			c.Last = line.Use.Last
		}
		if len(line.Through) == 0 { // what is measured by others is counted there
			c.Records += line.Use.Days90
		}
	}
	return c
}

func one(holds bool) int {
	if holds {
		return 1
	}
	return 0
}

// Known is what the program itself has counted of the form and the path that an indicator is about, to check what one writes.
func Known(ctx context.Context, deps modules.Deps, s tenants.Scope, rule *kit.Indicator) ([]modules.Use, error) {
	if rule.Form == "" && rule.Workflow == "" {
		return nil, nil
	}
	found, err := deps.Platform.Uses.Find(ctx, s)
	if err != nil {
		return nil, err
	}
	var known []modules.Use
	for _, one := range []struct{ kind, key string }{{kit.KindForm, rule.Form}, {kit.KindWorkflow, rule.Workflow}} {
		if use, counted := found[one.kind][one.key]; counted && one.key != "" {
			known = append(known, use)
		}
	}
	return known, nil
}
