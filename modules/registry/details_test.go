package registry_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/registry"
	"staffetta/tenants/taxcode"
)

var (
	testDay = time.Date(2026, time.May, 12, 0, 0, 0, 0, time.UTC)
	born    = time.Date(1985, time.April, 3, 0, 0, 0, 0, time.UTC)
	// rosaCode is made of invented data; G315 is Pantelleria.
	rosaCode = taxcode.Build("Bianco", "Rosa", born, taxcode.Female, "G315")
)

func rosa() registry.Details {
	return registry.Details{TaxCode: rosaCode, Surname: "Bianco", Name: "Rosa"}
}

func with(change func(*registry.Details)) registry.Details {
	d := rosa()
	change(&d)
	return d
}

// faultsOf lists field and message key of what is wrong.
func faultsOf(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	if !problem.Is(err, problem.Invalid) {
		t.Fatalf("error %v is not about the input", err)
	}
	var faults []string
	for _, f := range problem.Of(err).Fields {
		faults = append(faults, f.Name+" "+f.Message.Key)
	}
	return faults
}

func TestCheckFillsFromTheCode(t *testing.T) {
	got, warnings, err := rosa().Check(testDay)
	if err != nil || warnings != nil {
		t.Fatalf("check: %v, %v", warnings, err)
	}
	if !got.Birth.Equal(born) || got.Sex != "F" || got.BirthplaceCode != "G315" || got.Birthplace != "Pantelleria" || got.CodeKind != registry.TaxCode {
		t.Errorf("filled %+v", got)
	}
}

func TestCheckFillsThePlaceAbroad(t *testing.T) {
	code := taxcode.Build("Popescu", "Maria", born, taxcode.Female, "Z129")
	got, warnings, err := registry.Details{TaxCode: code, Surname: "Popescu", Name: "Maria"}.Check(testDay)
	if err != nil || warnings != nil || got.Birthplace != "Romania" || got.BirthplaceCode != "Z129" {
		t.Errorf("filled %q %q, %v, %v", got.Birthplace, got.BirthplaceCode, warnings, err)
	}
}

