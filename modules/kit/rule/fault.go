package rule

import (
	"errors"
	"regexp"
	"strconv"

	"staffetta/modules/kit/part"
)

// causes are what is wrong with expressions as people are told, each with the message that tells it; a group of the pattern is the
// sign that it is about. What is not among them stays as the library of the language words it.
var causes = []struct {
	form *regexp.Regexp
	key  string
}{
	{regexp.MustCompile(`^must give true or false`), "truth"},
	{regexp.MustCompile(`^must give a number`), "number"},
	{regexp.MustCompile(`^undeclared reference to '([^']*)'`), "name"},
	{regexp.MustCompile(`missing '(.)' at`), "missing"},
	{regexp.MustCompile(`input '<EOF>'|no viable alternative at input '.*\.'$`), "end"},
	{regexp.MustCompile(`token recognition error at: '=`), "equals"},
	{regexp.MustCompile(`token recognition error at: '['"]`), "quote"},
	{regexp.MustCompile(`token recognition error at: '(.*)'$`), "sign"},
	{regexp.MustCompile(`(?:input|identifier:|at input) '?([^']*)'?`), "unexpected"},
	{regexp.MustCompile(`^found no matching overload`), "types"},
	{regexp.MustCompile(`cost limit|exceeds limit|recursion`), "large"},
}

// Fault says what is wrong with the expression at a place of a content, and at which line and character of it.
func Fault(path string, err error) part.Fault {
	var wrong *ExpressionError
	if !errors.As(err, &wrong) {
		return part.Wrong(path, "kit.content.expression", "cause", err.Error())
	}
	for _, cause := range causes {
		match := cause.form.FindStringSubmatch(wrong.Message)
		if match == nil {
			continue
		}
		params := []string{"line", strconv.Itoa(max(wrong.Line, 1)), "column", strconv.Itoa(max(wrong.Column, 1))}
		if len(match) > 1 {
			params = append(params, "sign", match[1])
		}
		return part.Wrong(path, "kit.content.expression."+cause.key, params...)
	}
	return part.Wrong(path, "kit.content.expression", "cause", wrong.Message)
}
