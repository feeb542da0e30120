package registry

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants/taxcode"
)

// personForm is what somebody wrote into the form of a person, kept as it was written.
type personForm struct {
	ID       uuid.UUID
	Version  int    // of the person that is changed; 0 for a new one
	Then     string // where to go afterwards, see next
	Accepted string // the warnings that were shown before
	Birth    component.DateParts
	Death    component.DateParts
	Details
	Contacts ContactDetails
}

func readPersonForm(r *http.Request) (personForm, error) {
	if err := parse(r); err != nil {
		return personForm{}, err
	}
	id := formID(r)
	get := r.Form.Get
	version, _ := strconv.Atoi(get("version")) // what is no number is no version that exists
	f := personForm{
		ID: id, Version: version, Then: get("poi"), Accepted: get("accepted"),
		Birth: readParts(r, "birth_date"), Death: readParts(r, "death_date"),
		Details: Details{
			TaxCode: get("tax_code"), NoCodeReason: get("no_code_reason"), Alias: get("alias"), Surname: get("surname"),
			Name: get("name"), Sex: get("sex"), Birthplace: get("birthplace"), Citizenship: get("citizenship"),
			NoFixedAbode: get("no_fixed_abode") != "",
		},
		Contacts: readContacts(r),
	}
	f.BirthDate, f.DeathDate = isoDay(f.Birth), isoDay(f.Death)
	return f, nil
}

func readContacts(r *http.Request) ContactDetails {
	get := r.Form.Get
	return ContactDetails{
		Phone: get("phone"), Mobile: get("mobile"), Email: get("email"), Address: get("address"),
		PostalCode: get("postal_code"), Municipality: get("municipality"),
	}
}

func personFormOf(p Person) personForm {
	return personForm{ID: p.ID, Version: p.Version, Details: p.Details(), Birth: partsOf(p.BirthDate), Death: partsOf(p.DeathDate)}
}

// accepts tells whether every warning has been shown before.
func (f personForm) accepts(warnings []Warning) bool {
	shown := strings.Split(f.Accepted, ",")
	return !slices.ContainsFunc(warnings, func(w Warning) bool { return !slices.Contains(shown, w.Field) })
}

// warn puts warnings at their fields and remembers that they have been shown.
func (f *personForm) warn(set fieldSet, warnings []Warning) {
	fields := make([]string, len(warnings))
	for i, w := range warnings {
		fields[i] = w.Field
		set.notes[w.Field] = say(set.ctx, "registry.doubt") + " " + language.Say(set.ctx, w.Message)
	}
	f.Accepted = strings.Join(fields, ",")
}

// hidden are the values that the form carries without showing them.
func (f personForm) hidden() []component.Hidden {
	return []component.Hidden{
		{Name: "id", Value: f.ID.String()},
		{Name: "version", Value: strconv.Itoa(f.Version)},
		{Name: "poi", Value: f.Then},
		{Name: "accepted", Value: f.Accepted},
	}
}

// values are all values of the form, for a page that asks something in between.
func (f personForm) values() []component.Hidden {
	abode := ""
	if f.NoFixedAbode {
		abode = "yes"
	}
	hidden := f.hidden()
	for _, v := range []component.Hidden{
		{Name: "tax_code", Value: f.TaxCode},
		{Name: "no_code_reason", Value: f.NoCodeReason},
		{Name: "alias", Value: f.Alias},
		{Name: "surname", Value: f.Surname},
		{Name: "name", Value: f.Name},
		{Name: "sex", Value: f.Sex},
		{Name: "birth_date-giorno", Value: f.Birth.Day},
		{Name: "birth_date-mese", Value: f.Birth.Month},
		{Name: "birth_date-anno", Value: f.Birth.Year},
		{Name: "birthplace", Value: f.Birthplace},
		{Name: "citizenship", Value: f.Citizenship},
		{Name: "no_fixed_abode", Value: abode},
		{Name: "phone", Value: f.Contacts.Phone},
		{Name: "mobile", Value: f.Contacts.Mobile},
		{Name: "email", Value: f.Contacts.Email},
		{Name: "address", Value: f.Contacts.Address},
		{Name: "postal_code", Value: f.Contacts.PostalCode},
		{Name: "municipality", Value: f.Contacts.Municipality},
	} {
		if v.Value != "" {
			hidden = append(hidden, v)
		}
	}
	return hidden
}

// groups are the fields of the form; a new person also gets contact details, a known one a date of death.
func (f personForm) groups(set fieldSet) []group {
	groups := []group{
		{Title: say(set.ctx, "registry.group.identity"), Fields: f.identity(set)},
		{Title: say(set.ctx, "registry.group.nocode"), Fields: f.withoutCode(set), Folded: true, Open: f.lacksCode(set)},
		{Title: say(set.ctx, "registry.group.birth"), Fields: f.birth(set)},
	}
	if f.Version == 0 {
		groups = append(groups, group{Title: say(set.ctx, "registry.group.contacts"), Fields: contactFields(set, f.Contacts)})
	}
	return groups
}

