package cid

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"staffetta/modules/kit"
)

func items(t *testing.T) map[string]kit.Source {
	t.Helper()
	list, err := Items()
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]kit.Source{}
	for _, item := range list {
		byKey[item.Key] = item
	}
	if len(byKey) != len(list) {
		t.Fatalf("%d items, %d keys", len(list), len(byKey))
	}
	return byKey
}

func TestTheKitIsWhole(t *testing.T) {
	want := map[string][]string{
		kit.KindService: keys("SV", 12), kit.KindForm: keys("FO", 3), kit.KindAssessment: keys("AS", 3),
		kit.KindWorkflow: keys("WF", 2), kit.KindIndicator: keys("KP", 8), kit.KindAct: keys("AA", 9),
		kit.KindTraining: keys("TR", 8), kit.KindStaffing: {"OR-01"}, kit.KindSharingTemplate: {"PO-01"},
		kit.KindCommunication: {"CM-01"}, kit.KindCost: {"CO-01"}, kit.KindVocabulary: {"VO-01"}, kit.KindChecklist: {"TE-01"},
	}
	got := map[string][]string{}
	list, err := Items()
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list {
		got[item.Kind] = append(got[item.Kind], item.Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func keys(prefix string, count int) []string {
	var list []string
	for n := range count {
		list = append(list, fmt.Sprintf("%s-%02d", prefix, n+1))
	}
	return list
}

func TestServicesCarryTheirCodes(t *testing.T) {
	want := map[string]string{
		"SV-01": "", "SV-02": "", "SV-03": "", "SV-04": "", "SV-05": "A2.07", "SV-06": "A2.11", "SV-07": "A2.14",
		"SV-08": "A2.09", "SV-09": "A9.01.02", "SV-10": "A9.02.01", "SV-11": "A2.29", "SV-12": "",
	}
	got := map[string]string{}
	for key, item := range items(t) {
		if item.Kind != kit.KindService {
			continue
		}
		service, err := kit.ParseService(item.Content)
		if err != nil {
			t.Fatal(err)
		}
		got[key] = service.Codings.SIUSS
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func assessment(t *testing.T, key string) *kit.Assessment {
	t.Helper()
	instrument, err := kit.ParseAssessment(items(t)[key].Content)
	if err != nil {
		t.Fatal(err)
	}
	return instrument
}

// answered gives every item of an assessment the option with the most (best) or the fewest points.
func answered(instrument *kit.Assessment, best bool, change kit.Answers) kit.Answers {
	answers := kit.Answers{}
	for _, item := range instrument.Items() {
		chosen := item.Options[0]
		for _, option := range item.Options[1:] {
			if (*option.Score > *chosen.Score) == best {
				chosen = option
			}
		}
		answers[item.Key] = chosen.Value
	}
	maps.Copy(answers, change)
	return answers
}

func TestScoringExamples(t *testing.T) {
	tests := map[string]struct {
		instrument string
		best       bool
		change     kit.Answers
		total      float64
		band       string
		proposes   map[string]string
	}{
		"Barthel, independent":          {"AS-01", true, nil, 100, "independent", map[string]string{"sina.Mobilita": "1", "sina.AttivitaVitaQuotidiana": "1"}},
		"Barthel, nothing":              {"AS-01", false, nil, 0, "total", map[string]string{"sina.Mobilita": "3", "sina.AttivitaVitaQuotidiana": "3"}},
		"Barthel, wheelchair only":      {"AS-01", false, kit.Answers{"wheelchair": "5"}, 5, "total", map[string]string{"sina.Mobilita": "2", "sina.AttivitaVitaQuotidiana": "3"}},
		"Barthel, walks: chair ignored": {"AS-01", false, kit.Answers{"walking": "3", "wheelchair": "5"}, 3, "total", map[string]string{"sina.Mobilita": "2", "sina.AttivitaVitaQuotidiana": "3"}},
		"Barthel, cannot walk":          {"AS-01", true, kit.Answers{"walking": "0", "stairs": "0"}, 80, "moderate", map[string]string{"sina.Mobilita": "2", "sina.AttivitaVitaQuotidiana": "2"}},
		"Barthel, stairs with help":     {"AS-01", true, kit.Answers{"stairs": "5"}, 95, "slight", map[string]string{"sina.Mobilita": "1", "sina.AttivitaVitaQuotidiana": "1"}},
		"Barthel, 21 begins severe":     {"AS-01", false, kit.Answers{"feeding": "10", "bladder": "10", "hygiene": "1"}, 21, "severe", map[string]string{"sina.Mobilita": "3", "sina.AttivitaVitaQuotidiana": "2"}},
		"IADL, everything":              {"AS-02", true, nil, 8, "full", map[string]string{"sina.AttivitaVitaQuotidiana": "1"}},
		"IADL, nothing":                 {"AS-02", false, nil, 0, "low", map[string]string{"sina.AttivitaVitaQuotidiana": "3"}},
		"IADL, answers the phone":       {"AS-02", false, kit.Answers{"phone": "c"}, 1, "low", map[string]string{"sina.AttivitaVitaQuotidiana": "2"}},
		"WHODAS, no difficulty":         {"AS-03", false, nil, 0, "none", map[string]string{"sina.Mobilita": "1", "sina.AttivitaVitaQuotidiana": "1"}},
		"WHODAS, extreme everywhere":    {"AS-03", true, nil, 48, "complete", map[string]string{"sina.Mobilita": "3", "sina.DisturbiAreaCognitiva": "3", "sina.AttivitaVitaQuotidiana": "3"}},
		"WHODAS, concentration":         {"AS-03", false, kit.Answers{"concentration": "3"}, 3, "mild", map[string]string{"sina.Mobilita": "1", "sina.DisturbiAreaCognitiva": "2", "sina.AttivitaVitaQuotidiana": "1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			instrument := assessment(t, test.instrument)
			got, err := instrument.Explain(answered(instrument, test.best, test.change))
			if err != nil {
				t.Fatal(err)
			}
			if !got.Complete || got.Total != test.total || got.Band == nil || got.Band.Key != test.band {
				t.Fatalf("complete %v, total %v, band %+v; want %v, %s", got.Complete, got.Total, got.Band, test.total, test.band)
			}
			proposes := map[string]string{}
			for _, proposal := range got.Proposals {
				proposes[proposal.Target] = proposal.Value
			}
			if diff := cmp.Diff(test.proposes, proposes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWheelchairIsAskedOnlyOfWhoCannotWalk(t *testing.T) {
	instrument := assessment(t, "AS-01")
	for _, option := range []string{"0", "3", "8", "12", "15"} {
		answers := answered(instrument, true, kit.Answers{"walking": option})
		delete(answers, "wheelchair")
		_, faults := instrument.Check(answers)
		if asked := len(faults) == 1 && faults[0].Path == "wheelchair"; asked != (option == "0") {
			t.Errorf("walking %s: faults %v", option, faults)
		}
	}
}

func TestOneMissingAnswerLeavesNoBand(t *testing.T) {
	for key, last := range map[string]string{"AS-01": "stairs", "AS-02": "money", "AS-03": "work"} {
		instrument := assessment(t, key)
		answers := answered(instrument, true, nil)
		delete(answers, last)
		got, err := instrument.Explain(answers)
		if err != nil || got.Complete || got.Band != nil || !cmp.Equal(got.Missing, []string{last}) {
			t.Errorf("%s: %+v, %v", key, got, err)
		}
	}
}

func TestScalesKeepTheirPublishedPoints(t *testing.T) {
	small, middle, large := "0 1 3 4 5", "0 2 5 8 10", "0 3 8 12 15"
	want := map[string]string{
		"hygiene": small, "bathing": small, "wheelchair": small, "feeding": middle, "toilet": middle, "dressing": middle,
		"bladder": middle, "bowel": middle, "stairs": middle, "transfer": large, "walking": large,
	}
	got := map[string]string{}
	for _, item := range assessment(t, "AS-01").Items() {
		var points []string
		for _, option := range item.Options {
			points = append(points, fmt.Sprint(*option.Score))
		}
		got[item.Key] = strings.Join(points, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(assessment(t, "AS-02").Items()); n != 8 {
		t.Errorf("IADL has %d items", n)
	}
	if n := len(assessment(t, "AS-03").Items()); n != 12 {
		t.Errorf("WHODAS has %d items", n)
	}
}

func TestScoresStayInRange(t *testing.T) {
	for _, key := range []string{"AS-01", "AS-02", "AS-03"} {
		instrument := assessment(t, key)
		rapid.Check(t, func(t *rapid.T) {
			answers := kit.Answers{}
			for _, item := range instrument.Items() {
				at := rapid.IntRange(-1, len(item.Options)-1).Draw(t, item.Key)
				if at >= 0 {
					answers[item.Key] = item.Options[at].Value
				}
			}
			got, err := instrument.Explain(answers)
			if err != nil || got.Total < got.Min || got.Total > got.Max || got.Complete != (got.Band != nil) {
				t.Fatalf("%s: %+v, %v", key, got, err)
			}
		})
	}
}

func TestWorkflowTerms(t *testing.T) {
	type term struct {
		days    int
		working bool
	}
	want := map[string]map[string]term{
		"WF-01": {"answer": {5, true}, "urgent_talk": {1, true}},
		"WF-02": {"start": {15, false}, "whole": {90, false}, "first_review": {180, false}},
	}
	for key, terms := range want {
		workflow, err := kit.ParseWorkflow(items(t)[key].Content)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]term{}
		for _, declared := range workflow.Terms {
			got[declared.Key] = term{declared.Days, declared.Working}
		}
		if diff := cmp.Diff(terms, got, cmp.AllowUnexported(term{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestIndicatorsHaveABaseline(t *testing.T) {
	examples := map[string]struct {
		measures map[string]any
		want     float64
	}{
		"KP-01": {map[string]any{"contacts": 70.0, "residents": 7391.0}, 9.5},
		"KP-02": {map[string]any{"days": []float64{1, 3, 4, 6, 12}}, 4},
		"KP-03": {map[string]any{"with_outcome": 38.0, "contacts": 40.0}, 95},
		"KP-04": {map[string]any{"in_time": 5.0, "applications": 6.0}, 83.3},
		"KP-05": {map[string]any{"in_time": 3.0, "applications": 6.0}, 50},
		"KP-06": {map[string]any{"places": 38.0}, 38},
		"KP-07": {map[string]any{"in_post": 2.0, "trained": 3.0}, 67},
		"KP-08": {map[string]any{"in_use": 9.0, "assets": 10.0}, 90},
	}
	for key, example := range examples {
		indicator, err := kit.ParseIndicator(items(t)[key].Content)
		if err != nil {
			t.Fatal(err)
		}
		if !indicator.Baseline.Required || indicator.Baseline.How.IT == "" || indicator.Months[0] != 0 {
			t.Errorf("%s has no baseline", key)
		}
		if got, err := indicator.Compute(example.measures); err != nil || got.Number != example.want {
			t.Errorf("%s: %+v, %v; want %v", key, got, err, example.want)
		}
	}
}

func TestTheSheetNamesItemsOfTheKit(t *testing.T) {
	sheet, err := Sheet()
	if err != nil {
		t.Fatal(err)
	}
	all := items(t)
	named := append(append(append([]string{sheet.Transfer.Checklist, sheet.Transfer.Costs}, sheet.Results.Indicators...), sheet.Transfer.Acts...), sheet.Transfer.Support...)
	for _, figure := range sheet.Results.Figures {
		named = append(named, figure.Indicator)
		if !figure.Demo {
			t.Errorf("figure of %s is not marked as a demonstration", figure.Indicator)
		}
	}
	for _, key := range named {
		if _, ok := all[key]; !ok {
			t.Errorf("the sheet names %s", key)
		}
	}
	if len(named) < 20 || sheet.Registry.CedingBody.Belfiore != "E974" || sheet.Registry.Project.Funding != "468997.68" {
		t.Errorf("sheet %+v", sheet.Registry)
	}
}

// personal finds what a kit must never carry: fiscal codes, IBANs, e-mail addresses, phone numbers.
var personal = regexp.MustCompile(`(?i)\b[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z]\b|\bIT\d{2}[A-Z]\d{22}\b|[\w.]+@[\w.]+\.\w+|\b(\+39|0\d{2,3}|3\d{2})[ /]?\d{6,7}\b`)

var offensive = regexp.MustCompile(`(?i)handicap|diversamente abil|portator[ei] di|invalid[oi]\b`)

func TestNoPersonalDataAndRespectfulWords(t *testing.T) {
	for _, sample := range []string{"RSSMRA80A01H501U", "info@comune.it", "0923 123456"} {
		if !personal.MatchString(sample) {
			t.Errorf("the pattern misses %s", sample)
		}
	}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		if found := personal.Find(raw); found != nil {
			t.Errorf("%s holds %q", name, found)
		}
		if found := offensive.Find(raw); found != nil {
			t.Errorf("%s says %q", name, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFormsCanBeFilledIn(t *testing.T) {
	tests := map[string]struct {
		key    string
		page   map[string][]string
		faults map[string]string
		hidden string
	}{
		"first access, information": {"FO-01", map[string][]string{
			"a.channel": {"phone"}, "a.speaker": {"user"}, "a.reason": {"spontaneous"}, "a.anonymous": {"true"}, "a.words": {"Vorrei sapere del contrassegno"},
			"a.target": {"disability"}, "a.needs": {"safety"}, "a.urgent": {"false"}, "a.outcome": {"information"}, "a.sent_to": {"ufficio"},
		}, map[string]string{}, "sent_to"},
		"first access, urgent": {"FO-01", map[string][]string{
			"a.channel": {"in_person"}, "a.speaker": {"relative"}, "a.reason": {"sent"}, "a.words": {"x"}, "a.target": {"disability"},
			"a.needs": {"safety"}, "a.urgent": {"true"}, "a.outcome": {"emergency"}, "a.access_needs": {"language"},
		}, map[string]string{
			"person_present": "kit.answer.required", "sent_by": "kit.answer.required", "urgency": "kit.answer.required",
			"language": "kit.answer.required", "next_date": "kit.answer.required", "notice_given": "kit.answer.required",
		}, "why_charge"},
		"life plan in one sentence": {"FO-02", map[string][]string{
			"a.applicant": {"self"}, "a.request": {"Vorrei vivere con i miei amici"}, "a.has_proposal": {"later"}, "a.decree": {"n. 1"},
		}, map[string]string{}, "decree"},
		"life plan by a guardian": {
			"FO-02",
			map[string][]string{"a.applicant": {"guardian"}, "a.request": {"x"}},
			map[string]string{"decree": "kit.answer.required", "person_heard": "kit.answer.required"},
			"proposal",
		},
		"survey of an office": {"FO-03", map[string][]string{
			"a.name": {"Biblioteca"}, "a.address": {"Piazza"}, "a.kind": {"culture"}, "a.surveyed_on": {"3/11/2026"}, "a.parking": {"none"},
			"a.steps": {"2"}, "a.ramp": {"fixed"}, "a.ramp_slope": {"7,5"}, "a.door": {"20"}, "a.toilet": {"no"}, "a.turning": {"150"}, "a.tactile": {"no"},
			"a.contrast": {"yes"}, "a.guide_dog": {"yes"}, "a.visual_alarm": {"no"}, "a.written": {"partly"}, "a.signs": {"yes"}, "a.easy_text": {"no"},
			"a.staff": {"yes"}, "a.photos": {"4"}, "a.owner_agrees": {"true"}, "a.summary": {"Due gradini, rampa fissa"}, "a.noise": {"2"},
		}, map[string]string{"door": "kit.answer.too_low"}, "turning"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			form, err := kit.ParseForm(items(t)[test.key].Content)
			if err != nil {
				t.Fatal(err)
			}
			kept, faults := form.Submit(test.page)
			found := map[string]string{}
			for _, fault := range faults {
				found[fault.Path] = fault.Key
			}
			if diff := cmp.Diff(test.faults, found); diff != "" {
				t.Error(diff)
			}
			if _, ok := kept[test.hidden]; ok {
				t.Errorf("%s is hidden and was kept", test.hidden)
			}
		})
	}
}
