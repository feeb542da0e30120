package post_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/internal/language"
	"staffetta/internal/mail"
	"staffetta/internal/mail/smtptest"
	"staffetta/modules"
	"staffetta/modules/post"
	"staffetta/policies"
)

// waiting has one mail that is due for the colleague.
func waiting(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	s.notify(s.colleague, "/scrivania")
	s.run()
	s.setClock(3 * time.Minute)
	return s
}

func (s *stage) stands(want string) {
	s.t.Helper()
	var got string
	s.must(s.Owner.QueryRow(context.Background(), `select state || ' ' || reason || ' ' || attempts from platform.mails where template = 'post.mail.awaits'`).Scan(&got))
	if got != want {
		s.t.Errorf("the mail stands at %q, want %q", got, want)
	}
}

func TestARefusedAddressIsSaidAndWrittenToNoMore(t *testing.T) {
	t.Parallel()
	s := waiting(t)
	s.server.Answer(func(string) error { return smtptest.Refused })
	s.run()
	s.stands("failed refused 1")
	a, err := s.post.Get(t.Context(), s.colleague)
	s.must(err)
	if a.Failure != "address" {
		t.Errorf("the person is not told: %+v", a)
	}
	s.server.Answer(nil)
	s.notify(s.colleague, "/scrivania")
	s.later(10 * time.Minute)
	s.wantsLetters("an address that refused", mine, 1)
	s.subscribe(s.colleague, "nuova@comune.example", post.AtOnce)
	s.notify(s.colleague, "/scrivania")
	s.later(20 * time.Minute)
	s.wantsLetters("confirmed anew", "nuova@comune.example", 2)
	s.silent("the log", s.log.String())
	if strings.Contains(s.log.String(), "comune.example") {
		t.Error("the log names an address")
	}
}

func TestAPendingAddressThatRefusesLeavesTheOtherOne(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	s.server.Answer(func(to string) error {
		if to != mine {
			return smtptest.Refused
		}
		return nil
	})
	s.must(s.set(t.Context(), s.colleague, post.Wish{Email: "sbagliata@comune.example", Rhythm: post.AtOnce, Version: 2}))
	s.notify(s.colleague, "/scrivania")
	s.later(3 * time.Minute)
	if a, err := s.post.Get(t.Context(), s.colleague); err != nil || a.Failure != "pending" || a.Email != mine {
		t.Errorf("got %+v %v", a, err)
	}
	s.wantsLetters("the confirmed one", mine, 2)
	for _, want := range []bool{true, false} { // the same address again: a new link where it was refused, none while one waits
		a, err := s.post.Get(t.Context(), s.colleague)
		s.must(err)
		if asked, err := s.post.Set(t.Context(), s.colleague, post.Wish{Email: a.Pending, Rhythm: post.AtOnce, Version: a.Version}); err != nil || asked != want {
			t.Errorf("a link was sent: %t, want %t: %v", asked, want, err)
		}
	}
}

// A mail that cannot be made holds up no other one, and is given up in the end.
func TestABrokenMailHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.subscribe(s.colleague, mine, post.AtOnce)
	s.subscribe(s.worker, "altra@comune.example", post.AtOnce)
	s.notify(s.colleague, "/scrivania")
	s.notify(s.worker, "/scrivania")
	s.run()
	s.setClock(3 * time.Minute)
	s.exec(`update platform.mails set address_sealed = 'rotto', due_at = due_at - interval '1 second' where template = 'post.mail.awaits' and account_id = '` + s.colleague.Account.String() + `'`)
	if err := s.post.Run(t.Context()); err == nil {
		t.Error("nobody learns that a mail cannot be made")
	}
	s.wantsLetters("the other one", "altra@comune.example", 2)
	if n := s.count(`select count(*) from platform.mails where state = 'queued' and reason = 'busy' and attempts = 1 and due_at > app.now()`); n != 1 {
		t.Errorf("%d mails wait for another attempt, want the broken one", n)
	}
	s.exec(`update platform.mails set state = 'sending', created_at = app.now() - interval '31 days' where reason = 'busy'`)
	s.must(s.post.Clean(t.Context()))
	if n := s.count(`select count(*) from platform.mails where state = 'failed' and reason = 'expired'`); n != 1 {
		t.Errorf("%d mails are given up, want the broken one", n)
	}
}

func TestABusyServerIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := waiting(t)
	s.server.Answer(func(string) error { return smtptest.Busy })
	s.run()
	s.stands("queued busy 1")
	s.server.Answer(nil)
	s.run()
	s.wantsLetters("before its time", mine, 1)
	s.setClock(5 * time.Minute)
	s.run()
	s.stands("sent  2")
	s.wantsLetters("in its time", mine, 2)
}

func TestAServerThatIsDownLosesNothingUntilItIsGivenUp(t *testing.T) {
	t.Parallel()
	s := waiting(t)
	s.server.Stop()
	ahead := 3 * time.Minute
	for range 8 {
		s.run()
		ahead += 25 * time.Hour
		s.setClock(ahead)
	}
	s.stands("queued busy 8")
	s.run()
	s.stands("failed unreachable 9")
}

// dying hands a letter over and dies before anybody can write that down.
type dying struct {
	sender *mail.Sender
	die    context.CancelFunc
}

