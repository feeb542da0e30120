package questionnaire

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"staffetta/internal/carry"
	"staffetta/modules/kit/origin"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/proof"
	"staffetta/modules/kit/rule"
)

// The types of a form item. A scale is answered with a whole number between its min and max.
const (
	TypeText     = "text"
	TypeLongText = "longtext"
	TypeInteger  = "integer"
	TypeDecimal  = "decimal"
	TypeDate     = "date"
	TypeChoice   = "choice"
	TypeChoices  = "choices"
	TypeBoolean  = "boolean"
	TypeScale    = "scale"
)

// Form is a questionnaire as data (it: modulo): sections of items, with rules for what is shown and what is required.
type Form struct {
	Intro    *Text                                     `json:"intro,omitempty"`
	Sections []FormSection                             `json:"sections"`
	Changes  []carry.Change                            `json:"changes,omitempty"` // how answers to older versions read in this one
	Tests    []proof.Test[[]proof.Answer, FormOutcome] `json:"tests,omitempty"`
}

// FormSection is a titled part of a Form; when its condition does not hold, all its items are hidden.
type FormSection struct {
	Key     string     `json:"key"`
	Label   Text       `json:"label"`
	Help    *Text      `json:"help,omitempty"`
	Visible string     `json:"visible,omitempty"`
	Items   []FormItem `json:"items"`
}

// FormItem is one question.
type FormItem struct {
	Key       string       `json:"key"`
	Label     Text         `json:"label"`
	Help      *Text        `json:"help,omitempty"`
	Type      string       `json:"type"`
	From      string       `json:"from,omitempty"` // what of a contact the answer starts from, see package origin
	Options   []FormOption `json:"options,omitempty"`
	Required  Requirement  `json:"required,omitzero"`
	Visible   string       `json:"visible,omitempty"`   // condition over answers to earlier items
	Min       *float64     `json:"min,omitempty"`       // smallest number, or fewest choices
	Max       *float64     `json:"max,omitempty"`       // largest number, or most choices
	MaxLength int          `json:"maxLength,omitempty"` // characters of a text
	Unit      *Text        `json:"unit,omitempty"`
}

// FormOption is one of the answers offered. Score is its points in an assessment.
type FormOption struct {
	Value string   `json:"value"`
	Label Text     `json:"label"`
	Score *float64 `json:"score,omitempty"`
	Help  *Text    `json:"help,omitempty"`
}

// Requirement says whether an item must be answered: always, or when a condition holds.
type Requirement struct {
	Always bool
	When   string
}

// MarshalJSON writes true, false, or the condition.
func (r Requirement) MarshalJSON() ([]byte, error) {
	if r.When != "" {
		return json.Marshal(r.When)
	}
	return json.Marshal(r.Always)
}

// UnmarshalJSON reads true, false, or a condition.
func (r *Requirement) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, &r.Always); err == nil {
		return nil
	}
	if err := json.Unmarshal(raw, &r.When); err != nil {
		return errors.New("required must be true, false or a condition")
	}
	return nil
}

// ParseForm reads the content of a form item. Unknown fields are an error.
func ParseForm(content []byte) (*Form, error) {
	form := &Form{}
	if err := part.Decode(content, form); err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	return form, nil
}

// Item finds a question by its key.
func (f *Form) Item(key string) (FormItem, bool) {
	for _, section := range f.Sections {
		for _, item := range section.Items {
			if item.Key == key {
				return item, true
			}
		}
	}
	return FormItem{}, false
}

// Items lists all questions in the order of the page.
func (f *Form) Items() []FormItem {
	var items []FormItem
	for _, section := range f.Sections {
		items = append(items, section.Items...)
	}
	return items
}

// Option finds an answer offered by its value.
func (i FormItem) Option(value string) (FormOption, bool) {
	at := slices.IndexFunc(i.Options, func(o FormOption) bool { return o.Value == value })
	if at < 0 {
		return FormOption{}, false
	}
	return i.Options[at], true
}

// ValidateForm tells what is wrong with a form: repeated keys, options that do not fit the type, conditions that do
// not compile or look at answers not given yet.
func ValidateForm(content []byte) []Fault {
	form, err := ParseForm(content)
	if err != nil {
		return part.Unreadable(err)
	}
	return form.faults()
}

