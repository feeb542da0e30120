package kit

import "staffetta/modules/kit/questionnaire"

// What forms and assessments are made of, for who asks and reads in other modules.
type (
	// Answers are answers by the keys of their questions.
	Answers = questionnaire.Answers
	// Assessment is a form with points.
	Assessment = questionnaire.Assessment
	// Band is a stretch of totals with its meaning.
	Band = questionnaire.Band
	// Contribution is what one answer adds to a total.
	Contribution = questionnaire.Contribution
	// Earlier are answers that an older version was given.
	Earlier = questionnaire.Earlier
	// Explanation says how a total came about.
	Explanation = questionnaire.Explanation
	// FieldGroup is a section of a form as fields of a page.
	FieldGroup = questionnaire.FieldGroup
	// Form is a questionnaire as data.
	Form = questionnaire.Form
	// FormItem is a question of a form.
	FormItem = questionnaire.FormItem
	// FormOption is an answer that a question offers.
	FormOption = questionnaire.FormOption
	// FormSection is a titled part of a form.
	FormSection = questionnaire.FormSection
	// LeftAnswer is an answer that has no place in a newer version.
	LeftAnswer = questionnaire.LeftAnswer
	// Proposal is what a total proposes.
	Proposal = questionnaire.Proposal
	// Requirement says when an answer is required.
	Requirement = questionnaire.Requirement
)

// The types of a question, and how the fields of a page are named.
const (
	TypeText     = questionnaire.TypeText
	TypeLongText = questionnaire.TypeLongText
	TypeInteger  = questionnaire.TypeInteger
	TypeDecimal  = questionnaire.TypeDecimal
	TypeDate     = questionnaire.TypeDate
	TypeChoice   = questionnaire.TypeChoice
	TypeChoices  = questionnaire.TypeChoices
	TypeBoolean  = questionnaire.TypeBoolean
	TypeScale    = questionnaire.TypeScale
	AnswerPrefix = questionnaire.AnswerPrefix
	AnswerField  = questionnaire.AnswerField
)

// LeftOf lists the answers of all earlier versions that have no place.
func LeftOf(all []Earlier) []LeftAnswer { return questionnaire.LeftOf(all) }

// ParseAnswers reads stored answers.
func ParseAnswers(raw []byte) (Answers, error) { return questionnaire.ParseAnswers(raw) }

// ParseAssessment reads the content of an assessment item. Unknown fields are an error.
func ParseAssessment(content []byte) (*Assessment, error) {
	return questionnaire.ParseAssessment(content)
}

// ParseEarlier reads what was kept of earlier versions.
func ParseEarlier(raw string) ([]Earlier, error) { return questionnaire.ParseEarlier(raw) }

// ParseForm reads the content of a form item. Unknown fields are an error.
func ParseForm(content []byte) (*Form, error) { return questionnaire.ParseForm(content) }

// ProveAssessment runs the tests that an assessment carries.
func ProveAssessment(content []byte) []Proof { return questionnaire.ProveAssessment(content) }

// ProveForm runs the tests that a form carries.
func ProveForm(content []byte) []Proof { return questionnaire.ProveForm(content) }

// ValidateAssessment tells what is wrong with an assessment.
func ValidateAssessment(content []byte) []Fault { return questionnaire.ValidateAssessment(content) }

// ValidateForm tells what is wrong with a form.
func ValidateForm(content []byte) []Fault { return questionnaire.ValidateForm(content) }

// FormIn is the form in a content whose records hold answers; false for one of another kind.
func FormIn(kind string, content []byte) (*Form, bool) {
	switch kind {
	case KindForm:
		form, err := ParseForm(content)
		return form, err == nil
	case KindAssessment:
		assessment, err := ParseAssessment(content)
		if err != nil {
			return nil, false
		}
		return &assessment.Form, true
	}
	return nil, false
}
