package rule_test

import (
	"testing"

	"staffetta/modules/kit/rule"
)

func TestAnExpressionFollowsNewNames(t *testing.T) {
	names := map[string]string{"age": "years", "reason": "why", "why": "reason", "walk": "walking"}
	for source, want := range map[string]string{
		"answers.age >= 18":                                                     "answers.years >= 18",
		"answers . age>=18 && present(answers['age'])":                          "answers . years>=18 && present(answers['years'])",
		"answers.kind == 'age' || 'age' in answers.age":                         "answers.kind == 'age' || 'age' in answers.years",
		"answers.reason == 'why' && present(answers.why) // age of answers.age": "answers.why == 'why' && present(answers.reason) // age of answers.age",
		`sum(points, ["walk", 'chair']) + points.walk`:                          `sum(points, ["walking", 'chair']) + points.walking`,
		"score > 3.5 ? points.walk : 2.0 * points[\"walk\"]":                    "score > 3.5 ? points.walking : 2.0 * points[\"walking\"]",
		"100.0 * measures.age / measures.aged":                                  "100.0 * measures.years / measures.aged",
		"other.answers.age == answers.ages":                                     "other.answers.age == answers.ages",
		"answers.name == 'l\\'age: answers.age'":                                "answers.name == 'l\\'age: answers.age'",
		"answers.age ==":                                                        "answers.years ==",
		"age":                                                                   "age",
		"":                                                                      "",
		"answers.":                                                              "answers.",
		"answers['age":                                                          "answers['age",
	} {
		if got := rule.Rename(source, names); got != want {
			t.Errorf("Rename(%q) = %q, want %q", source, got, want)
		}
	}
}
