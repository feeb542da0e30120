package audit

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// DisposalAction is the action of the event that names, as its SubjectsKey, what a disposal removed. The payloads of earlier events about
// that may be missing from then on; sequence and hashes stay.
const (
	DisposalAction = "disposal.remove"
	SubjectsKey    = "subjects"
)

// disposals are what the links of a chain say of removed payloads.
type disposals struct {
	removed map[uuid.UUID]int64 // the last sequence that names it
	lacking []lacking
}

// lacking is an event without its payload, and what it is about.
type lacking struct {
	at     Fault
	Object uuid.UUID   `json:"object_id"`
	Case   uuid.UUID   `json:"case_id"`
	Cases  []uuid.UUID `json:"cases"`
}

// lacks notes that a link has no payload; whether one may be missing shows when all links are read.
func (d *disposals) lacks(l link, at Fault) {
	var one lacking
	if l.Form != namedForm || json.Unmarshal([]byte(*l.Event), &one) != nil {
		one = lacking{} // of which nobody can tell what it is about
	}
	one.at = at
	d.lacking = append(d.lacking, one)
}

// takes notes what a link names as removed, if it is of a disposal.
func (d *disposals) takes(l link) {
	if l.Form != namedForm || !strings.Contains(*l.Event, `"action" : "`+DisposalAction+`"`) {
		return
	}
	var told struct {
		Subjects []uuid.UUID `json:"subjects"`
	}
	if json.Unmarshal(l.Payload, &told) != nil {
		return
	}
	if d.removed == nil {
		d.removed = map[uuid.UUID]int64{}
	}
	for _, id := range told.Subjects {
		d.removed[id] = l.Seq
	}
}

// unexplained lists what lacks its payload though no later disposal names what it is about.
func (d *disposals) unexplained() (faults []Fault) {
	for _, one := range d.lacking {
		gone := func(id uuid.UUID) bool { return d.removed[id] > one.at.Seq }
		all := len(one.Cases) > 0 && !slices.ContainsFunc(one.Cases, func(id uuid.UUID) bool { return !gone(id) })
		if !gone(one.Object) && !gone(one.Case) && !all {
			faults = append(faults, one.at)
		}
	}
	return faults
}
