// Package dossier gathers what a body has about one person (GDPR art. 15), as the modules declare their records, and writes it as files
// that anybody can open. It must not decide what is handed over: that is the choice of who looks after data protection.
package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/policies"
	"staffetta/tenants"
)

// Part is what is decided about as one: a section of the case files, or what a module keeps in none (it: parte dei dati).
type Part struct {
	ID     string
	Title  language.Text
	Rows   int
	Others int  // rows of the same case files about other people, which stay out
	Starts bool // in, unless somebody decides otherwise
}

// judicial is the section of court orders.
const judicial = "judicial"

// table is a declared table about people with what is asked of it.
type table struct {
	modules.Record
	module  modules.Module
	tenant  string   // the column with the body
	columns []string // that are shown, in their order
	chosen  string   // which rows x go with the person, their cases and their arrivals at the desk
}

// row is one row of a table.
type row struct {
	Table  string
	Part   string
	Other  bool
	Values map[string]json.RawMessage
}

// Subject is the person of a body.
type Subject struct {
	Body   int32
	Person uuid.UUID
}

// Count tells what the body has about a person, part by part, in the order in which people read a case. Where something is withheld
// because it protects somebody, every part begins out. The transaction is DB.Report's, with every section.
func Count(ctx context.Context, tx tenants.Tx, list []modules.Module, who Subject) ([]Part, error) {
	tables, err := findTables(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	counts := map[string]*Part{}
	for _, t := range tables {
		rows, err := t.find(ctx, tx, who)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if counts[r.Part] == nil {
				counts[r.Part] = &Part{ID: r.Part, Title: titleOf(list, r.Part), Starts: !protected(r.Part)}
			}
			if r.Other {
				counts[r.Part].Others++
			} else {
				counts[r.Part].Rows++
			}
		}
	}
	bodies, err := findReceivers(ctx, tx, who)
	if len(bodies) > 0 {
		counts[receivers] = &Part{ID: receivers, Title: titleOf(list, receivers), Rows: len(bodies), Starts: true}
	}
	return ordered(list, counts), err
}

// ordered puts the parts into their order.
func ordered(list []modules.Module, counts map[string]*Part) (all []Part) {
	ids := policies.SectionIDs()
	for _, m := range list {
		ids = append(ids, ofModule(m.ID), withheld(m.ID))
	}
	ids = append(ids, receivers)
	hidden := slices.ContainsFunc(ids, func(id string) bool { return Hidden(id) && counts[id] != nil })
	for _, id := range ids {
		if p := counts[id]; p != nil {
			p.Starts = p.Starts && !hidden
			all = append(all, *p)
		}
	}
	return all
}

// ofModule and withheld are the parts of what a module keeps in no section, and of what it keeps from the person.
func ofModule(id modules.ID) string { return "modulo-" + string(id) }
func withheld(id modules.ID) string { return "modulo-" + string(id) + "-protetti" }

// receivers is the part that says to which bodies case files were shown.
const receivers = "destinatari"

// Hidden tells whether even that there is such a part is not for the person.
func Hidden(id string) bool { return strings.HasSuffix(id, "-protetti") }

// protected tells whether a part begins out.
func protected(id string) bool { return id == judicial || Hidden(id) }

// titleOf is what a part is called.
func titleOf(list []modules.Module, id string) language.Text {
	for _, m := range list {
		switch id {
		case ofModule(m.ID):
			if title, known := parts[m.ID]; known {
				return title
			}
			return m.Title
		case withheld(m.ID):
			return language.Text{It: m.Title.It + ": dati che proteggono qualcuno", En: m.Title.En + ": data that protects somebody"}
		}
	}
	if id == receivers {
		return language.Text{It: "A quali enti sono stati mostrati", En: "To which bodies it was shown"}
	}
	return policies.SectionLabel(id)
}

// part is to which part a row of the table belongs.
func (t table) part(values map[string]json.RawMessage) string {
	column, inRow := strings.CutPrefix(t.Section, "column:")
	switch {
	case t.Withheld:
		return withheld(t.module.ID)
	case inRow:
		return textOf(values[column])
	case t.Section != "":
		return t.Section
	default:
		return ofModule(t.module.ID)
	}
}

// isOther tells whether a row is about another person than who asks.
func (t table) isOther(values map[string]json.RawMessage, who Subject) bool {
	about := textOf(values[t.PersonColumn])
	return t.PersonColumn != "" && about != "" && about != who.Person.String()
}

// textOf is a value as text; null is "".
func textOf(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text
	}
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}

// people tells whether a record is about people.
func people(r modules.Record) bool { return r.CaseColumn != "" || r.PersonColumn != "" || r.People }

// Tables are the tables that are asked, by their names: those that a module declares to be about people.
func Tables(list []modules.Module) (names []string) {
	for _, m := range list {
		for _, r := range m.Records {
			if people(r) {
				names = append(names, r.Table)
			}
		}
	}
	return names
}

// hides tells whether a column is of use to the program alone: keys, references, versions, bytes, and what was decided about a copy.
func hides(column, kind string) bool {
	if strings.HasPrefix(kind, "uuid") || kind == "bytea" || strings.HasSuffix(column, "_key") || strings.HasSuffix(column, "_sound") {
		return true
	}
	return slices.Contains([]string{"tenant_id", "version", "section", "sha256", "id", "office_id", "path", "choices"}, column) || strings.HasSuffix(column, "tenant")
}

// Label is what a column is called in the files; a column without a label is called by its name.
func Label(column string) (label string, known bool) {
	label, known = labels[column]
	if !known {
		label = strings.ReplaceAll(column, "_", " ")
	}
	return label, known
}

// Title is what a table is called in the files.
func Title(name string) (title string, known bool) {
	title, known = titles[name]
	if !known {
		title = name
	}
	return title, known
}

// Columns are the columns of a table that are shown.
func Columns(ctx context.Context, tx tenants.Tx, list []modules.Module) (map[string][]string, error) {
	tables, err := findTables(ctx, tx, list)
	if err != nil {
		return nil, fmt.Errorf("find the columns of tables about people: %w", err)
	}
	found := map[string][]string{}
	for _, t := range tables {
		found[t.Table] = t.columns
	}
	return found, nil
}
