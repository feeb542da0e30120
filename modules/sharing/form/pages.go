package form

import (
	"net/http"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/policies"
)

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

// Joined are the names of sections for the reader, in one line.
func Joined(r *http.Request, ids []string) string { return strings.Join(Sections(r, ids), ", ") }

// KindNames are the types of notes that are written in a section, in one line.
func KindNames(r *http.Request, section string) string {
	var labels []string
	for _, kind := range casefile.NoteKindsOf(section) {
		labels = append(labels, language.SayText(r.Context(), kind))
	}
	return strings.Join(labels, ", ")
}

// Kinds says which notes are written in a section; "" where none is.
func Kinds(r *http.Request, section string) string {
	if names := KindNames(r, section); names != "" {
		return modules.Say(r, "sharing.offer.kinds", "kinds", names)
	}
	return ""
}

// Read names the sections of which somebody read, or the header of the case where it was that alone.
func Read(r *http.Request, ids []string) string {
	if len(ids) == 0 {
		return modules.Say(r, "sharing.readings.header")
	}
	return Joined(r, ids)
}
