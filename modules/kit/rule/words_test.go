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
		"answers.a == 'x' && answers.b == 'y' || answers.c > 1":   "answers.a == 'x' && answers.b == 'y' || answers.c > 1",
		"(answers.a == 'x') && answers.b == 'y'":                  "(answers.a == 'x') && answers.b == 'y'",
		"sum(points, ['washing']) < 7.0":                          "sum(points, ['washing']) < 7.0",
	} {
		if got := rule.Words(source, speaker); got != want {
			t.Errorf("Words(%q) = %q, want %q", source, got, want)
		}
	}
}
