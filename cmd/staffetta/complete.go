package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/cmd/staffetta/papers"
	"staffetta/cmd/staffetta/stages"
	"staffetta/internal/language"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/upgrade"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/onboarding/office"
	"staffetta/tenants"
)

// journey is the demo's walk, done by the services that the pages use. Its ids
// follow from their names, so that a second walk changes nothing.
type journey struct {
	p                            *Program
	owner                        tenants.Scope // of Marsala's practice
	marsala, pantelleria, mazara crew
	practice                     uuid.UUID
	caseID                       uuid.UUID
}

// crew is who works in a body of the demo.
type crew struct{ admin, coordinator, worker, desk tenants.Scope }

var journeySpace = uuid.MustParse("7f3d8a52-4f0e-4c3b-9a55-6f1f0c2d9b10")

func idOf(name string) uuid.UUID { return uuid.NewSHA1(journeySpace, []byte(name)) }

// completeDemo walks the whole journey once: kit published, Pantelleria live and
// adopting, months of work in the bodies, a case worked, agreements signed, cases shared.
func (p *Program) completeDemo(ctx context.Context) error {
	for slug, istat := range map[string]string{pantelleria: "081014", petrosino: "081024"} {
		if err := p.enter(ctx, slug, istat); err != nil {
			return fmt.Errorf("make the demo's body %s: %w", slug, err)
		}
	}
	j := &journey{p: p, caseID: idOf("case")}
	if err := j.findPeople(ctx); err != nil {
		return err
	}
	if walked, err := j.isWalked(ctx); err != nil || walked {
		return err
	}
	return j.walk(ctx)
}

// walk takes every step; one that was taken before an interruption changes nothing.
func (j *journey) walk(ctx context.Context) error {
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"publish the kit", j.publish},
		{"adopt the kit", j.adopt},
		{"fill the months before", j.fillMonths},
		{"work the case", j.work},
		{"write the diary", j.writeDiary},
		{"assess", j.assess},
		{"sign the agreement", j.agree},
		{"share the case", j.share},
		{"join in a network", j.joinNetwork},
		{"sign the other agreements", j.agreeAll},
		{"draft a renewal", j.draftRenewal},
		{"hand cases over", j.passOn},
		{"join forces", j.joinForces},
		{"adapt an item", j.adapt},
		{"publish further releases", j.release},
		{"take the newest release", j.upgrade},
		{"pass the stages", stages.Demo{Deps: j.p.deps, Ceding: j.owner, Training: j.pantelleria.admin, Waiting: j.mazara.admin, ID: idOf}.Pass},
		{"look for practices", j.seek},
		{"inform people", j.informPeople},
		{"open offices", j.openOffices},
		{"share other cases", j.exchange},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("complete the demo: %s: %w", step.name, err)
		}
	}
	return nil
}

func (j *journey) findPeople(ctx context.Context) (err error) {
	if j.owner, err = j.p.scopeOf(ctx, marsala, "practice_owner"); err != nil {
		return err
	}
	for slug, c := range map[string]*crew{marsala: &j.marsala, pantelleria: &j.pantelleria, mazara: &j.mazara} {
		for role, into := range map[string]*tenants.Scope{"tenant_admin": &c.admin, "coordinator": &c.coordinator, "social_worker": &c.worker} {
			if *into, err = j.p.scopeOf(ctx, slug, role); err != nil {
				return err
			}
		}
		c.desk = c.worker
	}
	j.pantelleria.desk, err = j.p.scopeOf(ctx, pantelleria, "access_desk") // the only one in the cast
	return err
}

// isWalked tells whether the last step of the journey was taken at an earlier start.
func (j *journey) isWalked(ctx context.Context) (walked bool, err error) {
	err = j.p.deps.DB.InTx(ctx, j.marsala.worker, func(tx tenants.Tx) error {
		return tx.QueryRow(ctx, `select exists (select 1 from sharing.shares where id = $1)`, exchanges[len(exchanges)-1].id()).Scan(&walked)
	})
	if err != nil {
		return false, fmt.Errorf("look how far the demo is: %w", err)
	}
	return walked, nil
}

