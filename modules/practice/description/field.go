// Package description is where a body lists, reads and writes its practices on pages, with the public sheet in its four parts. It
// holds no rule about practices: package release does.
package description

import (
	"staffetta/modules/kit"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sheet"
)

// field is a place of a practice that somebody fills in. Its name is where it stands, and says what it is called.
type field struct {
	name  string
	of    func(*release.Practice) any // what it holds, to read and to write
	kind  string                      // of the items that it names
	short bool                        // on a line
	need  bool                        // nothing is saved without it
}

// evidence is the part of the evidence of a practice that is of one kind.
type evidence struct {
	list *[]sheet.Evidence
	kind string
}

// part is one of the parts of a practice that are written one after the other.
type part struct {
	name   string
	fields []field
}

var parts = []part{
	{"about", []field{
		{name: "key", of: func(p *release.Practice) any { return &p.Key }, short: true, need: true},
		{name: "title", of: func(p *release.Practice) any { return &p.Title }, short: true, need: true},
	}},
	{"registry", []field{
		{name: "registry.cedingBody.name", of: func(p *release.Practice) any { return &p.Sheet.Registry.CedingBody.Name }, short: true},
		{name: "registry.cedingBody.istat", of: func(p *release.Practice) any { return &p.Sheet.Registry.CedingBody.ISTAT }, short: true},
		{name: "registry.cedingBody.belfiore", of: func(p *release.Practice) any { return &p.Sheet.Registry.CedingBody.Belfiore }, short: true},
		{name: "owner", of: func(p *release.Practice) any { return &p.Owner }, short: true, need: true},
		{name: "licence", of: func(p *release.Practice) any { return &p.Licence }, short: true, need: true},
		{name: "registry.startedYear", of: func(p *release.Practice) any { return &p.Sheet.Registry.StartedYear }},
		{name: "registry.area", of: func(p *release.Practice) any { return &p.Sheet.Registry.Area }, kind: areaKind},
		{name: "registry.targets", of: func(p *release.Practice) any { return &p.Sheet.Registry.Targets }},
		{name: "registry.territory", of: func(p *release.Practice) any { return &p.Sheet.Registry.Territory }},
		{name: "registry.partners", of: func(p *release.Practice) any { return &p.Sheet.Registry.Partners }},
		{name: "registry.project.name", of: func(p *release.Practice) any { return &p.Sheet.Registry.Project.Name }, short: true},
		{name: "registry.project.from", of: func(p *release.Practice) any { return &p.Sheet.Registry.Project.From }},
		{name: "registry.project.to", of: func(p *release.Practice) any { return &p.Sheet.Registry.Project.To }},
		{name: "registry.project.funding", of: func(p *release.Practice) any { return (*decimal)(&p.Sheet.Registry.Project.Funding) }},
		{name: "registry.project.lead", of: func(p *release.Practice) any { return &p.Sheet.Registry.Project.Lead }, short: true},
		{name: "registry.project.ceding", of: func(p *release.Practice) any { return &p.Sheet.Registry.Project.Ceding }, short: true},
		{name: "registry.project.reusing", of: func(p *release.Practice) any { return &p.Sheet.Registry.Project.Reusing }},
		{name: "registry.project.call", of: func(p *release.Practice) any { return &p.Sheet.Registry.Project.Call }},
		{name: "registry.persons", of: func(p *release.Practice) any { return &p.Sheet.Registry.Persons }},
	}},
	{"characteristics", []field{
		{name: "characteristics.problem", of: func(p *release.Practice) any { return &p.Sheet.Characteristics.Problem }},
		{name: "characteristics.solution", of: func(p *release.Practice) any { return &p.Sheet.Characteristics.Solution }},
		{name: "characteristics.aims", of: func(p *release.Practice) any { return &p.Sheet.Characteristics.Aims }},
		{name: "characteristics.activities", of: func(p *release.Practice) any { return &p.Sheet.Characteristics.Activities }},
		{name: "characteristics.innovation", of: func(p *release.Practice) any { return &p.Sheet.Characteristics.Innovation }},
		{name: "characteristics.needs", of: func(p *release.Practice) any { return &p.Sheet.Characteristics.Needs }},
	}},
	{"results", []field{
		{name: "results.facts", of: func(p *release.Practice) any { return evidence{&p.Sheet.Results.Evidence, "fact"} }},
		{name: "results.lessons", of: func(p *release.Practice) any { return evidence{&p.Sheet.Results.Evidence, "lesson"} }},
		{name: "results.indicators", of: func(p *release.Practice) any { return &p.Sheet.Results.Indicators }, kind: kit.KindIndicator},
		{name: "results.figures", of: func(p *release.Practice) any { return &p.Sheet.Results.Figures }},
		{name: "results.limits", of: func(p *release.Practice) any { return &p.Sheet.Results.Limits }},
	}},
	{"transfer", []field{
		{name: "transfer.how", of: func(p *release.Practice) any { return &p.Sheet.Transfer.How }},
		{name: "transfer.months", of: func(p *release.Practice) any { return &p.Sheet.Transfer.Months }},
		{name: "transfer.monthsNote", of: func(p *release.Practice) any { return &p.Sheet.Transfer.MonthsNote }},
		{name: "transfer.support", of: func(p *release.Practice) any { return &p.Sheet.Transfer.Support }, kind: "training"},
		{name: "transfer.acts", of: func(p *release.Practice) any { return &p.Sheet.Transfer.Acts }, kind: "act"},
		{name: "transfer.checklist", of: func(p *release.Practice) any { return &p.Sheet.Transfer.Checklist }, kind: "checklist"},
		{name: "transfer.costs", of: func(p *release.Practice) any { return &p.Sheet.Transfer.Costs }, kind: "cost"},
		{name: "transfer.lessons", of: func(p *release.Practice) any { return &p.Sheet.Transfer.Lessons }},
	}},
}

// areaKind marks the field that chooses an area, of which there is a fixed list.
const areaKind = "area"
