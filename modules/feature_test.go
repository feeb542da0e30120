package modules

import (
	"context"
	"reflect"
	"testing"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// filled is a struct with every field set: a slice and a map with one entry, a function that does nothing.
func filled(t *testing.T, of any) reflect.Value {
	t.Helper()
	whole := reflect.New(reflect.TypeOf(of)).Elem()
	for i := range whole.NumField() {
		switch field := whole.Field(i); field.Kind() {
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		case reflect.Map:
			field.Set(reflect.MakeMap(field.Type()))
			field.SetMapIndex(reflect.ValueOf("thing.do"), reflect.New(field.Type().Elem()).Elem())
		case reflect.Func:
			field.Set(reflect.MakeFunc(field.Type(), func([]reflect.Value) []reflect.Value {
				t.Fatal("called while it is put together")
				return nil
			}))
		default:
			t.Fatalf("%s.%s is a %s, which this test does not fill", whole.Type(), whole.Type().Field(i).Name, field.Kind())
		}
	}
	return whole
}

func TestAModuleIsWhatItsFeaturesDeclare(t *testing.T) {
	feature := filled(t, Feature{}).Interface().(Feature)
	want := filled(t, Parts{})
	feature.New = func(Deps) Parts { return want.Interface().(Parts) }
	m := Module{ID: "thing"}.With(Feature{}, feature)
	for i, of := 0, reflect.ValueOf(feature); i < of.NumField(); i++ {
		if name := of.Type().Field(i).Name; name != "New" && reflect.ValueOf(m).FieldByName(name).Len() != 1 {
			t.Errorf("the module has lost what a feature declares: %s", name)
		}
	}
	parts, err := m.New(Deps{})
	if err != nil {
		t.Fatal(err)
	}
	for i, got := 0, reflect.ValueOf(parts); i < got.NumField(); i++ {
		if field := got.Field(i); field.IsNil() || field.Kind() == reflect.Slice && field.Len() != 1 {
			t.Errorf("the parts of a feature are lost: %s", got.Type().Field(i).Name)
		}
	}
}

func TestFeaturesKeepTheirOrderAndAllWork(t *testing.T) {
	var worked []string
	makes := func(name string) Feature {
		return Feature{Grants: nil, Records: []Record{{Table: name}}, New: func(Deps) Parts {
			return Parts{Pages: []Page{{Pattern: name}}, Workers: func(*river.Workers) { worked = append(worked, name) }}
		}}
	}
	m := Module{ID: "thing", Records: []Record{{Table: "own"}}}.With(makes("one"), makes("two"))
	parts, err := m.New(Deps{})
	if err != nil {
		t.Fatal(err)
	}
	parts.Workers(river.NewWorkers())
	if len(worked) != 2 || worked[0] != "one" || parts.Pages[1].Pattern != "two" || m.Records[0].Table != "own" || m.Records[2].Table != "two" {
		t.Errorf("worked %v, pages %v, records %v", worked, parts.Pages, m.Records)
	}
}

func TestFeaturesThatExcludeEachOtherAreRefused(t *testing.T) {
	event := Feature{Events: map[string]language.Text{"thing.do": {}}}
	parts := func(p Parts) Feature { return Feature{New: func(Deps) Parts { return p }} }
	for what, f := range map[string]Feature{
		"event":   event,
		"shares":  parts(Parts{Shares: func(context.Context, tenants.Scope, []uuid.UUID) ([]ShareFact, error) { return nil, nil }}),
		"reach":   parts(Parts{Reach: func(context.Context, tenants.Scope) ([]Reach, error) { return nil, nil }}),
		"greet":   parts(Parts{Greet: func(context.Context, tenants.Scope) (string, error) { return "", nil }}),
		"notices": parts(Parts{Notices: func(context.Context, int32) []Notice { return nil }}),
	} {
		if _, err := (Module{ID: "thing"}).With(f).New(Deps{}); err != nil {
			t.Errorf("one with %s is refused: %v", what, err)
		}
		if _, err := (Module{ID: "thing"}).With(f, f).New(Deps{}); err == nil {
			t.Errorf("two with %s are taken", what)
		}
	}
	if _, err := (Module{ID: "thing", New: func(Deps) (Parts, error) { return Parts{}, nil }}).With(event).New(Deps{}); err == nil {
		t.Error("a module's own New is lost without a word")
	}
}
