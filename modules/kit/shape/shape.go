// Package shape reads the JSON Schema of a kind as the shape of its contents: which members there are, in the order of the
// schema, of which type, and how they are called. It knows the part of JSON Schema that kinds use, and must not know a kind.
package shape

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"staffetta/internal/language"
)

// Type is what a place of a content holds.
type Type string

// The types. A Wording is a text in Italian and English; a Condition is true, false or a rule.
const (
	Object    Type = "object"
	List      Type = "list"
	Wording   Type = "wording"
	Text      Type = "text"
	Number    Type = "number"
	Integer   Type = "integer"
	Truth     Type = "truth"
	Choice    Type = "choice"
	Condition Type = "condition"
)

// Node is a place of a content.
type Node struct {
	Name      string // of the member; "" for the entry of a list and for the whole
	Type      Type
	Word      Word
	Required  bool
	Members   []*Node  // of an Object
	Entry     *Node    // of a List
	Values    []string // of a Choice
	Def       string   // the shared definition that it is, as "role" or "itemKey"
	Of        string   // the list of the same content whose entries it names: annotation "of", as "sections[].items[]"
	Names     string   // the list of the same content whose entries a text names, by itself or as a rule: annotation "names"
	MaxLength int      // characters of a Text; 0 for no limit
	MinItems  int      // entries of a List
	Unique    bool     // entries of a List are all different
}

// Word is how a schema itself calls a member: annotations "label" of it, "labels" of its values, and "help" for who writes it.
type Word struct {
	Label  language.Text
	Values map[string]language.Text
	Help   language.Text
	Place  int // among all members of the schema, from 1
}

// Member finds a member of an object by its name, or nil.
func (n *Node) Member(name string) *Node {
	at := slices.IndexFunc(n.Members, func(m *Node) bool { return m.Name == name })
	if at < 0 {
		return nil
	}
	return n.Members[at]
}

// Parse reads a schema that may refer to the definitions of a shared one ("…#/$defs/name") and to its own ("#/$defs/name").
// It fails at what contents of a kind do not use.
func Parse(schema, common []byte) (*Node, error) {
	p := parser{}
	var err error
	if p.own, err = definitions(schema); err != nil {
		return nil, err
	}
	if p.shared, err = definitions(common); err != nil {
		return nil, err
	}
	return p.node(schema, 0)
}

// Words are how a schema, and the shared definitions that it names, call its members, by their name. Of a name that comes
// twice the first counts.
func Words(schema, common []byte) map[string]Word {
	found := map[string]Word{}
	root, err := Parse(schema, common)
	if err == nil {
		root.gather(found)
	}
	return found
}

func (n *Node) gather(found map[string]Word) {
	for _, member := range n.Members {
		if _, known := found[member.Name]; !known {
			word := member.Word
			if member.Entry != nil && word.Values == nil {
				word.Values = member.Entry.Word.Values
			}
			word.Place = len(found) + 1
			found[member.Name] = word
		}
		member.gather(found)
	}
	if n.Entry != nil {
		n.Entry.gather(found)
	}
}

// maxNesting bounds how deep contents go: a schema that refers to itself has no shape.
const maxNesting = 16

type document struct {
	Ref         string                   `json:"$ref"`
	Type        string                   `json:"type"`
	Properties  members                  `json:"properties"`
	Required    []string                 `json:"required"`
	Items       json.RawMessage          `json:"items"`
	Enum        []string                 `json:"enum"`
	OneOf       []json.RawMessage        `json:"oneOf"`
	MaxLength   int                      `json:"maxLength"`
	MinItems    int                      `json:"minItems"`
	UniqueItems bool                     `json:"uniqueItems"`
	Label       language.Text            `json:"label"`
	Labels      map[string]language.Text `json:"labels"`
	Help        language.Text            `json:"help"`
	Without     []string                 `json:"without"`
	Of          string                   `json:"of"`
	Names       string                   `json:"names"`
}

type parser struct{ own, shared map[string]json.RawMessage }

