package post

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/mail"
	"staffetta/modules"
)

// The templates of this module. Each is two messages, .subject and .text.
const (
	awaits  = "post.mail.awaits"  // something new
	daily   = "post.mail.daily"   // the day's summary and terms
	confirm = "post.mail.confirm" // the link that confirms an address
)

// notices are the templates that only tell that something awaits: they are sent while it does.
var notices = map[string]bool{awaits: true, daily: true}

// States of a mail.
const (
	queued  = "queued"
	sending = "sending"
	sent    = "sent"
	failed  = "failed"
	dropped = "dropped"
)

// Mail is a letter in the outbox (it: messaggio in uscita). Its text is made when it is sent.
type Mail struct {
	ID        uuid.UUID
	Tenant    int32
	Account   uuid.UUID
	Template  string
	Language  string
	State     string
	Reason    string // why it waits again, failed or was dropped: a class, never what a server said
	Attempts  int
	CreatedAt time.Time
	DueAt     time.Time
	EndedAt   time.Time // zero until then

	values, address []byte // sealed
}

// Service tells people by e-mail.
type Service struct {
	deps modules.Deps
	post Outbox
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, post: Outbox{deps.Platform.Seal}}
}

// valuesOf opens what a mail is filled in with.
func (s *Service) valuesOf(m Mail) (map[string]string, error) {
	values := map[string]string{}
	if m.values == nil {
		return values, nil
	}
	plain, err := s.deps.Platform.Seal.Open(m.values, valuesContext(m.ID))
	if err != nil {
		return nil, fmt.Errorf("open the values of mail %s: %w", m.ID, err)
	}
	return values, json.Unmarshal(plain, &values)
}

// letter writes the text of a mail. It links to no page of a body: the name of a body can say what somebody is followed for.
func (s *Service) letter(m Mail) (mail.Letter, error) {
	values, err := s.valuesOf(m)
	if err != nil {
		return mail.Letter{}, err
	}
	pairs := []any{"link", s.deps.Platform.Mail.Base + "/piattaforma/avviso/" + m.ID.String()}
	for name, value := range values {
		pairs = append(pairs, name, value)
	}
	say := func(part string) string {
		return s.deps.Platform.Mail.Words.Say(m.Language, language.M(m.Template+part, pairs...))
	}
	return mail.Letter{ID: m.ID, Subject: say(".subject"), Text: say(".text")}, nil
}

func valuesContext(mail uuid.UUID) []byte  { return []byte("mail values " + mail.String()) }
func addressContext(mail uuid.UUID) []byte { return []byte("mail address " + mail.String()) }
