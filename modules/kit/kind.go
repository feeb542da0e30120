package kit

import (
	"context"
	_ "embed" // the schemas of the kinds that this module owns
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit/fit"
	"staffetta/modules/kit/part"
	"staffetta/modules/kit/proof"
	"staffetta/modules/kit/shape"
)

var (
	//go:embed schema/form.json
	formSchema []byte
	//go:embed schema/vocabulary.json
	vocabularySchema []byte
)

// kinds are those that this module owns; every other module declares its own in the same way.
func kinds() []modules.Kind {
	return []modules.Kind{
		Declare(modules.Kind{
			ID: KindForm, Label: language.Text{It: "Moduli", En: "Forms"}, Order: 20, Live: true, Whole: true, Schema: formSchema,
			Read: ReadForm, Try: TryForm,
		}, ValidateForm, ProveForm),
		Declare(modules.Kind{
			ID: KindVocabulary, Label: language.Text{It: "Vocabolari", En: "Vocabularies"}, Order: 50, Live: true, Schema: vocabularySchema,
		}, ValidateKeyed),
	}
}

// Declare completes the declaration of a kind: what its schema says about lists, and a Validate by the schema and by the
// rules that the kind has beyond it. The schema may refer to the definitions of CommonSchema. A schema that does not
// compile panics at the first content: the suite of every module validates one. With prove, contents carry tests ("tests", by
// their keys) that it runs: one that fails is a fault.
func Declare(kind modules.Kind, rules func(content []byte) []Fault, prove ...func(content []byte) []Proof) modules.Kind {
	check := fit.Lazy(kind.ID, kind.Schema, commonFile)
	kind.Lists = shape.ListsOf(kind.Schema, commonFile)
	kind.Validate = func(content []byte) error {
		faults := check().Check(content)
		if len(faults) == 0 {
			faults = rules(content)
		}
		for _, run := range prove {
			if len(faults) == 0 {
				faults = proof.Faults(run(content))
			}
		}
		return Faults(faults).Err()
	}
	for _, run := range prove {
		kind.Prove = func(ctx context.Context, content []byte) []modules.Test { return proof.Tests(ctx, run(content)) }
	}
	return kind
}

// Faults is a list of what is wrong with a content.
type Faults []Fault

// Err is nil when nothing is wrong, else a problem.Invalid with a field for each place.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	fields, all := make(problem.Fields, len(f)), make([]error, len(f))
	for i, one := range f {
		fields[i], all[i] = problem.Field{Name: one.Path, Message: one.Message()}, one
	}
	return &problem.Error{Kind: problem.Invalid, Message: language.M("kit.error.content"), Fields: fields, Err: errors.Join(all...)}
}

// Unseen lists where a JSON has characters that nobody sees (language.Unseen).
func Unseen(raw []byte) (wrong problem.Fields) {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		wrong.Add("", "kit.content.unreadable", "cause", err.Error())
	}
	for _, fault := range part.Unseen(value) {
		wrong = append(wrong, problem.Field{Name: fault.Path, Message: fault.Message()})
	}
	return wrong
}

// SortSources orders sources as people read a kit: by kind, then by key.
func SortSources(kinds *modules.Kinds, sources []Source) {
	slices.SortFunc(sources, func(a, b Source) int {
		if d := kinds.Compare(a.Kind, b.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.Key, b.Key)
	})
}
