package modules

import (
	"context"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/policies"
	"staffetta/tenants"
)

// Kind is a type of configuration item that a module owns (it: tipo di componente). Everything that the program knows of a
// kind stands here: whoever works over items of all kinds asks for it and never names a kind.
type Kind struct {
	ID    string
	Label language.Text
	Order int  // its place where people read a kit, from 1; those without one come last
	Live  bool // becomes configuration of the module, not only a document
	Whole bool // a kit without any of it is told that it is not whole
	// Schema is the JSON Schema (draft 2020-12) of its contents.
	Schema []byte
	// Defaults is the content of settings that a body has not changed. A kind with it has one item for each body (package kit).
	Defaults []byte
	// Validate tells what is wrong with a content by the schema and by the rules of the kind: problem.Invalid with a field
	// for each place.
	Validate func(content []byte) error
	// Lists says how the entries of lists in a content are told apart when two changes of it are merged: the place of the list
	// ("sections[].items[]") and the member that is their key, or "." for plain values. Other lists are one value.
	Lists map[string]string
	// References are the places where contents name other items.
	References []Reference
	// Roles lists who must be there for a content to work: ids of roles that somebody of the body holds.
	Roles func(content []byte) []string
	// Shows lists which sections of cases an item shows to whom. Where it changes, somebody gains or loses sight.
	Shows func(key string, content []byte) ([]Shown, error)
	// ShowsTogether is Shows for a kind whose items count together: contents are those of all items that a body uses, in the
	// order of their keys; none where it uses none. Other bodies see what they show: no new item is harmless.
	ShowsTogether func(contents [][]byte) ([]Shown, error)
	// Rules are those of the body that a content in use makes. Only who may change the rules of the body changes such an item.
	Rules func(key string, content []byte) ([]policies.Rule, error)
	// Entitle refuses titles by which people would take an item for something else: problem.Invalid at the field "title".
	Entitle func(title language.Text) error
	// Called gives the names by which people know an item: of those that one body uses, or one kit holds, no two of the kind have
	// one in common. Items of a kind without it may be called alike.
	Called func(title language.Text) []string
	// Follow does what follows from items that were published, changed or taken out of use, in the same transaction: what it
	// refuses is not written.
	Follow func(ctx context.Context, deps Deps, change Following) error
	// Release takes an item away from who has it, before it goes out of use: whoever decides that has read who loses.
	Release func(ctx context.Context, tx tenants.Tx, s tenants.Scope, key string) error
	// Impact counts the records that the body made with the item.
	Impact func(ctx context.Context, tx tenants.Tx, tenant int32, key string) (int, error)
	// Read renders a content for people, in the language of the context; false for one that it cannot read. A kind without
	// it, and such a content, is read by its members.
	Read func(ctx context.Context, content []byte) ([]Block, bool)
	// Drawn tells that Read gives a drawing, which is shown wherever a practice or its adoption is.
	Drawn bool
	// Try shows an item as whoever uses it will see it, with what sample answers (fields of a page) come to. A kind without it
	// is shown as Read does.
	Try func(ctx context.Context, content []byte, sample map[string][]string) Trial
	// Prove runs the tests that a content carries; what fails is a fault for Validate. A kind that computes and decides nothing
	// has none.
	Prove func(ctx context.Context, content []byte) []Test
}

// Following is a change of items of one kind, for Kind.Follow.
type Following struct {
	Tx    tenants.Tx
	Scope tenants.Scope
	Items []Followed
}

// Followed is one item that was written: why, and who gains and who loses by it, as somebody has read it.
type Followed struct {
	Key     string
	Reason  string
	Changes []SightChange
}

// Reference is a place in contents of a kind that names other items.
type Reference struct {
	Path string // "services[]", "posts[].training[]"; [] walks a list
	Kind string // that the other item must have; empty when any will do
	// Inside tells that an item takes the others into itself, as an act its annexes: two of them cannot do so to each other.
	// Elsewhere contents only point to each other, and may go in a ring.
	Inside bool
}

// Block is a headed part of a content as people read it. Template "kit/block".
type Block struct {
	Level   int // of its heading, 2 to 4
	Heading string
	Lang    string // of the heading, when it is not the language of the page
	Text    []string
	Rows    component.Summary
	Table   *component.Table
	Picture *Picture
	Blocks  []Block
}

// FieldGroup is a titled part of a form with its fields.
type FieldGroup struct {
	Title  string
	Help   string
	Fields []component.Field
}

// Trial is an item as whoever uses it will see it: what is asked, and what was made of the sample answers.
type Trial struct {
	Groups  []FieldGroup
	Results []Block
}

// Test is an example that a content carries with what must come of it.
type Test struct {
	Path      string // of the test in the content: "tests[none]"
	Name      string
	Want, Got string // in the language of the page
	Passed    bool
}