// publish makes kit 1.0.0 of everything that Marsala has.
func (j *journey) publish(ctx context.Context) error {
	service := release.NewService(j.p.deps)
	known, _, err := service.Find(ctx, j.owner, "")
	if err != nil || len(known) == 0 {
		return fmt.Errorf("find the practice: %w", err)
	}
	j.practice = known[0].ID
	kits, err := service.FindKits(ctx, j.owner, j.practice)
	if err != nil || len(kits) > 0 {
		return err
	}
	return j.publishRelease(ctx, cid.Releases[0])
}

// adopt takes the kit into Pantelleria and Mazara.
func (j *journey) adopt(ctx context.Context) error {
	service, upgrades := adoption.NewService(j.p.deps), upgrade.NewService(j.p.deps)
	for name, admin := range map[string]tenants.Scope{"adoption": j.pantelleria.admin, "adoption of Mazara": j.mazara.admin} {
		begun, err := service.Start(ctx, admin, idOf(name), j.practice)
		if err != nil {
			return err
		}
		if held, err := j.p.holds(ctx, admin); err != nil {
			return err
		} else if held {
			continue // it may have gone on since
		}
		plan, err := upgrades.Plan(ctx, admin, begun.ID, idOf("kit "+cid.Releases[0]))
		if err != nil {
			return err
		}
		if _, err := upgrades.Apply(ctx, admin, begun.ID, upgrade.Choice{Kit: plan.Kit, Seen: plan.Digest(), Acknowledged: true}); err != nil {
			return err
		}
	}
	show := guide.NewService(j.p.deps).ShowAll // people have been served with it for months
	return errors.Join(show(ctx, j.pantelleria.admin), show(ctx, j.mazara.admin))
}

// work registers the person, her household and her arrival, and opens the case.
func (j *journey) work(ctx context.Context) error {
	persons, contacts, cases := registry.NewService(j.p.deps), intake.NewService(j.p.deps), casefile.NewService(j.p.deps)
	worker, rosa := j.pantelleria.worker, cast[len(cast)-1]
	person, err := persons.Create(ctx, worker, registry.NewPerson{ID: idOf("person"), Details: registry.Details{
		TaxCode: rosa.code(), Surname: rosa.Surname, Name: rosa.Name, Citizenship: "Italia",
	}, Contacts: registry.ContactDetails{Mobile: "333 0000000", Municipality: "Pantelleria"}})
	if err != nil {
		return err
	}
	_, err = persons.CreateHousehold(ctx, worker, registry.NewHousehold{ID: idOf("household"), Kind: "registry", Person: person.ID, Joining: registry.Joining{Relation: "head"}})
	if err != nil {
		return err
	}
	contact, err := contacts.CreateContact(ctx, worker, intake.NewContact{ID: idOf("contact"), Details: intake.Details{
		Person: person.ID, At: workday(time.Now().AddDate(0, 0, -14)).Add(10 * time.Hour), Channel: intake.Channels[0].ID, Interlocutor: intake.Interlocutors[0].ID, Reason: intake.Reasons[0].ID,
		Request: "Chiede aiuto per restare a casa dopo la caduta: fatica a lavarsi e a fare le scale.",
	}, Closing: intake.Closing{Outcome: intake.TakingInCharge}})
	if err != nil {
		return err
	}
	_, err = cases.Create(ctx, worker, casefile.Opening{
		ID: j.caseID, Person: person.ID, Contact: contact.ID, Area: "disabili", Summary: "Autonomia ridotta dopo una caduta; nessuno in casa che possa aiutare.",
	})
	return err
}

// writeDiary takes the case in charge and signs what happened in the days before it was opened.
func (j *journey) writeDiary(ctx context.Context) error {
	cases, worker, ref := casefile.NewService(j.p.deps), j.pantelleria.worker, j.caseID.String()
	a, err := cases.Open(ctx, worker, ref, "")
	if err != nil {
		return err
	}
	if a.State == "aperto" {
		if err := cases.Move(ctx, worker, ref, casefile.Move{Step: "prendi_in_carico"}); err != nil {
			return err
		}
	}
	opened := a.OpenedAt // a second walk writes the same days
	for i, w := range []casefile.Writing{
		{Kind: "colloquio", HappenedOn: workday(opened.AddDate(0, 0, -13)), Body: "Primo colloquio allo sportello. Racconta la caduta e i giorni in ospedale.\nTeme di dover lasciare la casa."},
		{Kind: "visita_domiciliare", HappenedOn: workday(opened.AddDate(0, 0, -6)), Body: "Visita a casa. Bagno senza maniglie, due gradini all'ingresso.\nLa vicina passa ogni mattina."},
		{Kind: "nota", HappenedOn: workday(opened.AddDate(0, 0, -1)), Body: "Telefonata: la fisioterapia procede. Prossima verifica tra un mese."},
	} {
		w.ID, w.Visibility = idOf(fmt.Sprint("note ", i)), "public"
		if _, err := cases.SaveNote(ctx, worker, ref, w, true); err != nil {
			return err
		}
	}
	return nil
}

