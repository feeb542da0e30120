package questionnaire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"staffetta/internal/carry"
	"staffetta/modules/kit/canonical"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/rule"
)

// Answers are what somebody answered, by item key: string (text, date as 2006-01-02, choice), []string (choices),
// int64 (integer, scale), float64 (decimal) or bool. An item not answered has no entry.
type Answers map[string]any

const (
	textLength     = 500
	longTextLength = 20_000
	maxNumber      = 1e12
)

// Check returns the answers as the form understands them — typed, without those of hidden items — and a Fault per
// item that is wrong; Fault.Path is the item key.
func (f *Form) Check(given Answers) (Answers, []Fault) { return f.check(given, true) }

// CheckDraft is Check for work in progress: what is missing is not a fault.
func (f *Form) CheckDraft(given Answers) (Answers, []Fault) { return f.check(given, false) }

func (f *Form) check(given Answers, final bool) (Answers, []Fault) {
	w := f.walk(given)
	if final {
		w.faults = append(w.faults, w.missing()...)
	}
	return w.kept, w.faults
}

// Visible lists the keys of the items that the answers given leave visible, in the order of the page.
func (f *Form) Visible(given Answers) []string {
	var keys []string
	for _, item := range f.walk(given).shown {
		keys = append(keys, item.Key)
	}
	return keys
}

// walk goes down the page once: an item sees only what was answered above it, so a hidden answer never counts.
type walk struct {
	kept   Answers
	shown  []FormItem
	vars   map[string]any
	faults []Fault
}

func (f *Form) walk(given Answers) *walk {
	answers := f.blank()
	w := &walk{kept: Answers{}, vars: map[string]any{"answers": answers}, faults: f.unknownAnswers(given)}
	for _, section := range f.Sections {
		if !w.holds(section.Visible, section.Key) {
			continue
		}
		for _, item := range section.Items {
			if !w.holds(item.Visible, item.Key) {
				continue
			}
			w.shown = append(w.shown, item)
			value, wrong := item.read(given[item.Key])
			if wrong != nil {
				w.faults = append(w.faults, *wrong)
			} else if value != nil {
				w.kept[item.Key], answers[item.Key] = value, value
			}
		}
	}
	return w
}

// holds evaluates a condition; one that fails counts as true, so that nothing disappears, and is reported.
func (w *walk) holds(source, key string) bool {
	if source == "" {
		return true
	}
	truth, err := evaluate(source, w.vars)
	if err != nil {
		w.faults = append(w.faults, part.Wrong(key, "kit.answer.rule", "cause", err.Error()))
		return true
	}
	return truth
}

func (w *walk) missing() []Fault {
	var faults []Fault
	wrong := map[string]bool{}
	for _, f := range w.faults {
		wrong[f.Path] = true
	}
	for _, item := range w.shown {
		if _, answered := w.kept[item.Key]; answered || wrong[item.Key] {
			continue
		}
		if item.Required.Always || item.Required.When != "" && w.holds(item.Required.When, item.Key) {
			faults = append(faults, part.Wrong(item.Key, "kit.answer.required"))
		}
	}
	return faults
}

// blank gives every item a null answer, so that a condition may name an item nobody answered.
func (f *Form) blank() map[string]any {
	answers := map[string]any{}
	for _, item := range f.Items() {
		answers[item.Key] = nil
	}
	return answers
}

func (f *Form) unknownAnswers(given Answers) []Fault {
	var faults []Fault
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if _, ok := f.Item(key); !ok {
			faults = append(faults, part.Wrong(key, "kit.answer.unknown", "key", key))
		}
	}
	return faults
}

func evaluate(source string, vars map[string]any) (bool, error) {
	expression, err := rule.Compile(rule.ScopeAnswers, rule.Truth, source)
	if err != nil {
		return false, err
	}
	return expression.Holds(vars)
}

