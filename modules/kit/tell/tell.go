// Package tell says places and values of contents in words, by the shape of their kind and with what the contents themselves
// call their parts. It is the one way in which the program does, and it must not know a kind.
package tell

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/merge"
	"staffetta/modules"
	"staffetta/modules/kit/shape"
)

// Source is what a teller knows of the program.
type Source struct {
	Kinds  *modules.Kinds
	Common []byte // the definitions that the schemas of all kinds may refer to
	Area   func(code string) language.Text
}

// Titles are what items are called, by Item; and by their key alone where a place names items of any kind.
type Titles map[string]language.Text

// Add takes an item in.
func (t Titles) Add(kind, key string, title language.Text) {
	t[kind+"/"+key], t["/"+key] = title, title
}

// Call is an item by its code and title; by its code alone where nobody has told the title. The place is its kind and key.
func (t Titles) Call(ctx context.Context, place string) string {
	_, key, _ := strings.Cut(place, "/")
	if title := t[place]; title.It != "" {
		return key + " " + language.SayText(ctx, title)
	}
	return key
}

type calling struct{}

// Calling lets what is read within a context call other items by these titles.
func Calling(ctx context.Context, titles Titles) context.Context {
	return context.WithValue(ctx, calling{}, titles)
}

// Called is a text, or the item by its code and title where the text is the code of one that the context has titles for.
func Called(ctx context.Context, text string) string {
	titles, _ := ctx.Value(calling{}).(Titles)
	return titles.Call(ctx, "/"+text)
}

// Teller says places and values of items of one kind in the language of a context.
type Teller struct {
	Words
	kind     modules.Kind
	shape    *shape.Node
	contents []any
	keyed    map[string][]map[string]any
	titles   Titles
}

// New makes a teller. The contents are all those in which a place may stand: what one of them no longer has, or does not have
// yet, another one names.
func New(ctx context.Context, from Source, kind string, contents ...[]byte) Teller {
	declared, _, _ := from.Kinds.Get(kind)
	t := Teller{Words: Words{ctx, from.Area}, kind: declared}
	if node, err := shape.Parse(declared.Schema, from.Common); err == nil {
		t.shape = node
	}
	for _, content := range contents {
		if value, ok := decode(content); ok {
			t.contents = append(t.contents, value)
		}
	}
	t.keyed = shape.Keyed(t.contents)
	return t
}

// Naming lets a teller call other items by their titles.
func (t Teller) Naming(titles Titles) Teller {
	t.titles = titles
	return t
}

func decode(content []byte) (value any, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.UseNumber()
	return value, len(content) > 0 && dec.Decode(&value) == nil
}

// Place is the place of a change or conflict, from the whole to the part: "Domande › Telefono › Nome".
func (t Teller) Place(path string) string { return t.place(path, 1) }

// Found is the place of what was found in a content, whose entries without a name are counted from 0.
func (t Teller) Found(path string) string { return t.place(path, 0) }

func (t Teller) place(path string, first int) string {
	path, isOrder := strings.CutSuffix(path, "[]")
	steps := t.find(path, first)
	words := make([]string, 0, len(steps)+1)
	for i, step := range steps {
		if step.Entry {
			words = append(words, excerpt(t.entry(step, steps[:i])))
		} else {
			words = append(words, t.member(step))
		}
	}
	if isOrder {
		words = append(words, t.Say("kit.part.order"))
	}
	return strings.Join(words, " › ")
}

func (t Teller) find(path string, first int) []shape.Step {
	if path == "content" {
		return []shape.Step{{Name: path, Node: t.shape, Values: t.contents}}
	}
	return shape.Find(t.shape, t.contents, strings.TrimPrefix(path, "content."), first)
}

// member is what a member is called; one that nobody has words for stays as it is.
func (t Teller) member(step shape.Step) string {
	if step.Node != nil && step.Node.Word.Label.It != "" {
		return t.Label(step.Node)
	}
	return t.or("kit.part."+strings.ToLower(step.Name), step.Name)
}

// entry is what an entry of a list is called: by its title, by what it is about, or by its number.
func (t Teller) entry(step shape.Step, above []shape.Step) string {
	for _, value := range step.Values {
		object, is := value.(map[string]any)
		if title := t.title(step.Node, object); title != "" {
			return title
		}
		if text, plain := value.(string); plain {
			return t.text(step.Node, text, above)
		}
		if label := t.option(step.Name, above); is && label != "" {
			return label
		}
	}
	switch {
	case t.called(step.Name) != "":
		return t.called(step.Name)
	case len(step.Values) == 0 && step.Node != nil && step.Node.Type != shape.Object:
		return t.text(step.Node, step.Name, above)
	case step.Number > 0:
		return t.Say("kit.edit.entry", "number", step.Number)
	}
	return step.Name
}

func (t Teller) lang() string { return language.Of(t.ctx) }

// title is what an object is called, or what the entry of another list is that it is about.
func (t Teller) title(node *shape.Node, object map[string]any) string {
	if title := shape.Title(object, t.lang()); title != "" || node == nil {
		return title
	}
	for _, member := range node.Members {
		name, _ := object[member.Name].(string)
		if title := t.called(name); title != "" && (member.Def == "key" || member.Of != "") {
			return title
		}
	}
	return ""
}

// option is what an answer is called among those of the questions that stand above it, or that what stands there names.
func (t Teller) option(value string, above []shape.Step) string {
	for _, step := range slices.Backward(above) {
		for _, one := range step.Values {
			object, _ := one.(map[string]any)
			for _, name := range []string{"key", "from", "to"} {
				key, _ := object[name].(string)
				if label := t.answer(key, value); label != "" {
					return label
				}
			}
		}
	}
	return ""
}

// answer is what an answer to a question is called, "" where there is no such thing.
func (t Teller) answer(question, value string) string {
	for _, entry := range t.keyed[question] {
		options, _ := entry["options"].([]any)
		for _, one := range options {
			option, _ := one.(map[string]any)
			if option["value"] == value {
				return shape.Title(option, t.lang())
			}
		}
	}
	return ""
}

// called is what an entry with a key is called, "" for none.
func (t Teller) called(key string) string {
	if entries := t.keyed[key]; len(entries) > 0 {
		return shape.Title(entries[0], t.lang())
	}
	return ""
}

// Whole tells a content that was not there before as changes, member by member in the order of its schema.
func (t Teller) Whole(content []byte) (changes []merge.Change) {
	var members map[string]json.RawMessage
	if json.Unmarshal(content, &members) != nil || t.shape == nil {
		return nil
	}
	for _, member := range t.shape.Members {
		if raw, there := members[member.Name]; there {
			changes = append(changes, merge.Change{Path: member.Name, Is: raw})
		}
	}
	return changes
}

// maxName is how much of a long text something is called by.
const maxName = 90

func excerpt(text string) string {
	runes := []rune(text)
	if len(runes) <= maxName {
		return text
	}
	return strings.TrimSpace(string(runes[:maxName])) + "…"
}
