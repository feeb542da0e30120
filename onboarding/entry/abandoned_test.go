package entry_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/onboarding/abandoned"
	"staffetta/onboarding/entry"
)

const day = 24 * time.Hour

// after runs the job on a day after now.
func (st *stage) after(t *testing.T, days int) {
	t.Helper()
	st.setClock(t, time.Duration(days)*day+time.Minute)
	failOn(t, abandoned.Run(t.Context(), st.deps))
	failOn(t, st.post.Deliver(t.Context()))
}

// letters counts those that an address got.
func (st *stage) letters(address string) (n int) {
	for _, taken := range st.server.Taken() {
		if taken.To == address {
			n++
		}
	}
	return n
}

func TestAbandonedEntriesAreRemindedOfAndClosed(t *testing.T) {
	c := newCrew(t)
	ctx, email := t.Context(), contact().Email
	waits := c.odd(t, c.carla) // it waits for the platform, and is nobody's to go on with
	failOn(t, c.service.AskReview(ctx, c.carla, waits.ID, waits.Mark()))
	c.exec(t, `update onboarding.entries set state = 'closed' where id <> $1 and id <> $2`, c.entry, waits.ID)
	c.exec(t, `update onboarding.entry_people set name = '' where entry_id <> $1 and entry_id <> $2`, c.entry, waits.ID)
	bare, err := c.service.Create(ctx, c.maria, newID(t)) // no address is known
	failOn(t, err)
	for _, step := range []struct{ days, letters int }{{6, 0}, {7, 1}, {8, 1}, {20, 1}, {21, 2}, {22, 2}, {29, 2}} {
		c.after(t, step.days)
		if got := c.letters(email); got != step.letters {
			t.Fatalf("on day %d there are %d letters, want %d", step.days, got, step.letters)
		}
	}
	if letter := c.letter(t, email); !strings.Contains(letter, "è ferma da 21 giorni") || !strings.Contains(letter, "fra 9 giorni si chiude") || !strings.Contains(letter, "/attivazione/"+c.entry.String()) {
		t.Errorf("the reminder says\n%s", letter)
	}
	c.exec(t, `update onboarding.entries set updated_at = app.now() where id = $1`, bare.ID) // somebody goes on with it
	c.after(t, 30)
	if e := c.get(t, c.maria, bare.ID); e.State != entry.Open {
		t.Errorf("an entry that somebody goes on with is %s", e.State)
	}
	if e := c.get(t, c.carla, waits.ID); e.State != entry.Open || e.Contact.PEC == "" {
		t.Errorf("an entry that waits for the platform is %s", e.State)
	}
	if e := c.get(t, c.ada, c.entry); e.State != entry.Closed || e.Contact != (entry.Contact{}) {
		t.Errorf("the entry is %s, with %+v", e.State, e.Contact)
	}
	for _, row := range slices.Concat(c.texts(t, `select e::text from onboarding.entries e where id = $1`, c.entry), c.texts(t, `select p::text from onboarding.entry_people p where entry_id = $1`, c.entry)) {
		for _, typed := range []string{"Ada", "Maria", "comune.example", "DD 12", "0923", "pantelleria"} {
			if strings.Contains(row, typed) {
				t.Errorf("what was typed is kept: %s", row)
			}
		}
	}
	if told := c.texts(t, `select payload ->> 'entries' from audit.events where action = 'entry.abandon'`); len(told) != 1 || !strings.Contains(told[0], c.entry.String()) {
		t.Errorf("the audit says %v", told)
	}
	c.starter.visit(t, "/attivazione/mie", nil).want(t, 200, "Comune di Pantelleria", "Chiusa: ferma da 30 giorni").lacks(t, `href="`+c.at+`"`)
	c.starter.visit(t, c.at, nil).want(t, 409, "si è chiusa dopo 30 giorni")
	c.added.visit(t, c.at, nil).want(t, 404) // who else worked at it is forgotten
	wantKind(t, c.service.ChooseMunicipality(ctx, c.ada, c.entry, 1, marsala), problem.Conflict)
	c.after(t, 31) // and nothing more
	if events := c.texts(t, `select action from audit.events where action = 'entry.abandon'`); len(events) != 1 {
		t.Errorf("it is closed %d times", len(events))
	}
}

func TestAChangeBeginsTheDaysAnew(t *testing.T) {
	st := newStage(t)
	ctx, s := t.Context(), st.newcomer(t, "Ada Valenza", adaCode)
	e := st.filled(t, s, pantelleria)
	st.after(t, 8)
	c := e.Contact
	c.Phone = "0923 111111"
	failOn(t, st.service.SaveContact(ctx, s, e.ID, 1, c))
	st.after(t, 14)
	if n := st.letters(c.Email); n != 1 {
		t.Errorf("six days after a change there are %d letters", n)
	}
	st.after(t, 16)
	if n := st.letters(c.Email); n != 2 {
		t.Errorf("a week after a change there are %d letters", n)
	}
	st.after(t, 31)
	if got := st.get(t, s, e.ID).State; got != entry.Open {
		t.Errorf("the entry is %s", got)
	}
}

func TestTwoJobsRemindOnce(t *testing.T) {
	st := newStage(t)
	e := st.filled(t, st.newcomer(t, "Ada Valenza", adaCode), pantelleria)
	st.setClock(t, 8*day)
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			if err := abandoned.Run(t.Context(), st.deps); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	failOn(t, st.post.Deliver(t.Context()))
	if n := st.letters(e.Contact.Email); n != 1 {
		t.Errorf("%d letters", n)
	}
}

func TestWhatABodyDeclaredIsForgottenToo(t *testing.T) {
	st := newStage(t)
	s := st.newcomer(t, "Ada Valenza", adaCode)
	e, err := st.service.Create(t.Context(), s, newID(t))
	failOn(t, err)
	failOn(t, st.service.DescribeBody(t.Context(), s, e.ID, 0, union()))
	st.after(t, 30)
	if got := st.get(t, s, e.ID); got.State != entry.Closed || got.Name() != "" || got.IPA() != "" || got.Other.TaxCode != "" || got.Other.Deed != (entry.Deed{}) {
		t.Errorf("the entry is %s, with %q, %q and %+v", got.State, got.Name(), got.IPA(), got.Other)
	}
	st.wantFile(t, act, false)
}