// read brings one value into the type of its item; nil, nil means not answered.
func (i FormItem) read(value any) (any, *Fault) {
	if value == nil || value == "" {
		return nil, nil
	}
	switch i.Type {
	case TypeInteger, TypeScale:
		return i.readInteger(value)
	case TypeDecimal:
		return i.readDecimal(value)
	case TypeDate:
		return i.readDate(value)
	case TypeBoolean:
		if truth, ok := value.(bool); ok {
			return truth, nil
		}
		return nil, i.wrong("kit.answer.boolean")
	case TypeChoice:
		return i.readChoice(value)
	case TypeChoices:
		return i.readChoices(value)
	default:
		return i.readText(value)
	}
}

func (i FormItem) wrong(key string, params ...string) *Fault {
	f := part.Wrong(i.Key, key, params...)
	return &f
}

func (i FormItem) readInteger(value any) (any, *Fault) {
	number, ok := carry.Number(value)
	if !ok || number != math.Trunc(number) || math.Abs(number) > maxNumber {
		return nil, i.wrong("kit.answer.integer")
	}
	if wrong := i.outOfRange(number); wrong != nil {
		return nil, wrong
	}
	return int64(number), nil
}

func (i FormItem) readDecimal(value any) (any, *Fault) {
	number, ok := carry.Number(value)
	if !ok || math.IsNaN(number) || math.Abs(number) > maxNumber {
		return nil, i.wrong("kit.answer.decimal")
	}
	if wrong := i.outOfRange(number); wrong != nil {
		return nil, wrong
	}
	return number, nil
}

func (i FormItem) outOfRange(number float64) *Fault {
	switch {
	case i.Min != nil && number < *i.Min:
		return i.wrong("kit.answer.too_low", "min", canonical.Number(*i.Min))
	case i.Max != nil && number > *i.Max:
		return i.wrong("kit.answer.too_high", "max", canonical.Number(*i.Max))
	default:
		return nil
	}
}

func (i FormItem) readDate(value any) (any, *Fault) {
	text, _ := value.(string)
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1850 || day.Year() > 2200 {
		return nil, i.wrong("kit.answer.date")
	}
	return text, nil
}

func (i FormItem) readChoice(value any) (any, *Fault) {
	text, _ := value.(string)
	if _, ok := i.Option(text); !ok {
		return nil, i.wrong("kit.answer.option")
	}
	return text, nil
}

func (i FormItem) readChoices(value any) (any, *Fault) {
	chosen, ok := carry.Texts(value)
	if !ok {
		return nil, i.wrong("kit.answer.option")
	}
	if len(chosen) == 0 {
		return nil, nil
	}
	for _, text := range chosen {
		if _, ok := i.Option(text); !ok {
			return nil, i.wrong("kit.answer.option")
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(chosen)))) < len(chosen) {
		return nil, i.wrong("kit.answer.repeated")
	}
	if i.Min != nil && float64(len(chosen)) < *i.Min {
		return nil, i.wrong("kit.answer.too_few", "min", canonical.Number(*i.Min))
	}
	if i.Max != nil && float64(len(chosen)) > *i.Max {
		return nil, i.wrong("kit.answer.too_many", "max", canonical.Number(*i.Max))
	}
	return i.inOfferedOrder(chosen), nil
}

func (i FormItem) inOfferedOrder(chosen []string) []string {
	ordered := make([]string, 0, len(chosen))
	for _, option := range i.Options {
		if slices.Contains(chosen, option.Value) {
			ordered = append(ordered, option.Value)
		}
	}
	return ordered
}

func (i FormItem) readText(value any) (any, *Fault) {
	text, ok := value.(string)
	if !ok {
		return nil, i.wrong("kit.answer.text")
	}
	// PostgreSQL cannot store U+0000 in jsonb or text.
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, i.wrong("kit.answer.characters")
	}
	if text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")); text == "" {
		return nil, nil
	}
	if limit := i.length(); utf8.RuneCountInString(text) > limit {
		return nil, i.wrong("kit.answer.too_long", "max", strconv.Itoa(limit))
	}
	return text, nil
}

func (i FormItem) length() int {
	switch {
	case i.MaxLength > 0:
		return i.MaxLength
	case i.Type == TypeLongText:
		return longTextLength
	default:
		return textLength
	}
}

// ParseAnswers reads stored or received answers: a JSON object by item key. Check them before use.
func ParseAnswers(raw []byte) (Answers, error) {
	given := Answers{}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := dec.Decode(&given); err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	return given, nil
}
