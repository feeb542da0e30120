package editor

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"staffetta/api/web/component"
	"staffetta/modules/kit/shape"
	"staffetta/modules/kit/tell"
)

// Item is something that a content can refer to.
type Item struct{ Kind, Key, Title string }

// Form is a content on its way to a page.
type Form struct {
	Shape      *shape.Node
	Words      tell.Teller
	References map[string]string // kind of the item that a place names, by place ("fields[].form"); "" for any kind
	Items      []Item            // that can be named
	Faults     map[string]string // what is wrong, by readable place ("sections[dati].label")
	Open       string            // name of the entry to look at
	Notes      map[string]Note   // what is told of an entry, by readable place
}

// Note is what is told of an entry beside its name, and within it.
type Note struct {
	Tag  component.Tag
	Text []string
}

// Piece is one thing below another on the page: a field, a wording in two languages, a group, a list. Template "kit/piece".
type Piece struct {
	Field *component.Field
	Pair  *Pair
	Group *Group
	List  *List
}

// Pair is a wording in Italian and English, side by side.
type Pair struct {
	Label  string
	It, En component.Field
}

// Group is a headed part.
type Group struct {
	ID      string
	Heading string
	Error   string
	Pieces  []Piece
}

// List is entries below each other.
type List struct {
	ID      string
	Heading string
	Error   string
	Count   component.Hidden
	Entries []Entry
	Add     component.Button
}

// Entry is one of a list.
type Entry struct {
	ID      string
	Title   string
	Open    bool
	Wrong   bool // something in it is
	Note    *Note
	Was     *component.Hidden // the key with which it is shown, where other places name it
	Pieces  []Piece
	Buttons []component.Button
}

// Page renders a content as pieces. The faults that found no place on the page are returned in their words.
func (f Form) Page(content []byte) ([]Piece, []string, error) {
	values, err := Flatten(f.Shape, content)
	if err != nil {
		return nil, nil, err
	}
	value, err := decode(content)
	if err != nil {
		return nil, nil, err
	}
	w := &writer{Form: f, whole: value, values: values, named: namedLists(f.Shape), told: map[string]bool{}}
	pieces := w.members(f.Shape, place{name: Root}, value)
	var rest []string
	for at, text := range f.Faults {
		if !w.told[at] {
			rest = append(rest, strings.TrimPrefix(f.Words.Found(at)+": ", ": ")+text)
		}
	}
	slices.Sort(rest)
	return pieces, rest, nil
}

// writer goes down a content once.
type writer struct {
	Form
	whole  any
	values url.Values
	named  map[string]bool // lists whose entries other places name
	told   map[string]bool
}

// place is where the writer is: the name of the field, the readable place and the place as a declaration writes it.
type place struct{ name, path, pattern string }

func (p place) member(name string) place {
	return place{p.name + "." + name, strings.TrimPrefix(p.path+"."+name, "."), strings.TrimPrefix(p.pattern+"."+name, ".")}
}

func (p place) entry(i int, value any) place {
	return place{p.name + "." + strconv.Itoa(i), p.path + "[" + shape.EntryName(value, i) + "]", p.pattern + "[]"}
}

// id is the id of the place in the page.
func (p place) id() string { return strings.ReplaceAll(p.name, ".", "-") }

// fault takes what is wrong at a place.
func (w *writer) fault(path string) string {
	w.told[path] = true
	return w.Faults[path]
}

func (w *writer) members(node *shape.Node, at place, value any) []Piece {
	object, _ := value.(map[string]any)
	var pieces, last []Piece
	for _, member := range node.Members {
		piece := w.piece(member, at.member(member.Name), object[member.Name])
		if member.Name == "key" && member.Of == "" || member.Name == "value" && piece.Field != nil && piece.Field.Kind == component.Code {
			last = append(last, piece) // the program's names come after people's words
			continue
		}
		pieces = append(pieces, piece)
	}
	return append(pieces, last...)
}

func (w *writer) piece(node *shape.Node, at place, value any) Piece {
	switch node.Type {
	case shape.Object:
		return Piece{Group: &Group{ID: at.id(), Heading: w.Words.Label(node), Error: w.fault(at.path), Pieces: w.members(node, at, value)}}
	case shape.List:
		if mannerOf(node) == rows {
			return Piece{List: w.list(node, at, value)}
		}
		return Piece{Field: w.listField(node, at, value)}
	case shape.Wording:
		return Piece{Pair: w.pair(node, at)}
	case shape.Condition:
		return Piece{Group: w.condition(node, at)}
	default: // one field
	}
	field := w.field(node, at)
	return Piece{Field: &field}
}

func (w *writer) list(node *shape.Node, at place, value any) *List {
	entries, _ := value.([]any)
	list := &List{ID: at.id(), Heading: w.Words.Label(node), Error: w.fault(at.path), Count: component.Hidden{Name: at.name + ".n"}}
	if entries != nil || node.Required {
		list.Count.Value = strconv.Itoa(len(entries))
	}
	list.Add = component.Button{Label: w.Words.Say("kit.edit.add"), Hidden: list.Heading, Name: "azione", Value: Add + ":" + at.name}
	for i, entry := range entries {
		list.Entries = append(list.Entries, w.entry(node.Entry, at.entry(i, entry), entry, span{i, len(entries)}))
	}
	return list
}

