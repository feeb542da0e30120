package shape

import (
	"fmt"
	"strconv"
	"strings"
)

// Path writes a place as sections[dati].items[nome].label: entries of lists go by their key, not their number.
func Path(value any, location []string) string {
	var path strings.Builder
	for _, step := range location {
		switch v := value.(type) {
		case []any:
			at, err := strconv.Atoi(step)
			if err != nil || at >= len(v) {
				return path.String()
			}
			fmt.Fprintf(&path, "[%s]", EntryName(v[at], at))
			value = v[at]
		case map[string]any:
			if path.Len() > 0 {
				path.WriteByte('.')
			}
			path.WriteString(step)
			value = v[step]
		}
	}
	return path.String()
}
