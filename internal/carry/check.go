package carry

import "slices"

// Wrong is one thing that is wrong with a declared change: the member where it stands and what it is.
type Wrong struct {
	Change string // its key
	Member string // "" for the whole of it
	What   Fault
	Name   string // the question or value that it is about
}

// Fault is what is wrong.
type Fault string

// The faults.
const (
	Repeated Fault = "repeated" // another change has the same key, another value is the same
	Unknown  Fault = "unknown"  // there is no such question
	Standing Fault = "standing" // the question, or the value, is still there
	Gone     Fault = "gone"     // a change before it leads the answers elsewhere already
	Empty    Fault = "empty"    // it does not say what becomes of answers
	Refused  Fault = "refused"  // the question does not take the value
	Both     Fault = "both"     // a split by a separator and by values at once
)

// Check tells what is wrong with the changes of a set by itself: where they lead, and what they cannot mean.
func (s Set) Check() (wrong []Wrong) {
	seen := map[string]bool{}
	for at, change := range s.Changes {
		c := checker{set: s, change: change, later: s.Changes[at+1:], wrong: &wrong}
		if seen[change.Key] {
			c.add("key", Repeated, change.Key)
		}
		seen[change.Key] = true
		for _, before := range s.Changes[:at] {
			if before.From == change.From && before.leads() && !s.leadsTo(change.From, at) {
				c.add("from", Gone, change.From)
				break
			}
		}
		c.check()
	}
	return wrong
}

// leads tells whether no answer stays where it was.
func (c Change) leads() bool { return c.Way != Map || c.To != "" && c.To != c.From }

// leadsTo tells whether one of the changes before a place leads answers to a question.
func (s Set) leadsTo(key string, before int) bool {
	return slices.ContainsFunc(s.Changes[:before], func(c Change) bool {
		return c.leads() && (c.Way != Split && c.target() == key || slices.Contains(c.Into, key)) || slices.Contains(c.answered(), key)
	})
}

// answered are the questions that a Split by values answers.
func (c Change) answered() (keys []string) {
	for _, v := range c.Values {
		for _, one := range v.Answers {
			keys = append(keys, one.Key)
		}
	}
	return keys
}

type checker struct {
	set    Set
	change Change
	later  []Change
	wrong  *[]Wrong
}

func (c checker) add(member string, what Fault, name string) {
	*c.wrong = append(*c.wrong, Wrong{Change: c.change.Key, Member: member, What: what, Name: name})
}

func (c checker) check() {
	if _, there := c.set.find(c.change.From); there && c.change.leads() {
		c.add("from", Standing, c.change.From)
	}
	switch c.change.Way {
	case Rename:
		if c.change.To == "" {
			c.add("to", Empty, "")
			return
		}
		c.leads("to", c.change.To)
	case Map:
		c.checkMap()
	case Split:
		c.checkSplit()
	}
}

// leads sees that a question is there, or that a later change reads it.
func (c checker) leads(member, key string) {
	_, there := c.set.find(key)
	if !there && !c.readLater(key) {
		c.add(member, Unknown, key)
	}
}

func (c checker) readLater(key string) bool {
	return slices.ContainsFunc(c.later, func(later Change) bool { return later.From == key })
}

func (c checker) checkMap() {
	to := c.change.target()
	c.leads("to", to)
	if len(c.change.Values) == 0 {
		c.add("values", Empty, "")
	}
	seen := map[string]bool{}
	for _, v := range c.change.Values {
		c.takes("values", to, v.To)
		q, there := c.set.find(to)
		switch {
		case seen[v.Value]:
			c.add("values", Repeated, v.Value)
		case there && q.takes(v.Value) && !c.change.leads():
			c.add("values", Standing, v.Value)
		}
		seen[v.Value] = true
	}
}

// takes sees that a question takes a value, unless a later change reads it once more.
func (c checker) takes(member, key, value string) {
	q, there := c.set.find(key)
	if there && !c.readLater(key) && !q.takes(value) {
		c.add(member, Refused, value)
	}
}

func (q Question) takes(value string) bool {
	if q.many() {
		return slices.Contains(q.Values, value)
	}
	read, ok := q.Read(value)
	return ok && read != nil
}

func (c checker) checkSplit() {
	byText := c.change.Separator != "" || len(c.change.Into) > 0
	switch {
	case byText && len(c.change.Values) > 0:
		c.add("", Both, "")
	case byText && (c.change.Separator == "" || len(c.change.Into) < 2):
		c.add("into", Empty, "")
	case !byText && len(c.change.Values) == 0:
		c.add("values", Empty, "")
	}
	for at, key := range c.change.Into {
		if slices.Contains(c.change.Into[:at], key) {
			c.add("into", Repeated, key)
		}
		c.leads("into", key)
		if q, there := c.set.find(key); there && !q.text() {
			c.add("into", Refused, key)
		}
	}
	seen := map[string]bool{}
	for _, v := range c.change.Values {
		if seen[v.Value] {
			c.add("values", Repeated, v.Value)
		}
		seen[v.Value] = true
		if len(v.Answers) == 0 && !byText {
			c.add("values", Empty, v.Value)
		}
		for _, one := range v.Answers {
			c.leads("values", one.Key)
			c.takes("values", one.Key, one.To)
		}
	}
}
