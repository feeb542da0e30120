package kit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"staffetta/internal/merge"
	"staffetta/modules/kit/canonical"
)

// document is all of an item that a body and a kit may both change: its content and how it is called.
type document struct {
	Title   Text            `json:"title"`
	Owner   string          `json:"owner"`
	Licence string          `json:"licence"`
	Content json.RawMessage `json:"content"`
}

// Document is the canonical JSON of all that can be changed of an item, in which two releases of it are compared.
func (s Source) Document() ([]byte, error) {
	content, err := []byte("null"), error(nil)
	if s.Content != nil {
		content, err = Canonical(s.Content)
	}
	if err != nil {
		return nil, fmt.Errorf("write item %s: %w", Place(s.Kind, s.Key), err)
	}
	var out bytes.Buffer
	out.Grow(len(content) + 400)
	out.WriteString(`{"content":`)
	out.Write(content)
	for _, member := range []struct{ name, text string }{{"licence", s.Licence}, {"owner", s.Owner}} {
		out.WriteString(`,"` + member.name + `":`)
		canonical.WriteString(&out, strings.ToValidUTF8(member.text, "\ufffd"))
	}
	out.WriteString(`,"title":{`)
	if s.Title.EN != "" {
		out.WriteString(`"en":`)
		canonical.WriteString(&out, strings.ToValidUTF8(s.Title.EN, "\ufffd"))
		out.WriteByte(',')
	}
	out.WriteString(`"it":`)
	canonical.WriteString(&out, strings.ToValidUTF8(s.Title.IT, "\ufffd"))
	out.WriteString("}}")
	return out.Bytes(), nil
}

// Source is the item as it stands: what is published, or the draft where nothing is.
func (i Item) Source() Source {
	content := i.Current.Content
	if content == nil || i.State == Draft {
		content = i.Draft
	}
	return Source{Kind: i.Kind, Key: i.Key, Title: Text{IT: i.Title.It, EN: i.Title.En}, Owner: i.Owner, Licence: i.Licence, Content: content}
}

// Merge brings two changes of an item together (see package merge). A base without content is none. Conflicts that no
// answer decides are returned, and the item keeps ours there.
func Merge(lists merge.Lists, base, ours, theirs Source, answers map[string]merge.Answer) (Source, []merge.Conflict, error) {
	var documents [3][]byte
	var err error
	for n, source := range []Source{base, ours, theirs} {
		if n == 0 && source.Content == nil {
			continue
		}
		if documents[n], err = source.Document(); err != nil {
			return Source{}, nil, err
		}
	}
	if result, told := oneSided(documents, ours, theirs); told {
		result.Content, err = Canonical(result.Content)
		return result, nil, err
	}
	raw, open, err := merge.Three(inContent(lists), documents[0], documents[1], documents[2], answers)
	if err != nil {
		return Source{}, nil, fmt.Errorf("merge item %s: %w", Place(theirs.Kind, theirs.Key), err)
	}
	var merged document
	if err := json.Unmarshal(raw, &merged); err != nil {
		return Source{}, nil, fmt.Errorf("read merged item %s: %w", Place(theirs.Kind, theirs.Key), err)
	}
	content, err := Canonical(merged.Content)
	return Source{Kind: theirs.Kind, Key: theirs.Key, Title: merged.Title, Owner: merged.Owner, Licence: merged.Licence, Content: content}, open, err
}

// oneSided is what a merge comes to where only one side changed anything, or both the same: see package merge.
func oneSided(documents [3][]byte, ours, theirs Source) (result Source, told bool) {
	base, our, their := documents[0], documents[1], documents[2]
	switch {
	case bytes.Equal(our, their), base != nil && bytes.Equal(base, their):
		result = ours
	case base != nil && bytes.Equal(base, our):
		result = theirs
	default:
		return Source{}, false
	}
	result.Kind, result.Key = theirs.Kind, theirs.Key
	return result, true
}

// same tells whether two items say the same to the letter; of items as they are kept, that is whether they say the same.
func (s Source) same(other Source) bool {
	return s.Title == other.Title && s.Owner == other.Owner && s.Licence == other.Licence && s.Content != nil && bytes.Equal(s.Content, other.Content)
}

// Equal tells whether two items say the same; one without content says nothing.
func Equal(a, b Source) (bool, error) {
	if a.Content == nil || b.Content == nil {
		return a.Content == nil && b.Content == nil, nil
	}
	if a.same(b) {
		return true, nil
	}
	first, err := a.Document()
	if err != nil {
		return false, err
	}
	second, err := b.Document()
	return bytes.Equal(first, second), err
}

// inContent are the lists of a content at their places in a document.
func inContent(lists merge.Lists) merge.Lists {
	inside := make(merge.Lists, len(lists))
	for at, key := range lists {
		inside["content."+at] = key
	}
	return inside
}
