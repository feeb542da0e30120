package kit

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit/fit"
	"staffetta/modules/kit/shape"
	"staffetta/modules/kit/tell"
	"staffetta/policies"
)

// Block is a headed part of a content as people read it. Template "kit/block".
type Block = modules.Block

// Readable renders the content of an item for people, in the language of the context: as its kind reads it, or else by
// headed parts.
func Readable(ctx context.Context, kinds *modules.Kinds, kind string, content []byte) []Block {
	declared, _, _ := kinds.Get(kind)
	var tests []Block
	if declared.Prove != nil {
		tests = testBlocks(ctx, declared.Prove(ctx, content))
	}
	if declared.Read != nil {
		if blocks, ok := declared.Read(ctx, content); ok {
			return append(blocks, tests...)
		}
	}
	r := reader{ctx: ctx, lang: language.Of(ctx), words: shape.Words(declared.Schema, commonFile)}
	var value map[string]any
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.UseNumber()
	if dec.Decode(&value) != nil {
		return nil
	}
	if declared.Prove != nil {
		delete(value, "tests") // they are read below, with what came of them
	}
	r.named = shape.Named(value, r.lang)
	whole := r.object(value, 1)
	if len(whole.Rows.Rows) > 0 {
		whole.Blocks = slices.Insert(whole.Blocks, 0, Block{Level: 2, Heading: r.say("kit.item.sheet"), Rows: whole.Rows})
	}
	return append(whole.Blocks, tests...)
}

// reader speaks the language of a page.
type reader struct {
	ctx   context.Context
	lang  string
	words map[string]shape.Word // of the schema of the kind, by the name of the member
	items map[string]FormItem   // of the form that is read, by key
	named map[string]string     // what the entries of the lists of the content are called, by key
}

func newReader(ctx context.Context) reader { return reader{ctx: ctx, lang: language.Of(ctx)} }

func (r reader) say(key string, pairs ...any) string {
	return language.Say(r.ctx, language.M(key, pairs...))
}

// text gives a wording and its language when that is not the page's.
func (r reader) text(t Text) (wording, lang string) {
	return t.In(r.lang), foreign(r.ctx, language.Text{It: t.IT, En: t.EN})
}

// object reads the members of an object: plain values become rows, lists and objects become parts below it.
func (r reader) object(value map[string]any, level int) Block {
	block := Block{Level: level}
	for _, name := range r.memberNames(value) {
		switch v := value[name].(type) {
		case map[string]any:
			if text, ok := asText(v); ok {
				wording, lang := r.text(text)
				block.Rows.Rows = append(block.Rows.Rows, component.SummaryRow{Label: r.label(name), Values: []string{wording}, Lang: lang})
				continue
			}
			part := r.object(v, min(level+1, 4))
			part.Heading = r.label(name)
			block.Blocks = append(block.Blocks, part)
		case []any:
			r.list(&block, name, v)
		default:
			block.Rows.Rows = append(block.Rows.Rows, component.SummaryRow{Label: r.label(name), Values: values(r.plain(name, v))})
		}
	}
	return block
}

// list reads a list: of wordings and plain values as one row, of objects as a part with an entry each.
func (r reader) list(block *Block, name string, entries []any) {
	row := component.SummaryRow{Label: r.label(name)}
	part := Block{Level: min(block.Level+1, 4), Heading: r.label(name)}
	for _, entry := range entries {
		object, ok := entry.(map[string]any)
		if !ok {
			row.Values = append(row.Values, r.plain(name, entry))
			continue
		}
		if text, ok := asText(object); ok {
			wording, lang := r.text(text)
			row.Values, row.Lang = append(row.Values, wording), lang
			continue
		}
		part.Blocks = append(part.Blocks, r.entry(object, min(part.Level+1, 4)))
	}
	if len(row.Values) > 0 {
		block.Rows.Rows = append(block.Rows.Rows, row)
	}
	if len(part.Blocks) > 0 {
		block.Blocks = append(block.Blocks, part)
	}
}

func (r reader) entry(object map[string]any, level int) Block {
	rest := make(map[string]any, len(object))
	for name, value := range object {
		if name != "key" {
			rest[name] = value
		}
	}
	for _, name := range shape.Titles {
		title, ok := object[name].(map[string]any)
		if !ok {
			continue
		}
		if text, ok := asText(title); ok {
			delete(rest, name)
			block := r.object(rest, level)
			block.Heading, block.Lang = r.text(text)
			return block
		}
	}
	block := r.object(rest, level)
	block.Heading, _ = object["key"].(string)
	return block
}

// label is what a member is called: as the schema says, or else as the program does.
func (r reader) label(name string) string {
	if label := r.words[name].Label; label.It != "" {
		return label.In(r.lang)
	}
	return r.say("kit.part." + strings.ToLower(name))
}

// plain writes a value that is not a wording.
func (r reader) plain(name string, value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return r.say("kit.value.yes")
		}
		return r.say("kit.value.no")
	case string:
		switch {
		case r.words[name].Values[v].It != "":
			return r.words[name].Values[v].In(r.lang)
		case slices.ContainsFunc(policies.Roles, func(role policies.Role) bool { return role.ID == v }):
			return tell.Role(r.ctx, v)
		case (name == "sections" || name == "never") && slices.Contains(policies.SectionIDs(), v):
			return policies.SectionLabel(v).In(r.lang)
		case name == "formula":
			return r.rule(v)
		case name == "group":
			return tell.Group(r.ctx, v)
		case name == "istat" && AreaLabel(v).It != "":
			return AreaLabel(v).In(r.lang)
		case name == "unitCost":
			return language.Figure(r.ctx, v)
		case (name == "area" || name == "measure") && r.named[v] != "":
			return r.named[v]
		case slices.Contains(shape.Coded, name):
			return r.say("kit.value." + v)
		}
		return tell.Called(r.ctx, v)
	default:
		return language.Figure(r.ctx, fit.Text(v))
	}
}

// asText reads an object that is a wording.
func asText(object map[string]any) (Text, bool) {
	it, ok := object["it"].(string)
	if !ok {
		return Text{}, false
	}
	en, _ := object["en"].(string)
	return Text{IT: it, EN: en}, true
}

// memberNames lists the members of an object in the order in which they are read: the program's, then the schema's.
func (r reader) memberNames(value map[string]any) []string {
	names := make([]string, 0, len(value))
	for name := range value {
		if name != "key" {
			names = append(names, name)
		}
	}
	place := func(name string) int {
		if at := slices.Index(shape.ReadingOrder, name); at >= 0 {
			return at
		}
		return len(shape.ReadingOrder) + r.words[name].Place
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := place(a) - place(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return names
}

// foreign is "it" when a text is shown in Italian on an English page.
func foreign(ctx context.Context, t language.Text) string {
	if language.Of(ctx) == language.English && t.En == "" {
		return language.Italian
	}
	return ""
}
