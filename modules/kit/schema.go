package kit

import (
	"bytes"
	_ "embed" // the shared definitions
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"staffetta/modules/kit/part"
	"staffetta/modules/kit/shape"
)

//go:embed schema/common.json
var commonFile []byte

const commonName = "urn:staffetta:kit:common"

// CommonSchema holds the definitions that the schemas of all kinds may refer to, as urn:staffetta:kit:common#/$defs/text.
func CommonSchema() []byte { return bytes.Clone(commonFile) }

// compiled makes the schema of a kind ready for use when the first content comes.
func compiled(kind string, schema []byte) func() *jsonschema.Schema {
	return sync.OnceValue(func() *jsonschema.Schema {
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft2020)
		compiler.AssertFormat()
		name := "urn:staffetta:kind:" + kind
		err := errors.Join(addSchema(compiler, commonName, commonFile), addSchema(compiler, name, schema))
		ready, wrong := compiler.Compile(name)
		if err = errors.Join(err, wrong); err != nil {
			panic(fmt.Sprintf("the schema of kind %s is broken: %v", kind, err)) // shipped with the program, seen by its tests
		}
		return ready
	})
}

func addSchema(compiler *jsonschema.Compiler, name string, raw []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("decode schema %s: %w", name, err)
	}
	if err := compiler.AddResource(name, document); err != nil {
		return fmt.Errorf("add schema %s: %w", name, err)
	}
	return nil
}

// schemaFaults lists where a content does not fit a schema.
func schemaFaults(schema *jsonschema.Schema, content []byte) []Fault {
	if _, err := Canonical(content); err != nil {
		return part.Unreadable(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return part.Unreadable(err)
	}
	var wrong *jsonschema.ValidationError
	if err := schema.Validate(value); errors.As(err, &wrong) {
		return part.Sort(leaves(wrong, value))
	} else if err != nil {
		return part.Unreadable(err)
	}
	return part.Unseen(value)
}

// leaves turns the tree of causes into faults; only its ends say something useful.
func leaves(wrong *jsonschema.ValidationError, value any) []Fault {
	if len(wrong.Causes) == 0 {
		return []Fault{schemaFault(shape.Path(value, wrong.InstanceLocation), wrong.ErrorKind)}
	}
	var faults []Fault
	for _, cause := range wrong.Causes {
		faults = append(faults, leaves(cause, value)...)
	}
	return faults
}

func schemaFault(path string, why jsonschema.ErrorKind) Fault {
	switch k := why.(type) {
	case *kind.Required:
		return part.Wrong(path, "kit.schema.required", "names", strings.Join(k.Missing, ", "))
	case *kind.AdditionalProperties:
		return part.Wrong(path, "kit.schema.additional", "names", strings.Join(k.Properties, ", "))
	case *kind.Type:
		return part.Wrong(path, "kit.schema.type", "want", strings.Join(k.Want, ", "), "got", k.Got)
	case *kind.Enum:
		return part.Wrong(path, "kit.schema.enum", "want", jsonText(k.Want), "got", jsonText(k.Got))
	case *kind.Pattern:
		return part.Wrong(path, "kit.schema.pattern", "want", k.Want, "got", k.Got)
	case *kind.MinLength:
		return part.Wrong(path, "kit.schema.too_short", "want", strconv.Itoa(k.Want))
	case *kind.MaxLength:
		return part.Wrong(path, "kit.schema.too_long", "want", strconv.Itoa(k.Want))
	case *kind.MinItems:
		return part.Wrong(path, "kit.schema.too_few", "want", strconv.Itoa(k.Want))
	default:
		return part.Wrong(path, "kit.schema.other", "cause", why.LocalizedString(message.NewPrinter(language.English)))
	}
}

func jsonText(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(raw)
}
