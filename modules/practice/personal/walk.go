package personal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// ordinary is the name of a member as schemas have it; any other one may be what somebody wrote.
var ordinary = regexp.MustCompile(`^[a-z][A-Za-z]{0,24}$`)

// Walk calls look for every text in a JSON value, with its readable place: strings, the names of members that no schema
// names, and numbers that are long enough to be somebody's.
func Walk(content []byte, look func(path, text string)) error {
	dec := json.NewDecoder(bytes.NewReader(content))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return fmt.Errorf("read a content for its check: %w", err)
	}
	walk("", value, look)
	return nil
}

func walk(path string, value any, look func(path, text string)) {
	switch x := value.(type) {
	case string:
		look(path, x)
	case json.Number:
		if len(digits(x.String())) >= shortestNumber {
			look(path, x.String())
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			place := strings.TrimPrefix(path+"."+name, ".")
			if !ordinary.MatchString(name) {
				look(place, name)
			}
			walk(place, x[name], look)
		}
	case []any:
		for at, entry := range x {
			walk(path+"["+EntryName(entry, at)+"]", entry, look)
		}
	}
}

// shortestNumber is how many digits a number has that tells who somebody is.
const shortestNumber = 9

// EntryName names an entry of a list by its key where it has one, else by its place from 0.
func EntryName(entry any, at int) string {
	if object, ok := entry.(map[string]any); ok {
		if key, ok := object["key"].(string); ok && key != "" {
			return key
		}
	}
	return fmt.Sprint(at)
}
