// Package origin says what the answer to a question may start from: what the access desk has written down about a contact before
// the form is filled in, so that nobody is asked twice. It must not know a contact, only how each thing about it is called.
package origin

import "slices"

// Outcome and Signposting are written in both directions: whoever confirms the form may close the contact with these answers.
const (
	Outcome     = "contact.outcome"
	Signposting = "contact.signposting"
)

// Source is something that a contact holds.
type Source struct {
	Types  []string // of the questions that can take it
	Values []string // the codes that it may have; nil where any will do
}

var (
	oneOf   = []string{"choice", "choices"}
	someOf  = []string{"choices"}
	yesOrNo = []string{"boolean"}
	words   = []string{"text", "longtext"}
)

// sources are all there are; the codes are those of the access desk, whose tests compare them.
var sources = map[string]Source{
	"contact.channel":      {oneOf, []string{"in_person", "phone", "email", "home", "written", "other_remote", "online"}},
	"contact.interlocutor": {oneOf, []string{"user", "relative", "judicial", "organisation", "institution", "other"}},
	"contact.reason":       {oneOf, []string{"spontaneous", "sent", "summoned", "decree"}},
	"contact.target":       {oneOf, []string{"families", "disability", "adults", "elderly"}},
	"contact.needs":        {someOf, []string{"physiological", "safety", "belonging", "fulfilment", "self_fulfilment"}},
	Outcome:                {oneOf[:1], []string{"information", "guidance", "signposting", "emergency", "taking_in_charge"}},
	"contact.term":         {oneOf, nil},
	"contact.request":      {words, nil},
	Signposting:            {words, nil},
	"contact.day":          {[]string{"date"}, nil},
	"contact.anonymous":    {yesOrNo, nil},
	"contact.accompanied":  {yesOrNo, nil},
	"contact.informed":     {yesOrNo, nil},
}

// Get finds a source by its name.
func Get(name string) (Source, bool) {
	source, known := sources[name]
	return source, known
}

// Wrong is the message that tells why a question of a type, with the values of its options, cannot start from a source; "" when
// it can. One value in common is enough: what has no place among the options is not filled in. An outcome has to be one that
// closes a contact.
func Wrong(name, questionType string, options []string) string {
	source, known := Get(name)
	offered := func(value string) bool { return slices.Contains(options, value) }
	stranger := func(value string) bool { return !slices.Contains(source.Values, value) }
	switch {
	case !known:
		return "kit.content.source_unknown"
	case !slices.Contains(source.Types, questionType):
		return "kit.content.source_type"
	case source.Values != nil && !slices.ContainsFunc(source.Values, offered):
		return "kit.content.source_values"
	case name == Outcome && slices.ContainsFunc(options, stranger):
		return "kit.content.source_outcome"
	}
	return ""
}
