package paper

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Facts are what the documents of a body are made of.
type Facts struct {
	Body       tenants.Tenant
	Platform   tenants.Tenant // whose profile tells who runs the deployment
	Sheet      Sheet
	Officers   []tenants.Holder // members who hold the officer's role today
	Modules    []modules.Module // those that are on
	Agreements []policies.Agreement
	Names      map[int32]string // of the bodies of the agreements
	Terms      []modules.Term   // of all modules, with the years of the body; 0 for ever
	Years      int              // for which the trace keeps what it says
}

// OfficerRole is the role of the data protection officer among the members of a body.
const OfficerRole = "dpo"

// Treatments are those of the modules that are on, in the order of the areas.
func (f Facts) Treatments() (all []modules.Treatment) {
	for _, area := range modules.Areas {
		all = append(all, f.treatmentsOf(area)...)
	}
	return all
}

func (f Facts) treatmentsOf(area modules.Area) (all []modules.Treatment) {
	for _, m := range f.Modules {
		for _, t := range m.Treatments {
			if t.Area != area {
				continue
			}
			if area == modules.NetworkArea {
				t.Recipients = append(slices.Clone(t.Recipients), f.partners()...)
			}
			all = append(all, t)
		}
	}
	return all
}

// kept says how long what a treatment writes is kept, a line for each of its terms.
func (f Facts) kept(t modules.Treatment) (lines []string) {
	for _, kind := range t.Terms {
		at := slices.IndexFunc(f.Terms, func(one modules.Term) bool { return one.Kind == kind })
		if at < 0 {
			lines = append(lines, modules.KeptWithout(kind, f.Years).It)
			continue
		}
		one := f.Terms[at]
		switch one.Years {
		case 0:
			lines = append(lines, one.Label.It+": per sempre")
		case 1:
			lines = append(lines, one.Label.It+": un anno "+one.From.It)
		default:
			lines = append(lines, fmt.Sprintf("%s: %d anni %s", one.Label.It, one.Years, one.From.It))
		}
	}
	return lines
}

// partners are the bodies to which agreements in force let the body show cases.
func (f Facts) partners() (names []string) {
	for _, a := range f.Agreements {
		for _, p := range a.Parties {
			if name := f.Names[p.Tenant]; a.Shows(f.Body.ID, p.Tenant) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// Controller are the facts that say who the body is.
func (f Facts) Controller() []Fact {
	p := f.Body.Profile
	return known(
		one("Titolare", f.Body.Name), one("Codice fiscale", f.Body.TaxCode), one("Indirizzo", p.Address), one("PEC", f.Body.PEC),
		one("Posta elettronica", p.Email), one("Telefono", p.Phone),
	)
}

// Officer are the facts that say who the data protection officer is.
func (f Facts) Officer() []Fact {
	d := f.Sheet.DPO
	return known(one("Responsabile della protezione dei dati", d.Name), one("Posta elettronica del responsabile", d.Email), one("Telefono del responsabile", d.Phone))
}

func one(label, value string) Fact { return Fact{label, modules.Given(value)} }

// known leaves out what has no value.
func known(all ...Fact) []Fact {
	return slices.DeleteFunc(all, func(f Fact) bool { return len(f.Values) == 0 })
}

// missing lists what every document needs and nobody has said: who the controller and the officer are.
func (f Facts) missing() (all []language.Message) {
	p := f.Body.Profile
	if p.Address == "" || f.Body.PEC == "" && p.Email == "" {
		all = append(all, language.M("onboarding.privacy.missing.controller"))
	}
	return append(all, f.missingOfficer()...)
}

func (f Facts) missingOfficer() []language.Message {
	if d := f.Sheet.DPO; d.Name == "" || d.Email == "" && d.Phone == "" {
		return []language.Message{language.M("onboarding.privacy.missing.dpo")}
	}
	return nil
}

// Draft writes a document as it would be published now.
func (f Facts) Draft(k Kind) Draft {
	switch k {
	case Notice:
		return Draft{f.notice(), f.missing()}
	case Register:
		return Draft{f.register(), f.missing()}
	case Contract:
		return Draft{f.contract(), f.missingContract()}
	case Joint:
		return Draft{f.joint(), f.missingJoint()}
	default:
		return Draft{f.assessment(), f.missingAssessment()}
	}
}

// Agrees tells whether somebody else than an account holds the role of the officer whom the body names.
func (f Facts) Agrees(but uuid.UUID) bool {
	return f.Sheet.DPO.Name != "" && slices.ContainsFunc(f.Officers, func(h tenants.Holder) bool { return h.Account != but })
}
