// Package papers publishes the privacy documents of the demo's bodies. It must not do anything that people cannot do by the pages.
package papers

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"staffetta/modules"
	"staffetta/onboarding/privacy"
	"staffetta/onboarding/privacy/paper"
	"staffetta/onboarding/profile"
	"staffetta/tenants"
)

// homes are where the demo's bodies are, and the host of their addresses.
var homes = map[string]struct{ address, host string }{
	"c_e974": {"Via Garibaldi 1, 91025 Marsala (TP)", "marsala.example"},
	"c_g315": {"Piazza Cavour 1, 91017 Pantelleria (TP)", "pantelleria.example"},
	"c_f061": {"Via Carmine 1, 91026 Mazara del Vallo (TP)", "mazara.example"},
}

// Demo publishes for bodies.
type Demo struct {
	Deps    modules.Deps
	ID      func(name string) uuid.UUID // the same of the same name at every walk
	Officer tenants.Scope               // the one member of the demo who is the data protection officer of a body; the others have one outside
}

// Publish publishes what the bodies of administrators have to publish, with the opinion of who looks after data protection there.
func (d Demo) Publish(ctx context.Context, admins ...tenants.Scope) error {
	for _, admin := range admins {
		if err := d.inform(ctx, admin); err != nil {
			return fmt.Errorf("publish the privacy documents of %s: %w", admin.Slug, err)
		}
	}
	return nil
}

// officer is who looks after data protection in the body of an administrator.
func (d Demo) officer(admin tenants.Scope) paper.Officer {
	o := paper.Officer{Name: "Studio Protezione Dati", Email: "rpd@" + homes[admin.Slug].host}
	if d.Officer.Tenant == admin.Tenant {
		o.Name = d.Officer.Name
	}
	return o
}

func (d Demo) inform(ctx context.Context, admin tenants.Scope) error {
	if err := d.introduce(ctx, admin); err != nil {
		return err
	}
	service := privacy.NewService(d.Deps)
	sheet, err := service.Get(ctx, admin)
	if err != nil || sheet.Version > 0 {
		return err // it may have gone on since
	}
	sheet.DPO = d.officer(admin)
	sheet.Provider = paper.Provider{Name: "Gestore della dimostrazione", Contact: "gestore@piattaforma.example", Act: "convenzione 1/2026"}
	sheet.Judgement = paper.Judgement{
		Need:     "I servizi sono dovuti per legge e senza questi dati non si possono dare; si raccolgono solo le sezioni che servono al caso.",
		Risks:    "Accesso indebito: poco probabile, grave. Perdita: poco probabile, media. Dati sbagliati: possibile, media.",
		Views:    "Il responsabile della protezione dei dati è favorevole.",
		Decision: "Il rischio che resta è accettabile. Si rivede ogni anno e quando si accende un modulo.",
	}
	if err := service.Save(ctx, admin, sheet); err != nil {
		return err
	}
	for _, kind := range paper.Kinds {
		if err := d.publish(ctx, admin, kind); err != nil {
			return err
		}
	}
	return nil
}

// introduce says where the body is, unless it says so itself.
func (d Demo) introduce(ctx context.Context, admin tenants.Scope) error {
	service := profile.NewService(d.Deps)
	body, err := service.Get(admin)
	if err != nil || body.Profile.Address != "" {
		return err
	}
	change := profile.Change{Profile: body.Profile}
	change.Address, change.Email = homes[admin.Slug].address, "sociali@"+homes[admin.Slug].host
	return service.Save(ctx, admin, change)
}

// publish publishes one document, with the agreement of the member who is the officer, where there is one.
func (d Demo) publish(ctx context.Context, admin tenants.Scope, kind paper.Kind) error {
	service := privacy.NewService(d.Deps)
	board, err := service.Find(ctx, admin)
	if err != nil {
		return err
	}
	one := board.Paper(kind)
	if len(one.Draft.Missing) > 0 || one.UpToDate() {
		return nil
	}
	order := privacy.Order{ID: d.ID("privacy " + admin.Slug + " " + string(kind)), Kind: kind, Mark: one.Mark}
	if !board.Agreed {
		order.Opinion = "Parere favorevole del responsabile della protezione dei dati, per posta certificata."
	}
	if err := service.Publish(ctx, admin, order); err != nil || !board.Agreed {
		return err
	}
	return service.Answer(ctx, d.Officer, privacy.Answer{ID: order.ID, Yes: true})
}
