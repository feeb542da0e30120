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

// Words reads an expression over answers to people: «Chi parla» is not «La persona», and so on. What it has no words for stays
// in its own signs, with what it is about by name.
func Words(source string, speaker Speaker) string {
	both := strings.Contains(source, " || ") && strings.Contains(source, " && ")
	for _, join := range []struct{ sign, message string }{{" || ", "kit.rule.or"}, {" && ", "kit.rule.and"}} {
		parts := strings.Split(source, join.sign)
		if len(parts) < 2 {
			continue
		}
		said := make([]string, len(parts))
		for i, part := range parts {
			if said[i] = speaker.part(part, both); said[i] == "" {
				return speaker.formula(source)
			}
		}
		return strings.Join(said, " "+speaker.Say(join.message)+" ")
	}
	if said := speaker.atom(source); said != "" {
		return said
	}
	return speaker.formula(source)
}

// part says a condition, or several that bind more than what stands around them; "" where one has no words.
func (s Speaker) part(source string, grouped bool) string {
	parts := strings.Split(source, " && ")
	for i, one := range parts {
		if parts[i] = s.atom(one); parts[i] == "" {
			return ""
		}
	}
	said := strings.Join(parts, " "+s.Say("kit.rule.and")+" ")
	if grouped && len(parts) > 1 {
		return "(" + said + ")"
	}
	return said
}

var (
	subjects  = regexp.MustCompile(`\b(?:answers|points|measures)\.(\w+)|'(\w+)'`)
	functions = regexp.MustCompile(`\b(?:sum|median|points|score|present)\b`)
	wholes    = regexp.MustCompile(`(\d)\.0\b`)
	signs     = strings.NewReplacer(">=", "≥", "<=", "≤", "!=", "≠", "==", "=", "*", "×")
)

// formula writes an expression in its own signs, with what it is about by name.
func (s Speaker) formula(source string) string {
	parts := strings.Split(subjects.ReplaceAllString(source, "\x00$1$2\x00"), "\x00")
	for i, part := range parts {
		if i%2 == 1 {
			parts[i] = "«" + s.Question(part) + "»"
			continue
		}
		part = functions.ReplaceAllStringFunc(part, func(word string) string { return s.Say("kit.rule.of." + word) })
		parts[i] = signs.Replace(strings.NewReplacer("&&", s.Say("kit.rule.and"), "||", s.Say("kit.rule.or")).Replace(wholes.ReplaceAllString(part, "$1")))
	}
	return strings.Join(parts, "")
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