func (p parser) node(raw json.RawMessage, depth int) (*Node, error) {
	if depth > maxNesting {
		return nil, errors.New("the schema nests too deep")
	}
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, fmt.Errorf("read a schema: %w", err)
	}
	if d.Ref != "" {
		return p.referred(d, depth)
	}
	n := &Node{Word: d.word(), Of: d.Of, Names: d.Names, Values: d.Enum, MaxLength: d.MaxLength, MinItems: d.MinItems, Unique: d.UniqueItems}
	switch {
	case len(d.Enum) > 0:
		n.Type = Choice
	case len(d.OneOf) > 0:
		n.Type = Condition
	case d.Type == "object":
		return n, p.object(n, d, depth)
	case d.Type == "array":
		var err error
		n.Type = List
		n.Entry, err = p.node(d.Items, depth+1)
		return n, err
	case d.Type == "string":
		n.Type = Text
	case d.Type == "number", d.Type == "integer":
		n.Type = Type(d.Type)
	case d.Type == "boolean":
		n.Type = Truth
	default:
		return nil, fmt.Errorf("a place of type %q has no shape", d.Type)
	}
	return n, nil
}

// referred is a place that says only which definition it is, and perhaps how it is called.
func (p parser) referred(d document, depth int) (*Node, error) {
	from, name, _ := strings.Cut(d.Ref, "#/$defs/")
	definition, known := p.own[name], p.own[name] != nil
	if from != "" {
		definition, known = p.shared[name], p.shared[name] != nil
	}
	if !known && p.shared == nil && from != "" {
		return &Node{Type: Text, Word: d.word(), Def: name}, nil // only the words are asked for
	}
	if !known {
		return nil, fmt.Errorf("there is no definition %s", d.Ref)
	}
	n, err := p.node(definition, depth+1)
	if err != nil {
		return nil, err
	}
	n.Def, n.Of, n.Names = name, d.Of, cmp.Or(d.Names, n.Names)
	if word := d.word(); word.Label.It != "" {
		n.Word = word
	}
	n.drop(d.Without)
	return n, nil
}

// drop takes members of a shared definition away, wherever they stand in it: annotation "without". The rules of the kind refuse them.
func (n *Node) drop(names []string) {
	if n.Entry != nil {
		n.Entry.drop(names)
	}
	n.Members = slices.DeleteFunc(n.Members, func(m *Node) bool { return slices.Contains(names, m.Name) })
	for _, member := range n.Members {
		member.drop(names)
	}
}

func (p parser) object(n *Node, d document, depth int) error {
	n.Type = Object
	for _, property := range d.Properties {
		member, err := p.node(property.raw, depth+1)
		if err != nil {
			return fmt.Errorf("%s: %w", property.name, err)
		}
		member.Name, member.Required = property.name, slices.Contains(d.Required, property.name)
		n.Members = append(n.Members, member)
	}
	if len(n.Members) > 0 && len(n.Members) <= 2 && n.Members[0].Name == "it" && n.Members[0].Type == Text {
		n.Type, n.MaxLength, n.Members = Wording, n.Members[0].MaxLength, nil
	}
	return nil
}

func (d document) word() Word { return Word{Label: d.Label, Values: d.Labels, Help: d.Help} }

func definitions(schema []byte) (map[string]json.RawMessage, error) {
	if schema == nil {
		return map[string]json.RawMessage{}, nil // a kind without a schema defines nothing
	}
	var held struct {
		Defs map[string]json.RawMessage `json:"$defs"`
	}
	if err := json.Unmarshal(schema, &held); err != nil {
		return nil, fmt.Errorf("read the definitions of a schema: %w", err)
	}
	return held.Defs, nil
}

// members are the properties of an object in the order in which they are written.
type members []member

type member struct {
	name string
	raw  json.RawMessage
}

// UnmarshalJSON keeps the order, which a map would lose.
func (m *members) UnmarshalJSON(raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("read properties: %w", err)
	}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return fmt.Errorf("read properties: %w", err)
		}
		name, _ := token.(string)
		var inner json.RawMessage
		if err := dec.Decode(&inner); err != nil {
			return fmt.Errorf("read property %s: %w", name, err)
		}
		*m = append(*m, member{name: name, raw: inner})
	}
	return nil
}