// workday is the day of an instant, or the Friday before a weekend.
func workday(at time.Time) time.Time {
	day := language.Day(at)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// assess fills in the Barthel twice, so that the page has something to compare: as it was when she left the
// hospital, and now.
func (j *journey) assess(ctx context.Context) error {
	service, worker := assessment.NewService(j.p.deps), j.pantelleria.worker
	_, instrument, err := service.Start(ctx, worker, j.caseID.String(), "AS-01")
	if err != nil {
		return err
	}
	for i, share := range []float64{0.4, 0.7} {
		_, err := service.Finalise(ctx, worker, j.caseID.String(), assessment.Filling{
			ID: idOf(fmt.Sprint("assessment ", i)), Instrument: "AS-01", DoneOn: time.Now().AddDate(0, 0, -45+44*i), Answers: answersAt(instrument, share),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// answersAt chooses for every question the option at a share of its list.
func answersAt(instrument assessment.Instrument, share float64) kit.Answers {
	answers := kit.Answers{}
	for _, item := range instrument.Definition.Items() {
		if n := len(item.Options); n > 0 {
			answers[item.Key] = item.Options[int(share*float64(n-1)+0.5)].Value
		}
	}
	return answers
}

// agree signs the agreement under which the case is shared.
func (j *journey) agree(ctx context.Context) error {
	return j.sign(ctx, pact{
		name: "agreement", title: "Presa in carico condivisa Pantelleria – Mazara del Vallo", parties: []crew{j.pantelleria, j.mazara}, signed: true,
	})
}

func (j *journey) share(ctx context.Context) error {
	service := sharing.NewService(j.p.deps)
	offered, err := service.Offers.Offer(ctx, j.pantelleria.worker, j.caseID.String(), sharing.Offer{
		ID: idOf("share"), Kind: share.Consultation, Agreement: idOf("agreement"), Receiver: j.mazara.worker.Tenant, Purpose: "assessment", Sections: []string{"identity", "assessment"},
		LegalBasis: "public_task", Until: time.Now().AddDate(0, 2, 0), Reason: "Valutazione congiunta prima del progetto.",
	})
	if err != nil || offered.State != share.Offered {
		return err
	}
	_, err = service.Shares.Accept(ctx, j.mazara.coordinator, offered.ID, sharing.Addressee{})
	return err
}

// informPeople publishes the privacy documents of the bodies.
func (j *journey) informPeople(ctx context.Context) error {
	officer, err := j.p.scopeOf(ctx, marsala, "dpo")
	if err != nil {
		return err
	}
	return papers.Demo{Deps: j.p.deps, ID: idOf, Officer: officer}.Publish(ctx, j.marsala.admin, j.pantelleria.admin, j.mazara.admin)
}

// openOffices opens an office in each body, where its profile says that it is reached: in the mornings, and on two afternoons.
func (j *journey) openOffices(ctx context.Context) error {
	service := office.NewService(j.p.deps)
	for _, admin := range []tenants.Scope{j.marsala.admin, j.pantelleria.admin, j.mazara.admin} {
		proposed, err := service.Propose(ctx, admin)
		if err != nil {
			return err
		}
		if proposed.Address == "" { // there is one already
			continue
		}
		proposed.Name, proposed.AccessNotes = "Servizi sociali", "Rampa all’ingresso, ascensore al primo piano"
		for day := range 5 {
			proposed.Hours[day] = []office.Opening{{From: 9 * 60, To: 13 * 60}}
		}
		for _, day := range []int{1, 3} {
			proposed.Hours[day] = append(proposed.Hours[day], office.Opening{From: 15 * 60, To: 17 * 60})
		}
		if _, err := service.Create(ctx, admin, idOf("office "+admin.Slug), proposed.Sheet); err != nil {
			return err
		}
	}
	return nil
}
