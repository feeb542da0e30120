package rule_test

import (
	"fmt"
	"strings"
	"testing"

	"staffetta/modules/kit/rule"
)

func TestWordsOfAnExpression(t *testing.T) {
	speaker := rule.Speaker{
		Question: strings.ToUpper,
		Answer:   func(_, value string) string { return strings.ToUpper(value) },
		Say: func(key string, pairs ...any) string {
			if key = strings.TrimPrefix(key, "kit.rule."); len(pairs) == 0 {
				return key
			}
			return strings.TrimSpace(fmt.Sprint(pairs[1], " ", key, " ", pairs[3]))
		},
	}
	for source, want := range map[string]string{
		"answers.reason == 'sent'":                                "REASON is SENT",
		"answers.speaker != 'person' && present(answers.speaker)": "SPEAKER is_not PERSON and SPEAKER present",
		"answers.toilet == 'yes' || answers.toilet == 'partly'":   "TOILET is YES or TOILET is PARTLY",
		"'language' in answers.needs":                             "NEEDS has LANGUAGE",
		"answers.urgent == true":                                  "URGENT is TRUE",
		"answers.steps > 0":                                       "STEPS more 0",
		"!present(answers.plans)":                                 "PLANS absent",
		"answers.a == 'x' && answers.b == 'y' || answers.c > 1":   "(A is X and B is Y) or C more 1",
		"(answers.a == 'x') && answers.b == 'y'":                  "(«A» = «X») and «B» = «Y»",
		"sum(points, ['washing']) < 7.0":                          "of.sum(of.points, [«WASHING»]) < 7",
		"100.0 * measures.sum / measures.contacts":                "100 × «SUM» / «CONTACTS»",
		"score >= 21.0":                                           "of.score ≥ 21",
	} {
		if got := rule.Words(source, speaker); got != want {
			t.Errorf("Words(%q) = %q, want %q", source, got, want)
		}
	}
}
