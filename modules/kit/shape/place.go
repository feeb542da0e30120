package shape

import (
	"fmt"
	"strings"
)

// EntryName names an entry of a list by its key where it has one, else by its place from 0: as the places of a content are
// told to people.
func EntryName(entry any, at int) string {
	if object, ok := entry.(map[string]any); ok {
		for _, name := range []string{"key", "value"} {
			if text, ok := object[name].(string); ok && text != "" {
				return text
			}
		}
	}
	return fmt.Sprint(at)
}

// Texts walks a decoded content to a place ("services[]", "posts[].training[]"; [] walks a list) and calls found, with the
// place as people read it, for every text that stands there.
func Texts(content any, place string, found func(path, text string)) {
	texts(content, strings.Split(place, "."), "", found)
}

func texts(value any, steps []string, path string, found func(path, text string)) {
	if len(steps) == 0 {
		if text, ok := value.(string); ok && text != "" {
			found(path, text)
		}
		return
	}
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	name, list := strings.CutSuffix(steps[0], "[]")
	here := strings.TrimPrefix(path+"."+name, ".")
	if !list {
		texts(object[name], steps[1:], here, found)
		return
	}
	entries, _ := object[name].([]any)
	for at, entry := range entries {
		texts(entry, steps[1:], fmt.Sprintf("%s[%s]", here, EntryName(entry, at)), found)
	}
}