// span is which of how many an entry is.
type span struct{ at, of int }

func (w *writer) entry(node *shape.Node, at place, value any, s span) Entry {
	object, _ := value.(map[string]any)
	e := Entry{ID: at.id(), Title: excerpt(title(object)), Open: w.Open == at.name || strings.HasPrefix(w.Open, at.name+".")}
	if named := node.Member("key"); e.Title == "" && named != nil && named.Of != "" {
		e.Title = w.called(named.Of, plain(object["key"]))
	}
	if note, told := w.Notes[at.path]; told {
		e.Note = &note
	}
	if e.Title == "" {
		e.Title = w.Words.Say("kit.edit.entry", "number", s.at+1)
	}
	if key := plain(object["key"]); w.named[at.pattern] && key != "" {
		e.Was = &component.Hidden{Name: at.name + wasMark, Value: key}
	}
	own := w.fault(at.path)
	if node.Type == shape.Wording {
		pair := w.pair(node, at)
		pair.Label = w.Words.Say("kit.edit.entry", "number", s.at+1)
		e.Pieces = []Piece{{Pair: pair}}
	} else {
		e.Pieces = w.members(node, at, value)
	}
	e.Wrong = own != "" || wrongIn(e.Pieces)
	e.Open = e.Open || e.Wrong
	e.Buttons = w.buttons(at, e.Title, s)
	return e
}

// called is what an entry of a list of the content is called, "" for none.
func (w *writer) called(of, key string) string {
	for _, option := range w.entries(of, nil) {
		if option.Value == key {
			return option.Label
		}
	}
	return ""
}

func (w *writer) buttons(at place, title string, s span) []component.Button {
	var list []component.Button
	add := func(verb string) {
		list = append(list, component.Button{
			Label: w.Words.Say("kit.edit." + verb), Hidden: title, Name: "azione", Value: verb + ":" + at.name, Emphasis: component.Plain,
		})
	}
	if s.at > 0 {
		add(Up)
	}
	if s.at < s.of-1 {
		add(Down)
	}
	add(Remove)
	return list
}

// wrongIn tells whether something is wrong among pieces.
func wrongIn(pieces []Piece) bool {
	return slices.ContainsFunc(pieces, func(p Piece) bool {
		switch {
		case p.Field != nil:
			return p.Field.Error != ""
		case p.Pair != nil:
			return p.Pair.It.Error != "" || p.Pair.En.Error != ""
		case p.Group != nil:
			return p.Group.Error != "" || wrongIn(p.Group.Pieces)
		}
		return p.List != nil && (p.List.Error != "" || slices.ContainsFunc(p.List.Entries, func(e Entry) bool { return e.Wrong }))
	})
}

// Errors lists the fields that are wrong, in the order of the page.
func Errors(pieces []Piece) []component.Field {
	var fields []component.Field
	for _, p := range pieces {
		switch {
		case p.Field != nil:
			fields = append(fields, *p.Field)
		case p.Pair != nil:
			fields = append(fields, p.Pair.It, p.Pair.En)
		case p.Group != nil:
			fields = append(fields, component.Field{ID: p.Group.ID, Label: p.Group.Heading, Error: p.Group.Error})
			fields = append(fields, Errors(p.Group.Pieces)...)
		case p.List != nil:
			fields = append(fields, component.Field{ID: p.List.ID, Label: p.List.Heading, Error: p.List.Error})
			for _, e := range p.List.Entries {
				fields = append(fields, Errors(e.Pieces)...)
			}
		}
	}
	return slices.DeleteFunc(fields, func(f component.Field) bool { return f.Error == "" })
}

// Sheets puts pieces on sheets of the page: what stands by itself on the first ones, each group and each list on its own.
func Sheets(pieces []Piece) []Group {
	var sheets []Group
	loose := false
	for _, p := range pieces {
		switch {
		case p.Group != nil && p.Group.Heading != "":
			sheets, loose = append(sheets, *p.Group), false
		case p.List != nil:
			list := *p.List
			list.Heading = ""
			sheets, loose = append(sheets, Group{Heading: p.List.Heading, Pieces: []Piece{{List: &list}}}), false
		case loose:
			last := &sheets[len(sheets)-1]
			last.Pieces = append(last.Pieces, p)
		default:
			sheets, loose = append(sheets, Group{Pieces: []Piece{p}}), true
		}
	}
	return sheets
}

// maxTitle is how much of a long text an entry is called by.
const maxTitle = 90

func excerpt(text string) string {
	runes := []rune(text)
	if len(runes) <= maxTitle {
		return text
	}
	return strings.TrimSpace(string(runes[:maxTitle])) + "…"
}
