package post_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/post"
)

const mine = "sara.lombardo@comune.example"

func TestAnAddressCountsOnceItsLinkIsOpened(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.must(s.set(t.Context(), s.worker, post.Wish{Email: " " + mine + " ", Rhythm: post.Daily}))
	a, err := s.post.Get(t.Context(), s.worker)
	s.must(err)
	if a.Email != "" || a.Pending != mine || a.Rhythm != post.Daily || a.Version != 1 {
		t.Errorf("before the link is opened: %+v", a)
	}
	s.must(s.post.Deliver(t.Context()))
	token := s.token(mine)
	s.must(s.post.Knows(t.Context(), token))
	s.must(s.post.Confirm(t.Context(), token))
	if a, err = s.post.Get(t.Context(), s.worker); err != nil || a.Email != mine || a.Pending != "" {
		t.Errorf("after it: %+v %v", a, err)
	}
	s.wants(s.post.Confirm(t.Context(), token), problem.NotFound)
	for _, wrong := range []string{"", "1", "1-x", token[:len(token)-1] + "_", "2" + token[1:], "99999999999-" + token, strings.Repeat("1", 500)} {
		s.wants(s.post.Confirm(t.Context(), wrong), problem.NotFound)
	}
	if n := s.count(`select count(*) from audit.events where action in ('address.set', 'address.confirm') and object_id = $1`, s.worker.Account); n != 2 {
		t.Errorf("%d events", n)
	}
	if n := s.count(`select count(*) from post.addresses a where to_jsonb(a)::text || encode(a.address_sealed, 'escape') ~ 'lombardo|comune.example'`); n != 0 {
		t.Error("the address is kept in the clear")
	}
	if strings.Contains(s.log.String(), "lombardo") || strings.Contains(s.log.String(), token) {
		t.Error("the log names the address or the link")
	}
}

func TestALinkHoldsForTwoDaysAndUntilTheNext(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ask := func(email string) string {
		a, err := s.post.Get(t.Context(), s.worker)
		s.must(err)
		s.must(s.set(t.Context(), s.worker, post.Wish{Email: email, Rhythm: post.AtOnce, Version: a.Version}))
		s.must(s.post.Deliver(t.Context()))
		return s.token(email)
	}
	first, second := ask(mine), ask("altra@comune.example")
	s.wants(s.post.Confirm(t.Context(), first), problem.NotFound)
	s.setClock(49 * time.Hour)
	s.wants(s.post.Knows(t.Context(), second), problem.NotFound)
	s.wants(s.post.Confirm(t.Context(), second), problem.NotFound)
	if a, err := s.post.Get(t.Context(), s.worker); err != nil || a.Pending != "" {
		t.Errorf("an expired link is still waited for: %+v %v", a, err)
	}
}

func TestTheSameAddressAgainWaitsForItsLink(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.must(s.set(t.Context(), s.worker, post.Wish{Email: mine, Rhythm: post.AtOnce}))
	s.must(s.set(t.Context(), s.worker, post.Wish{Email: mine, Rhythm: post.Daily, Version: 1}))
	s.must(s.post.Deliver(t.Context()))
	s.wantsLetters("the same address twice", mine, 1)
	s.must(s.post.Confirm(t.Context(), s.token(mine)))
	if a, err := s.post.Get(t.Context(), s.worker); err != nil || a.Email != mine || a.Rhythm != post.Daily {
		t.Errorf("got %+v %v", a, err)
	}
}

func TestWishesAreChecked(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, wrong := range []post.Wish{
		{Rhythm: post.AtOnce},
		{Email: "no", Rhythm: post.AtOnce},
		{Email: "a@b", Rhythm: post.AtOnce},
		{Email: "Sara <a@b.it>", Rhythm: post.AtOnce},
		{Email: "a@b.it\r\nBcc: c@d.it", Rhythm: post.AtOnce},
		{Email: strings.Repeat("a", 250) + "@b.it", Rhythm: post.AtOnce},
		{Email: mine, Rhythm: "hourly"},
		{Email: mine},
	} {
		s.wants(s.set(t.Context(), s.worker, wrong), problem.Invalid)
	}
	s.wants(s.set(t.Context(), s.worker, post.Wish{Email: mine, Rhythm: post.AtOnce, Version: 3}), problem.Conflict)
	for version := range 5 {
		s.must(s.set(t.Context(), s.worker, post.Wish{Email: fmt.Sprint(version, mine), Rhythm: post.AtOnce, Version: version}))
	}
	s.wants(s.set(t.Context(), s.worker, post.Wish{Email: mine, Rhythm: post.AtOnce, Version: 5}), problem.TooMany)
	if n := s.count(`select count(*) from platform.mails`); n != 5 {
		t.Errorf("%d links were written", n)
	}
	s.setClock(25 * time.Hour)
	s.must(s.set(t.Context(), s.worker, post.Wish{Email: mine, Rhythm: post.AtOnce, Version: 5}))
}

func TestAnAddressIsItsPersonsAlone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.worker, mine, post.AtOnce)
	if a, err := s.post.Get(t.Context(), s.colleague); err != nil || a.Email != "" || a.Version != 0 {
		t.Errorf("a colleague sees %+v %v", a, err)
	}
	s.must(s.set(t.Context(), s.worker, post.Wish{Rhythm: post.AtOnce, Version: 2}))
	if a, err := s.post.Get(t.Context(), s.worker); err != nil || a.Email != "" {
		t.Errorf("removed, but %+v %v", a, err)
	}
	if n := s.count(`select count(*) from post.addresses where address_sealed is not null`); n != 0 {
		t.Error("a removed address is kept")
	}
}
