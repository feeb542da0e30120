package entry

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/onboarding/deed"
	"staffetta/tenants"
	"staffetta/tenants/taxcode"
)

// OtherBody is a body that is no municipality, as who enters declares it (it: altro ente). No register knows it, so somebody
// of the platform looks at its act first.
type OtherBody struct {
	Kind    tenants.Kind // "" for a municipality
	Name    string
	TaxCode string
	Deed    Deed
}

// Deed is the act that makes a body what it is, as it was uploaded (it: atto costitutivo).
type Deed struct {
	Sum       string // SHA-256 of the content; "" for none
	FileName  string
	MediaType string
}

// Upload is a file as it was sent.
type Upload struct {
	FileName string
	Content  []byte
}

const (
	// MaxDeed is the largest act, in bytes.
	MaxDeed = 10 << 20
	// deedsPerDay is how many acts an account sends in a day at most, at each instance.
	deedsPerDay = 20
)

// otherKinds are what a body can be that is no municipality.
var otherKinds = []tenants.Kind{tenants.Union, tenants.District, tenants.Other}

// deedTypes are what an act may be, by the type found in its content, with the endings of such files.
var deedTypes = map[string][]string{"application/pdf": {".pdf"}, "image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg"}}

// check finds out what a file is from its content, whatever its name says.
func (u Upload) check(faults *problem.Fields) Deed {
	sniffed, _, _ := strings.Cut(http.DetectContentType(u.Content), ";")
	endings, known := deedTypes[sniffed]
	switch {
	case len(u.Content) > MaxDeed:
		faults.Add("deed", "onboarding.other.deed_large", "max", MaxDeed>>20)
	case !known || !slices.Contains(endings, strings.ToLower(path.Ext(u.FileName))):
		faults.Add("deed", "onboarding.other.deed_type")
	}
	name := strings.Map(func(r rune) rune {
		if unkeepable(r) || strings.ContainsRune(`"<>|:*?/\`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(path.Base(strings.ReplaceAll(u.FileName, `\`, "/")), "_"))
	runes := []rune(name)
	return Deed{Sum: deed.Sum(u.Content), FileName: string(runes[max(len(runes)-120, 0):]), MediaType: sniffed}
}

// check tidies what was written of a body and its code in the index of public bodies.
func (o OtherBody) check(faults *problem.Fields, ipa string) (OtherBody, string) {
	if !slices.Contains(otherKinds, o.Kind) {
		faults.Add("kind", "web.field.choice")
	}
	o.Name = tidy(faults, "name", o.Name, 200)
	if len([]rune(o.Name)) < 3 {
		faults.Add("name", "web.field.required")
	}
	code, err := taxcode.Parse(o.TaxCode)
	if o.TaxCode = code.String(); err != nil || code.Kind() != taxcode.Provisional { // bodies have eleven digits, too
		faults.Add("tax_code", "onboarding.other.tax_code_wrong")
		o.TaxCode = ""
	}
	ipa = strings.ToLower(strings.TrimSpace(ipa))
	if !ipaPattern.MatchString(ipa) || tenants.IsReserved(ipa) || ofMunicipality(ipa) {
		faults.Add("ipa", "onboarding.body.ipa_wrong")
		ipa = ""
	}
	return o, ipa
}

// DescribeBody says that a body enters that is no municipality, with the act that makes it; without a file the one that was
// sent before stays. Saving the same again changes nothing. Errors: problem.Invalid by field, also for a code that another body
// has; problem.Conflict when the step was saved elsewhere.
func (v *Service) DescribeBody(ctx context.Context, s tenants.Scope, id uuid.UUID, version int, declared Declared) error {
	if _, err := v.Get(ctx, s, id); err != nil {
		return err // nobody else's file is kept
	}
	var faults problem.Fields
	body, ipa := declared.Body.check(&faults, declared.IPA)
	var sent Deed
	if declared.Upload != nil {
		sent = declared.Upload.check(&faults)
	}
	there, err := v.holds(ctx, identity{ipa: ipa, taxCode: body.TaxCode})
	if err != nil {
		return err
	}
	if there != nil {
		faults.Add("ipa", "onboarding.other.taken", "name", there.name)
	}
	err = v.changing(ctx, s, id, BodyStep, func(tx tenants.Tx, e Entry) (bool, error) {
		if body.Deed = sent; declared.Upload == nil {
			body.Deed = e.Other.Deed
		}
		if body.Deed.Sum == "" && declared.Upload == nil {
			faults.Add("deed", "onboarding.other.deed_missing")
		}
		switch {
		case faults.Err() != nil:
			return false, faults.Err()
		case e.Other == body && e.CorrectedIPA == ipa && e.Belfiore == "":
			return false, nil
		case e.BodyVersion != version:
			return false, conflict()
		}
		if body.Deed.Sum != e.Other.Deed.Sum {
			if err := v.keep(ctx, tx, s, declared.Upload.Content); err != nil {
				return false, err
			}
		}
		return true, saveBody(ctx, tx, s, Entry{ID: id, CorrectedIPA: ipa, Other: body})
	})
	if there != nil && problem.Is(err, problem.Invalid) {
		return v.refused(ctx, s, id, taken, err)
	}
	return err
}

// keep stores an act. Error: problem.TooMany when an account has sent its acts of the day.
func (v *Service) keep(ctx context.Context, tx tenants.Tx, s tenants.Scope, content []byte) error {
	if !v.deeds.Within(s.Account, language.Day(time.Now()), deedsPerDay) {
		return problem.New(problem.TooMany, "onboarding.other.deed_many", "max", deedsPerDay)
	}
	return deed.Keep(ctx, tx, v.deps.Platform.Files, s, content)
}

// Declared is what somebody writes of a body that is no municipality.
type Declared struct {
	Body   OtherBody // without its act
	IPA    string
	Upload *Upload // nil for the act that was sent before
}

// File is an act with its content.
type File struct {
	Deed
	Content []byte
	At      time.Time
}

// ReadDeed returns the act of an entry of the actor, or problem.NotFound.
func (v *Service) ReadDeed(ctx context.Context, s tenants.Scope, id uuid.UUID) (File, error) {
	e, err := v.Get(ctx, s, id)
	if err != nil {
		return File{}, err
	}
	if e.Other.Deed.Sum == "" {
		return File{}, problem.Missing()
	}
	content, err := v.deps.Platform.Files.Get(ctx, s.Tenant, e.Other.Deed.Sum)
	return File{Deed: e.Other.Deed, Content: content, At: e.UpdatedAt}, err
}
