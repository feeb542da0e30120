package mail_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/mail"
	"staffetta/internal/mail/smtptest"
)

func letter(to string) mail.Letter {
	return mail.Letter{ID: uuid.Must(uuid.NewV7()), To: to, Subject: "Qualcosa ti aspetta è qui", Text: "Aprilo:\n\nhttps://servizi.example.it/avviso/1?a=b\n"}
}

func TestALetterArrivesEncryptedAndLoggedIn(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t)
	l := letter("sara@example.it")
	if err := server.Sender().Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	taken := server.Taken()
	if len(taken) != 1 || taken[0].To != "sara@example.it" || taken[0].From != "avvisi@staffetta.example" {
		t.Fatalf("the server took %+v", taken)
	}
	for _, part := range []string{"Message-ID: <" + l.ID.String() + "@staffetta.example>", "https://servizi.example.it/avviso/1?a=b", "Auto-Submitted: auto-generated"} {
		if !strings.Contains(taken[0].Content, part) {
			t.Errorf("the letter lacks %q:\n%s", part, taken[0].Content)
		}
	}
}

func TestThePasswordComesFromAFile(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t)
	s := server.Settings()
	s.Password, s.PasswordFile = "", filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(s.PasswordFile, []byte(smtptest.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sender, err := mail.NewSender(s, server.Trust())
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), letter("sara@example.it")); err != nil {
		t.Fatal(err)
	}
}

func TestAServerThatNobodyVouchesForGetsNothing(t *testing.T) {
	t.Parallel()
	server := smtptest.Start(t)
	sender, err := mail.NewSender(server.Settings(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), letter("sara@example.it")); err == nil || len(server.Taken()) != 0 {
		t.Errorf("an unknown certificate was believed: %v", err)
	}
}

func TestFailuresTellRefusalsFromWhatPasses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		prepare func(*smtptest.Server, *mail.Settings)
		refused bool
		stage   string
	}{
		"no such mailbox": {func(s *smtptest.Server, _ *mail.Settings) { s.Answer(func(string) error { return smtptest.Refused }) }, true, "address"},
		"busy":            {func(s *smtptest.Server, _ *mail.Settings) { s.Answer(func(string) error { return smtptest.Busy }) }, false, "address"},
		"down":            {func(s *smtptest.Server, _ *mail.Settings) { s.Stop() }, false, "connection"},
		"wrong password":  {func(_ *smtptest.Server, s *mail.Settings) { s.Password = "x" }, false, "connection"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.Start(t)
			settings := server.Settings()
			test.prepare(server, &settings)
			sender, err := mail.NewSender(settings, server.Trust())
			if err != nil {
				t.Fatal(err)
			}
			err = sender.Send(t.Context(), letter("marcatore@example.it"))
			var failure *mail.Failure
			if !errors.As(err, &failure) || failure.Refused != test.refused || failure.Stage != test.stage {
				t.Errorf("got %v, want refused %t at %s", err, test.refused, test.stage)
			}
			if err != nil && strings.Contains(err.Error(), "marcatore") {
				t.Errorf("the error names the address: %v", err)
			}
		})
	}
}

func TestUnsafeSettingsAreRefused(t *testing.T) {
	t.Parallel()
	good := mail.Settings{Host: "smtp.example.it", Encryption: mail.StartTLS, User: "u", Password: "p", From: "a@example.it"}
	for name, change := range map[string]func(*mail.Settings){
		"no encryption to another machine": func(s *mail.Settings) { s.Encryption = mail.NoTLS },
		"unknown encryption":               func(s *mail.Settings) { s.Encryption = "ssl3" },
		"no sender":                        func(s *mail.Settings) { s.From = "" },
		"a user without a password":        func(s *mail.Settings) { s.Password = "" },
		"two passwords":                    func(s *mail.Settings) { s.PasswordFile = "/x" },
		"no host":                          func(s *mail.Settings) { s.Host = "" },
		"no port":                          func(s *mail.Settings) { s.Port = 70000 },
	} {
		s := good
		change(&s)
		if s.Check() == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	local := mail.Settings{Host: "127.0.0.1", Encryption: mail.NoTLS, From: "a@example.it"}
	if err := errors.Join(good.Check(), local.Check(), mail.Settings{Encryption: mail.StartTLS}.Check()); err != nil {
		t.Error(err)
	}
}
