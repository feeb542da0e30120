package paper

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"staffetta/modules"
)

// body is the chapter that says who the controller is.
const body = "ente"

// register writes the register of treatments (art. 30, par. 1, GDPR): who the body is, then one chapter for each treatment.
func (f Facts) register() Document {
	d := Document{Title: "Registro delle attività di trattamento", Chapters: []Chapter{
		{ID: body, Title: "Titolare del trattamento", Parts: []Part{{Facts: append(f.Controller(), f.Officer()...)}}},
	}}
	measures := f.measures()
	for _, t := range f.Treatments() {
		special := "no"
		if slices.ContainsFunc(t.Bases, modules.Basis.IsSpecial) {
			special = "sì"
		}
		d.Chapters = append(d.Chapters, Chapter{ID: t.Key, Title: t.Title.It, Parts: []Part{{Facts: []Fact{
			one("Finalità", t.Purpose),
			{"Base giuridica", cite(t.Bases)},
			one("Norme", t.Laws),
			{"Interessati", t.People},
			{"Dati", t.Data},
			one("Categorie particolari o giudiziarie", special),
			{"Destinatari", orNone(t.Recipients)},
			{"Responsabili del trattamento", orNone(f.processors())},
			one("Contitolari", f.jointNames(t)), one("Trasferimenti fuori dall’Unione europea", "nessuno"),
			{"Conservazione", f.kept(t)},
			{"Misure di sicurezza", measures},
		}}}})
	}
	return d
}

func orNone(lines []string) []string {
	if len(lines) == 0 {
		return []string{"nessuno"}
	}
	return lines
}

// jointNames names who decides together with the body about a treatment.
func (f Facts) jointNames(t modules.Treatment) string {
	if names := f.partnersAs(jointRole); t.Area == modules.NetworkArea && len(names) > 0 {
		return strings.Join(names, ", ")
	}
	return "nessuno"
}

// measures are the technical and organisational measures of the program and of the modules that are on (art. 32 GDPR).
func (f Facts) measures() []string {
	all := []string{
		"ogni ente vede soltanto i propri dati: lo impone la base di dati, riga per riga, anche se il programma sbaglia",
		"accesso personale con identità digitale e ruoli a termine; chi configura non legge le cartelle",
		"traccia di ogni lettura e modifica, concatenata e controfirmata, che nessuno può alterare",
		"codici fiscali delle utenze cifrati; collegamenti cifrati",
		"l’esportazione di tutti i dati vuole due persone ed è cifrata per chi la riceve",
	}
	for _, t := range f.Treatments() {
		all = append(all, t.Measures...)
	}
	return all
}

// CSV writes a register as a table with one treatment a row.
func CSV(d Document) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff") // spreadsheets read accents right with it
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	rows := [][]string{{"Trattamento"}}
	for _, c := range d.Chapters {
		if c.ID == body {
			continue
		}
		row := []string{plain(c.Title)}
		for _, f := range c.Parts[0].Facts {
			if len(rows) == 1 {
				rows[0] = append(rows[0], f.Label)
			}
			row = append(row, plain(strings.Join(f.Values, " | ")))
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write the register as a table: %w", err)
	}
	return out.Bytes(), nil
}

// plain keeps a spreadsheet from taking what somebody typed for a formula.
func plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
