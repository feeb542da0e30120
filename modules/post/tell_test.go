package post_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/post"
	"staffetta/modules/sharing"
	"staffetta/tenants"
)

const theirs = "decide@ente.example"

// assign gives the colleague the case, by the coordinator.
func (s *stage) assign(file casefile.CaseFile) {
	s.t.Helper()
	_, err := s.cases.Assign(s.t.Context(), s.head, file.ID.String(), casefile.Assigning{Account: s.colleague.Account, Reason: "Da oggi la segue un'altra persona"})
	s.must(err)
}

func TestWhoGetsACaseIsToldOnceAndNothingOfIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	file := s.openCase()
	s.assign(file)
	s.run()
	s.wantsLetters("while it waits for more", mine, 1)
	for range 9 {
		s.notify(s.colleague, "/cartelle/"+file.ID.String()+"/diario")
	}
	s.later(3 * time.Minute)
	s.wantsLetters("ten notices within minutes", mine, 2)
	s.must(s.post.Tell(t.Context(), s.owner.ID, post.Occasion{}))
	s.later(10 * time.Minute)
	s.wantsLetters("nothing new", mine, 2)
	for _, letter := range s.server.Taken() {
		s.silent("a letter", letter.Content)
	}
	s.silent("the log", s.log.String())
	s.notify(s.colleague, "/scrivania")
	s.later(20 * time.Minute)
	s.wantsLetters("something newer", mine, 3)
}

func TestOnlyWhoMayDecideIsToldOfAnOffer(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.decider, theirs, post.AtOnce)
	s.subscribe(s.reader, "legge@ente.example", post.AtOnce)
	made := s.offer(s.openCase())
	s.later(3 * time.Minute)
	s.wantsLetters("who may accept", theirs, 2)
	s.wantsLetters("who may not", "legge@ente.example", 1)
	_, err := s.sharing.Shares.Accept(t.Context(), s.decider, made.ID, sharing.Addressee{})
	s.must(err)
	s.later(6 * time.Minute)
	s.wantsLetters("what one did oneself", theirs, 2)
}

func TestWhatIsSettledBeforeItLeavesIsNotTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	file := s.openCase()
	s.assign(file)
	s.run()
	if n := s.count(`select count(*) from platform.mails where state = 'queued'`); n != 1 {
		t.Fatalf("%d mails wait", n)
	}
	_, err := s.cases.Assign(t.Context(), s.head, file.ID.String(), casefile.Assigning{Account: s.worker.Account, Reason: "Torna a chi la seguiva prima"})
	s.must(err)
	s.later(3 * time.Minute)
	s.wantsLetters("who has no sight of the case any more", mine, 1)
	if n := s.count(`select count(*) from platform.mails where state = 'dropped' and reason = 'settled'`); n != 1 {
		t.Errorf("%d mails were dropped", n)
	}
}

func TestWhoLeavesIsNotTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	s.assign(s.openCase())
	s.run()
	s.exec(`update platform.memberships set valid_from = current_date - 30, valid_to = current_date - 1 where account_id = $1`, s.colleague.Account)
	s.later(3 * time.Minute)
	s.notify(s.colleague, "/scrivania")
	s.later(6 * time.Minute)
	s.wantsLetters("who has left", mine, 1)
	if n := s.count(`select count(*) from platform.mails where state = 'dropped' and reason = 'left'`); n != 1 {
		t.Errorf("%d mails were dropped", n)
	}
}

func TestABodyThatIsSuspendedTellsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	s.assign(s.openCase())
	s.run()
	s.exec(`update platform.tenants set state = 'suspended' where id = $1`, s.owner.ID)
	s.must(s.deps.Bodies.Reload(t.Context()))
	s.later(3 * time.Minute)
	s.wantsLetters("a suspended body", mine, 1)
}

func TestWhatIsRolledBackIsNotTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	s.run()
	undone := errors.New("undone")
	err := s.DB.InTx(t.Context(), s.colleague, func(tx tenants.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into casefile.notices (id, account_id, topic, path) values ($1, $2, 'case.assigned', '/scrivania')`, newID(), s.colleague.Account)
		s.must(err)
		s.must(s.deps.Platform.Mail.Post.Queue(t.Context(), tx, modules.Mail{Account: s.colleague.Account, Template: "post.mail.awaits"}))
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if n := s.count(`select count(*) from platform.mail_signals where told_at is null`); n != 0 {
		t.Errorf("%d signals are left", n)
	}
	s.later(3 * time.Minute)
	s.wantsLetters("what did not happen", mine, 1)
}

func TestOnceADayIsOnceADay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.Daily)
	s.assign(s.openCase())
	s.later(3 * time.Minute)
	s.wantsLetters("before the moment of the day", mine, 1)
	s.must(s.post.Tell(t.Context(), s.owner.ID, post.Occasion{Moment: true}))
	s.later(6 * time.Minute)
	s.wantsLetters("at the moment of the day", mine, 2)
	s.notify(s.colleague, "/scrivania")
	s.must(s.post.Tell(t.Context(), s.owner.ID, post.Occasion{Moment: true}))
	s.later(9 * time.Minute)
	s.wantsLetters("later on that day", mine, 2)
	s.exec(`update post.told set daily_on = daily_on - 1`)
	s.must(s.post.Tell(t.Context(), s.owner.ID, post.Occasion{Moment: true}))
	s.later(12 * time.Minute)
	s.wantsLetters("the next day", mine, 3)
}

func TestNeverIsNeverButForEmergencies(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.Never)
	s.subscribe(s.dpo, "rpd@ente.example", post.Never)
	if a, err := s.post.Get(t.Context(), s.dpo); err != nil || !a.Urgent {
		t.Errorf("the officer is not told that emergencies come anyway: %+v %v", a, err)
	}
	if a, err := s.post.Get(t.Context(), s.colleague); err != nil || a.Urgent {
		t.Errorf("a social worker is told of emergencies: %+v %v", a, err)
	}
	file := s.openCase()
	offered := s.offer(file)
	s.assign(file)
	s.emergency(offered)
	s.run() // without any wait
	s.wantsLetters("an emergency", "rpd@ente.example", 2)
	s.later(3 * time.Minute)
	s.must(s.post.Tell(t.Context(), s.owner.ID, post.Occasion{Moment: true}))
	s.later(6 * time.Minute)
	s.wantsLetters("never", mine, 1)
	s.wantsLetters("the same emergency", "rpd@ente.example", 2)
	for _, letter := range s.server.Taken() {
		s.silent("a letter", letter.Content)
	}
}

// emergency writes an access in an emergency beside a share, behind the walls.
func (s *stage) emergency(like sharing.Share) {
	s.t.Helper()
	id := newID()
	s.exec(`insert into sharing.shares select (jsonb_populate_record(s, jsonb_build_object('id', $1::uuid, 'kind', 'break_glass', 'state', 'active', 'version', 1,
		'offered_tenant', s.receiver_tenant, 'offered_by', $3::uuid, 'offered_at', now(), 'decided_at', now(), 'valid_to', now() + interval '2 hours', 'answer_by', now() + interval '2 hours'))).* from sharing.shares s where s.id = $2`, id, like.ID, s.reader.Account)
	s.exec(`insert into sharing.shares_parties select $1, p.tenant_id, p.side from sharing.shares_parties p where p.share_id = $2`, id, like.ID)
	s.exec(`insert into sharing.shares_details (share_id, owner_tenant, case_id, reason)
		select $1, d.owner_tenant, d.case_id, d.reason from sharing.shares_details d where d.share_id = $2`, id, like.ID)
	s.exec(`insert into sharing.emergencies (share_id, owner_tenant, review_by) values ($1, $2, now() + interval '5 days')`, id, s.owner.ID)
}

func TestATermIsToldOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.decider, theirs, post.AtOnce)
	made := s.offer(s.openCase())
	s.later(3 * time.Minute)
	s.wantsLetters("the offer", theirs, 2)
	moment := func() {
		s.exec(`update post.told set daily_on = daily_on - 1`)
		s.must(s.post.Tell(context.Background(), s.receiver.ID, post.Occasion{Moment: true}))
	}
	s.exec(`update sharing.shares set answer_by = now() + interval '10 days' where id = $1`, made.ID)
	moment()
	s.later(6 * time.Minute)
	s.wantsLetters("a term that is far", theirs, 2)
	s.exec(`update sharing.shares set answer_by = now() + interval '2 days' where id = $1`, made.ID)
	moment()
	s.later(9 * time.Minute)
	s.wantsLetters("a term that is near", theirs, 3)
	moment()
	s.later(12 * time.Minute)
	s.wantsLetters("the same term", theirs, 3)
}

// Only duties that what happened concerns are asked; what was told of the others stays told.
func TestOnlyWhatHappenedIsAsked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	asked := map[string]int{}
	source := func(name string, topics ...string) modules.DutySource {
		return modules.DutySource{Permission: "desk:read", Topics: topics, Find: func(_ context.Context, who tenants.Scope) ([]modules.Duty, error) {
			if who.Account != s.colleague.Account {
				return nil, nil
			}
			asked[name]++
			return []modules.Duty{{Label: language.M(name, "n", 1), Path: "/" + name, Since: time.Unix(1, 0)}}, nil
		}}
	}
	s.deps.Platform.Duties.Add(casefile.Module(), []modules.DutySource{source("notices", "casefile.notices"), source("contests", "ledger.contests"), source("terms")})
	s.subscribe(s.colleague, mine, post.AtOnce)
	wants := func(what string, want map[string]int) {
		t.Helper()
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("%s, asked:\n%s", what, diff)
		}
		clear(asked)
	}
	s.must(s.post.Tell(t.Context(), s.owner.ID, post.Occasion{Moment: true}))
	wants("at the moment of the day", map[string]int{"notices": 1, "contests": 1, "terms": 1})
	s.later(3 * time.Minute)
	s.wantsLetters("at the moment of the day", mine, 2)
	clear(asked)
	s.notify(s.colleague, "/scrivania")
	if n := s.count(`select count(*) from platform.mail_signals where told_at is null and topic = 'casefile.notices' and tenant_id = $1`, s.owner.ID); n != 1 {
		t.Fatalf("%d signals carry the topic", n)
	}
	s.run()
	wants("a notice", map[string]int{"notices": 1})
	if n := s.count(`select count(*) from post.told where account_id = $1 and things ?& array['notices', 'contests', 'terms']`, s.colleague.Account); n != 1 {
		t.Error("what was not asked for is forgotten")
	}
	s.later(6 * time.Minute)
	s.wantsLetters("a notice", mine, 3)
	clear(asked)
	s.exec(`insert into platform.mail_signals (tenant_id) values ($1)`, s.owner.ID) // as the program before wrote it
	s.run()
	wants("something", map[string]int{"notices": 1, "contests": 1, "terms": 1})
	s.later(9 * time.Minute)
	s.wantsLetters("nothing new", mine, 3)
}
