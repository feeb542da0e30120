package sharing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/ask"
	"staffetta/modules/sharing/emergency"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/moving"
)

// breaks makes every reading of a row of a table fail for the app role, as a disk or a lock does.
func (s *stage) breaks(table string) {
	s.t.Helper()
	s.exec(`create function public.broken() returns boolean language plpgsql as $$ begin raise exception 'broken' using errcode = 'io_error'; end $$`)
	s.exec(`create policy broken on ` + table + ` as restrictive for select to staffetta_app using (public.broken())`)
}

// sqlState is how the database refused; "" where it did not.
func sqlState(err error) string {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refusal.Code
	}
	return ""
}

// Where nobody can tell whether something was made, it is not made anew: what was sent is not even looked at.
func TestAFaultIsNotTakenForNothingMadeYet(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(*testing.T) error{
		"share": func(t *testing.T) error {
			p := newPair(t)
			o := p.offer()
			_, err := p.sharing.Offers.Offer(t.Context(), p.worker, p.file.ID.String(), o)
			p.must(err)
			p.breaks("sharing.shares")
			o.Sections = nil
			_, err = p.sharing.Offers.Offer(t.Context(), p.worker, p.file.ID.String(), o)
			return err
		},
		"handover": func(t *testing.T) error {
			s := newPassage(t)
			h := s.passing()
			s.breaks("sharing.shares")
			_, err := s.sharing.Handovers.Offer(t.Context(), s.head, s.file.ID.String(), handover.Offer{ID: h.ID})
			return err
		},
		"change of residence": func(t *testing.T) error {
			s := newPassage(t)
			h := s.passing()
			s.breaks("sharing.shares")
			_, err := s.sharing.Moving.Start(t.Context(), s.head, s.file.ID.String(), moving.Start{ID: h.ID})
			return err
		},
		"ask": func(t *testing.T) error {
			k := newKnown(t)
			id := uuid.MustParse(strings.TrimPrefix(k.asked(codeRosa), "/rete/accesso/"))
			k.breaks("sharing.asks")
			_, err := k.sharing.Asks.Ask(t.Context(), k.reader, ask.Ask{ID: id})
			return err
		},
		"emergency": func(t *testing.T) error {
			k := newGlass(t)
			r := emergency.Request{ID: newID(), TaxCode: k.code, Reason: "Non apre la porta", Body: k.owner.ID}
			_, err := k.sharing.Emergencies.Open(t.Context(), k.reader, r)
			k.must(err)
			k.breaks("sharing.shares")
			r.Reason = ""
			_, err = k.sharing.Emergencies.Open(t.Context(), k.reader, r)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := again(t); sqlState(err) != "58030" || problem.Of(err).Kind != problem.Internal {
				t.Errorf("sent again while nobody can tell: %v", err)
			}
		})
	}
}
