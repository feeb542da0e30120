package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/archive"
	"staffetta/policies"
	"staffetta/tenants"
)

// MediaType is that of a kit file.
const MediaType = "application/vnd.staffetta.kit+zip"

type pages struct{ service *Service }

// Pages are those of kit files: anybody takes a published kit away, the platform's operators take one in.
func Pages(service *Service) []modules.Page {
	p := pages{service}
	return []modules.Page{
		{Pattern: "GET /buone-pratiche/{id}/kit/{release}", Permission: policies.Public, Site: modules.OnPlatform, Handle: p.download},
		{Pattern: "GET /piattaforma/kit", Permission: "practice:install", Purpose: tenants.Operator, Site: modules.OnPlatform, Handle: p.ask},
		{
			Pattern: "POST /piattaforma/kit", Permission: "practice:install", Purpose: tenants.Operator, Site: modules.OnPlatform, Handle: p.install,
			MaxBody: archive.Usual.File + 1<<20,
		},
	}
}

func (p pages) download(r *http.Request, s tenants.Scope) (modules.View, error) {
	id, err := modules.PathID(r, "id")
	if err != nil {
		return modules.View{}, err
	}
	file, err := p.service.Export(r.Context(), s, id, r.PathValue("release"))
	if err != nil {
		return modules.View{}, err
	}
	return modules.View{File: &modules.File{
		Name: file.Name, MediaType: MediaType, Content: file.Content, Modified: file.Kit.Manifest.Release.Published,
	}}, nil
}

// installPage takes a file in.
type installPage struct {
	Errors  component.ErrorSummary
	Refused *component.Alert
	Places  []string // what is wrong inside the file, place by place
	Fields  []component.Field
	Button  component.Button
}

func (p pages) ask(r *http.Request, _ tenants.Scope) (modules.View, error) {
	return p.installView(r, nil), nil
}

// placesShown are enough to see what is wrong with a file.
const placesShown = 20

func (p pages) installView(r *http.Request, refused error) modules.View {
	wrong := modules.FieldErrors(r.Context(), refused)
	page := installPage{
		Fields: []component.Field{
			{
				ID: "file", Kind: component.File, Required: true, Accept: ".kit", Label: modules.Say(r, "practice.install.file"),
				Hint: modules.Say(r, "practice.install.file_hint", "max", archive.Usual.File>>20), Error: wrong["file"],
			},
			{
				ID: "impronta", MaxLength: 80, Label: modules.Say(r, "practice.install.fingerprint"), Hint: modules.Say(r, "practice.install.fingerprint_hint"),
				Value: modules.Value(r, "impronta"), Error: wrong["fingerprint"],
			},
		},
		Button: component.Button{Label: modules.Say(r, "practice.install.button"), Emphasis: component.Primary},
	}
	page.Errors = component.Summarize(page.Fields...)
	if refused != nil && page.Fields[0].Error == "" && page.Fields[1].Error == "" {
		e := problem.Of(refused)
		page.Refused = &component.Alert{Tone: component.Danger, Title: modules.Say(r, "practice.install.refused"), Text: language.Say(r.Context(), e.Message)}
		for _, f := range e.Fields[:min(len(e.Fields), placesShown)] {
			page.Places = append(page.Places, f.Name+": "+language.Say(r.Context(), f.Message))
		}
	}
	view := modules.Render("practice/install", language.M("practice.install.heading"), page)
	if refused != nil {
		view = view.Refused()
	}
	return view
}

func (p pages) install(r *http.Request, s tenants.Scope) (modules.View, error) {
	content, err := readFile(r)
	if problem.Is(err, problem.Invalid) {
		return p.installView(r, err), nil
	}
	if err != nil {
		return modules.View{}, err
	}
	done, err := p.service.Install(r.Context(), s, bytes.NewReader(content), int64(len(content)), Trust{Fingerprint: modules.Value(r, "impronta")})
	switch {
	case problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict):
		return p.installView(r, err), nil
	case err != nil:
		return modules.View{}, err
	}
	return modules.Redirect(sheetPath(done.Kit.Manifest.Practice.ID), installedMessage(done)), nil
}

func installedMessage(done Installed) language.Message {
	if done.Known {
		return language.M("practice.install.known", "release", done.Kit.Manifest.Release.Number)
	}
	return language.M("practice.install.done", "release", done.Kit.Manifest.Release.Number)
}

func sheetPath(practice uuid.UUID) string { return "/buone-pratiche/" + practice.String() }

// readFile reads the file of the form. The error is problem.Invalid where there is none.
func readFile(r *http.Request) ([]byte, error) {
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		var wrong problem.Fields
		wrong.Require("file", "")
		return nil, wrong.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("read the sent file: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, archive.Usual.File+1))
	if err != nil {
		return nil, fmt.Errorf("read the sent file: %w", err)
	}
	return content, nil
}
