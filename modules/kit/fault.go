package kit

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed messages/it.json messages/en.json
var messageFiles embed.FS

// Fault is one thing wrong with a content or with an answer: where it is and which message tells it.
type Fault struct {
	Path   string            `json:"path"`             // item key of an answer, readable place in a content
	Key    string            `json:"key"`              // message in messages/it.json and en.json
	Params map[string]string `json:"params,omitempty"` // values of the {{.name}} places of the message
}

// Error gives the place and the English message.
func (f Fault) Error() string {
	if f.Path == "" {
		return f.In("en")
	}
	return f.Path + ": " + f.In("en")
}

// In gives the message in the language asked for ("it" or "en"), with its values filled in.
func (f Fault) In(lang string) string {
	text, ok := catalogues()[lang][f.Key]
	if !ok {
		text = cmp.Or(catalogues()["it"][f.Key], f.Key)
	}
	for name, value := range f.Params {
		text = strings.ReplaceAll(text, "{{."+name+"}}", value)
	}
	return text
}

// fault builds a Fault; params are name, value, name, value.
func fault(path, key string, params ...string) Fault {
	f := Fault{Path: path, Key: key}
	for i := 0; i+1 < len(params); i += 2 {
		if f.Params == nil {
			f.Params = map[string]string{}
		}
		f.Params[params[i]] = params[i+1]
	}
	return f
}

// sortFaults orders faults by place, then message, so that a report is the same every time.
func sortFaults(faults []Fault) []Fault {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Key, b.Key))
	})
	return faults
}

var catalogues = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range []string{"it", "en"} {
		raw, err := messageFiles.ReadFile("messages/" + lang + ".json")
		if err != nil {
			panic(fmt.Sprintf("read embedded messages %s: %v", lang, err))
		}
		entries := map[string]string{}
		if err := json.Unmarshal(raw, &entries); err != nil {
			panic(fmt.Sprintf("decode embedded messages %s: %v", lang, err))
		}
		all[lang] = entries
	}
	return all
})
