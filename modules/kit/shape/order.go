package shape

import "cmp"

// ReadingOrder is the order in which the parts of a content are read; parts not named here come last.
var ReadingOrder = []string{
	"summary", "description", "intro", "type", "format", "channel", "subject", "base", "purpose", "goal", "question", "answer", "audience", "audienceNote",
	"note", "basis", "demo", "hours", "visits", "goals", "how", "needed", "outcome", "times", "costs", "access", "conditions", "contacts",
	"laws", "law", "codings", "local", "siuss", "istat", "form", "workflow", "assessments", "related", "adopter", "fields", "parts",
	"heading", "text", "measures", "formula", "reading", "unit", "decimals", "better", "target", "baseline", "months", "smallCell", "measure", "below",
	"programme", "minutes", "content", "method", "materials", "trainers", "check", "uses", "posts", "role", "headcount", "weeklyHours", "profile", "duties",
	"training", "openings", "day", "from", "to", "mode", "substitution", "rows", "nature", "quantity", "unitCost", "recurrence", "item", "funding",
	"areas", "area", "questions", "evidence", "blocking", "ifNo", "items", "owner", "steps", "who", "days", "working", "easyToRead", "blocks", "picture",
	"distribution", "services", "rooms", "use", "requirements", "equipment", "values", "value", "help", "parent", "group", "sections", "purposes", "kinds", "action",
	"maxDays", "why", "leftOut", "never", "rules", "acts", "source", "list", "required", "attached", "publish", "register", "warnings",
}

// Titles are the parts that name the entry of a list; the first one present is its heading.
var Titles = []string{"label", "title", "heading", "question"}

// Coded are the parts whose values are words of the program, with a message each.
var Coded = []string{"type", "channel", "nature", "recurrence", "unit", "better", "audience", "action", "day", "mode", "format", "subject", "kinds"}

// Named gives what the entries of the lists of a content are called in a language, by their keys.
func Named(content map[string]any, lang string) map[string]string {
	named := map[string]string{}
	for _, list := range content {
		entries, _ := list.([]any)
		for _, one := range entries {
			entry, _ := one.(map[string]any)
			key, _ := entry["key"].(string)
			for _, name := range Titles {
				title, _ := entry[name].(map[string]any)
				italian, _ := title["it"].(string)
				wording, _ := title[lang].(string)
				if key != "" && italian != "" {
					named[key] = cmp.Or(wording, italian)
				}
			}
		}
	}
	return named
}
