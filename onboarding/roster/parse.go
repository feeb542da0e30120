package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"staffetta/internal/language"
	"staffetta/internal/problem"
)

const (
	// maxLines is how many people a list has at most.
	maxLines = 500
	// maxBytes is how large a list may be: written twice, it still fits a form.
	maxBytes = 128 << 10
)

// Columns are the heads of a list, in the order of the template.
var Columns = []string{"cognome", "nome", "codice fiscale", "e-mail", "ruolo", "sede", "dal", "al"}

// required are those without which a list says nothing.
var required = []string{"cognome", "nome", "ruolo"}

// Template is an empty list, as programs for tables in Italian open it.
func Template() []byte {
	return []byte("\ufeff" + strings.Join(Columns, ";") + "\r\n")
}

// cells are one line by the heads of its columns.
type cells map[string]string

// parse reads a list: UTF-8 or Windows-1252, with commas or semicolons, heads in any order. Errors: problem.Invalid at the field of the
// file.
func parse(content []byte) ([]cells, error) {
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return nil, unreadable("onboarding.roster.error.empty")
	case len(content) > maxBytes:
		return nil, unreadable("onboarding.roster.error.large", "max", maxBytes>>10)
	}
	text := decode(content)
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = separator(text), -1, true
	heads, err := reader.Read()
	if err != nil {
		return nil, unreadable("onboarding.roster.error.form")
	}
	for i := range heads {
		heads[i] = head(heads[i])
	}
	for _, one := range required {
		if !slices.Contains(heads, one) {
			return nil, unreadable("onboarding.roster.error.column", "column", one)
		}
	}
	var lines []cells
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadable("onboarding.roster.error.form")
		}
		line := cells{}
		for i, value := range record {
			if i < len(heads) {
				line[heads[i]] = strings.TrimSpace(value)
			}
		}
		lines = append(lines, line)
	}
	switch {
	case len(lines) == 0:
		return nil, unreadable("onboarding.roster.error.empty")
	case len(lines) > maxLines:
		return nil, unreadable("onboarding.roster.error.lines", "max", maxLines)
	}
	return lines, nil
}

func unreadable(key string, pairs ...any) error {
	var wrong problem.Fields
	wrong.Add("file", key, pairs...)
	return wrong.Err()
}

// head is the name of a column as people write it.
func head(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(text, "_", " ")), " "))
	switch text {
	case "email", "mail", "posta elettronica":
		return "e-mail"
	case "cf", "codicefiscale", "cod. fiscale":
		return "codice fiscale"
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
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if utf8.Valid(content) {
		return string(content)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(content)
	if err != nil {
		return strings.ToValidUTF8(string(content), "\ufffd")
	}
	return string(text)
}

// isFormula tells whether a program for tables would compute the cell instead of showing it.
func isFormula(value string) bool {
	return value != "" && strings.ContainsRune("=+-@\t\r", rune(value[0]))
}

// dayOf reads a day as people write it in a table; ok is false for what is none, and "" is no day.
func dayOf(text string) (day time.Time, ok bool) {
	if text == "" {
		return day, true
	}
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006", "02-01-2006", "02.01.2006"} {
		if day, err := time.Parse(layout, text); err == nil {
			return language.Day(day), true
		}
	}
	return day, false
}
