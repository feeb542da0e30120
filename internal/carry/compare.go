package carry

import "slices"

// Loss is an older question of which answers have no sure place among the new ones.
type Loss struct {
	Key    string
	Values []string // those without a place; nil where it is about any answer
	Why    Reason
}

// Reason is why.
type Reason string

// The reasons.
const (
	Unplaced Reason = "unplaced" // no question takes the answers, or these values
	Narrow   Reason = "narrow"   // the question takes fewer of them: shorter texts, closer bounds
)

// Compare tells which answers to older questions would have no place in the set, or may have none. What it does not tell of is
// carried over, whatever was answered.
func (s Set) Compare(older []Question) (losses []Loss) {
	for _, q := range older {
		if loss, lossy := s.loss(q); lossy {
			losses = append(losses, loss)
		}
	}
	return losses
}

func (s Set) loss(q Question) (Loss, bool) {
	if q.listed() == nil {
		return s.lossOfOpen(q)
	}
	loss := Loss{Key: q.Key, Why: Unplaced}
	narrow := false
	for _, value := range q.listed() {
		placed, close := s.follow(q, value)
		if !placed {
			loss.Values = append(loss.Values, value)
		}
		narrow = narrow || close
	}
	if len(loss.Values) == 0 && narrow {
		loss.Why = Narrow
	}
	return loss, len(loss.Values) > 0 || narrow
}

// follow sees where one value goes: whether every part of it is taken, and whether a list of such values may be too long or too
// short there.
func (s Set) follow(q Question, value string) (placed, narrow bool) {
	atoms := []atom{{key: q.Key, value: q.typed(value), from: q.Key, was: value, many: q.many()}}
	for _, change := range s.Changes {
		atoms = change.apply(atoms)
	}
	for _, a := range atoms {
		to, there := s.find(a.key)
		text, told := write(a.value)
		if !there || !told || !to.takes(text) {
			return false, false
		}
		narrow = narrow || q.many() && (!to.many() || !contains(to, q))
	}
	return len(atoms) > 0, narrow
}

// typed is a value as answers to the question hold it.
func (q Question) typed(value string) any {
	if q.many() {
		return value
	}
	if read, ok := q.Read(value); ok {
		return read
	}
	return value
}

// lossOfOpen follows a question whose answers cannot be listed.
func (s Set) lossOfOpen(q Question) (Loss, bool) {
	keys, partly := []string{q.Key}, false
	for _, change := range s.Changes {
		if !slices.Contains(keys, change.From) {
			continue
		}
		keys = slices.DeleteFunc(keys, func(key string) bool { return key == change.From })
		switch {
		case change.Way != Split:
			keys = append(keys, change.target())
		case change.Separator != "" && q.text():
			keys = append(keys, change.Into...)
		default:
			return Loss{Key: q.Key, Why: Unplaced}, true
		}
	}
	for _, key := range keys {
		to, there := s.find(key)
		if !there || !to.reads(q) {
			return Loss{Key: q.Key, Why: Unplaced}, true
		}
		partly = partly || q.number() && !contains(to, q) || to.text() && q.text() && to.Length < q.Length
	}
	return Loss{Key: q.Key, Why: Narrow}, partly
}

// reads tells whether answers to an older question can be read as answers to this one.
func (q Question) reads(older Question) bool {
	return q.text() && (older.text() || older.Class == Day) || q.number() && older.number() || q.Class == Day && older.Class == Day
}

// contains tells whether the bounds of one question leave room for all that those of another do.
func contains(wide, close Question) bool {
	low := wide.Min == nil || close.Min != nil && *close.Min >= *wide.Min
	high := wide.Max == nil || close.Max != nil && *close.Max <= *wide.Max
	return low && high && (close.Class != Decimal || wide.Class == Decimal)
}

// Unasked lists the required questions of the set that no older question fills: whoever goes on has to answer them.
func (s Set) Unasked(older []Question) (keys []string) {
	filled := map[string]bool{}
	for _, q := range older {
		filled[q.Key] = true
	}
	for _, c := range s.Changes {
		if !filled[c.From] {
			continue
		}
		if c.Way != Split {
			filled[c.target()] = true
		}
		for _, key := range append(c.answered(), c.Into...) {
			filled[key] = true
		}
	}
	for _, q := range s.Questions {
		if q.Required && !filled[q.Key] {
			keys = append(keys, q.Key)
		}
	}
	return keys
}

// Foreign lists the changes that speak of a question which none of the older sets has and no change before leads to.
func (s Set) Foreign(older [][]Question) (keys []string) {
	for at, c := range s.Changes {
		known := s.leadsTo(c.From, at) || slices.ContainsFunc(older, func(set []Question) bool {
			return slices.ContainsFunc(set, func(q Question) bool { return q.Key == c.From })
		})
		if !known {
			keys = append(keys, c.Key)
		}
	}
	return keys
}

// Of tells whether the loss is about an answer with a value.
func (l Loss) Of(value string) bool {
	return l.Key != "" && (l.Values == nil || slices.Contains(l.Values, value))
}
