package fit

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"staffetta/modules/kit/part"
)

// say puts one cause into words: those of amounts first, then those of shapes.
func (c *Checker) say(path string, wrong *jsonschema.ValidationError) part.Fault {
	if key, want := amount(wrong.ErrorKind); key != "" {
		return part.Wrong(path, key, "want", want)
	}
	switch k := wrong.ErrorKind.(type) {
	case *kind.Required:
		return part.Wrong(path, "kit.schema.required", "names", strings.Join(k.Missing, ", "))
	case *kind.AdditionalProperties:
		return part.Wrong(path, "kit.schema.additional", "names", strings.Join(k.Properties, ", "))
	case *kind.Type:
		return part.Wrong(path, "kit.schema.type", "want", strings.Join(k.Want, ", "), "got", k.Got)
	case *kind.Enum:
		return part.Wrong(path, "kit.schema.enum", "want", Text(k.Want), "got", Text(k.Got))
	case *kind.Pattern:
		return part.Wrong(path, "kit.schema.pattern", "example", c.example(wrong.SchemaURL), "got", k.Got)
	case *kind.Format:
		return part.Wrong(path, "kit.schema.format."+k.Want, "got", fmt.Sprint(k.Got))
	case *kind.UniqueItems:
		return part.Wrong(path, "kit.schema.twice", "first", strconv.Itoa(k.Duplicates[0]+1), "second", strconv.Itoa(k.Duplicates[1]+1))
	default:
		return part.Wrong(path, "kit.schema.other", "cause", wrong.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	}
}

// amount tells of too much and too little: the message, and what is wanted.
func amount(why jsonschema.ErrorKind) (key, want string) {
	switch k := why.(type) {
	case *kind.MinLength:
		return "kit.schema.too_short", strconv.Itoa(k.Want)
	case *kind.MaxLength:
		return "kit.schema.too_long", strconv.Itoa(k.Want)
	case *kind.MinItems:
		return "kit.schema.too_few", strconv.Itoa(k.Want)
	case *kind.MaxItems:
		return "kit.schema.too_many", strconv.Itoa(k.Want)
	case *kind.Minimum:
		return "kit.schema.too_small", number(k.Want)
	case *kind.ExclusiveMinimum:
		return "kit.schema.not_above", number(k.Want)
	case *kind.Maximum:
		return "kit.schema.too_large", number(k.Want)
	}
	return "", ""
}

func number(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	text, _ := r.Float64()
	return strconv.FormatFloat(text, 'f', -1, 64)
}

// Text writes a value as JSON does.
func Text(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(raw)
}
