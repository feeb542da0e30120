package modules

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
)

// FieldErrors renders what is wrong in a form, by the name of the field. It is nil
// when err is not about fields.
func FieldErrors(ctx context.Context, err error) map[string]string {
	var p *problem.Error
	if !errors.As(err, &p) || p.Kind != problem.Invalid {
		return nil
	}
	texts := make(map[string]string, len(p.Fields))
	for _, f := range p.Fields {
		if texts[f.Name] == "" {
			texts[f.Name] = language.Say(ctx, f.Message)
		}
	}
	return texts
}

// Given is a list of the values that are not empty.
func Given(values ...string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// PathID reads an id of the path; anything else is an object that does not exist.
func PathID(r *http.Request, name string) (uuid.UUID, error) {
	return KnownID(r.PathValue(name))
}

// Value is a field of a form without the spaces around it.
func Value(r *http.Request, name string) string { return strings.TrimSpace(r.PostFormValue(name)) }

// Say renders a message of the catalogue in the language of the request.
func Say(r *http.Request, key string, pairs ...any) string {
	return language.Say(r.Context(), language.M(key, pairs...))
}

// TitleOf is what a module is called in the language of the request; its id where there is no such module.
func TitleOf(r *http.Request, list []Module, id ID) string {
	at := slices.IndexFunc(list, func(m Module) bool { return m.ID == id })
	if at < 0 {
		return string(id)
	}
	return language.SayText(r.Context(), list[at].Title)
}