// lacksCode tells whether the fields for somebody without a code are needed, or have something in them.
func (f personForm) lacksCode(set fieldSet) bool {
	asked := f.NoCodeReason != "" || f.Alias != "" || f.Version > 0 && f.TaxCode == ""
	for _, name := range []string{"no_code_reason", "alias"} {
		asked = asked || set.fault[name] != "" || set.notes[name] != ""
	}
	return asked || f.TaxCode == "" && set.fault["tax_code"] != ""
}

func (f personForm) withoutCode(set fieldSet) []component.Field {
	return []component.Field{
		set.field("no_code_reason", component.Field{
			Kind: component.Select, Depends: true, Value: f.NoCodeReason, Hint: "registry.hint.no_code_reason",
			Options: choices(set.ctx, "registry.reason.", Reasons), Width: component.Medium,
		}),
		set.field("alias", component.Field{Value: f.Alias, Hint: "registry.hint.alias", MaxLength: 100, Width: component.Medium}),
	}
}

func (f personForm) identity(set fieldSet) []component.Field {
	return []component.Field{
		set.field("tax_code", component.Field{
			Kind: component.Code, Value: f.TaxCode, Hint: "registry.hint.tax_code", MaxLength: 40, Width: component.Medium,
		}),
		set.field("surname", component.Field{Value: f.Surname, Required: true, MaxLength: 100, Width: component.Medium}),
		set.field("name", component.Field{Value: f.Name, Required: true, MaxLength: 100, Width: component.Medium}),
	}
}

func (f personForm) birth(set fieldSet) []component.Field {
	fields := []component.Field{
		set.field("birth_date", component.Field{Kind: component.KnownDate, Date: f.Birth, Hint: "registry.hint.filled"}),
		set.field("sex", component.Field{
			Kind: component.Radios, Value: f.Sex,
			Options: choices(set.ctx, "registry.sex.", []string{taxcode.Female, taxcode.Male}),
		}),
		set.field("birthplace", component.Field{Value: f.Birthplace, Hint: "registry.hint.birthplace", MaxLength: 120, Width: component.Medium}),
		set.field("citizenship", component.Field{Value: f.Citizenship, MaxLength: 60, Width: component.Medium}),
		set.field("no_fixed_abode", component.Field{Kind: component.Checkboxes, Options: []component.Option{
			{Value: "yes", Label: say(set.ctx, "registry.field.no_fixed_abode.yes"), Selected: f.NoFixedAbode},
		}}),
	}
	if f.Version > 0 {
		fields = append(fields, set.field("death_date", component.Field{Kind: component.KnownDate, Date: f.Death}))
	}
	return fields
}

func contactFields(set fieldSet, d ContactDetails) []component.Field {
	return []component.Field{
		set.field("mobile", component.Field{Kind: component.Phone, Value: d.Mobile, MaxLength: 40, Width: component.Medium}),
		set.field("phone", component.Field{Kind: component.Phone, Value: d.Phone, MaxLength: 40, Width: component.Medium}),
		set.field("email", component.Field{Kind: component.Email, Value: d.Email, MaxLength: 254, Width: component.Medium}),
		set.field("address", component.Field{Value: d.Address, Hint: "registry.hint.address", MaxLength: 200}),
		set.field("postal_code", component.Field{Value: d.PostalCode, MaxLength: 10, Width: component.Short}),
		set.field("municipality", component.Field{Value: d.Municipality, MaxLength: 120, Width: component.Medium}),
	}
}

// compareWith notes at each field what the person now has there, where that differs from what was written.
func (f personForm) compareWith(ctx context.Context, now Person, set fieldSet) {
	written, _, _ := f.Check(language.Day(time.Now())) // the fields at fault keep what was written
	for _, c := range compare(now, written) {
		value := changeValue(ctx, c.Field, c.OldValue)
		set.notes[c.Field] = say(ctx, "registry.conflict.now", "value", value)
	}
}

// next is where a registration leads: to the person, or back to the page it was asked from.
func next(then string, person uuid.UUID) string {
	id := person.String()
	switch place, ids := asked(then); place {
	case "sportello":
		return "/sportello/nuovo?persona=" + id
	case "sportello:": // where something was typed already
		return "/sportello/nuovo?bozza=" + ids[0] + "&persona=" + id
	case "cartella":
		return "/cartelle/nuova?persona=" + id
	case "nucleo::": // a new member of the household of a person
		return "/persone/" + ids[0] + "/nucleo?nucleo=" + ids[1] + "&persona=" + id
	}
	return "/persone/" + id
}

// back is where somebody goes who registers nobody: to what was left for it, or to the list.
func back(then string) string {
	switch place, ids := asked(then); place {
	case "sportello:":
		return "/sportello/nuovo?bozza=" + ids[0]
	case "nucleo::":
		return "/persone/" + ids[0] + "/nucleo"
	}
	return "/persone"
}

// asked takes a place that a registration is asked from apart: the name of the place, with a colon for each id that
// follows it. What has no id where one should be is no place.
func asked(then string) (place string, ids []string) {
	place, rest, more := strings.Cut(then, ":")
	for more {
		var id string
		id, rest, more = strings.Cut(rest, ":")
		if _, ok := modules.ParseID(id); !ok || len(ids) == 2 {
			return "", nil
		}
		place, ids = place+":", append(ids, id)
	}
	return place, ids
}
