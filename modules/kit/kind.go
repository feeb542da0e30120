package kit

import (
	"errors"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
)

// kindLabels is the one list of kinds (it: tipi di componente) in the order in which people read a kit.
var kindLabels = []struct {
	id    string
	live  bool
	label language.Text
}{
	{KindService, true, language.Text{It: "Servizi", En: "Services"}},
	{KindForm, true, language.Text{It: "Moduli", En: "Forms"}},
	{KindAssessment, true, language.Text{It: "Scale di valutazione", En: "Assessments"}},
	{KindWorkflow, true, language.Text{It: "Flussi di lavoro", En: "Workflows"}},
	{KindVocabulary, true, language.Text{It: "Vocabolari", En: "Vocabularies"}},
	{KindRole, true, language.Text{It: "Ruoli", En: "Roles"}},
	{KindSharingTemplate, true, language.Text{It: "Regole di condivisione", En: "Sharing templates"}},
	{KindIndicator, true, language.Text{It: "Indicatori", En: "Indicators"}},
	{KindAct, false, language.Text{It: "Atti", En: "Acts"}},
	{KindProcedure, false, language.Text{It: "Procedure", En: "Procedures"}},
	{KindTraining, false, language.Text{It: "Formazione", En: "Training"}},
	{KindStaffing, false, language.Text{It: "Personale e orari", En: "Staffing"}},
	{KindSpace, false, language.Text{It: "Spazi", En: "Spaces"}},
	{KindCost, false, language.Text{It: "Costi", En: "Costs"}},
	{KindCommunication, false, language.Text{It: "Comunicazione", En: "Communication"}},
	{KindChecklist, false, language.Text{It: "Liste di controllo", En: "Checklists"}},
	{KindQuestion, false, language.Text{It: "Domande frequenti", En: "Frequent questions"}},
}

// DeclareKind is the manifest entry of a kind that this package can read. The module that owns the kind may add an
// Impact to it. An unknown id panics: a broken manifest must not start.
func DeclareKind(id string) modules.Kind {
	at := kindPlace(id)
	schema, err := SchemaFor(id)
	if err != nil || at == len(kindLabels) {
		panic("kit: no kind " + id)
	}
	return modules.Kind{
		ID: id, Label: kindLabels[at].label, Live: kindLabels[at].live, Schema: schema, Lists: ListsOf(schema),
		Validate: func(content []byte) error { return Faults(Validate(id, content)).Err() },
		Refers: func(content []byte) ([]string, error) {
			var keys []string
			for _, ref := range References(id, content) {
				keys = append(keys, ref.Key)
			}
			return keys, nil
		},
	}
}

// DeclareKinds is DeclareKind for several kinds.
func DeclareKinds(ids ...string) []modules.Kind {
	kinds := make([]modules.Kind, len(ids))
	for i, id := range ids {
		kinds[i] = DeclareKind(id)
	}
	return kinds
}

// KindLabel is the name of a kind for people, or its id if it is unknown.
func KindLabel(id string) language.Text {
	if at := kindPlace(id); at < len(kindLabels) {
		return kindLabels[at].label
	}
	return language.Text{It: id, En: id}
}

// CompareKinds orders kinds as people read a kit; unknown ones come last.
func CompareKinds(a, b string) int {
	if d := kindPlace(a) - kindPlace(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func kindPlace(id string) int {
	for at, kind := range kindLabels {
		if kind.id == id {
			return at
		}
	}
	return len(kindLabels)
}

// Faults is a list of what is wrong with a content.
type Faults []Fault

// Err is nil when nothing is wrong, else a problem.Invalid with a field for each place.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	fields := make(problem.Fields, len(f))
	for i, one := range f {
		fields[i] = problem.Field{Name: one.Path, Message: one.Message()}
	}
	return &problem.Error{
		Kind: problem.Invalid, Message: language.M("kit.error.content"), Fields: fields, Err: errors.Join(f.errors()...),
	}
}

func (f Faults) errors() []error {
	all := make([]error, len(f))
	for i, one := range f {
		all[i] = one
	}
	return all
}

// Message is the fault as an entry of the catalogue.
func (f Fault) Message() language.Message {
	m := language.Message{Key: f.Key}
	if len(f.Params) > 0 {
		m.Args = make(map[string]any, len(f.Params))
		for name, value := range f.Params {
			m.Args[name] = value
		}
	}
	return m
}

// SortSources orders sources as people read a kit: by kind, then by key.
func SortSources(sources []Source) {
	slices.SortFunc(sources, func(a, b Source) int {
		if d := CompareKinds(a.Kind, b.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.Key, b.Key)
	})
}
