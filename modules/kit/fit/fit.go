// Package fit tells in plain words where the content of an item does not fit the schema of its kind. It must not know which kinds there
// are, nor the rules that a kind has beyond its schema.
package fit

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"staffetta/modules/kit/canonical"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/shape"
)

// CommonName is what schemas call the definitions that all kinds share.
const CommonName = "urn:staffetta:kit:common"

// Checker checks contents of one kind.
type Checker struct {
	schema    *jsonschema.Schema
	documents map[string]any // by name, for the examples that they give
}

// Lazy makes the checker of a kind when the first content comes. A schema that does not compile panics then: it is shipped with the
// program, and the suite of every module checks one content.
func Lazy(kind string, schema, common []byte) func() *Checker {
	return sync.OnceValue(func() *Checker {
		c := &Checker{documents: map[string]any{}}
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft2020)
		compiler.AssertFormat()
		name := "urn:staffetta:kind:" + kind
		err := errors.Join(c.add(compiler, CommonName, common), c.add(compiler, name, schema))
		ready, wrong := compiler.Compile(name)
		if err = errors.Join(err, wrong); err != nil {
			panic(fmt.Sprintf("the schema of kind %s is broken: %v", kind, err))
		}
		c.schema = ready
		return c
	})
}

func (c *Checker) add(compiler *jsonschema.Compiler, name string, raw []byte) error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("decode schema %s: %w", name, err)
	}
	c.documents[name] = document
	if err := compiler.AddResource(name, document); err != nil {
		return fmt.Errorf("add schema %s: %w", name, err)
	}
	return nil
}

// Check lists where a content does not fit, by place; none where it fits.
func (c *Checker) Check(content []byte) []part.Fault {
	if _, err := canonical.Text(content); err != nil {
		return part.Unreadable(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return part.Unreadable(err)
	}
	var wrong *jsonschema.ValidationError
	if err := c.schema.Validate(value); errors.As(err, &wrong) {
		return part.Sort(c.leaves(wrong, value))
	} else if err != nil {
		return part.Unreadable(err)
	}
	return part.Unseen(value)
}

// leaves turns the tree of causes into faults; only its ends say something useful.
func (c *Checker) leaves(wrong *jsonschema.ValidationError, value any) []part.Fault {
	if len(wrong.Causes) == 0 {
		return []part.Fault{c.say(shape.Path(value, wrong.InstanceLocation), wrong)}
	}
	var faults []part.Fault
	for _, cause := range wrong.Causes {
		faults = append(faults, c.leaves(cause, value)...)
	}
	return faults
}

// example is the first one that a schema gives at a place, "" without.
func (c *Checker) example(place string) string {
	name, pointer, _ := strings.Cut(place, "#")
	node := c.documents[name]
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch n := node.(type) {
		case map[string]any:
			node = n[unescape.Replace(step)]
		case []any:
			if at, err := strconv.Atoi(step); err == nil && at < len(n) {
				node = n[at]
			}
		}
	}
	object, _ := node.(map[string]any)
	examples, _ := object["examples"].([]any)
	if len(examples) == 0 {
		return ""
	}
	return fmt.Sprint(examples[0])
}

// unescape reads a step of a JSON pointer (RFC 6901 §4).
var unescape = strings.NewReplacer("~1", "/", "~0", "~", "%24", "$")
