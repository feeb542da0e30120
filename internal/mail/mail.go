// Package mail hands letters to an SMTP server. It must not know why a letter is written or to whom it belongs, and
// neither its errors nor anything it logs hold an address or a text.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/google/uuid"
	gomail "github.com/wneessen/go-mail"
)

// sendTimeout is how long one conversation with the server may take.
const sendTimeout = 30 * time.Second

// Letter is one message to one address. Sending it twice gives both the same Message-ID, by which mailboxes that look
// for it keep one.
type Letter struct {
	ID            uuid.UUID
	To            string
	Subject, Text string
}

// Failure says that a letter was not taken. Its text names no address: what servers answer often repeats it.
type Failure struct {
	Refused bool // the address or the letter is not wanted; trying again would not help
	Code    int  // what the server answered; 0 if it did not
	Stage   string
}

// Error meets error.
func (f *Failure) Error() string {
	return fmt.Sprintf("mail was not taken: %s, code %d", f.Stage, f.Code)
}

// Sender sends letters by SMTP.
type Sender struct {
	settings Settings
	password string
	trust    *tls.Config
	domain   string
}

// NewSender makes a sender; trust is whom it believes, nil for the authorities of the system.
func NewSender(s Settings, trust *tls.Config) (*Sender, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if s.Host == "" {
		return nil, errors.New("mail has no server")
	}
	password, err := s.secret()
	if err != nil {
		return nil, err
	}
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return nil, errors.New("the sender of mail is no address")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	return &Sender{settings: s, password: password, trust: trust, domain: domain}, nil
}

// Send hands a letter over and returns when the server has taken it. Errors: *Failure.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	message, err := s.compose(l)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return &Failure{Stage: "settings"}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return &Failure{Stage: "connection"}
	}
	sent := client.Send(message)
	_ = client.Close() // the letter is taken, or not, by now
	return classify(sent)
}

func (s *Sender) compose(l Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	if err := m.From(s.settings.From); err != nil {
		return nil, &Failure{Stage: "sender"}
	}
	if err := m.To(l.To); err != nil {
		return nil, &Failure{Refused: true, Stage: "address"}
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.ID.String() + "@" + s.domain)
	m.SetDate()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's holiday reply answers
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	return m, nil
}

func (s *Sender) client() (*gomail.Client, error) {
	options := []gomail.Option{gomail.WithPort(s.settings.port()), gomail.WithTimeout(sendTimeout), gomail.WithHELO(s.domain)}
	switch s.settings.Encryption {
	case TLS:
		options = append(options, gomail.WithSSL())
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.trust != nil {
		trust := s.trust.Clone()
		trust.ServerName = s.settings.Host
		options = append(options, gomail.WithTLSConfig(trust))
	}
	if s.settings.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if s.settings.Encryption == NoTLS {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.settings.User), gomail.WithPassword(s.password))
	}
	return gomail.NewClient(s.settings.Host, options...)
}

// stages are the words for where a conversation ended.
var stages = map[gomail.SendErrReason]string{
	gomail.ErrSMTPMailFrom: "sender", gomail.ErrSMTPRcptTo: "address", gomail.ErrSMTPData: "text", gomail.ErrSMTPDataClose: "text",
}

// classify tells a refusal of this letter from everything that may pass: a refused sender or login is the deployment's to mend.
func classify(err error) error {
	if err == nil {
		return nil
	}
	failure := &Failure{Stage: "conversation"}
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		if stage := stages[refused.Reason]; stage != "" {
			failure.Stage = stage
		}
		failure.Code = refused.ErrorCode()
		failure.Refused = !refused.IsTemp() && failure.Code >= 500 && (failure.Stage == "address" || failure.Stage == "text")
	}
	return failure
}
