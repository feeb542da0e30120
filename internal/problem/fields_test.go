package problem_test

import (
	"strings"
	"testing"

	"staffetta/internal/problem"
)

func TestAReasonMayHaveLines(t *testing.T) {
	for value, key := range map[string]string{
		"Piano 2026\r\n\tdelibera 12": "",
		"":                            "web.field.required",
		"prova\u200b":                 "web.field.unseen",
		"\xff":                        "web.field.characters",
		strings.Repeat("à", 21):       "web.field.too_long",
	} {
		var wrong problem.Fields
		wrong.Reason("motivo", value, 40)
		if value != "" && len([]rune(value)) == 21 {
			wrong = nil
			wrong.Reason("motivo", value, 20)
		}
		got := ""
		if len(wrong) > 0 {
			got = wrong[0].Message.Key
		}
		if got != key || len(wrong) > 1 {
			t.Errorf("%q gives %v, not %q", value, wrong, key)
		}
	}
}

func TestADayIsReadOrNoted(t *testing.T) {
	for text, key := range map[string]string{"": "", "2026-02-28": "", "2026-02-30": "web.field.day", "28/02/2026": "web.field.day"} {
		var wrong problem.Fields
		day := wrong.Day("dal", text)
		got := ""
		if len(wrong) > 0 {
			got = wrong[0].Message.Key
		}
		if got != key || day.IsZero() != (text == "" || key != "") {
			t.Errorf("%q is %v, with %q", text, day, got)
		}
	}
}
