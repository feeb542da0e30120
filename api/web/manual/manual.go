// Package manual finds the short help of a page, and orders what the manual is made of. It must not know who reads it.
package manual

import (
	"strings"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Manual is the help of all pages (it: manuale).
type Manual struct {
	Chapters []Chapter
}

// Chapter is the help of the pages of a module; of the host's own, where Module is empty.
type Chapter struct {
	Module modules.ID
	Title  language.Text
	Topics []modules.Topic
}

// New gathers the help of the host and of the modules, in their order.
func New(list []modules.Module) *Manual {
	m := &Manual{Chapters: []Chapter{{Title: language.Text{It: "Per cominciare", En: "To begin with"}, Topics: Own}}}
	for _, one := range list {
		if len(one.Help) > 0 {
			m.Chapters = append(m.Chapters, Chapter{one.ID, one.Title, one.Help})
		}
	}
	return m
}

// Of is the help of a page, by the path of its pattern; false for none. Pages of the platform that every body has as well share
// the help of those.
func (m *Manual) Of(path string) (modules.Topic, bool) {
	if found, ok := m.longest(path); ok {
		return found, true
	}
	of, below := strings.CutPrefix(path, "/"+tenants.PlatformSlug+"/")
	if !below {
		return modules.Topic{}, false
	}
	return m.longest("/" + of)
}

func (m *Manual) longest(path string) (best modules.Topic, found bool) {
	for _, chapter := range m.Chapters {
		for _, topic := range chapter.Topics {
			if len(topic.At) > len(best.At) && begins(segments(path), segments(topic.At)) {
				best, found = topic, true
			}
		}
	}
	return best, found
}

func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// begins tells whether a page is at a place or below it. Wildcards match whatever they are called.
func begins(page, at []string) bool {
	if len(at) > len(page) || at[len(at)-1] == "{$}" && len(at) != len(page) {
		return false
	}
	for i, segment := range at {
		if segment != page[i] && !(strings.HasPrefix(segment, "{") && strings.HasPrefix(page[i], "{")) {
			return false
		}
	}
	return true
}
