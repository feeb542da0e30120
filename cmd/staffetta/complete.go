package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/intake"
	"staffetta/modules/kit"
	"staffetta/modules/practice"
	"staffetta/modules/registry"
	"staffetta/modules/sharing"
	"staffetta/policies"
	"staffetta/tenants"
)

// journey is the demo's walk, done by the services that the pages use. Its ids
// follow from their names, so that a second walk changes nothing.
type journey struct {
	p                      *Program
	owner, admin           tenants.Scope // Marsala's practice owner, Pantelleria's administrator
	worker, coordinator    tenants.Scope // Pantelleria
	receiver, receiverWork tenants.Scope // Mazara: coordinator, social worker
	practice               uuid.UUID
	caseID                 uuid.UUID
}

// journeySpace makes ids of names.
var journeySpace = uuid.MustParse("7f3d8a52-4f0e-4c3b-9a55-6f1f0c2d9b10")

func idOf(name string) uuid.UUID { return uuid.NewSHA1(journeySpace, []byte(name)) }

// completeDemo walks the whole journey: kit published, Pantelleria live and
// adopting, a case worked, an agreement signed, the case shared.
func (p *Program) completeDemo(ctx context.Context) error {
	if err := p.enter(ctx, pantelleria, "081014"); err != nil {
		return err
	}
	j := &journey{p: p, caseID: idOf("case")}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"find the people", j.findPeople},
		{"publish the kit", j.publish},
		{"adopt the kit", j.adopt},
		{"work the case", j.work},
		{"write the diary", j.writeDiary},
		{"assess", j.assess},
		{"sign the agreement", j.agree},
		{"share the case", j.share},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("complete the demo: %s: %w", step.name, err)
		}
	}
	return nil
}

func (j *journey) findPeople(ctx context.Context) (err error) {
	for _, one := range []struct {
		into       *tenants.Scope
		slug, role string
	}{
		{&j.owner, marsala, "practice_owner"},
		{&j.admin, pantelleria, "practice_owner"},
		{&j.worker, pantelleria, "social_worker"},
		{&j.coordinator, pantelleria, "coordinator"},
		{&j.receiver, mazara, "coordinator"},
		{&j.receiverWork, mazara, "social_worker"},
	} {
		if *one.into, err = j.p.scopeOf(ctx, one.slug, one.role); err != nil {
			return err
		}
	}
	return nil
}

// publish makes kit 1.0.0 of everything that Marsala has.
func (j *journey) publish(ctx context.Context) error {
	service, items := practice.NewService(j.p.deps), kit.NewItems(j.p.deps)
	known, err := service.Find(ctx, j.owner)
	if err != nil || len(known) == 0 {
		return fmt.Errorf("find the practice: %w", err)
	}
	j.practice = known[0].ID
	kits, err := service.FindKits(ctx, j.owner, j.practice)
	if err != nil || len(kits) > 0 {
		return err
	}
	composition := practice.Composition{Kit: idOf("kit 1.0.0"), Practice: j.practice, Release: "1.0.0"}
	for _, kind := range j.p.deps.Platform.Kinds.IDs() {
		versions, err := items.Published(ctx, j.owner, kind)
		if err != nil {
			return err
		}
		for _, v := range versions {
			composition.Versions = append(composition.Versions, v.ID)
		}
	}
	if _, err := service.Compose(ctx, j.owner, composition); err != nil {
		return err
	}
	_, err = service.Publish(ctx, j.owner, composition.Kit)
	return err
}

// adopt takes the kit into Pantelleria and, with an adaptation still to come, into Mazara.
func (j *journey) adopt(ctx context.Context) error {
	service := practice.NewService(j.p.deps)
	adoption, err := service.Start(ctx, j.admin, idOf("adoption"), j.practice)
	if err != nil {
		return err
	}
	_, err = service.Apply(ctx, j.admin, adoption.ID, nil)
	return err
}

