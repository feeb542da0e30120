package registry

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
)

// formPage is the data of the template registry/form.
type formPage struct {
	Errors  component.ErrorSummary
	Alert   *component.Alert
	Crumbs  component.Breadcrumb
	Heading string
	Help    string
	Action  string
	Hidden  []component.Hidden
	Groups  []group
	Buttons component.ButtonRow
}

// group is some fields of a form below a title.
type group struct {
	Title  string
	Fields []component.Field
	Folded bool // the fields show when the title is pressed
	Open   bool // a folded group that shows from the start
}

// summarize lists the errors at the fields, and those of fields that the form does not show.
func (p *formPage) summarize(ctx context.Context, err error) {
	var fields []component.Field
	var names []string
	for _, g := range p.Groups {
		fields = append(fields, g.Fields...)
	}
	for _, f := range fields {
		names = append(names, f.FieldName())
	}
	p.Errors = component.Summarize(fields...)
	if err == nil {
		return
	}
	for _, f := range problem.Of(err).Fields {
		if !slices.Contains(names, f.Name) {
			p.Errors.Errors = append(p.Errors.Errors, component.FieldError{Message: language.Say(ctx, f.Message)})
		}
	}
}

func say(ctx context.Context, key string, pairs ...any) string {
	return language.Say(ctx, language.M(key, pairs...))
}

// parse reads the form of a request; the host has bounded its body.
func parse(r *http.Request) error {
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return problem.New(problem.TooLarge, "web.error.too_large").Wrap(err)
	case err != nil:
		return problem.New(problem.Invalid, "web.error.invalid").Wrap(err)
	}
	return nil
}

// formID reads the id that a form was rendered with, or makes a new one.
func formID(r *http.Request) uuid.UUID { return modules.FormID(r.Form.Get("id")) }

// readParts reads the three answers of a known date.
func readParts(r *http.Request, name string) component.DateParts {
	part := func(suffix string) string {
		text := []rune(strings.ToValidUTF8(strings.TrimSpace(r.Form.Get(name+suffix)), ""))
		return string(text[:min(len(text), 10)])
	}
	return component.DateParts{Day: part("-giorno"), Month: part("-mese"), Year: part("-anno")}
}

// isoDay writes the parts as yyyy-mm-dd, whether they are a date or not; nothing for no parts.
func isoDay(p component.DateParts) string {
	if p == (component.DateParts{}) {
		return ""
	}
	pad := func(text string) string {
		if len(text) == 1 {
			return "0" + text
		}
		return text
	}
	return p.Year + "-" + pad(p.Month) + "-" + pad(p.Day)
}

func partsOf(day time.Time) component.DateParts {
	if day.IsZero() {
		return component.DateParts{}
	}
	return component.DateParts{Day: strconv.Itoa(day.Day()), Month: strconv.Itoa(int(day.Month())), Year: strconv.Itoa(day.Year())}
}

// fieldSet builds fields with what is to be said at them.
type fieldSet struct {
	ctx   context.Context
	notes map[string]string // a hint instead of the usual one
	fault map[string]string
}

func newFieldSet(ctx context.Context, err error) fieldSet {
	set := fieldSet{ctx: ctx, notes: map[string]string{}, fault: map[string]string{}}
	if err == nil {
		return set
	}
	for _, f := range problem.Of(err).Fields {
		if set.fault[f.Name] == "" {
			set.fault[f.Name] = language.Say(ctx, f.Message)
		}
	}
	return set
}

// field fills in id, label, error and note of a field.
func (set fieldSet) field(name string, f component.Field) component.Field {
	f.ID, f.Label, f.Error = name, say(set.ctx, "registry.field."+name), set.fault[name]
	if f.Hint != "" {
		f.Hint = say(set.ctx, f.Hint)
	}
	if note := set.notes[name]; note != "" {
		f.Hint = note
	}
	return f
}

// choices are the options of a closed list, whose labels are messages below a prefix.
func choices(ctx context.Context, prefix string, values []string) []component.Option {
	options := make([]component.Option, len(values))
	for i, value := range values {
		options[i] = component.Option{Value: value, Label: say(ctx, prefix+value)}
	}
	return options
}

// invalid tells whether the form is to be shown again.
func invalid(err error) bool { return problem.Is(err, problem.Invalid) }

// form shows a form page.
func form(title language.Message, page formPage) modules.View {
	return modules.Render("registry/form", title, page)
}
