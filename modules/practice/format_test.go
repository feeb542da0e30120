package practice_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/format"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
)

type fields = map[string]any

// askingForm is a form with questions, and with changes that it declares.
func askingForm(changes []any, questions ...any) kit.Source {
	content := fields{"sections": []any{fields{"key": "s", "label": fields{"it": "S"}, "items": questions}}}
	if len(changes) > 0 {
		content["changes"] = changes
	}
	return source(kit.KindForm, "FO-01", content)
}

func asks(key, class string, more ...any) fields {
	q := fields{"key": key, "label": fields{"it": "Domanda " + key}, "type": class}
	for i := 0; i+1 < len(more); i += 2 {
		q[more[i].(string)] = more[i+1]
	}
	return q
}

func offering(values ...string) (options []any) {
	for _, value := range values {
		options = append(options, fields{"value": value, "label": fields{"it": "Voce " + value}})
	}
	return options
}

func renamed(key, from, to string) fields {
	return fields{"key": key, "way": "rename", "from": from, "to": to}
}

// told is a gap in short.
type told struct{ What, Place, Release, Proposed string }

func gapsOf(r release.Report) (list []told) {
	for _, gap := range r.Gaps {
		one := told{What: string(gap.Kind), Place: gap.Place(), Release: gap.Release}
		if p := gap.Proposal; p != nil {
			one.Proposed = string(p.Way) + " " + p.From + " " + p.To
		}
		list = append(list, one)
	}
	return list
}

// A release that drops, renames or retypes what earlier ones asked, and does not declare it, says so where it is published: at
// each place, once, with what would mend it. It may go out all the same, and with the change declared nothing is told.
func TestAReleaseIsComparedWithTheEarlierOnes(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	who := asks("who", "choice", "options", offering("a", "b"))
	p := st.install(t, askingForm(nil, who, asks("words", "text"), asks("age", "integer")))
	first := st.compose(t, p, "1.0.0")
	if len(first.Gaps) != 0 {
		t.Errorf("a first release has gaps: %+v", first.Gaps)
	}
	_, err := st.releases.Publish(t.Context(), st.giving, first.Kit.ID)
	fatal(t, err)
	st.edit(t, st.giving, askingForm(nil, asks("who", "choice", "options", offering("a", "c")), asks("said", "text"), asks("age", "date"), asks("must", "integer", "required", true)))
	report := st.compose(t, p, "1.1.0")
	want := []told{
		{"lost", "FO-01 sections[s].items[who]", "1.0.0", "map who "},
		{"lost", "FO-01 sections[s].items[words]", "1.0.0", "rename words said"},
		{"lost", "FO-01 sections[s].items[age]", "1.0.0", ""},
		{"unasked", "FO-01 sections[s].items[must]", "1.0.0", ""},
	}
	if diff := cmp.Diff(want, gapsOf(report)); diff != "" || !report.Clear() {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	newSite(t, st).as(t, st.giving).visit(t, "/pratiche/"+p.ID.String()+"/pubblica/"+report.Kit.ID.String(), nil).want(t, 200,
		"Domande cambiate rispetto alle versioni precedenti", "Dichiara che «Domanda words (nome interno: words)» ora si chiama «Domanda said (nome interno: said)»", "Voce b → Voce c", "come la chiedeva la 1.0.0", "Pubblica il kit")
	_, err = st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
	fatal(t, err)

	st.edit(t, st.giving, askingForm([]any{
		renamed("words", "words", "said"), fields{"key": "who", "way": "map", "from": "who", "values": []any{fields{"value": "b", "to": "c"}}},
	}, asks("who", "choice", "options", offering("a", "c")), asks("said", "text"), asks("age", "date")))
	report = st.compose(t, p, "1.2.0")
	want = []told{
		{"lost", "FO-01 sections[s].items[must]", "1.1.0", ""},
		{"lost", "FO-01 sections[s].items[age]", "1.0.0", ""},
	}
	if diff := cmp.Diff(want, gapsOf(report)); diff != "" {
		t.Errorf("with two changes declared (-want +got):\n%s", diff)
	}
}

// A change of a question that nobody ever asked is a slip of the pen: the kit is refused at its place, however often it is saved.
func TestAChangeOfAQuestionThatNobodyAskedIsRefused(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, askingForm(nil, asks("words", "text")))
	st.publish(t, p, "1.0.0")
	for _, number := range []string{"1.1.0", "1.1.1"} { // that the body had it so before makes it no better
		st.edit(t, st.giving, askingForm([]any{renamed("w", "wards", "said")}, asks("said", "text"), asks("words", "text")))
		report := st.compose(t, p, number)
		if refused := format.Refused(report.Gaps); len(refused) != 1 || refused[0].Name != "wards" || report.Clear() {
			t.Fatalf("gaps %+v", report.Gaps)
		}
		_, err := st.releases.Publish(t.Context(), st.giving, report.Kit.ID)
		wantKind(t, err, problem.Invalid)
		if f := problem.Of(err).Fields; len(f) != 1 || f[0].Name != "FO-01 changes[w].from" {
			t.Errorf("places %+v", f)
		}
		st.edit(t, st.giving, askingForm([]any{renamed("w", "wards", "said")}, asks("said", "text"), asks("words", "text"), asks("more", "text")))
	}
	if n := st.count(t, `select count(*) from commons.kits`); n != 1 {
		t.Errorf("%d kits went out", n)
	}
	st.edit(t, st.giving, askingForm([]any{renamed("w", "words", "said")}, asks("said", "text")))
	st.publish(t, p, "1.2.0")
}

// A body that hands on what it took over keeps the changes that came with it, also those of releases that it never had; and a
// change of a question that only the body itself asked for a while is a good one.
func TestChangesThatCameAlongAreNoSlips(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p := st.install(t, askingForm(nil, asks("words", "text")))
	st.publish(t, p, "1.0.0")
	st.edit(t, st.giving, askingForm(nil, asks("spoken", "text")))
	st.edit(t, st.giving, askingForm([]any{renamed("w", "words", "said"), renamed("s", "spoken", "said")}, asks("said", "text")))
	st.publish(t, p, "2.0.0")
	_, err := st.upgrades.Apply(t.Context(), st.taking, st.start(t, p).ID, upgrade.Choice{})
	fatal(t, err)
	st.giving = st.taking
	report := st.compose(t, st.install(t, question("QU-09", "Nostra")), "1.0.0")
	if len(report.Items) != 2 || len(report.Gaps) != 0 || !report.Clear() {
		t.Errorf("%d items, gaps %+v, %+v", len(report.Items), report.Gaps, report.Kit.Findings)
	}
}
