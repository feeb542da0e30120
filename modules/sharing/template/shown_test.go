package template

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules"
)

func content(never string, purposes ...string) []byte {
	return []byte(`{"purposes":[` + strings.Join(purposes, ",") + `],"never":[` + never + `]}`)
}

func purpose(key, label, rest string) string {
	return `{"key":"` + key + `","label":{"it":"` + label + `"},` + rest + `}`
}

// What becomes of who sees what is compared by all templates of a body together, and by the keys of purposes: whatever of it changes
// is told.
func TestWhatTemplatesShowIsComparedTogether(t *testing.T) {
	t.Parallel()
	const advice = `"kinds":["consultation"],"sections":["plan"],"action":"read","maxDays":30`
	one := content(`"diary"`, purpose("a", "Parere", advice))
	two := content(``, purpose("a", "Parere", advice), purpose("b", "Parere", `"kinds":["consultation"],"sections":["health"],"action":"read","maxDays":30`))
	swapped := content(``, purpose("a", "Parere", `"kinds":["consultation"],"sections":["health"],"action":"read","maxDays":30`), purpose("b", "Parere", advice))
	own, err := Gather(ownPurposes)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change modules.Contents
		want   []string // the sign, who, and what
	}{
		"nothing":         {modules.Contents{Before: one, After: one}, nil},
		"another name":    {modules.Contents{Before: one, After: content(`"diary"`, purpose("a", "Consulenza", advice))}, nil},
		"never no more":   {modules.Contents{Before: one, After: content(``, purpose("a", "Parere", advice))}, []string{"+* diary read"}},
		"never from now":  {modules.Contents{Before: one, After: content(`"diary","plan"`, purpose("a", "Parere", advice))}, []string{"-* plan read", "-a plan read"}},
		"a kind more":     {modules.Contents{Before: one, After: content(`"diary"`, purpose("a", "Parere", strings.Replace(advice, `["cons`, `["break_glass","cons`, 1)))}, []string{"+a  purpose.kind:break_glass"}},
		"longer":          {modules.Contents{Before: one, After: content(`"diary"`, purpose("a", "Parere", strings.Replace(advice, "30", "365", 1)))}, []string{"+a  purpose.days:365", "-a  purpose.days:30"}},
		"written too":     {modules.Contents{Before: one, After: content(`"diary"`, purpose("a", "Parere", strings.Replace(advice, `"read"`, `"write"`, 1)))}, []string{"+a plan write"}},
		"two of one name": {modules.Contents{Before: two, After: swapped}, []string{"+a health read", "+b plan read", "-a plan read", "-b health read"}},
		"what another one hides": {
			modules.Contents{Key: "PO-01", Before: one, After: content(`"diary"`, purpose("a", "Parere", strings.Replace(advice, "plan", "health", 1))), Others: map[string][]byte{"AA-00": one}}, nil,
		},
		"a new one that hides another": {
			modules.Contents{Key: "AA-00", After: content(``, purpose("a", "Parere", strings.Replace(advice, "plan", "health", 1))), Others: map[string][]byte{"PO-01": one}},
			[]string{"+a health read", "-a plan read"},
		},
		"one out of use that closed": {
			modules.Contents{Key: "AA-00", Before: one, Others: map[string][]byte{"PO-01": content(``, purpose("a", "Parere", strings.Replace(advice, "plan", "health", 1)))}},
			[]string{"+* diary read", "+a health read", "-a plan read"},
		},
		"the program's own again": {modules.Contents{Before: content(`"diary","judicial"`), After: nil}, nil},
	} {
		changes, err := modules.Kind{ShowsTogether: Shown}.Compare(c.change, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range changes {
			got = append(got, map[bool]string{true: "+", false: "-"}[one.Gained]+one.Purpose+" "+one.Section+" "+one.Action)
		}
		if name == "the program's own again" { // each of its purposes is told
			for _, one := range own.All {
				if !slices.ContainsFunc(changes, func(c modules.SightChange) bool { return c.Purpose == one.Key && c.Gained }) {
					t.Errorf("%s: purpose %s is not told", name, one.Key)
				}
			}
			continue
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Two purposes that are called alike are told apart by their keys.
func TestPurposesOfOneNameAreToldApart(t *testing.T) {
	t.Parallel()
	const rest = `"kinds":["consultation"],"sections":["plan"],"action":"read","maxDays":30`
	changes, err := modules.Kind{ShowsTogether: Shown}.Compare(modules.Contents{
		Before: content(``, purpose("a", "Parere", rest)), After: content(``, purpose("a", "Parere", rest), purpose("b", "Parere", rest)),
	}, nil)
	if err != nil || len(changes) == 0 || changes[0].Who != "Parere (b)" {
		t.Errorf("told as %+v, %v", changes, err)
	}
	for name, want := range map[string]string{"purpose.kind:break_glass": "Per accessi in emergenza", "purpose.days:3": "Fino a 3 giorni"} {
		if got := modules.PermissionLabel(nil, name); got.It != want {
			t.Errorf("%s is read as %q", name, got.It)
		}
	}
}
