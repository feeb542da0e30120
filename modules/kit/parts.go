package kit

import (
	"staffetta/modules/kit/deed"
	"staffetta/modules/kit/effect"
	"staffetta/modules/kit/flow"
	"staffetta/modules/kit/indicator"
	"staffetta/modules/kit/origin"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/proof"
	"staffetta/modules/kit/sheet"
	"staffetta/modules/kit/vocabulary"
)

// What contents are made of, for who reads them in other modules.
type (
	// Text is a wording for people: Italian always, English where somebody wrote it.
	Text = part.Text
	// Fault is one thing wrong with a content or with an answer: where it is and which message tells it.
	Fault = part.Fault
	// Proof is how a test that a content carries went.
	Proof = proof.Result
	// ProofTerm is a value that a test looks at.
	ProofTerm = proof.Term
	// Example names a test that a content carries.
	Example = proof.Example
	// EffectOf names an item, and what would be done with it.
	EffectOf = effect.Of
	// EffectView is who gains and who loses on a page, with the acknowledgement.
	EffectView = effect.View
	// Step is a decision about an item: to publish its draft or to retire it.
	Step = effect.Step
	// Act is the template of an administrative act.
	Act = deed.Act
	// Service is the public sheet of a service.
	Service = sheet.Service
	// Codings are the three classifications of a service.
	Codings = sheet.Codings
	// Workflow is a path of work as data.
	Workflow = flow.Workflow
	// WorkflowField is a value that a step may require.
	WorkflowField = flow.Field
	// WorkflowState is a place on the path.
	WorkflowState = flow.State
	// WorkflowTransition is a step between two states.
	WorkflowTransition = flow.Transition
	// Indicator is one number with one formula everywhere.
	Indicator = indicator.Indicator
	// Measure is a quantity that the formula of an indicator uses.
	Measure = indicator.Measure
	// Vocabulary is a list of terms among which a body chooses.
	Vocabulary = vocabulary.Vocabulary
	// VocabularyTerm is an entry of a vocabulary.
	VocabularyTerm = vocabulary.Term
)

// What of a contact goes both ways: a form starts from it, and may close the contact with it.
const (
	FromOutcome     = origin.Outcome
	FromSignposting = origin.Signposting
)

// Why an indicator has no value, and what smaller packages do for others.
var (
	ErrNoMeasure     = indicator.ErrNoMeasure
	ErrNotComputable = indicator.ErrNotComputable
	// OriginOf is what a contact holds by a name, with the codes that it may have.
	OriginOf = origin.Get
	// AmongOthers adds to a change of an item what else is in use of its kind, where items of the kind count together.
	AmongOthers = effect.AmongOthers
	// AreaLabel words the code of an area; empty for a code that there is not.
	AreaLabel = part.AreaLabel
	// Areas are the codes, in the order in which people read them.
	Areas = part.Areas
)

// ProofTruth is yes or no, as a test looks at it.
func ProofTruth(yes bool) []ProofTerm { return proof.Truth(yes) }

// ParseIndicator reads the content of an indicator item. Unknown fields are an error.
func ParseIndicator(content []byte) (*Indicator, error) { return indicator.Parse(content) }

// ParseVocabulary reads the content of a vocabulary item.
func ParseVocabulary(content []byte) (*Vocabulary, error) { return vocabulary.Parse(content) }

// ParseWorkflow reads the content of a workflow item. Unknown fields are an error.
func ParseWorkflow(content []byte) (*Workflow, error) { return flow.Parse(content) }

// ValidateIndicator tells what is wrong with an indicator.
func ValidateIndicator(content []byte) []Fault { return indicator.Validate(content) }

// ValidateWorkflow tells what is wrong with a workflow.
func ValidateWorkflow(content []byte) []Fault { return flow.Validate(content) }

// WorkflowRoles lists the roles of the body's own people that may take the steps of a workflow.
func WorkflowRoles(content []byte) []string { return flow.Roles(content) }

// ParseService reads the content of a service item. Unknown fields are an error.
func ParseService(content []byte) (*Service, error) { return sheet.Parse(content) }

// ValidateService tells what is wrong with a service sheet.
func ValidateService(content []byte) []Fault { return sheet.Validate(content) }

// ParseAct reads the content of an act item. Unknown fields are an error.
func ParseAct(content []byte) (*Act, error) { return deed.Parse(content) }

// ValidateAct tells what is wrong with an act: places without a field, fields without a place.
func ValidateAct(content []byte) []Fault { return deed.Validate(content) }

// ValidateKeyed sees that the lists of a content do not repeat a key; it serves the kinds without other rules.
func ValidateKeyed(content []byte) []Fault { return part.Keyed(content) }

// ProveIndicator runs the tests that an indicator carries.
func ProveIndicator(content []byte) []proof.Result { return indicator.Prove(content) }

// ProveWorkflow runs the tests that a workflow carries.
func ProveWorkflow(content []byte) []proof.Result { return flow.Prove(content) }
