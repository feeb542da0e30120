package kit

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Ref is a place in a content that names another item.
type Ref struct {
	Path string // readable place
	Kind string // kind that the other item must have; empty when any will do
	Key  string
}

// referencePlaces lists, per kind, where contents name other items; [] walks a list.
var referencePlaces = map[string][]Ref{
	KindService: {
		{Path: "form", Kind: KindForm},
		{Path: "workflow", Kind: KindWorkflow},
		{Path: "assessments[]", Kind: KindAssessment},
		{Path: "related[]", Kind: KindService},
	},
	KindWorkflow:        {{Path: "fields[].vocabulary", Kind: KindVocabulary}, {Path: "fields[].form", Kind: KindForm}},
	KindIndicator:       {{Path: "workflow", Kind: KindWorkflow}, {Path: "form", Kind: KindForm}},
	KindAct:             {{Path: "attached[]"}},
	KindTraining:        {{Path: "uses[]"}},
	KindProcedure:       {{Path: "steps[].uses[]"}},
	KindStaffing:        {{Path: "posts[].training[]", Kind: KindTraining}},
	KindChecklist:       {{Path: "questions[].items[]"}},
	KindCommunication:   {{Path: "services[]", Kind: KindService}},
	KindSharingTemplate: {{Path: "acts[]", Kind: KindAct}},
	KindQuestion:        {{Path: "services[]", Kind: KindService}},
	KindCost:            {{Path: "rows[].item"}},
}

// References lists the items that a content names, in the order of its places. A content that is not valid JSON of
// its kind names nothing.
func References(kind string, content []byte) []Ref {
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		return nil
	}
	var refs []Ref
	for _, place := range referencePlaces[kind] {
		collect(value, strings.Split(place.Path, "."), "", func(path, key string) {
			refs = append(refs, Ref{Path: path, Kind: place.Kind, Key: key})
		})
	}
	return refs
}

// collect walks down the steps of a place and calls found for every text at its end.
func collect(value any, steps []string, path string, found func(path, key string)) {
	if len(steps) == 0 {
		if key, ok := value.(string); ok && key != "" {
			found(path, key)
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
		collect(object[name], steps[1:], here, found)
		return
	}
	entries, _ := object[name].([]any)
	for at, entry := range entries {
		collect(entry, steps[1:], fmt.Sprintf("%s[%s]", here, entryName(entry, at)), found)
	}
}

// entryName names an entry of a list by its key where it has one, else by its place from 0.
func entryName(entry any, at int) string {
	if object, ok := entry.(map[string]any); ok {
		for _, name := range []string{"key", "value"} {
			if text, ok := object[name].(string); ok && text != "" {
				return text
			}
		}
	}
	return fmt.Sprint(at)
}
