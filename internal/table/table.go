// Package table reads and writes tables that people keep in spreadsheets: their separators and encodings, and texts that a spreadsheet
// would take for formulas. It must not know what stands in them.
package table

import (
	"bytes"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/width"
)

// mark at the beginning makes spreadsheets read UTF-8.
const mark = "\ufeff"

// NewReader reads a table as spreadsheets save it: UTF-8 or Windows-1252, with semicolons or commas, rows of any length.
func NewReader(content []byte) *csv.Reader {
	text := decode(content)
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = separator(text), -1, true
	return reader
}

// Write makes a table as spreadsheets in Italian open it; texts that they would compute are kept as texts.
func Write(heads []string, rows [][]string) []byte {
	var b bytes.Buffer
	b.WriteString(mark)
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	_ = w.Write(heads) // to memory
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Harmless(cell)
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return b.Bytes()
}

// IsFormula tells whether a spreadsheet would compute the cell instead of showing it; some take full-width signs for plain ones.
func IsFormula(text string) bool {
	first, size := utf8.DecodeRuneInString(text)
	return size > 0 && strings.ContainsAny(width.Fold.String(string(first)), "=+-@|\t\r\n")
}

// Harmless keeps a spreadsheet from taking a text for a formula.
func Harmless(text string) string {
	if IsFormula(text) {
		return "'" + text
	}
	return text
}

// separator is the semicolon where the heads have one: that is how tables are saved in Italian.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	if strings.Contains(first, ";") {
		return ';'
	}
	return ','
}

// decode reads UTF-8, and what is none as Windows-1252.
func decode(content []byte) string {
	content = bytes.TrimPrefix(content, []byte(mark))
	if utf8.Valid(content) {
		return string(content)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	if err != nil {
		return strings.ToValidUTF8(string(content), "\ufffd")
	}
	return string(text)
}
