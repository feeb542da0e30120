package questionnaire

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/internal/carry"
	"staffetta/modules/kit/canonical"
)

// AnswerPrefix starts the name of every field of a rendered form, so that other fields of the page are never taken
// for answers.
const AnswerPrefix = "a."

// Submit reads a sent page (fields named AnswerPrefix + item key) and checks it as Check does.
func (f *Form) Submit(values map[string][]string) (Answers, []Fault) {
	given := f.ParseValues(values)
	return f.Check(given)
}

// ParseValues reads a sent page into answers, without checking them: what cannot be read stays text, and Check
// refuses it at its item. Italian ways of writing are understood: 12,5 and 31/12/2026.
func (f *Form) ParseValues(values map[string][]string) Answers {
	given := Answers{}
	for name, sent := range values {
		key, ours := strings.CutPrefix(name, AnswerPrefix)
		if !ours {
			continue
		}
		item, known := f.Item(key)
		if !known {
			given[key] = strings.Join(sent, " ")
			continue
		}
		if value := item.parse(sent); value != nil {
			given[key] = value
		}
	}
	return given
}

func (i FormItem) parse(sent []string) any {
	sent = slices.DeleteFunc(slices.Clone(sent), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(sent) == 0 {
		return nil
	}
	last := strings.TrimSpace(sent[len(sent)-1])
	switch i.Type {
	case TypeChoices:
		return sent
	case TypeInteger, TypeScale, TypeDecimal:
		if strings.Trim(last, "0123456789+-.,") != "" {
			return last
		}
		if number, err := strconv.ParseFloat(strings.Replace(last, ",", ".", 1), 64); err == nil {
			return number
		}
		return last
	case TypeBoolean:
		if truth, err := strconv.ParseBool(last); err == nil {
			return truth
		}
		return last
	case TypeDate:
		if day, err := time.Parse("2/1/2006", last); err == nil {
			return day.Format(time.DateOnly)
		}
		return last
	default:
		return sent[len(sent)-1]
	}
}

// Values writes answers as the fields of a page, the reverse of ParseValues.
func (f *Form) Values(answers Answers) map[string][]string {
	values := map[string][]string{}
	for key, value := range answers {
		switch v := value.(type) {
		case string:
			values[AnswerPrefix+key] = []string{v}
		case []string:
			values[AnswerPrefix+key] = slices.Clone(v)
		case bool:
			values[AnswerPrefix+key] = []string{strconv.FormatBool(v)}
		default:
			if number, ok := carry.Number(v); ok {
				values[AnswerPrefix+key] = []string{canonical.Number(number)}
			}
		}
	}
	return values
}