func TestCheckRefuses(t *testing.T) {
	wrongCheck := rosaCode[:15] + string('A'+(rosaCode[15]-'A'+1)%26)
	for name, c := range map[string]struct {
		in   registry.Details
		want []string
	}{
		"lower case with spaces": {with(func(d *registry.Details) { d.TaxCode = " " + strings.ToLower(rosaCode[:6]) + " " + rosaCode[6:] }), nil},
		"too short a code":       {with(func(d *registry.Details) { d.TaxCode = rosaCode[:15] }), []string{"tax_code registry.tax_code.length"}},
		"wrong check":            {with(func(d *registry.Details) { d.TaxCode = wrongCheck }), []string{"tax_code registry.tax_code.check"}},
		"a sign in the code":     {with(func(d *registry.Details) { d.TaxCode = "BNCRSA85D43G31<X" }), []string{"tax_code registry.tax_code.character"}},
		"no code, no reason":     {with(func(d *registry.Details) { d.TaxCode = "" }), []string{"tax_code registry.tax_code.missing"}},
		"no code, with reason":   {with(func(d *registry.Details) { d.TaxCode, d.NoCodeReason = "", "unknown" }), nil},
		"unknown reason":         {with(func(d *registry.Details) { d.TaxCode, d.NoCodeReason = "", "because" }), []string{"no_code_reason web.field.choice"}},
		"STP code":               {with(func(d *registry.Details) { d.TaxCode = "STP1908120000123" }), nil},
		"anonymous":              {registry.Details{NoCodeReason: "anonymous", Alias: "Signora del porto"}, nil},
		"anonymous, no alias":    {registry.Details{NoCodeReason: "anonymous"}, []string{"alias registry.alias.missing"}},
		"no names": {registry.Details{TaxCode: rosaCode}, []string{
			"surname web.field.required", "name web.field.required",
		}},
		"born tomorrow":       {with(func(d *registry.Details) { d.BirthDate = "2026-05-13" }), []string{"birth_date registry.date.future"}},
		"born in 1899":        {with(func(d *registry.Details) { d.BirthDate = "1899-12-31" }), []string{"birth_date registry.date.early"}},
		"born on 30 February": {with(func(d *registry.Details) { d.BirthDate = "1985-02-30" }), []string{"birth_date registry.date.impossible"}},
		"dead before birth":   {with(func(d *registry.Details) { d.DeathDate = "1985-04-02" }), []string{"death_date registry.date.before_birth"}},
		"control character":   {with(func(d *registry.Details) { d.Name = "Ro\x00sa" }), []string{"name registry.text.characters"}},
		"turned direction":    {with(func(d *registry.Details) { d.Name = "Ro\u202esa" }), []string{"name registry.text.characters"}},
		"broken UTF-8":        {with(func(d *registry.Details) { d.Citizenship = "\xff" }), []string{"citizenship registry.text.characters"}},
		"long surname":        {with(func(d *registry.Details) { d.Surname = strings.Repeat("𝕭", 101) }), []string{"surname web.field.too_long"}},
		"HTML and 4 bytes":    {with(func(d *registry.Details) { d.TaxCode, d.NoCodeReason, d.Surname = "", "unknown", "<b>𠮷野</b>" }), nil},
		"sex":                 {with(func(d *registry.Details) { d.Sex = "X" }), []string{"sex web.field.choice"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := c.in.Check(testDay)
			if diff := cmp.Diff(c.want, faultsOf(t, err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckWarns(t *testing.T) {
	for name, c := range map[string]struct {
		in   registry.Details
		want []string
	}{
		"all agree":     {with(func(d *registry.Details) { d.BirthDate, d.Sex, d.Birthplace = "1985-04-03", "F", "PANTELLERIA" }), nil},
		"other surname": {with(func(d *registry.Details) { d.Surname = "Verdi" }), []string{"surname"}},
		"other name":    {with(func(d *registry.Details) { d.Name = "Anna" }), []string{"name"}},
		"other day":     {with(func(d *registry.Details) { d.BirthDate = "1985-04-04" }), []string{"birth_date"}},
		"another century": {with(func(d *registry.Details) {
			d.TaxCode = taxcode.Build("Bianco", "Rosa", time.Date(1920, 1, 5, 0, 0, 0, 0, time.UTC), "F", "G315")
			d.BirthDate = "1920-01-05"
		}), nil},
		"other sex":   {with(func(d *registry.Details) { d.Sex = "M" }), []string{"sex"}},
		"other place": {with(func(d *registry.Details) { d.Birthplace = "Marsala" }), []string{"birthplace"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, warnings, err := c.in.Check(testDay)
			if err != nil {
				t.Fatalf("a doubt became an error: %v", err)
			}
			var got []string
			for _, w := range warnings {
				got = append(got, w.Field)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestContactsCheck(t *testing.T) {
	for name, c := range map[string]struct {
		in   registry.ContactDetails
		want []string
	}{
		"good":        {registry.ContactDetails{Phone: "0923 123456", Mobile: "+39 (333) 12-34", Email: "rosa@esempio.it"}, nil},
		"letters":     {registry.ContactDetails{Phone: "0923 ABC12345"}, []string{"phone registry.phone.wrong"}},
		"few digits":  {registry.ContactDetails{Mobile: "1234"}, []string{"mobile registry.phone.wrong"}},
		"half e-mail": {registry.ContactDetails{Email: "rosa@"}, []string{"email registry.email.wrong"}},
		"name in it":  {registry.ContactDetails{Email: "Rosa <rosa@esempio.it>"}, []string{"email registry.email.wrong"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.in.Check()
			if diff := cmp.Diff(c.want, faultsOf(t, err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestKey(t *testing.T) {
	for name, want := range map[string]string{
		"D’Aloìa": "daloia", "d aloia": "daloia", "Größe": "grosse", "Łęcki": "lecki", "𠮷野": "𠮷野", " - ": "", "\x00\xff": "",
	} {
		if got := registry.Key(name); got != want {
			t.Errorf("key of %q is %q, want %q", name, got, want)
		}
	}
}
