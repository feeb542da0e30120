package paper

import (
	"strings"
	"time"

	"staffetta/internal/language"
)

// assessment writes the impact assessment (art. 35, par. 7, GDPR): what the program knows is filled in, what a person has to judge
// comes from the sheet.
func (f Facts) assessment() Document {
	j := f.Sheet.Judgement
	described := Part{Facts: append(f.Controller(), append(f.Officer(), Fact{"Trattamenti", f.titles()}, Fact{"Responsabili del trattamento", orNone(f.processors())},
		Fact{"Altri enti, sotto accordo", orNone(f.partners())})...)}
	return Document{Title: "Valutazione d’impatto sulla protezione dei dati", Chapters: []Chapter{
		{ID: "obbligo", Title: "Perché si fa", Parts: []Part{{Text: []string{
			"I servizi sociali trattano su larga scala dati di salute, giudiziari e di persone vulnerabili: la valutazione è dovuta (art. 35, par. 3, lett. b, GDPR; provvedimento del Garante n. 467 dell’11 ottobre 2018).",
		}}}},
		{ID: "descrizione", Title: "Che cosa si fa con i dati (par. 7, lett. a)", Parts: []Part{described, {Text: []string{"Finalità, dati, tempi e destinatari di ogni trattamento sono nel registro dei trattamenti."}}}},
		{ID: "necessita", Title: "Necessità e proporzionalità (par. 7, lett. b)", Parts: []Part{
			{List: []string{
				"i dati sono solo quelli dei moduli che l’ente ha acceso",
				"la base è un compito di legge, non il consenso; l’informativa è pubblica e per area",
				"ogni trattamento ha un tempo di conservazione",
			}},
			written("Valutazione dell’ente", j.Need),
		}},
		{ID: "rischi", Title: "Rischi per le persone (par. 7, lett. c)", Parts: []Part{{Facts: risks}, written("Valutazione dell’ente: probabilità e gravità", j.Risks)}},
		{ID: "misure", Title: "Misure (par. 7, lett. d)", Parts: []Part{{List: f.measures()}}},
		{ID: "pareri", Title: "Pareri (par. 2 e 9)", Parts: []Part{written("Responsabile della protezione dei dati, interessati o chi li rappresenta", j.Views)}},
		{ID: "decisione", Title: "Decisione", Parts: []Part{
			written("Rischio che resta e che cosa si decide", j.Decision),
			{Text: []string{"Se il rischio che resta è elevato, prima di cominciare si consulta il Garante (art. 36 GDPR). La valutazione si rivede quando cambia il rischio (art. 35, par. 11)."}},
		}},
	}}
}

// risks are what may happen to people, each with what the program does against it.
var risks = []Fact{
	{"Qualcuno vede dati che non gli servono", []string{
		"Effetti: stigma, discriminazione, pericolo per chi è protetto.", "Contro: ruoli a termine, sezioni per ruolo, traccia di ogni lettura.",
	}},
	{"I dati escono dall’ente", []string{
		"Effetti: perdita di riservatezza che non si ripara.", "Contro: separazione degli enti nella base di dati, esportazione decisa in due e cifrata.",
	}},
	{"I dati sono sbagliati o alterati", []string{
		"Effetti: decisioni sbagliate su aiuti e tutele.", "Contro: storia di ogni modifica, avviso di possibili doppioni, traccia inalterabile.",
	}},
	{"I dati si perdono o non si aprono", []string{
		"Effetti: interruzione degli aiuti.", "Contro: archivio completo che l’ente può estrarre; copie di sicurezza a cura di chi gestisce la piattaforma.",
	}},
	{"Un programma decide al posto di una persona", []string{
		"Effetti: esclusione ingiusta.", "Contro: nessuna decisione automatica; decide e firma sempre una persona (art. 22 GDPR).",
	}},
}

// written is what a person wrote, in paragraphs.
func written(title, text string) Part {
	p := Part{Title: title}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			p.Text = append(p.Text, line)
		}
	}
	if len(p.Text) == 0 {
		p.Text = []string{"Da scrivere."}
	}
	return p
}

func (f Facts) missingAssessment() []language.Message {
	all := f.missing()
	if j := f.Sheet.Judgement; j.Need == "" || j.Risks == "" || j.Decision == "" {
		all = append(all, language.M("onboarding.privacy.missing.judgement"))
	}
	return all
}

// Day is how documents write the day of an instant.
func Day(at time.Time) string { return at.In(language.Rome).Format("02/01/2006") }
