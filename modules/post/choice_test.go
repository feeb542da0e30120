package post_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/post"
	"staffetta/tenants"
)

// adopt gives the receiver an adoption of a practice of the owner, and returns who works on it there.
func (s *stage) adopt() (tenants.Scope, uuid.UUID) {
	s.t.Helper()
	for _, body := range []tenants.Tenant{s.owner, s.receiver} {
		s.SwitchOn(s.t, body.ID, "practice")
	}
	s.must(s.deps.Bodies.Reload(s.t.Context()))
	practice, kit, adoption := newID(), newID(), newID()
	s.exec(`insert into commons.practices (id, tenant_id, body, key) values ($1, $2, 'Ente', 'PROVA')`, practice, s.owner.ID)
	s.exec(`insert into commons.kits (id, practice_id, release, number, title_it, owner, licence, sheet, completeness, hash)
		values ($1, $2, '1.0.0', '{1,0,0}', 'Pratica di prova', 'Ente', 'CC-BY-4.0', '{}', 10, repeat('a', 64))`, kit, practice)
	s.exec(`insert into practice.adoptions (id, practice_id, kit_id, release, stage) values ($1, $2, $3, '1.0.0', 5)`, adoption, practice, kit)
	s.exec(`insert into practice.adoptions_parties (adoption_id, tenant_id, side) values ($1, $2, 'ceding'), ($1, $3, 'reusing')`, adoption, s.owner.ID, s.receiver.ID)
	return s.Operator(s.t, s.receiver, "practice_owner"), adoption
}

func (s *stage) due(adoption uuid.UUID, stage, days int) {
	s.t.Helper()
	s.exec(`insert into practice.adoptions_owners (adoption_id, stage, tenant_id, name, due) values ($1, $2, $3, 'Sara', $4)
		on conflict (adoption_id, stage, tenant_id) do update set due = excluded.due`, adoption, stage, s.receiver.ID, language.Day(time.Now()).AddDate(0, 0, days))
}

// A stage whose day is near and an alarm are told at once, once each, to whoever works on the adoption and to nobody else.
func TestAStageAndAnAlarmAreToldAtOnceAndOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	owner, adoption := s.adopt()
	s.subscribe(owner, mine, post.AtOnce)
	s.subscribe(s.reader, theirs, post.AtOnce)
	s.due(adoption, 5, 40)
	s.later(3 * time.Minute)
	s.wantsLetters("a day that is far", mine, 1)
	s.due(adoption, 5, 6)
	s.later(6 * time.Minute)
	s.wantsLetters("a day that is near", mine, 2)
	s.due(adoption, 5, 6)
	s.must(s.post.Tell(t.Context(), s.receiver.ID, post.Occasion{Moment: true}))
	s.later(9 * time.Minute)
	s.wantsLetters("the same day again", mine, 2)
	alarm := func(cause string, count int) {
		s.exec(`insert into practice.adoptions_alarms (adoption_id, cause, count, since) values ($1, $2, $3, app.now())
			on conflict (adoption_id, cause) do update set count = excluded.count`, adoption, cause, count)
	}
	alarm("unused", 2)
	s.later(12 * time.Minute)
	s.wantsLetters("an alarm", mine, 3)
	alarm("unused", 3)
	s.later(15 * time.Minute)
	s.wantsLetters("the same alarm", mine, 3)
	alarm("left", 1)
	s.later(18 * time.Minute)
	s.wantsLetters("another alarm", mine, 4)
	s.wantsLetters("who does not work on adoptions", theirs, 1)
}

// Each reminder is switched off by itself, by each person; what stood meanwhile is not told afterwards.
func TestRemindersAreSwitchedOffOneByOne(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := t.Context()
	owner, adoption := s.adopt()
	colleague := s.Operator(t, s.receiver, "practice_owner")
	s.subscribe(owner, mine, post.AtOnce)
	s.subscribe(colleague, theirs, post.AtOnce)
	choose := func(off ...string) error {
		a, err := s.post.Get(ctx, owner)
		s.must(err)
		return s.set(ctx, owner, post.Wish{Email: mine, Rhythm: post.AtOnce, Version: a.Version, Off: off})
	}
	s.wants(choose("practice.duty.lunch"), problem.Invalid)
	s.must(choose("practice.duty.stage"))
	s.must(s.set(ctx, owner, post.Wish{Email: mine, Rhythm: post.AtOnce, Version: 3})) // who says nothing of them leaves them as they are
	if a, err := s.post.Get(ctx, owner); err != nil || len(a.Off) != 1 || len(a.Choices) < 10 {
		t.Fatalf("%+v, %v", a, err)
	}
	s.due(adoption, 5, 2)
	s.must(s.post.Tell(ctx, s.receiver.ID, post.Occasion{Moment: true}))
	s.later(3 * time.Minute)
	s.wantsLetters("what was switched off", mine, 1)
	s.wantsLetters("a colleague", theirs, 2)
	s.exec(`insert into practice.adoptions_alarms (adoption_id, cause, count, since) values ($1, 'unused', 1, app.now())`, adoption)
	s.later(6 * time.Minute)
	s.wantsLetters("what was not", mine, 2)
	s.must(choose([]string{}...))
	s.due(adoption, 5, 2)
	s.later(9 * time.Minute)
	s.wantsLetters("what was known already", mine, 2)
}
