// Package carry brings answers that were given to one set of questions over to another, by what is declared to have changed
// between them: a question has another name, a value another one, or one question became several. It must not lose an answer:
// each stands at its place among the new questions, or is told. It knows no form and no body.
package carry

import (
	"maps"
	"slices"
	"strings"
)

// Way is how answers to an older question are read.
type Way string

// The ways.
const (
	Rename Way = "rename" // the question has another key
	Map    Way = "map"    // values have become others
	Split  Way = "split"  // one question became several
)

// Change is one declared difference between an older set of questions and this one (it: cambio di formato). Changes are read
// in their order, so that a list may hold those of several versions.
type Change struct {
	Key       string   `json:"key"` // tells changes apart
	Way       Way      `json:"way"`
	From      string   `json:"from"`                // the question as it was
	To        string   `json:"to,omitempty"`        // as it is: of Rename, and of Map where it has another key too
	Values    []Value  `json:"values,omitempty"`    // of Map, and of Split by values
	Separator string   `json:"separator,omitempty"` // of Split of a text: what stands between the parts
	Into      []string `json:"into,omitempty"`      // of Split of a text: the questions of the parts, in their order
}

// Value is what becomes of one value.
type Value struct {
	Value   string   `json:"value"`
	To      string   `json:"to,omitempty"`      // of Map
	Answers []Answer `json:"answers,omitempty"` // of Split
}

// Answer is a value of one question.
type Answer struct {
	Key string `json:"key"`
	To  string `json:"to"`
}

// Question is one of a set of questions, as far as carrying answers needs it.
type Question struct {
	Key      string
	Class    Class
	Values   []string // that are offered; what a Choice or Choices takes
	Min, Max *float64 // smallest and largest number, fewest and most values of Choices
	Length   int      // characters of a text
	Required bool
	// Read brings an answer into the type of the question; false for one that it does not take.
	Read func(answer any) (any, bool)
}

// Class is what the answers to a question are.
type Class string

// The classes.
const (
	Text     Class = "text"
	LongText Class = "longtext"
	Whole    Class = "integer"
	Scale    Class = "scale"
	Decimal  Class = "decimal"
	Day      Class = "date"
	Choice   Class = "choice"
	Choices  Class = "choices"
	Truth    Class = "boolean"
)

// listed are all answers to a question, where they can be listed; those to Choices are lists of them.
func (q Question) listed() []string {
	switch q.Class {
	case Choice, Choices:
		return q.Values
	case Truth:
		return []string{"true", "false"}
	default:
		return nil
	}
}

func (q Question) many() bool { return q.Class == Choices }

func (q Question) text() bool { return q.Class == Text || q.Class == LongText }

func (q Question) number() bool { return q.Class == Whole || q.Class == Scale || q.Class == Decimal }

// Left is an older answer that has no place among the new questions. Of a list only what has none: a []string.
type Left struct {
	Key    string
	Answer any
}

// Result is what answers come to.
type Result struct {
	Answers map[string]any
	Left    []Left              // in the order of the older questions
	Sources map[string][]string // the older questions from which each answer comes
}

// Set is a set of questions with what changed since older ones.
type Set struct {
	Questions []Question
	Changes   []Change
}

func (s Set) find(key string) (Question, bool) {
	at := slices.IndexFunc(s.Questions, func(q Question) bool { return q.Key == key })
	if at < 0 {
		return Question{}, false
	}
	return s.Questions[at], true
}

// atom is an answer on its way, or one value of an answer that is a list.
type atom struct {
	key   string // of the question where it stands now
	value any
	from  string // of the question that was answered
	was   any
	many  bool // one of a list
}

// Carry brings answers to older questions over.
func (s Set) Carry(older []Question, given map[string]any) Result {
	var atoms []atom
	for _, key := range order(older, given) {
		atoms = append(atoms, apart(key, given[key])...)
	}
	for _, change := range s.Changes {
		atoms = change.apply(atoms)
	}
	return s.place(atoms)
}