// work registers the person, her household and her arrival, and opens the case.
func (j *journey) work(ctx context.Context) error {
	persons, contacts, cases := registry.NewService(j.p.deps), intake.NewService(j.p.deps), casefile.NewService(j.p.deps)
	rosa := cast[len(cast)-1]
	person, err := persons.Create(ctx, j.worker, registry.NewPerson{ID: idOf("person"), Details: registry.Details{
		TaxCode: rosa.code(), Surname: rosa.Surname, Name: rosa.Name, Citizenship: "Italia",
	}, Contacts: registry.ContactDetails{Mobile: "333 0000000", Municipality: "Pantelleria"}})
	if err != nil {
		return err
	}
	_, err = persons.CreateHousehold(ctx, j.worker, registry.NewHousehold{ID: idOf("household"), Kind: "registry", Person: person.ID, Joining: registry.Joining{Relation: "head"}})
	if err != nil {
		return err
	}
	contact, err := contacts.CreateContact(ctx, j.worker, intake.NewContact{ID: idOf("contact"), Details: intake.Details{
		Person: person.ID, Channel: intake.Channels[0].ID, Interlocutor: intake.Interlocutors[0].ID, Reason: intake.Reasons[0].ID,
		Request: "Chiede aiuto per restare a casa dopo la caduta: fatica a lavarsi e a fare le scale.",
	}})
	if err != nil {
		return err
	}
	_, err = cases.Create(ctx, j.worker, casefile.Opening{
		ID: j.caseID, Person: person.ID, Contact: contact.ID, Area: "disabili", Summary: "Autonomia ridotta dopo una caduta; vive sola.",
	})
	return err
}

func (j *journey) writeDiary(ctx context.Context) error {
	cases, today := casefile.NewService(j.p.deps), time.Now()
	if a, err := cases.Open(ctx, j.worker, j.caseID.String(), ""); err != nil {
		return err
	} else if a.State == "aperto" {
		if err := cases.Move(ctx, j.worker, j.caseID.String(), casefile.Move{Step: "prendi_in_carico"}); err != nil {
			return err
		}
	}
	for name, w := range map[string]casefile.Writing{
		"note 1": {Kind: "colloquio", Visibility: "public", HappenedOn: today.AddDate(0, 0, -40), Body: "Primo colloquio allo sportello. Racconta la caduta e i giorni in ospedale.\nTeme di dover lasciare la casa."},
		"note 2": {Kind: "visita_domiciliare", Visibility: "public", HappenedOn: today.AddDate(0, 0, -30), Body: "Visita a casa. Bagno senza maniglie, due gradini all'ingresso.\nLa vicina passa ogni mattina."},
		"note 3": {Kind: "nota", Visibility: "public", HappenedOn: today.AddDate(0, 0, -7), Body: "Telefonata: la fisioterapia procede. Prossima verifica tra un mese."},
	} {
		w.ID = idOf(name)
		if _, err := cases.SaveNote(ctx, j.worker, j.caseID.String(), w, true); err != nil {
			return err
		}
	}
	return nil
}

// assess fills the Barthel twice, so that the page has something to compare.
func (j *journey) assess(ctx context.Context) error {
	service := assessment.NewService(j.p.deps)
	instrument, err := service.Instrument(ctx, j.worker, "AS-01")
	if err != nil {
		return err
	}
	for i, share := range []float64{0.4, 0.7} {
		name := fmt.Sprint("assessment ", i)
		_, err := service.Finalise(ctx, j.worker, j.caseID.String(), assessment.Filling{
			ID: idOf(name), Instrument: "AS-01", DoneOn: time.Now().AddDate(0, -3+3*i, -1), Answers: answersAt(instrument, share),
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

func (j *journey) agree(ctx context.Context) error {
	service, now := sharing.NewService(j.p.deps), time.Now()
	agreement, err := service.ProposeAgreement(ctx, j.coordinator, policies.Proposal{
		ID: idOf("agreement"), Title: "Presa in carico condivisa Pantelleria – Mazara del Vallo",
		Parties:  []int32{j.coordinator.Tenant, j.receiver.Tenant},
		Edges:    []policies.Edge{{From: j.coordinator.Tenant, To: j.receiver.Tenant}, {From: j.receiver.Tenant, To: j.coordinator.Tenant}},
		Purposes: []string{"advice", "assessment"}, Sections: []string{"identity", "assessment", "icf", "plan"},
		From: now, To: now.AddDate(2, 0, 0), Act: policies.Act{Number: "42/2026", Day: now.AddDate(0, -1, 0)},
	})
	if err != nil || !agreement.Awaits(j.receiver.Tenant) {
		return err
	}
	_, err = service.SignAgreement(ctx, j.receiver, agreement.ID, policies.Act{Number: "108/2026", Day: now.AddDate(0, 0, -20)})
	return err
}

func (j *journey) share(ctx context.Context) error {
	service := sharing.NewService(j.p.deps)
	offered, err := service.Offer(ctx, j.worker, j.caseID.String(), sharing.Offer{
		ID: idOf("share"), Agreement: idOf("agreement"), Receiver: j.receiver.Tenant, Purpose: "assessment", Sections: []string{"identity", "assessment"},
		LegalBasis: "public_task", Until: time.Now().AddDate(0, 2, 0), Reason: "Valutazione congiunta prima del progetto.",
	})
	if err != nil || offered.State != "offered" {
		return err
	}
	_, err = service.Accept(ctx, j.receiver, offered.ID, sharing.Addressee{})
	return err
}
