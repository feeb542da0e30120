package roster

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/table"
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
	reader := table.NewReader(content)
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
