package kit

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed schema/*.json
var schemaFiles embed.FS

// ErrUnknownKind is returned for a kind this package has no schema for.
var ErrUnknownKind = errors.New("unknown kind of item")

const schemaPrefix = "urn:staffetta:kit:"

// Kinds lists the kinds with a schema, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(semantic)) }

// SchemaFor returns the JSON Schema (draft 2020-12) of a kind. It refers to the shared definitions of
// urn:staffetta:kit:common, which SchemaFor("common") returns. It fails with ErrUnknownKind.
func SchemaFor(kind string) ([]byte, error) {
	raw, err := schemaFiles.ReadFile("schema/" + kind + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("schema of %q: %w", kind, ErrUnknownKind)
	}
	if err != nil {
		return nil, fmt.Errorf("schema of %q: %w", kind, err)
	}
	return raw, nil
}

var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	for _, kind := range append(Kinds(), "common") {
		raw, err := SchemaFor(kind)
		if err != nil {
			return nil, err
		}
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("decode schema of %s: %w", kind, err)
		}
		if err := compiler.AddResource(schemaPrefix+kind, document); err != nil {
			return nil, fmt.Errorf("add schema of %s: %w", kind, err)
		}
	}
	compiled := map[string]*jsonschema.Schema{}
	for _, kind := range Kinds() {
		schema, err := compiler.Compile(schemaPrefix + kind)
		if err != nil {
			return nil, fmt.Errorf("compile schema of %s: %w", kind, err)
		}
		compiled[kind] = schema
	}
	return compiled, nil
})

// validateSchema lists where a content does not fit the schema of its kind.
func validateSchema(kind string, content []byte) []Fault {
	all, err := schemas()
	if err != nil {
		panic(fmt.Sprintf("embedded schemas are broken: %v", err)) // shipped with the program, seen by its tests
	}
	schema, ok := all[kind]
	if !ok {
		return []Fault{fault("", "kit.schema.kind", "kind", kind)}
	}
	if _, err := Canonical(content); err != nil {
		return []Fault{fault("", "kit.content.unreadable", "cause", err.Error())}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return []Fault{fault("", "kit.content.unreadable", "cause", err.Error())}
	}
	var wrong *jsonschema.ValidationError
	if err := schema.Validate(value); errors.As(err, &wrong) {
		return sortFaults(leaves(wrong, value))
	} else if err != nil {
		return []Fault{fault("", "kit.content.unreadable", "cause", err.Error())}
	}
	return nil
}

// leaves turns the tree of causes into faults; only its ends say something useful.
func leaves(wrong *jsonschema.ValidationError, value any) []Fault {
	if len(wrong.Causes) == 0 {
		return []Fault{schemaFault(readablePath(value, wrong.InstanceLocation), wrong.ErrorKind)}
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
		return fault(path, "kit.schema.required", "names", strings.Join(k.Missing, ", "))
	case *kind.AdditionalProperties:
		return fault(path, "kit.schema.additional", "names", strings.Join(k.Properties, ", "))
	case *kind.Type:
		return fault(path, "kit.schema.type", "want", strings.Join(k.Want, ", "), "got", k.Got)
	case *kind.Enum:
		return fault(path, "kit.schema.enum", "want", jsonText(k.Want), "got", jsonText(k.Got))
	case *kind.Pattern:
		return fault(path, "kit.schema.pattern", "want", k.Want, "got", k.Got)
	case *kind.MinLength:
		return fault(path, "kit.schema.too_short", "want", strconv.Itoa(k.Want))
	case *kind.MaxLength:
		return fault(path, "kit.schema.too_long", "want", strconv.Itoa(k.Want))
	case *kind.MinItems:
		return fault(path, "kit.schema.too_few", "want", strconv.Itoa(k.Want))
	default:
		return fault(path, "kit.schema.other", "cause", why.LocalizedString(message.NewPrinter(language.English)))
	}
}

func jsonText(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(raw)
}

// readablePath writes a place as sections[dati].items[nome].label: entries of lists go by their key, not their number.
func readablePath(value any, location []string) string {
	var path strings.Builder
	for _, step := range location {
		switch v := value.(type) {
		case []any:
			at, err := strconv.Atoi(step)
			if err != nil || at >= len(v) {
				return path.String()
			}
			fmt.Fprintf(&path, "[%s]", entryName(v[at], at))
			value = v[at]
		case map[string]any:
			if path.Len() > 0 {
				path.WriteByte('.')
			}
			path.WriteString(step)
			value = v[step]
		}
	}
	return path.String()
}
