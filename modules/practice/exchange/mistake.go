package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
)

// mistake says where a text is not the JSON that it should be, and what to do about it.
func mistake(name string, raw []byte, err error) problem.Field {
	var syntax *json.SyntaxError
	var other *json.UnmarshalTypeError
	unknown, isUnknown := unknownField(err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return problem.Field{Name: position(name, raw, len(raw)), Message: language.M("practice.source.json_end")}
	case errors.As(err, &syntax):
		return problem.Field{Name: position(name, raw, int(syntax.Offset)-1), Message: language.M("practice.source.json_syntax")}
	case errors.As(err, &other):
		return problem.Field{Name: position(name, raw, int(other.Offset)-1), Message: language.M("practice.source.json_type", "field", other.Field, "found", other.Value)}
	case isUnknown:
		return problem.Field{Name: position(name, raw, bytes.Index(raw, []byte(`"`+unknown+`"`))), Message: language.M("practice.source.json_unknown", "field", unknown)}
	}
	return problem.Field{Name: name, Message: language.M("practice.source.json_other", "cause", err.Error())}
}

// unknownField is the one that the decoder of JSON names; it has no error of its own for that.
func unknownField(err error) (string, bool) {
	_, after, found := strings.Cut(err.Error(), `json: unknown field "`)
	field, _, closed := strings.Cut(after, `"`)
	return field, found && closed
}

// position is a place of a file as editors write it: file:line:column.
func position(name string, raw []byte, offset int) string {
	before := raw[:min(max(offset, 0), len(raw))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("%s:%d:%d", name, line, column)
}
