package sharing_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"staffetta/modules/casefile"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// newWholeSite serves the pages of cases, too.
func newWholeSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	cases, err := casefile.Module().New(s.deps)
	s.must(err)
	s.pages = append(s.pages, cases.Pages...)
	_, err = s.templates.ParseFS(casefile.Module().Templates, "*.html")
	s.must(err)
	return s
}

// sees tells whether somebody finds a case of another body in the list and opens it; a half of both is an error.
func (s *site) sees(actor tenants.Scope, owner tenants.Tenant, file casefile.CaseFile) bool {
	s.t.Helper()
	ref := owner.Slug + "~" + file.ID.String()
	listed := strings.Contains(s.get(actor, "/condivisi"), file.ID.String())
	for _, path := range []string{"/cartelle/" + ref, "/cartelle/" + ref + "/perche"} {
		if got := s.serve(actor, "GET", path, nil); (got.status == http.StatusOK) != listed || !listed && got.status != http.StatusNotFound {
			s.t.Errorf("the list shows the case: %v, but %s answers %d %v", listed, path, got.status, got.err)
		}
	}
	return listed
}

func (s *site) post(actor tenants.Scope, path string, values url.Values) {
	s.t.Helper()
	if got := s.serve(actor, "POST", path, values); got.status != http.StatusSeeOther {
		s.t.Fatalf("POST %s: %d %v\n%s", path, got.status, got.err, got.markup)
	}
}

// move brings the agreement into a state, by who has read on the page what that does.
func (s *site) move(actor tenants.Scope, target string) {
	s.t.Helper()
	at := "/rete/accordi/" + s.agreement.ID.String() + "/stato/" + target
	s.post(actor, at, carry(s.get(actor, at), url.Values{"visto": {"si"}}))
}

// AT-08 of the sharing rules: visibility needs agreement and share.
func TestAT08VisibilityNeedsAgreementAndShare(t *testing.T) {
	t.Parallel()
	reason := url.Values{"motivo": {"Non serve più"}, "esito": {"Non serve più"}}
	accept := func(s *site, share string) { s.post(s.decider, share+"/accetta", nil) }
	for name, c := range map[string]struct {
		sees bool
		then func(s *site, share string)
	}{
		"live":       {true, accept},
		"only asked": {false, func(*site, string) {}},
		"refused":    {false, func(s *site, share string) { s.post(s.decider, share+"/rifiuta", reason) }},
		"withdrawn":  {false, func(s *site, share string) { s.post(s.worker, share+"/ritira", reason) }},
		"revoked":    {false, func(s *site, share string) { accept(s, share); s.post(s.worker, share+"/revoca", reason) }},
		"over":       {false, func(s *site, share string) { accept(s, share); s.setClock(21 * 24 * time.Hour) }},
		"under a suspended agreement": {false, func(s *site, share string) {
			accept(s, share)
			s.move(s.decider, policies.AgreementSuspended)
		}},
		"under an agreement taken up again": {true, func(s *site, share string) {
			accept(s, share)
			s.move(s.decider, policies.AgreementSuspended)
			s.move(s.decider, policies.AgreementActive)
		}},
		"under an agreement from which the owner withdrew": {false, func(s *site, share string) {
			accept(s, share)
			s.move(s.head, policies.AgreementEnded)
		}},
		"under an agreement from which the receiver withdrew": {false, func(s *site, share string) {
			accept(s, share)
			s.move(s.decider, policies.AgreementEnded)
		}},
		"under an agreement whose days are over": {false, func(s *site, share string) {
			accept(s, share)
			s.exec(`update policies.agreements set valid = tstzrange(lower(valid), now()) where id = $1`, s.agreement.ID)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newWholeSite(t)
			if s.sees(s.reader, s.owner, s.file) {
				t.Fatal("the case is seen without a share")
			}
			c.then(s, "/condivisioni/"+s.offered().ID.String())
			if got := s.sees(s.reader, s.owner, s.file); got != c.sees {
				t.Errorf("the receiver sees the case: %v", got)
			}
			theirs := s.openCase(s.reader, "Piero", "Verde")
			if s.sees(s.worker, s.receiver, theirs) || s.sees(s.head, s.receiver, theirs) {
				t.Error("the owner sees a case of the receiver: the wrong direction")
			}
		})
	}
}

// A proposal that not all have signed shows nothing, and lets nothing be offered; a direction does not run backwards.
func TestAT08NothingIsOfferedWithoutTheAgreement(t *testing.T) {
	t.Parallel()
	s := newWholeSite(t)
	s.move(s.head, policies.AgreementEnded)
	proposed := s.stage.propose(s.head, s.decider, func(*policies.Proposal) {})
	for name, try := range map[string]func() error{
		"proposed": func() error {
			o := s.offer()
			o.Agreement = proposed.ID
			_, err := s.sharing.Offers.Offer(t.Context(), s.worker, s.file.ID.String(), o)
			return err
		},
		"refused": func() error {
			s.post(s.decider, "/rete/accordi/"+proposed.ID.String()+"/rifiuto", url.Values{"motivo": {"Manca il parere"}})
			o := s.offer()
			o.Agreement = proposed.ID
			_, err := s.sharing.Offers.Offer(t.Context(), s.worker, s.file.ID.String(), o)
			return err
		},
		"the other way": func() error {
			back := s.agree(s.decider, s.head, func(*policies.Proposal) {})
			o := s.offer()
			o.ID, o.Agreement = newID(), back.ID
			_, err := s.sharing.Offers.Offer(t.Context(), s.worker, s.file.ID.String(), o)
			return err
		},
	} {
		if err := try(); err == nil {
			t.Errorf("%s: the share is offered", name)
		}
		if s.sees(s.reader, s.owner, s.file) {
			t.Errorf("%s: the receiver sees the case", name)
		}
	}
	if found, _, err := s.sharing.Shares.FindShared(t.Context(), s.reader, share.Place{}); err != nil || len(found) != 0 {
		t.Errorf("the service finds %v: %v", found, err)
	}
}
