package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"staffetta/internal/language"
	"staffetta/internal/problem"
)

// code makes huma write message keys instead of English: "key" or "key|name|value".
func code() {
	validation.MsgUnexpectedProperty = "rest.field.unexpected"
	validation.MsgExpectedRFC3339DateTime = "rest.field.date_time"
	validation.MsgExpectedRFC3339Date = "rest.field.date"
	validation.MsgExpectedRFC3339Time = "rest.field.time"
	validation.MsgExpectedRFC5322Email = "rest.field.email||%v"
	validation.MsgExpectedRFC3986URI = "rest.field.uri||%v"
	validation.MsgExpectedRFC4122UUID = "rest.field.uuid||%v"
	validation.MsgExpectedBoolean = "rest.field.boolean"
	validation.MsgExpectedNumber = "rest.field.number"
	validation.MsgExpectedInteger = "rest.field.integer"
	validation.MsgExpectedString = "rest.field.string"
	validation.MsgExpectedBase64String = "rest.field.base64"
	validation.MsgExpectedArray = "rest.field.array"
	validation.MsgExpectedObject = "rest.field.object"
	validation.MsgExpectedArrayItemsUnique = "rest.field.unique"
	validation.MsgExpectedOneOf = "rest.field.enum|values|%s"
	validation.MsgExpectedMinimumNumber = "rest.field.minimum|limit|%v"
	validation.MsgExpectedExclusiveMinimumNumber = "rest.field.above|limit|%v"
	validation.MsgExpectedMaximumNumber = "rest.field.maximum|limit|%v"
	validation.MsgExpectedExclusiveMaximumNumber = "rest.field.below|limit|%v"
	validation.MsgExpectedNumberBeMultipleOf = "rest.field.multiple|of|%v"
	validation.MsgExpectedMinLength = "rest.field.min_length|least|%d"
	validation.MsgExpectedMaxLength = "rest.field.max_length|most|%d"
	validation.MsgExpectedBePattern = "rest.field.pattern|pattern|%s"
	validation.MsgExpectedMatchPattern = "rest.field.pattern|pattern|%s"
	validation.MsgExpectedMinItems = "rest.field.min_items|least|%d"
	validation.MsgExpectedMaxItems = "rest.field.max_items|most|%d"
	validation.MsgExpectedRequiredProperty = "rest.field.required|property|%s"
}

// spelled are the messages that huma has no variable for, by their beginning.
var spelled = []struct{ text, key string }{
	{"unknown query parameter", "rest.field.unknown_query"},
	{"required ", "rest.field.required"},
	{"invalid integer", "rest.field.integer"},
	{"invalid float", "rest.field.number"},
	{"invalid boolean", "rest.field.boolean"},
	{"invalid date/time", "rest.field.date_time"},
	{"write only", "rest.field.unexpected"},
	{"expected at most one value", "rest.field.repeated"},
	{errNotText.Error(), "rest.field.not_text"},
}

// faults are the fields at fault among what huma found.
func faults(errs []error) []problem.Field {
	var fields problem.Fields
	for _, err := range errs {
		var known *problem.Error
		var detail huma.ErrorDetailer
		switch {
		case errors.As(err, &known):
			fields = append(fields, known.Fields...)
		case errors.As(err, &detail):
			fields = append(fields, fault(detail.ErrorDetail()))
		}
	}
	return fields
}

func fault(d *huma.ErrorDetail) problem.Field {
	field := fieldName(d.Location)
	key, rest, coded := strings.Cut(d.Message, "|")
	if !strings.HasPrefix(key, "rest.field.") {
		return problem.Field{Name: field, Message: language.M(spell(d.Message))}
	}
	message := language.M(key)
	if name, value, ok := strings.Cut(rest, "|"); coded && ok && name != "" {
		message = language.M(key, name, value)
		if name == "property" {
			field = strings.TrimPrefix(field+"."+value, "body.")
		}
	}
	return problem.Field{Name: field, Message: message}
}

func spell(message string) string {
	for _, s := range spelled {
		if strings.HasPrefix(message, s.text) {
			return s.key
		}
	}
	return "rest.field.value"
}

// fieldName is the name of a parameter or the path of a value in the body.
func fieldName(location string) string {
	where, name, below := strings.Cut(location, ".")
	switch where {
	case "body", "query", "path", "header", "cookie", "form":
		if below {
			return name
		}
	}
	return location
}

var errNotText = errors.New("not text")

// readJSON refuses what is not UTF-8 and the character zero, which PostgreSQL
// cannot store. huma reads each body twice: into any, then into the type.
func readJSON(data []byte, into any) error {
	if !utf8.Valid(data) {
		return errNotText
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("read JSON: %w", err)
	}
	if value, ok := into.(*any); ok && holdsZero(*value) {
		return errNotText
	}
	return nil
}

func holdsZero(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		return slices.ContainsFunc(v, holdsZero)
	case map[string]any:
		for name, item := range v {
			if strings.ContainsRune(name, 0) || holdsZero(item) {
				return true
			}
		}
	}
	return false
}