// order are the keys of the answers, those of known questions first, as they are asked.
func order(older []Question, given map[string]any) (keys []string) {
	known := map[string]bool{}
	for _, q := range older {
		if _, answered := given[q.Key]; answered && !known[q.Key] {
			keys = append(keys, q.Key)
		}
		known[q.Key] = true
	}
	asked := len(keys)
	for key := range given {
		if !known[key] {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys[asked:])
	return keys
}

// Unless tells all answers without a place once only some of the new ones are kept: given are the older ones.
func (r Result) Unless(kept, given map[string]any) []Left {
	left := slices.Clone(r.Left)
	for _, key := range slices.Sorted(maps.Keys(r.Answers)) {
		if _, stays := kept[key]; stays {
			continue
		}
		for _, from := range r.Sources[key] {
			if !slices.ContainsFunc(left, func(l Left) bool { return l.Key == from }) {
				left = append(left, Left{Key: from, Answer: given[from]})
			}
		}
	}
	return left
}

// apart takes a list apart into its values.
func apart(key string, answer any) []atom {
	var values []any
	switch list := answer.(type) {
	case []string:
		for _, one := range list {
			values = append(values, one)
		}
	case []any:
		values = list
	case nil:
		return nil
	default:
		return []atom{{key: key, value: answer, from: key, was: answer}}
	}
	atoms := make([]atom, len(values))
	for i, one := range values {
		atoms[i] = atom{key: key, value: one, from: key, was: one, many: true}
	}
	return atoms
}

// apply reads the atoms through one change; those it does not speak of stay.
func (c Change) apply(atoms []atom) []atom {
	var out []atom
	for _, a := range atoms {
		if a.key != c.From {
			out = append(out, a)
			continue
		}
		out = append(out, c.read(a)...)
	}
	return out
}

func (c Change) read(a atom) []atom {
	switch c.Way {
	case Rename:
		a.key = c.To
	case Map:
		if at := c.value(a.value); at >= 0 {
			a.value = c.Values[at].To
		}
		a.key = c.target()
	case Split:
		if parts := c.parts(a); len(parts) > 0 {
			return parts
		}
	}
	return []atom{a}
}

// target is where a Rename or a Map leads.
func (c Change) target() string {
	if c.To == "" {
		return c.From
	}
	return c.To
}

func (c Change) value(answer any) int {
	text, told := write(answer)
	if !told {
		return -1
	}
	return slices.IndexFunc(c.Values, func(v Value) bool { return v.Value == text })
}

// parts are what a Split makes of an atom; none where it has no place for it.
func (c Change) parts(a atom) (parts []atom) {
	if c.Separator == "" {
		if at := c.value(a.value); at >= 0 {
			for _, one := range c.Values[at].Answers {
				parts = append(parts, atom{key: one.Key, value: one.To, from: a.from, was: a.was, many: a.many})
			}
		}
		return parts
	}
	text, ok := a.value.(string)
	if !ok || len(c.Into) == 0 {
		return nil
	}
	for i, piece := range strings.SplitN(text, c.Separator, len(c.Into)) {
		if piece = strings.TrimSpace(piece); piece != "" {
			parts = append(parts, atom{key: c.Into[i], value: piece, from: a.from, was: a.was, many: a.many})
		}
	}
	return parts
}

// place gives each question its answer, and tells what has no place.
func (s Set) place(atoms []atom) Result {
	r := Result{Answers: map[string]any{}, Sources: map[string][]string{}}
	lost := make([]bool, len(atoms))
	for i := range lost {
		lost[i] = true
	}
	for _, q := range s.Questions {
		var here []int
		for i, a := range atoms {
			if a.key == q.Key {
				here = append(here, i)
			}
		}
		answer, taken := q.take(atoms, here)
		if len(taken) == 0 {
			continue
		}
		r.Answers[q.Key] = answer
		for _, i := range taken {
			lost[i] = false
			if !slices.Contains(r.Sources[q.Key], atoms[i].from) {
				r.Sources[q.Key] = append(r.Sources[q.Key], atoms[i].from)
			}
		}
	}
	for i, a := range atoms {
		if lost[i] {
			r.leave(a)
		}
	}
	return r
}

// leave tells an atom that has no place, once.
func (r *Result) leave(a atom) {
	at := slices.IndexFunc(r.Left, func(l Left) bool { return l.Key == a.from })
	if at < 0 {
		r.Left, at = append(r.Left, Left{Key: a.from}), len(r.Left)
	}
	if !a.many {
		r.Left[at].Answer = a.was
		return
	}
	text, _ := write(a.was)
	values, _ := r.Left[at].Answer.([]string)
	if !slices.Contains(values, text) {
		values = append(values, text)
		r.Left[at].Answer = values
	}
}

// take makes one answer of the atoms at some indices, and tells which of them are in it.
func (q Question) take(atoms []atom, here []int) (answer any, taken []int) {
	if q.many() {
		return q.takeMany(atoms, here)
	}
	for _, i := range here {
		value, ok := q.Read(atoms[i].value)
		switch {
		case !ok || value == nil:
		case len(taken) == 0:
			answer, taken = value, []int{i}
		case value == answer:
			taken = append(taken, i)
		}
	}
	return answer, taken
}

func (q Question) takeMany(atoms []atom, here []int) (answer any, taken []int) {
	var values []string
	for _, i := range here {
		text, told := write(atoms[i].value)
		if !told || !slices.Contains(q.Values, text) {
			continue
		}
		taken = append(taken, i)
		if !slices.Contains(values, text) {
			values = append(values, text)
		}
	}
	answer, ok := q.Read(values)
	if !ok || answer == nil {
		return nil, nil
	}
	return answer, taken
}