// Send meets modules.Mailer.
func (d dying) Send(ctx context.Context, l mail.Letter) error {
	defer d.die()
	return d.sender.Send(ctx, l)
}

var messageID = regexp.MustCompile(`(?i)Message-ID: (<[^>]+>)`)

// A program that dies between sending and writing it down leaves a mail of which nobody knows whether it left. It is sent
// again, not at once, and as the same message: at least once, not exactly once, is what SMTP can promise.
func TestADeathBetweenSendingAndMarking(t *testing.T) {
	t.Parallel()
	s := waiting(t)
	ctx, die := context.WithCancel(t.Context())
	deps := s.deps
	deps.Platform.Mail.Mailer = dying{s.server.Sender(), die}
	if err := post.NewService(deps).Run(ctx); err == nil {
		t.Fatal("nobody died")
	}
	s.stands("sending  1")
	s.wantsLetters("handed over", mine, 2)
	s.run()
	s.wantsLetters("while somebody may still be at it", mine, 2)
	s.setClock(14 * time.Minute)
	s.run()
	s.stands("sent  2")
	letters := s.got(mine)
	if len(letters) != 3 {
		t.Fatalf("%d letters", len(letters))
	}
	if a, b := messageID.FindString(letters[1].Content), messageID.FindString(letters[2].Content); a == "" || a != b {
		t.Errorf("%q and %q are two messages", a, b)
	}
	s.setClock(24 * time.Hour)
	s.run()
	s.wantsLetters("once it is marked", mine, 3)
}

func TestTwoProgramsSendAMailOnce(t *testing.T) {
	t.Parallel()
	s := waiting(t)
	faults := make(chan error, 4)
	for range 4 {
		go func() { faults <- s.post.Run(context.Background()) }()
	}
	for range 4 {
		s.must(<-faults)
	}
	s.wantsLetters("four at a time", mine, 2)
}

func TestWithoutAServerMailStaysAndIsReadInADemoOnly(t *testing.T) {
	t.Parallel()
	s := waiting(t)
	deps := s.deps
	deps.Platform.Mail.Mailer = nil
	s.must(post.NewService(deps).Run(t.Context()))
	s.stands("queued  0")
	for _, open := range []bool{false, true} {
		deps.Platform.Mail.Open = open
		parts, err := post.Module().New(deps)
		s.must(err)
		i := slices.IndexFunc(parts.Pages, func(p modules.Page) bool { return p.Pattern == "GET /piattaforma/posta" })
		if public := parts.Pages[i].Permission == policies.Public; public != open || !open && parts.Pages[i].Permission != "mail:read" {
			t.Errorf("demo %t, the outbox wants %s", open, parts.Pages[i].Permission)
		}
		entries, err := post.NewService(deps).FindMails(t.Context())
		s.must(err)
		if len(entries) != 2 || entries[0].Template != "post.mail.awaits" {
			t.Fatalf("the outbox has %+v", entries)
		}
		if got := strings.Contains(entries[0].Text, base+"/piattaforma/avviso/"+entries[0].ID.String()); got != open {
			t.Errorf("demo %t, text shown %t", open, got)
		}
		if got := entries[1].To == mine; got != open {
			t.Errorf("demo %t, address shown %t", open, got)
		}
	}
	s.run() // a server comes: what waited leaves
	s.wantsLetters("once there is a server", mine, 2)
}

// known are the only things that a mail may be filled in with: links of this deployment and numbers, never a name.
var known = map[string]bool{"link": true, "confirm": true, "days": true, "code": true}

var placeholder = regexp.MustCompile(`\{\{\s*\.?([^}\s]*)\s*\}\}`)

func TestTemplatesHaveRoomForNothingPersonal(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, m := range list() {
		words, err := language.NewCatalogue(m.Messages)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range words.Keys() {
			if !strings.Contains(key, ".mail.") {
				continue
			}
			seen++
			for _, lang := range []string{language.Italian, language.English} {
				text := words.Say(lang, language.M(key, "link", "{{.link}}", "confirm", "{{.confirm}}", "days", "{{.days}}", "code", "{{.code}}"))
				for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
					if !known[found[1]] || strings.HasSuffix(key, ".subject") {
						t.Errorf("%s is filled in with %q", key, found[1])
					}
				}
				if strings.Contains(text, "<no value>") {
					t.Errorf("%s (%s) is filled in with something else:\n%s", key, lang, text)
				}
			}
		}
	}
	if seen < 6 {
		t.Fatalf("only %d messages of mails were found", seen)
	}
}

func TestMailOfOthersIsSealedAndForgotten(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.must(s.set(t.Context(), s.worker, post.Wish{Email: mine, Rhythm: post.AtOnce}))
	if n := s.count(`select count(*) from platform.mails m where to_jsonb(m)::text || encode(m.values_sealed, 'escape') || encode(m.address_sealed, 'escape') ~ 'comune.example|conferma'`); n != 0 {
		t.Error("a mail is kept in the clear")
	}
	s.run()
	s.setClock(8 * 24 * time.Hour)
	s.must(s.post.Clean(t.Context()))
	if n := s.count(`select count(*) from platform.mails where state = 'sent' and values_sealed is null and address_sealed is null`); n != 1 {
		t.Error("what filled in a mail outlives its term")
	}
	var _ modules.Post = post.NewOutbox(s.Key)
}
