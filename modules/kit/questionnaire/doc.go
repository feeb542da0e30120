// Package questionnaire asks and reads answers: forms (it: modulo), and assessments, which are forms with points. It says what is
// asked, what may be answered, what answers come to and how those of an older version read in a newer one. It is pure, and must
// not know items, bodies or pages.
package questionnaire

import "staffetta/modules/kit/part"

// What questionnaires are made of.
type (
	// Text is a wording for people.
	Text = part.Text
	// Fault is one thing wrong with a content or with an answer.
	Fault = part.Fault
)
