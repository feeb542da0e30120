package catalogue

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/table"
	"staffetta/modules/kit"
	"staffetta/tenants"
)

const (
	// maxLines is how many services a table of codes has at most.
	maxLines = 500
	// maxBytes is how large a table may be: written twice, it still fits a form.
	maxBytes = 128 << 10
)

// Columns are the heads of a table of codes, in the order in which it is written; the title is for people alone.
var Columns = []string{"codice", "servizio", "codice locale", "codice siuss", "aree istat"}

// Export writes entries as the table that Plan reads.
func Export(entries []Entry) []byte {
	rows := make([][]string, len(entries))
	for i, e := range entries {
		rows[i] = []string{e.Key, e.Title.It, e.Codings.Local, e.Codings.SIUSS, strings.Join(e.Codings.ISTAT, " ")}
	}
	return table.Write(Columns, rows)
}

// What is done with a line.
const (
	Change = "change"
	Keep   = "keep" // the codes are so already
	Wrong  = "wrong"
)

// Line is what a table of codes says of one service, and what becomes of it.
type Line struct {
	Number int // as spreadsheets count: the heads are 1
	Do     string
	Was    Entry
	Now    kit.Codings
	Key    string
	Faults []language.Message
}

// Plan reads a table of codes and says line by line what would be done; nothing is. Services that are not in it stay as they are.
// Error: problem.Invalid for what is no table of codes.
func (v *Service) Plan(ctx context.Context, s tenants.Scope, content []byte) ([]Line, error) {
	rows, err := parse(content)
	if err != nil {
		return nil, err
	}
	entries, err := v.entries(ctx, s)
	if err != nil {
		return nil, err
	}
	lines, seen := make([]Line, len(rows)), map[string]bool{}
	for i, row := range rows {
		lines[i] = lineOf(i+2, row, entries)
		if key := lines[i].Key; key != "" && seen[key] {
			lines[i].fault("guide.catalogue.error.twice")
		}
		seen[lines[i].Key] = true
	}
	return lines, nil
}

func (l *Line) fault(key string, pairs ...any) {
	l.Do, l.Faults = Wrong, append(l.Faults, language.M(key, pairs...))
}

func lineOf(number int, row map[string]string, entries []Entry) Line {
	l := Line{Number: number, Do: Change, Key: row[Columns[0]]}
	for _, column := range Columns {
		if table.IsFormula(row[column]) {
			l.fault("guide.catalogue.error.formula", "column", column)
			return l
		}
	}
	at := slices.IndexFunc(entries, func(e Entry) bool { return strings.EqualFold(e.Key, l.Key) })
	if at < 0 {
		l.fault("guide.catalogue.error.service")
		return l
	}
	l.Was, l.Key = entries[at], entries[at].Key
	now, err := check(kit.Codings{Local: row[Columns[2]], SIUSS: row[Columns[3]], ISTAT: areasOf(row[Columns[4]])})
	l.Now = now
	for _, field := range problem.Of(err).Fields {
		l.Do, l.Faults = Wrong, append(l.Faults, field.Message)
	}
	was := l.Was.Codings
	if err == nil && was.Local == now.Local && was.SIUSS == now.SIUSS && slices.Equal(slices.Sorted(slices.Values(was.ISTAT)), slices.Sorted(slices.Values(now.ISTAT))) {
		l.Do = Keep
	}
	return l
}

// areasOf reads areas as people write them: their codes, with spaces or commas between them.
func areasOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return c == ' ' || c == ',' || c == ';' || c == '|' })
}

// Apply makes drafts of all codes that a table changes, all of them or none, and tells what it did. Errors: those of Plan;
// problem.Invalid where a line is wrong or nothing changes; problem.Conflict when somebody changed a service meanwhile.
func (v *Service) Apply(ctx context.Context, s tenants.Scope, content []byte) ([]Line, error) {
	lines, err := v.Plan(ctx, s, content)
	if err != nil {
		return nil, err
	}
	var edits []kit.Edit
	for _, l := range lines {
		if l.Do == Wrong {
			return lines, unreadable("guide.catalogue.error.wrong")
		}
		if l.Do == Keep {
			continue
		}
		edit, err := l.Was.edit(l.Now)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit)
	}
	if len(edits) == 0 {
		return lines, unreadable("guide.catalogue.error.nothing")
	}
	return lines, v.items.PutDrafts(ctx, s, edits)
}

// parse reads the rows of a table by the heads of its columns, in any order.
func parse(content []byte) ([]map[string]string, error) {
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return nil, unreadable("guide.catalogue.error.empty")
	case len(content) > maxBytes:
		return nil, unreadable("guide.catalogue.error.large", "max", maxBytes>>10)
	}
	reader := table.NewReader(content)
	heads, err := reader.Read()
	if err != nil {
		return nil, unreadable("guide.catalogue.error.form")
	}
	for i := range heads {
		heads[i] = strings.ToLower(strings.Join(strings.Fields(heads[i]), " "))
	}
	for _, column := range []string{Columns[0], Columns[2], Columns[3], Columns[4]} {
		if !slices.Contains(heads, column) {
			return nil, unreadable("guide.catalogue.error.column", "column", column)
		}
	}
	return rowsOf(reader, heads)
}

func rowsOf(reader *csv.Reader, heads []string) (rows []map[string]string, err error) {
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadable("guide.catalogue.error.form")
		}
		row := map[string]string{}
		for i, value := range record {
			if i < len(heads) {
				row[heads[i]] = strings.TrimSpace(value)
			}
		}
		rows = append(rows, row)
	}
	switch {
	case len(rows) == 0:
		return nil, unreadable("guide.catalogue.error.empty")
	case len(rows) > maxLines:
		return nil, unreadable("guide.catalogue.error.lines", "max", maxLines)
	}
	return rows, nil
}

// unreadable is wrong with the file as a whole.
func unreadable(key string, pairs ...any) error {
	var wrong problem.Fields
	wrong.Add("file", key, pairs...)
	return wrong.Err()
}
