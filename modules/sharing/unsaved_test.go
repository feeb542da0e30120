package sharing_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/tenants"
)

// withCases adds the pages of cases to the site.
func (s *site) withCases() *site {
	s.t.Helper()
	made, err := sharing.Module().New(s.deps)
	s.must(err)
	s.deps.Platform.Sights = modules.NewSights(s.deps.Bodies)
	s.deps.Platform.Sights.Add(sharing.Module(), made)
	parts, err := casefile.Module().New(s.deps)
	s.must(err)
	s.pages = slices.Concat(s.pages, parts.Pages)
	return s
}

// Who writes while the share ends keeps the words and nothing else; who never saw the case learns nothing.
func TestWordsOutliveTheShare(t *testing.T) {
	t.Parallel()
	s, ctx := siteOf(newCare(t)).withCases(), context.Background()
	form := func() url.Values {
		return url.Values{"id": {newID().String()}, "version": {"0"}, "tipo": {"foglio_amministrativo"}, "visibilita": {"public"}, "data": {time.Now().UTC().Format("2006-01-02")}, "testo": {"Visita di <oggi>"}}
	}
	at := "/cartelle/" + s.ref() + "/diario"
	writes := func(who string, actor tenants.Scope, status int, texts ...string) {
		t.Helper()
		got := s.serve(actor, "POST", at, form())
		if got.status != status {
			t.Fatalf("%s gets %d %v, want %d", who, got.status, got.err, status)
		}
		for _, text := range texts {
			if !strings.Contains(got.markup, text) {
				t.Errorf("%s does not read %q: %s", who, text, got.markup)
			}
		}
		if strings.Contains(got.markup, "Rosa") || strings.Contains(got.markup, s.file.Number) {
			t.Errorf("%s reads of the case: %s", who, got.markup)
		}
	}
	writes("a reader before the share", s.reader, 404)
	o := s.care()
	made, err := s.sharing.Offers.Offer(ctx, s.worker, s.file.ID.String(), o)
	s.must(err)
	writes("a reader of an offer", s.reader, 404)
	made, err = s.sharing.Shares.Accept(ctx, s.decider, made.ID, sharing.Addressee{Account: s.reader.Account})
	s.must(err)
	writes("the author", s.reader, 303)
	_, err = s.sharing.Shares.End(ctx, s.worker, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"})
	s.must(err)
	writes("the author after the end", s.reader, 410, "La condivisione è finita", "Visita di &lt;oggi&gt;", "readonly", `href="/ente/condivisi"`)
	writes("a colleague to whom it was not shown", s.Operator(t, s.receiver, "social_worker"), 404)
	stranger := s.body("c_a176")
	writes("another body", s.Operator(t, stranger, "social_worker"), 404)
	if got := s.serve(s.reader, "GET", at, nil); !problem.Is(got.err, problem.NotFound) {
		t.Errorf("reading after the end: %d %v", got.status, got.err)
	}
}
