package paper

import (
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/policies"
)

// jointRole is the role of a body that decides together with another one.
const jointRole = policies.JointController

// contract writes what an agreement with who runs the deployment has to say (art. 28, par. 3, GDPR), and names the other processors.
func (f Facts) contract() Document {
	p := f.Sheet.Provider
	return Document{Title: "Responsabili del trattamento: dati per l’accordo", Chapters: []Chapter{
		{ID: "parti", Title: "Le parti", Parts: []Part{
			{Title: "Titolare", Facts: append(f.Controller(), f.Officer()...)},
			{Title: "Responsabile: chi gestisce la piattaforma", Facts: known(one("Nome", p.Name), one("Recapiti", p.Contact), one("Contratto o atto", p.Act))},
		}},
		{ID: "oggetto", Title: "Oggetto del trattamento", Parts: []Part{
			{Text: []string{"Il responsabile fa funzionare la piattaforma Staffetta: la ospita, la aggiorna, ne fa le copie di sicurezza e dà assistenza. Non usa i dati per scopi propri."}},
			{Facts: []Fact{
				{"Trattamenti", f.titles()},
				one("Durata", "quanto il contratto"),
				{"Interessati", f.collect(func(i int) []string { return f.Treatments()[i].People })},
				{"Dati", f.collect(func(i int) []string { return f.Treatments()[i].Data })},
			}},
		}},
		{ID: "obblighi", Title: "Obblighi del responsabile", Parts: []Part{{List: duties}}},
		{ID: "misure", Title: "Misure di sicurezza", Parts: []Part{{List: f.measures()}}},
		{ID: "altri", Title: "Altri responsabili dell’ente", Parts: []Part{{List: f.others()}}},
	}}
}

// duties are those of a processor (art. 28, par. 3, lett. a to h, and art. 33, par. 2, GDPR).
var duties = []string{
	"tratta i dati solo su istruzione documentata del titolare (lett. a)",
	"impegna alla riservatezza chi vi lavora (lett. b)",
	"adotta le misure di sicurezza dell’art. 32 GDPR (lett. c)",
	"ricorre ad altri responsabili solo con l’autorizzazione scritta del titolare e con gli stessi obblighi (lett. d)",
	"aiuta il titolare a rispondere a chi esercita i suoi diritti (lett. e)",
	"aiuta il titolare per sicurezza, violazioni, valutazione d’impatto e consultazione preventiva (lett. f); avvisa di una violazione senza ritardo, perché il titolare ha 72 ore (art. 33 GDPR)",
	"alla fine restituisce tutti i dati in un archivio cifrato e leggibile e li cancella (lett. g)",
	"mette a disposizione le prove e permette verifiche (lett. h)",
	"entra nei dati di un ente, per assistenza, solo se l’ente lo chiede, per un tempo limitato e lasciando traccia",
}

func (f Facts) titles() (lines []string) {
	for _, t := range f.Treatments() {
		lines = append(lines, t.Title.It)
	}
	return lines
}

// collect gathers lines of all treatments, each once.
func (f Facts) collect(of func(int) []string) (lines []string) {
	for i := range f.Treatments() {
		for _, line := range of(i) {
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

func (f Facts) others() (lines []string) {
	for _, p := range f.Sheet.Processors {
		line := p.Name + ": " + p.Task
		if p.Act != "" {
			line += " (" + p.Act + ")"
		}
		lines = append(lines, line)
	}
	return orNone(lines)
}

func (f Facts) missingContract() []language.Message {
	all := f.missing()
	if p := f.Sheet.Provider; p.Name == "" || p.Contact == "" || p.Act == "" {
		all = append(all, language.M("onboarding.privacy.missing.provider"))
	}
	return all
}

// joint writes the essence of the arrangements with other bodies (art. 26, par. 2, GDPR), one chapter for each agreement in force.
func (f Facts) joint() Document {
	d := Document{Title: "Accordi con altri enti: chi fa che cosa con i dati"}
	for _, a := range f.Agreements {
		var sections []string
		for _, id := range a.Sections {
			sections = append(sections, policies.SectionLabel(id).It)
		}
		facts := []Fact{
			one("Valido", "dal "+Day(a.From)+" al "+Day(a.To)), {"Enti", f.parties(a)}, {"Sezioni della cartella", sections}, {"Chi mostra a chi", f.edges(a)},
		}
		c := Chapter{ID: a.ID.String(), Title: a.Title, Parts: []Part{{Facts: facts}}}
		if f.isJoint(a) {
			c.Parts = append(c.Parts, Part{Title: "Come ci dividiamo i compiti", Text: []string{
				"Chi possiede la cartella dà l’informativa e risponde a chi esercita i suoi diritti; l’altro ente lo aiuta senza ritardo. Ognuno risponde della sicurezza dei propri operatori e avvisa subito l’altro di una violazione.",
				"Puoi comunque esercitare i tuoi diritti presso ciascuno degli enti (art. 26, par. 3, GDPR).",
			}})
		}
		d.Chapters = append(d.Chapters, c)
	}
	return d
}

// roles are what the roles of data protection are called.
var roles = map[string]string{policies.Controller: "titolare autonomo", jointRole: "contitolare", policies.Processor: "responsabile del trattamento"}

// parties names the bodies of an agreement with their role and act.
func (f Facts) parties(a policies.Agreement) (lines []string) {
	for _, p := range a.Parties {
		line := f.Names[p.Tenant] + ", " + roles[p.Role]
		if p.Act.Number != "" {
			line += ", atto " + p.Act.Number
		}
		if !p.Act.Day.IsZero() {
			line += " del " + Day(p.Act.Day)
		}
		lines = append(lines, line)
	}
	return lines
}

func (f Facts) edges(a policies.Agreement) (lines []string) {
	for _, e := range a.Edges {
		lines = append(lines, strings.Join([]string{f.Names[e.From], f.Names[e.To]}, " a "))
	}
	return orNone(lines)
}

func (f Facts) isJoint(a policies.Agreement) bool {
	return slices.ContainsFunc(a.Parties, func(p policies.Party) bool { return p.Tenant == f.Body.ID && p.Role == jointRole })
}

// partnersAs names the other bodies of agreements in which the body has a role.
func (f Facts) partnersAs(role string) (names []string) {
	for _, a := range f.Agreements {
		if !slices.ContainsFunc(a.Parties, func(p policies.Party) bool { return p.Tenant == f.Body.ID && p.Role == role }) {
			continue
		}
		for _, p := range a.Parties {
			if name := f.Names[p.Tenant]; p.Tenant != f.Body.ID && p.Role == role && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (f Facts) missingJoint() []language.Message {
	all := f.missing()
	if len(f.Agreements) == 0 {
		all = append(all, language.M("onboarding.privacy.missing.agreement"))
	}
	return all
}
