package upgrade

import (
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
)

// arrives tells whether an item is a service that comes into use. Citizens would call an office about it that is not ready yet: it
// waits until the adoption is at its start.
func arrives(kind string, found, made standing) bool {
	return kind == kit.KindService && found.State != kit.Published && made.State == kit.Published
}

// Waiting is how many services would be in use and not yet in the guide for citizens, by the answers that are kept.
func (p Plan) Waiting() int {
	if p.Adoption.Stage >= adoption.StageGoLive {
		return 0
	}
	a, waiting := p.with(p.Kept), 0
	for _, line := range p.Lines {
		d := p.Kept[line.Place()]
		if line.Kind != kit.KindService || !a.writes(line, d) {
			continue
		}
		if one, err := a.foresee(line, d); err == nil && !one.untold && arrives(line.Kind, one.found, one.made) {
			waiting++
		}
	}
	return waiting
}

// arriving are the services that a run brought into use.
func arriving(settlements []settled) (keys []string) {
	for _, one := range settlements {
		if !one.untold && arrives(one.line.Kind, one.found, one.made) {
			keys = append(keys, one.line.Key)
		}
	}
	return keys
}

// returning are the services that come into use again by going back.
func (u Undoing) returning() (keys []string) {
	for _, line := range u.Lines {
		if arrives(line.Kind, line.now, line.then) {
			keys = append(keys, line.Key)
		}
	}
	return keys
}
