package form

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/policies"
)

// PathID reads the id that a path names as {id}; anything else is an object that does not exist.
func PathID(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil || len(r.PathValue("id")) != 36 {
		return uuid.Nil, problem.Missing()
	}
	return id, nil
}

// ID reads an id that a form carries; anything else is none.
func ID(text string) uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil
	}
	return id
}

// Values lists the values of a field with several answers.
func Values(r *http.Request, name string) []string {
	_ = r.PostFormValue(name) // parses the form
	var values []string
	for _, v := range r.PostForm[name] {
		if v = strings.TrimSpace(v); v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// Sections are the names of sections for the reader.
func Sections(r *http.Request, ids []string) []string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = language.SayText(r.Context(), policies.SectionLabel(id))
	}
	return labels
}
