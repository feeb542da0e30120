// Package part holds what contents of all kinds are made of and checked with: wordings, faults with their places, strict
// reading. It must not know a kind.
package part

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"staffetta/internal/language"
)

// Text is a wording for people: Italian always, English where somebody wrote it.
type Text struct {
	IT string `json:"it"`
	EN string `json:"en,omitempty"`
}

// In returns the wording in the language asked for ("it" or "en"), Italian when it has not been translated.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.IT
}

// Fault is one thing wrong with a content or with an answer: where it is and which message tells it.
type Fault struct {
	Path   string            `json:"path"`             // item key of an answer, readable place in a content
	Key    string            `json:"key"`              // message in messages/it.json and en.json
	Params map[string]string `json:"params,omitempty"` // values of the {{.name}} places of the message
}

// Wrong builds a Fault; params are name, value, name, value.
func Wrong(path, key string, params ...string) Fault {
	f := Fault{Path: path, Key: key}
	for i := 0; i+1 < len(params); i += 2 {
		if f.Params == nil {
			f.Params = map[string]string{}
		}
		f.Params[params[i]] = params[i+1]
	}
	return f
}

// Error gives the place, the message and its values, for who reads a log.
func (f Fault) Error() string {
	var text strings.Builder
	text.WriteString(strings.TrimPrefix(f.Path+": ", ": ") + f.Key)
	for _, name := range slices.Sorted(maps.Keys(f.Params)) {
		fmt.Fprintf(&text, " %s=%q", name, f.Params[name])
	}
	return text.String()
}

// Message is the fault as an entry of the catalogue.
func (f Fault) Message() language.Message {
	m := language.Message{Key: f.Key}
	if len(f.Params) > 0 {
		m.Args = make(map[string]any, len(f.Params))
		for name, value := range f.Params {
			m.Args[name] = value
		}
	}
	return m
}

// Sort orders faults by place, then message, so that a report is the same every time.
func Sort(faults []Fault) []Fault {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Key, b.Key))
	})
	return faults
}

// Unreadable is the fault of a content that is not what its kind needs.
func Unreadable(err error) []Fault {
	return []Fault{Wrong("", "kit.content.unreadable", "cause", err.Error())}
}

// Repeated lists the keys that come twice in a list.
func Repeated[T any](list string, all []T, key func(T) string) []Fault {
	var faults []Fault
	seen := map[string]bool{}
	for _, one := range all {
		if seen[key(one)] {
			faults = append(faults, Wrong(fmt.Sprintf("%s[%s]", list, key(one)), "kit.content.repeated_key", "key", key(one)))
		}
		seen[key(one)] = true
	}
	return faults
}

// NotAmong lists the keys at a place that are not known.
func NotAmong(path string, known map[string]bool, keys ...string) []Fault {
	var faults []Fault
	for _, key := range keys {
		if !known[key] {
			faults = append(faults, Wrong(path, "kit.content.unknown_key", "key", key))
		}
	}
	return faults
}

// Decode reads one JSON value and refuses unknown fields and anything after it.
func Decode(content []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("decode content: %w", err)
	}
	if dec.More() {
		return errors.New("decode content: text after the value")
	}
	return nil
}
