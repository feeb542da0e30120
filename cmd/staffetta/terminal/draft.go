package terminal

import (
	"context"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// Draft is the command `staffetta kit draft`.
type Draft struct {
	Dir  string `arg:"" help:"Folder of sources." it:"Cartella dei sorgenti." type:"existingdir"`
	Body string `required:"" help:"Slug of the body that will publish the practice." it:"Nome breve dell’ente che pubblicherà la pratica."`
}

// Run has the program do it.
func (c Draft) Run(ctx context.Context, as AsPlatform) error { return as(ctx, c.Do) }

// Do gives the items of a folder and its draft practice to a body; what the body has already stays.
func (c Draft) Do(ctx context.Context, t Terminal, deps modules.Deps, _ tenants.Scope) error {
	folder, k, err := t.ReadSources(ctx, c.Dir, "0.1.0")
	if err != nil {
		return err
	}
	body, _, err := deps.Bodies.BySlug(c.Body)
	if err != nil || body.Slug == tenants.PlatformSlug {
		return t.Refusal(problem.New(problem.NotFound, "practice.command.no_body", "body", c.Body).Wrap(err))
	}
	s := tenants.Scope{Tenant: body.ID, Slug: body.Slug, Name: "staffetta kit", Purpose: tenants.Operator, RequestID: uuid.NewString()}
	practice, err := release.InstallSource(ctx, deps, s, folder.Source())
	if err != nil {
		return t.Refusal(err)
	}
	t.Say("practice.command.drafted", "items", len(k.Items), "key", practice.Key, "body", body.Name, "path", "/"+body.Slug+"/pratiche/"+practice.ID.String())
	return nil
}

// NoKit names what was looked for, where pages speak of a page.
func (t Terminal) NoKit(err error, practice, number string) error {
	if problem.Is(err, problem.NotFound) {
		err = problem.New(problem.NotFound, "practice.command.no_kit", "practice", practice, "release", number)
	}
	return t.Refusal(err)
}
