package part

import "encoding/json"

// Keyed sees that the lists of a content do not repeat a key; it serves the kinds without other rules.
func Keyed(content []byte) []Fault {
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(content, &lists); err != nil {
		return Unreadable(err)
	}
	var faults []Fault
	for name, raw := range lists {
		var entries []struct {
			Key string `json:"key"`
		}
		if json.Unmarshal(raw, &entries) != nil {
			continue // not a list of keyed entries
		}
		for _, f := range Repeated(name, entries, func(e struct {
			Key string `json:"key"`
		},
		) string {
			return e.Key
		}) {
			if f.Params["key"] != "" {
				faults = append(faults, f)
			}
		}
	}
	return Sort(faults)
}
