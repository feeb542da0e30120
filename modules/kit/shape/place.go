package shape

import "fmt"

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
