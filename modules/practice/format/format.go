// Package format compares the forms and assessments of a release with those of earlier ones: whoever has answers to an older
// question is not to lose them for want of a declared change. It reads published items alone, never an answer.
package format

import (
	"cmp"
	"slices"
	"strings"

	"staffetta/internal/carry"
	"staffetta/modules/kit"
)

// Kind is what a gap is.
type Kind string

// The kinds of gap.
const (
	Lost    Kind = "lost"    // no question takes the answers, or some values of them
	Narrow  Kind = "narrow"  // the question takes fewer answers
	Unasked Kind = "unasked" // it has to be answered, and no older question fills it
	Foreign Kind = "foreign" // a declared change is about a question that nobody ever asked
)

// Gap is a place where a release and earlier ones do not meet (it: salto di formato).
type Gap struct {
	Kind      Kind
	ItemKind  string
	ItemKey   string
	Path      string       // of the question, or of the change
	Release   string       // the newest earlier one that is concerned; "" of Foreign
	Name      string       // key of the question
	Asked     kit.FormItem // the question; as it was asked, but for Unasked; without a label of Foreign
	Next      kit.FormItem // the question that the proposal leads to
	Values    []string
	Proposal  *carry.Change // that would close it; nil where none is known
	Forbidden bool          // as long as it stands the release cannot be published
}

// Place names the gap among all of a kit.
func (g Gap) Place() string { return g.ItemKey + " " + g.Path }

// Earlier is an item as it was published before.
type Earlier struct {
	Kind, Key string
	Content   []byte
	Release   string // "" of a version that the body had and no kit
	Own       bool   // of the practice itself, not of the one that the item comes from
}

// Refused are the gaps with which a kit cannot be published.
func Refused(gaps []Gap) (refused []Gap) {
	for _, gap := range gaps {
		if gap.Forbidden {
			refused = append(refused, gap)
		}
	}
	return refused
}

// Compare finds the gaps between the items of a release and earlier ones, which come newest first.
func Compare(items []kit.Version, earlier []Earlier) (gaps []Gap) {
	for _, item := range items {
		form, ok := kit.FormIn(item.Kind, item.Content)
		if !ok {
			continue
		}
		c := comparison{item: item, set: form.Set(), form: form, seen: map[string]bool{}}
		for _, older := range earlier {
			if older.Kind == item.Kind && older.Key == item.Key {
				c.add(older)
			}
		}
		c.foreign()
		gaps = append(gaps, c.gaps...)
	}
	return gaps
}

// comparison is the work on one item.
type comparison struct {
	item  kit.Version
	form  *kit.Form
	set   carry.Set
	known [][]carry.Question
	seen  map[string]bool
	gaps  []Gap
}

func (c *comparison) add(older Earlier) {
	was, ok := kit.FormIn(older.Kind, older.Content)
	if !ok {
		return
	}
	questions := was.Set().Questions
	c.known = append(c.known, questions)
	for _, change := range was.Changes {
		if older.Release != "" { // they were checked when it went out
			c.known = append(c.known, []carry.Question{{Key: change.From}})
		}
	}
	if !older.Own {
		return
	}
	for _, loss := range c.set.Compare(questions) {
		gap := Gap{Kind: Lost, Release: older.Release, Path: pathOf(was, loss.Key), Name: loss.Key, Values: loss.Values}
		gap.Asked, _ = was.Item(loss.Key)
		if loss.Why == carry.Narrow {
			gap.Kind = Narrow
		}
		if change, found := c.set.Propose(questions, loss); found {
			gap.Proposal = &change
			gap.Next, _ = c.form.Item(cmp.Or(change.To, change.From))
		}
		c.tell(gap)
	}
	for _, key := range c.set.Unasked(questions) {
		asked, _ := c.form.Item(key)
		c.tell(Gap{Kind: Unasked, Release: older.Release, Path: pathOf(c.form, key), Name: key, Asked: asked})
	}
}

// foreign finds changes about questions that were never asked.
func (c *comparison) foreign() {
	for _, key := range c.set.Foreign(c.known) {
		at := slices.IndexFunc(c.set.Changes, func(change carry.Change) bool { return change.Key == key })
		c.tell(Gap{Kind: Foreign, Path: "changes[" + key + "].from", Name: c.set.Changes[at].From, Forbidden: true})
	}
}

// tell keeps a gap, once over all releases that have it.
func (c *comparison) tell(gap Gap) {
	told := string(gap.Kind) + " " + gap.Path + " " + strings.Join(gap.Values, "\x00")
	if c.seen[told] {
		return
	}
	c.seen[told] = true
	gap.ItemKind, gap.ItemKey = c.item.Kind, c.item.Key
	c.gaps = append(c.gaps, gap)
}

// pathOf is where a form asks a question.
func pathOf(form *kit.Form, key string) string {
	for _, section := range form.Sections {
		for _, item := range section.Items {
			if item.Key == key {
				return "sections[" + section.Key + "].items[" + key + "]"
			}
		}
	}
	return key
}
