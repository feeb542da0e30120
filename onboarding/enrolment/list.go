package enrolment

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"staffetta/internal/language"
	"staffetta/internal/problem"
)

// maxList bounds a list, in bytes: all municipalities with ten people each take five million.
const maxList = 16 << 20

// columns are the names that a heading may give to what a list tells, the first one is that of the documentation.
var columns = map[string][]string{
	"istat":    {"istat", "codice_istat", "istat_code"},
	"ipa":      {"ipa", "codice_ipa", "ipa_code"},
	"pec":      {"pec", "certified_mail"},
	"tax_code": {"codice_fiscale", "codice_fiscale_ente", "tax_code"},
	"state":    {"stato", "state"},
	"name":     {"nome", "persona", "name"},
	"person":   {"codice_fiscale_persona", "cf_persona", "person_tax_code"},
	"role":     {"ruolo", "role"},
}

// line is what stands in a line of a list, by column.
type line struct {
	number int
	cells  map[string]string
}

// readList reads lines with a heading, by semicolons, commas or tabs, in UTF-8 or as spreadsheets of Windows write them. Errors:
// problem.Invalid for a list that cannot be read at all; a line with more or fewer cells than the heading is refused alone.
func readList(r io.Reader) ([]line, []Refusal, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxList+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read a list of bodies: %w", err)
	}
	if len(raw) > maxList {
		return nil, nil, problem.New(problem.Invalid, "onboarding.enrol.too_large", "max", maxList>>20)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) {
		if raw, err = charmap.Windows1252.NewDecoder().Bytes(raw); err != nil {
			return nil, nil, fmt.Errorf("decode a list of bodies: %w", err)
		}
	}
	cells := csv.NewReader(bytes.NewReader(raw))
	cells.Comma, cells.FieldsPerRecord, cells.LazyQuotes, cells.TrimLeadingSpace = separator(raw), -1, true, true
	heading, err := readHeading(cells)
	if err != nil {
		return nil, nil, err
	}
	return readLines(cells, heading)
}

// separator is the one that the heading has most of.
func separator(raw []byte) rune {
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	return slices.MaxFunc([]rune{',', ';', '\t'}, func(a, b rune) int {
		return bytes.Count(first, []byte(string(a))) - bytes.Count(first, []byte(string(b)))
	})
}

// readHeading tells which column is where. A name that nobody knows is refused: what it meant would be lost without a word.
func readHeading(cells *csv.Reader) ([]string, error) {
	names, err := cells.Read()
	if errors.Is(err, io.EOF) {
		return nil, problem.New(problem.Invalid, "onboarding.enrol.empty")
	}
	if err != nil {
		return nil, problem.New(problem.Invalid, "onboarding.enrol.unreadable").Wrap(err)
	}
	var heading []string
	for _, name := range names {
		asked := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
		column := ""
		for id, known := range columns {
			if slices.Contains(known, asked) {
				column = id
			}
		}
		if column == "" || slices.Contains(heading, column) {
			return nil, problem.New(problem.Invalid, "onboarding.enrol.column", "name", name)
		}
		heading = append(heading, column)
	}
	if !slices.Contains(heading, "istat") {
		return nil, problem.New(problem.Invalid, "onboarding.enrol.no_istat")
	}
	return heading, nil
}

func readLines(cells *csv.Reader, heading []string) (lines []line, refused []Refusal, err error) {
	for {
		record, err := cells.Read()
		if errors.Is(err, io.EOF) {
			return lines, refused, nil
		}
		if err != nil {
			return nil, nil, problem.New(problem.Invalid, "onboarding.enrol.unreadable").Wrap(err)
		}
		number, _ := cells.FieldPos(0)
		if len(record) != len(heading) {
			refused = append(refused, Refusal{number, record[0], language.M("onboarding.enrol.cells", "wanted", len(heading), "found", len(record))})
			continue
		}
		one := line{number, make(map[string]string, len(heading))}
		blank := true
		for i, text := range record {
			one.cells[heading[i]] = strings.Join(strings.Fields(text), " ")
			blank = blank && one.cells[heading[i]] == ""
		}
		if !blank { // spreadsheets leave lines of semicolons at the end
			lines = append(lines, one)
		}
	}
}
