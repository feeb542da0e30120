package intake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/intake"
)

var now = time.Date(2026, time.May, 12, 10, 30, 0, 0, time.UTC)

func arrival(change func(*intake.Details)) intake.Details {
	d := intake.Details{Channel: "in_person", Interlocutor: "user", Reason: "spontaneous", Request: "Chiede informazioni"}
	if change != nil {
		change(&d)
	}
	return d
}

// faultsOf lists field and message key of what is wrong.
func faultsOf(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	if !problem.Is(err, problem.Invalid) {
		t.Fatalf("error %v is not about the input", err)
	}
	var faults []string
	for _, f := range problem.Of(err).Fields {
		faults = append(faults, f.Name+" "+f.Message.Key)
	}
	return faults
}

func TestDetailsCheck(t *testing.T) {
	for name, c := range map[string]struct {
		in   intake.Details
		want []string
	}{
		"shortest":        {arrival(nil), nil},
		"need for words":  {arrival(func(d *intake.Details) { d.Request, d.Needs = "", []string{"safety"} }), nil},
		"neither":         {arrival(func(d *intake.Details) { d.Request = " \n " }), []string{"request intake.request.missing"}},
		"nothing chosen":  {intake.Details{Request: "x"}, []string{"channel web.field.required", "interlocutor web.field.required", "reason web.field.required"}},
		"unknown channel": {arrival(func(d *intake.Details) { d.Channel = "pigeon" }), []string{"channel web.field.choice"}},
		"unknown need":    {arrival(func(d *intake.Details) { d.Needs = []string{"safety", "gold"} }), []string{"needs web.field.choice"}},
		"a minute ahead":  {arrival(func(d *intake.Details) { d.At = now.Add(time.Minute) }), nil},
		"tomorrow":        {arrival(func(d *intake.Details) { d.At = now.AddDate(0, 0, 1) }), []string{"day intake.day.future"}},
		"long ago":        {arrival(func(d *intake.Details) { d.At = now.AddDate(-11, 0, 0) }), []string{"day intake.day.early"}},
		"lines and HTML":  {arrival(func(d *intake.Details) { d.Request = "<b>a</b>\r\n\tb 🌋" }), nil},
		"control":         {arrival(func(d *intake.Details) { d.Request = "a\x00" }), []string{"request intake.text.characters"}},
		"too long":        {arrival(func(d *intake.Details) { d.Request = strings.Repeat("è", 4001) }), []string{"request web.field.too_long"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.in.Check(now)
			if diff := cmp.Diff(c.want, faultsOf(t, err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if c.in.At.IsZero() && !got.At.Equal(now) {
				t.Errorf("without a time it is %v", got.At)
			}
		})
	}
}

func TestClosingCheck(t *testing.T) {
	for name, c := range map[string]struct {
		in    intake.Closing
		known bool
		want  []string
	}{
		"information":       {intake.Closing{Outcome: "information"}, false, nil},
		"nothing":           {intake.Closing{}, true, []string{"outcome web.field.required"}},
		"unknown":           {intake.Closing{Outcome: "magic"}, true, []string{"outcome web.field.choice"}},
		"sent nowhere":      {intake.Closing{Outcome: "signposting", Signposting: "  "}, true, []string{"signposting intake.signposting.missing"}},
		"sent":              {intake.Closing{Outcome: "signposting", Signposting: "ASP"}, false, nil},
		"charge of nobody":  {intake.Closing{Outcome: "taking_in_charge"}, false, []string{"outcome intake.outcome.person"}},
		"charge of someone": {intake.Closing{Outcome: "taking_in_charge"}, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.in.Check(c.known)
			if diff := cmp.Diff(c.want, faultsOf(t, err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCodesSpeakBothLanguages(t *testing.T) {
	for _, list := range [][]intake.Code{
		intake.Channels, intake.Interlocutors, intake.Reasons, intake.Needs, intake.Targets, intake.Outcomes, intake.States,
	} {
		for _, c := range list {
			if c.Label.It == "" || c.Label.En == "" || intake.Label(list, c.ID) != c.Label {
				t.Errorf("code %+v", c)
			}
		}
	}
}
