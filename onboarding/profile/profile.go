// Package profile is how a body shows itself to whoever opens its pages: words under its name, a colour, a crest, where to find it. It
// decides nothing about who may see what.
package profile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/jpeg" // the formats of a crest
	_ "image/png"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// The permissions of this package.
const (
	Read  = "console:read"
	Write = "profile:write"
)

// Service keeps how bodies show themselves.
type Service struct {
	deps modules.Deps
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service { return &Service{deps: deps} }

// MaxCrest is how large a crest is at most, in bytes, and maxSide in pixels.
const (
	MaxCrest = 200 << 10
	maxSide  = 1024
)

// Change is a profile as somebody writes it. Profile.Version is the one that they have seen, and its Crest is not looked at.
type Change struct {
	tenants.Profile
	Picture []byte // a new crest, PNG or JPEG; nil keeps the one that is there
	Bare    bool   // without a crest from now on
}

// Get returns the body with its profile.
func (v *Service) Get(s tenants.Scope) (tenants.Tenant, error) { return v.deps.Bodies.ByID(s.Tenant) }

// Propose returns the body with its profile; one that has saved none yet finds where the contact of its entry is reached.
func (v *Service) Propose(ctx context.Context, s tenants.Scope) (tenants.Tenant, error) {
	body, err := v.Get(s)
	if err == nil && body.Profile.Version == 0 {
		body.Profile, err = v.findContact(ctx, s)
	}
	return body, err
}

// Save keeps how the actor's body shows itself. Errors: problem.Invalid by field; problem.Conflict when somebody else saved it since.
func (v *Service) Save(ctx context.Context, s tenants.Scope, c Change) error {
	body, err := v.Get(s)
	if err != nil {
		return err
	}
	p, err := c.check()
	if err != nil {
		return err
	}
	if p.Crest = body.Profile.Crest; c.Bare {
		p.Crest = ""
	}
	if c.Picture != nil {
		p.Crest = sumOf(c.Picture)
	}
	if p == body.Profile {
		return nil
	}
	return v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		saved, err := tenants.SaveProfile(ctx, tx, p)
		if err != nil {
			return err
		}
		if !saved {
			return problem.New(problem.Conflict, "web.error.conflict")
		}
		if c.Picture != nil { // what is refused leaves no file
			if _, err := v.deps.Platform.Files.Put(ctx, s.Tenant, c.Picture); err != nil {
				return err
			}
		}
		tenants.AfterCommit(tx, v.deps.Bodies.Reload)
		return audit.Write(ctx, tx, s, audit.Event{Action: "profile.save"})
	})
}

// sumOf is how the picture is found again.
func sumOf(picture []byte) string {
	digest := sha256.Sum256(picture)
	return hex.EncodeToString(digest[:])
}

// Crest returns the picture of the body and its media type, or problem.NotFound where it has none.
func (v *Service) Crest(ctx context.Context, s tenants.Scope) (content []byte, format string, err error) {
	body, err := v.Get(s)
	if err != nil {
		return nil, "", err
	}
	if body.Profile.Crest == "" {
		return nil, "", problem.Missing()
	}
	if content, err = v.deps.Platform.Files.Get(ctx, s.Tenant, body.Profile.Crest); err != nil {
		return nil, "", err
	}
	_, format, err = image.DecodeConfig(bytes.NewReader(content))
	return content, "image/" + format, err
}

// check tidies what was written; the error carries every field at fault.
func (c Change) check() (tenants.Profile, error) {
	var wrong problem.Fields
	p := c.Profile
	for _, field := range []struct {
		name string
		text *string
		max  int
	}{
		{"sottotitolo", &p.Subtitle, 80},
		{"indirizzo", &p.Address, 200},
		{"telefono", &p.Phone, 40},
		{"email", &p.Email, 254},
		{"sito", &p.Website, 200},
		{"accessibilita", &p.Accessibility, 200},
	} {
		*field.text = strings.Join(strings.Fields(*field.text), " ")
		wrong.MaxLength(field.name, *field.text, field.max)
		if _, hidden := language.Unseen(*field.text, false); hidden {
			wrong.Add(field.name, "web.field.characters")
		}
	}
	p.Website, p.Accessibility = withScheme(p.Website), withScheme(p.Accessibility)
	if !slices.Contains(tenants.Themes, p.Theme) {
		wrong.Add("colore", "web.field.choice")
	}
	if p.Email != "" && !isAddress(p.Email) {
		wrong.Add("email", "onboarding.profile.error.email")
	}
	if strings.Trim(p.Phone, "0123456789 +-/().") != "" {
		wrong.Add("telefono", "onboarding.profile.error.phone")
	}
	for name, text := range map[string]string{"sito": p.Website, "accessibilita": p.Accessibility} {
		if text != "" && !isSite(text) {
			wrong.Add(name, "onboarding.profile.error.site")
		}
	}
	c.checkPicture(&wrong)
	return p, wrong.Err()
}

func (c Change) checkPicture(wrong *problem.Fields) {
	if c.Picture == nil {
		return
	}
	drawn, _, err := image.DecodeConfig(bytes.NewReader(c.Picture))
	switch {
	case len(c.Picture) > MaxCrest:
		wrong.Add("stemma", "onboarding.profile.error.large", "max", MaxCrest>>10)
	case err != nil:
		wrong.Add("stemma", "onboarding.profile.error.picture")
	case drawn.Width > maxSide || drawn.Height > maxSide:
		wrong.Add("stemma", "onboarding.profile.error.side", "max", maxSide)
	}
}

func isAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text
}

// withScheme completes an address as people write it; http is not taken for https.
func withScheme(site string) string {
	if site == "" || strings.Contains(site, ":") {
		return site
	}
	return "https://" + site
}

func isSite(text string) bool {
	site, err := url.Parse(text)
	return err == nil && site.Scheme == "https" && strings.Contains(site.Hostname(), ".") && site.User == nil
}

// Checks tell whether citizens can reach the body.
func (v *Service) Checks() []modules.Check {
	check := func(title string, required bool, met func(tenants.Profile) bool) modules.Check {
		return modules.Check{
			Title: title, Chapter: modules.IdentityChapter, Path: at, Permission: Write, Required: required,
			Find: func(_ context.Context, s tenants.Scope) (modules.Finding, error) {
				body, err := v.Get(s)
				if err != nil || !met(body.Profile) {
					return modules.Finding{}, err
				}
				return modules.Finding{State: modules.Met}, nil
			},
		}
	}
	reachable := func(p tenants.Profile) bool { return p.Address != "" && (p.Phone != "" || p.Email != "") }
	declared := check("onboarding.profile.check.accessibility", false, func(p tenants.Profile) bool { return p.Accessibility != "" })
	declared.Chapter = modules.LegalChapter
	return []modules.Check{check("onboarding.profile.check.contact", true, reachable), declared}
}
