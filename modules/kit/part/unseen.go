package part

import (
	"strings"

	"staffetta/internal/language"
	"staffetta/modules/kit/shape"
)

// Unseen lists where a content, decoded, has characters that nobody sees (language.Unseen).
func Unseen(value any) []Fault { return Sort(unseen(nil, "", value)) }

func unseen(faults []Fault, path string, value any) []Fault {
	switch v := value.(type) {
	case string:
		if hidden, found := language.Unseen(v, true); found {
			return append(faults, Wrong(path, "web.field.unseen", "char", hidden.Char, "after", hidden.After))
		}
	case []any:
		for i, one := range v {
			faults = unseen(faults, path+"["+shape.EntryName(one, i)+"]", one)
		}
	case map[string]any:
		for name, one := range v {
			if hidden, found := language.Unseen(name, false); found {
				faults = append(faults, Wrong(path, "web.field.unseen", "char", hidden.Char, "after", hidden.After))
				continue
			}
			faults = unseen(faults, strings.TrimPrefix(path+"."+name, "."), one)
		}
	}
	return faults
}