func (f *Form) faults() []Fault {
	var faults []Fault
	sections, earlier := map[string]bool{}, map[string]bool{}
	all := map[string]bool{}
	for _, item := range f.Items() {
		all[item.Key] = true
	}
	for _, section := range f.Sections {
		path := fmt.Sprintf("sections[%s]", section.Key)
		if sections[section.Key] {
			faults = append(faults, part.Wrong(path, "kit.content.repeated_key", "key", section.Key))
		}
		sections[section.Key] = true
		faults = append(faults, conditionFaults(path+".visible", section.Visible, earlier)...)
		for _, item := range section.Items {
			faults = append(faults, itemFaults(path, item, earlier, all)...)
			earlier[item.Key] = true
		}
	}
	return append(faults, f.changeFaults()...)
}

func itemFaults(section string, item FormItem, earlier, all map[string]bool) []Fault {
	path := fmt.Sprintf("%s.items[%s]", section, item.Key)
	var faults []Fault
	if earlier[item.Key] {
		faults = append(faults, part.Wrong(path, "kit.content.repeated_key", "key", item.Key))
	}
	faults = append(faults, conditionFaults(path+".visible", item.Visible, earlier)...)
	faults = append(faults, conditionFaults(path+".required", item.Required.When, all)...)
	faults = append(append(faults, originFaults(path, item)...), optionFaults(path, item)...)
	return append(faults, boundFaults(path, item)...)
}

// conditionFaults compiles a condition and checks that it reads only answers that are known at its place.
func conditionFaults(path, source string, known map[string]bool) []Fault {
	if source == "" {
		return nil
	}
	expression, err := rule.Compile(rule.ScopeAnswers, rule.Truth, source)
	if err != nil {
		return []Fault{rule.Fault(path, err)}
	}
	return unknownReads(path, expression, "answers", known)
}

func unknownReads(path string, expression *rule.Expression, variable string, known map[string]bool) []Fault {
	return part.NotAmong(path, known, expression.Reads(variable)...)
}

// originFaults tells why a question cannot start from what it names.
func originFaults(path string, item FormItem) []Fault {
	if item.From == "" {
		return nil
	}
	if why := origin.Wrong(item.From, item.Type, item.question().Values); why != "" {
		return []Fault{part.Wrong(path+".from", why, "source", item.From, "type", item.Type)}
	}
	return nil
}

func optionFaults(path string, item FormItem) []Fault {
	var faults []Fault
	chosen := item.Type == TypeChoice || item.Type == TypeChoices
	if chosen && len(item.Options) < 2 {
		faults = append(faults, part.Wrong(path+".options", "kit.content.options_needed"))
	}
	if !chosen && item.Type != TypeScale && len(item.Options) > 0 {
		faults = append(faults, part.Wrong(path+".options", "kit.content.options_unwanted", "type", item.Type))
	}
	seen := map[string]bool{}
	for _, option := range item.Options {
		if seen[option.Value] {
			faults = append(faults, part.Wrong(path+".options["+option.Value+"]", "kit.content.repeated_key", "key", option.Value))
		}
		seen[option.Value] = true
		if number, err := strconv.Atoi(option.Value); item.Type == TypeScale && (err != nil || !item.within(float64(number))) {
			faults = append(faults, part.Wrong(path+".options["+option.Value+"]", "kit.content.scale_option"))
		}
	}
	return faults
}

func boundFaults(path string, item FormItem) []Fault {
	var faults []Fault
	bounded := slices.Contains([]string{TypeInteger, TypeDecimal, TypeScale, TypeChoices}, item.Type)
	if !bounded && (item.Min != nil || item.Max != nil) {
		faults = append(faults, part.Wrong(path, "kit.content.bounds_unwanted", "type", item.Type))
	}
	if item.Min != nil && item.Max != nil && *item.Min > *item.Max {
		faults = append(faults, part.Wrong(path+".min", "kit.content.bounds_reversed"))
	}
	if item.Type == TypeScale && (item.Min == nil || item.Max == nil) {
		faults = append(faults, part.Wrong(path, "kit.content.scale_bounds"))
	}
	if item.MaxLength > 0 && item.Type != TypeText && item.Type != TypeLongText {
		faults = append(faults, part.Wrong(path+".maxLength", "kit.content.length_unwanted", "type", item.Type))
	}
	return faults
}

// within tells whether a number respects min and max.
func (i FormItem) within(number float64) bool {
	return (i.Min == nil || number >= *i.Min) && (i.Max == nil || number <= *i.Max)
}
