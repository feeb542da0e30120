package paper

import (
	"slices"

	"staffetta/modules"
)

// Short is the chapter of the notice that comes first and says in brief what the others say.
const Short = "breve"

// areas are what the chapters of the notice are called.
var areas = map[modules.Area]string{
	modules.AccessArea:  "Se chiedi aiuto o informazioni ai servizi sociali",
	modules.CareArea:    "Se i servizi sociali ti seguono",
	modules.NetworkArea: "Se lavorano con te più enti insieme",
	modules.RightsArea:  "Se vuoi sapere chi ha aperto la tua cartella",
	modules.StaffArea:   "Se lavori con la piattaforma",
}

// notice writes the privacy notice: a short one, and one for each area in which a module that is on does something (artt. 12, 13 and
// 14 GDPR).
func (f Facts) notice() Document {
	d := Document{Title: "Informativa sul trattamento dei dati personali", Chapters: []Chapter{f.short()}}
	for _, area := range modules.Areas {
		if of := f.treatmentsOf(area); len(of) > 0 {
			d.Chapters = append(d.Chapters, f.noticeOf(area, of))
		}
	}
	return d
}

func (f Facts) short() Chapter {
	name := f.Body.Name
	return Chapter{ID: Short, Title: "In breve", Parts: []Part{
		{Text: []string{
			name + " usa i tuoi dati per darti i servizi sociali previsti dalla legge. Non serve il tuo consenso: è un compito di interesse pubblico. Non li vende, non li usa per pubblicità e non li pubblica.",
			"I tuoi dati li vede solo chi ci lavora e ne ha bisogno per seguirti. Chi apre la tua cartella lascia una traccia che non si può cancellare.",
			"Nessuna decisione che ti riguarda è presa da un programma da solo.",
		}},
		{Title: "A chi puoi scrivere", Facts: append(f.Controller(), f.Officer()...)},
		{Title: "Che cosa puoi chiedere", List: rights},
		complaint,
		{Title: "Cookie", Text: []string{"Questo sito usa solo cookie tecnici, che servono a farti entrare e a ricordare la lingua. Non ci sono cookie di profilazione né di altri siti."}},
	}}
}

// rights are what people can ask for (artt. 15 to 22 GDPR), as the bases of social services leave them.
var rights = []string{
	"sapere se abbiamo dati su di te, vederli e averne copia (art. 15 GDPR)",
	"correggere quelli sbagliati e completare quelli che mancano (art. 16 GDPR)",
	"cancellarli, quando la legge non ci obbliga a conservarli (art. 17 GDPR)",
	"limitarne l’uso finché si verifica una tua richiesta (art. 18 GDPR)",
	"opporti per motivi legati alla tua situazione; li useremo ancora solo se ci sono ragioni che prevalgono (art. 21 GDPR)",
}

var complaint = Part{Title: "Se la risposta non ti convince", Text: []string{
	"Rispondiamo entro un mese (art. 12 GDPR). Puoi sempre fare reclamo al Garante per la protezione dei dati personali, piazza Venezia 11, 00187 Roma, www.garanteprivacy.it (art. 77 GDPR), o andare davanti al giudice (art. 79 GDPR).",
}}

// noticeOf writes the notice of one area in full.
func (f Facts) noticeOf(area modules.Area, of []modules.Treatment) Chapter {
	c := Chapter{ID: string(area), Title: areas[area]}
	for _, t := range of {
		facts := []Fact{
			one("Perché", "Per "+t.Purpose+"."),
			{"Dati", t.Data},
			{"Su chi", t.People},
			one("In base a", t.Laws),
			{"Base giuridica", cite(t.Bases)},
			{"Per quanto tempo", f.kept(t)},
			{"A chi possono andare, oltre a chi lavora nell’ente", t.Recipients},
		}
		c.Parts = append(c.Parts, Part{Title: t.Title.It, Facts: known(facts...)})
	}
	return Chapter{ID: c.ID, Title: c.Title, Parts: append(c.Parts, f.frame(area)...)}
}

// frame is what the notices of all areas say alike.
func (f Facts) frame(area modules.Area) []Part {
	parts := []Part{{Title: "Da dove vengono i dati", Text: []string{sources(area)}}}
	if area != modules.StaffArea {
		parts = append(parts, Part{Title: "Se non vuoi darli", Text: []string{
			"Senza i dati necessari non possiamo valutare la richiesta o darti il servizio. Quelli facoltativi sono segnati come tali.",
		}})
	}
	parts = append(parts,
		Part{Title: "Chi li tratta per nostro conto", Text: []string{"Chi fa funzionare il sistema e altri fornitori trattano i dati solo secondo le nostre istruzioni e un contratto (art. 28 GDPR)."}, List: f.processors()},
		Part{Title: "Fuori dall’Unione europea", Text: []string{"I dati non vengono trasferiti fuori dall’Unione europea. Nessuna decisione è presa solo da una macchina (art. 22 GDPR)."}},
		Part{Title: "I tuoi diritti", List: rights}, complaint,
		Part{Title: "Titolare e responsabile della protezione dei dati", Facts: append(f.Controller(), f.Officer()...)})
	return slices.DeleteFunc(parts, func(p Part) bool { return len(p.Text)+len(p.Facts)+len(p.List) == 0 })
}

// sources says where data come from that people have not given themselves (art. 14 GDPR).
func sources(area modules.Area) string {
	switch area {
	case modules.StaffArea:
		return "Da te quando entri con la tua identità digitale, dall’ente che ti dà un ruolo e dall’uso della piattaforma."
	case modules.NetworkArea:
		return "Dalla cartella dell’ente che condivide e, per la parte che scrive, dall’ente che riceve."
	default:
		return "Da te, dai tuoi familiari o da chi ti rappresenta; da altri uffici e amministrazioni che li hanno già (art. 43 D.P.R. 445/2000), da scuole, servizi sanitari, autorità giudiziaria e da chi segnala una situazione di bisogno."
	}
}

// processors names who treats data on behalf of the body, with what for.
func (f Facts) processors() (lines []string) {
	if p := f.Sheet.Provider; p.Name != "" {
		lines = append(lines, p.Name+": gestione della piattaforma")
	}
	for _, p := range f.Sheet.Processors {
		lines = append(lines, p.Name+": "+p.Task)
	}
	return lines
}

func cite(all []modules.Basis) (lines []string) {
	for _, b := range all {
		lines = append(lines, b.Cite())
	}
	return lines
}
