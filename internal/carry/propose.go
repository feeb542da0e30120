package carry

import "slices"

// Propose is a change that would give the answers of a loss a place, or begins to: of values it may be left open what becomes
// of them. false where no declared change would do.
func (s Set) Propose(older []Question, loss Loss) (Change, bool) {
	q, known := Set{Questions: older}.find(loss.Key)
	if !known || loss.Why != Unplaced {
		return Change{}, false
	}
	if at := slices.IndexFunc(s.Changes, func(c Change) bool { return c.From == q.Key }); at >= 0 {
		return s.complete(s.Changes[at], q, loss)
	}
	if to, stands := s.find(q.Key); stands {
		return s.mapping(Change{Key: q.Key, From: q.Key}, to, q, loss.Values)
	}
	return s.proposeName(older, q)
}

// complete adds values to a change that is declared.
func (s Set) complete(c Change, q Question, loss Loss) (Change, bool) {
	to, there := s.find(c.target())
	if c.Way == Split || !there {
		return Change{}, false
	}
	return s.mapping(c, to, q, loss.Values)
}

// mapping says of values what they become: the one that is new, where one is; else it is left open.
func (s Set) mapping(c Change, to, q Question, values []string) (Change, bool) {
	if to.listed() == nil || len(values) == 0 {
		return Change{}, false
	}
	var fresh []string
	for _, value := range to.listed() {
		if !slices.Contains(q.listed(), value) {
			fresh = append(fresh, value)
		}
	}
	c.Way, c.Values = Map, slices.Clone(c.Values)
	for _, value := range values {
		becomes := Value{Value: value}
		if len(values) == 1 && len(fresh) == 1 {
			becomes.To = fresh[0]
		}
		c.Values = append(c.Values, becomes)
	}
	return c, true
}

// proposeName looks for the new question that would take all answers of one that is gone, the same class first.
func (s Set) proposeName(older []Question, q Question) (Change, bool) {
	named := Change{}
	for _, to := range s.Questions {
		if _, before := (Set{Questions: older}).find(to.Key); before || s.leadsTo(to.Key, len(s.Changes)) {
			continue
		}
		c := Change{Key: q.Key, Way: Rename, From: q.Key, To: to.Key}
		if _, lossy := (Set{Questions: s.Questions, Changes: append(slices.Clone(s.Changes), c)}).loss(q); lossy {
			continue
		}
		if to.Class == q.Class {
			return c, true
		}
		if named.Key == "" {
			named = c
		}
	}
	return named, named.Key != ""
}
