package rule

import (
	"regexp"
	"strings"
)

// Speaker gives the words of whoever reads an expression.
type Speaker struct {
	Question func(key string) string        // what an answer is the answer to
	Answer   func(key, value string) string // what an answer is called
	Say      func(key string, pairs ...any) string
}

// atoms are the conditions that people read in words: which part of the match is the question, which the answer.
var atoms = []struct {
	form             *regexp.Regexp
	question, answer int
	saying           func(match []string) string
}{
	{regexp.MustCompile(`^answers\.(\w+) (==|!=|>=|<=|>|<) (?:'([^']*)'|(true|false|-?[0-9.]+))$`), 1, 3, func(m []string) string { return comparisons[m[2]] }},
	{regexp.MustCompile(`^'([^']*)' in answers\.(\w+)$`), 2, 1, func([]string) string { return "has" }},
	{regexp.MustCompile(`^present\(answers\.(\w+)\)$`), 1, 0, func([]string) string { return "present" }},
	{regexp.MustCompile(`^!present\(answers\.(\w+)\)$`), 1, 0, func([]string) string { return "absent" }},
}

var comparisons = map[string]string{"==": "is", "!=": "is_not", ">=": "at_least", "<=": "at_most", ">": "more", "<": "less"}

// Words reads an expression over answers to people: «Chi parla» is not «La persona», and so on. One that it has no words for
// stays as it is.
func Words(source string, speaker Speaker) string {
	if strings.Contains(source, "||") && strings.Contains(source, "&&") {
		return source // which binds more, words do not show
	}
	for sign, joined := range map[string]string{" && ": "kit.rule.and", " || ": "kit.rule.or"} {
		if parts := strings.Split(source, sign); len(parts) > 1 {
			said := make([]string, len(parts))
			for i, part := range parts {
				if said[i] = speaker.atom(part); said[i] == "" {
					return source
				}
			}
			return strings.Join(said, " "+speaker.Say(joined)+" ")
		}
	}
	if said := speaker.atom(source); said != "" {
		return said
	}
	return source
}

// atom says one condition; "" for one without words.
func (s Speaker) atom(source string) string {
	for _, a := range atoms {
		match := a.form.FindStringSubmatch(strings.TrimSpace(source))
		if match == nil {
			continue
		}
		value := ""
		if a.answer > 0 {
			value = match[a.answer]
		}
		if value == "" && len(match) > 4 {
			value = match[4]
		}
		return s.Say("kit.rule."+a.saying(match), "question", s.Question(match[a.question]), "answer", s.Answer(match[a.question], value))
	}
	return ""
}
