package sharing_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/deed"
	"staffetta/policies"
)

// deedOf is the document of an agreement of three with these roles, as plain text.
func deedOf(u *union, roles [3]string) (deed.Document, string) {
	u.t.Helper()
	a := u.trio(func(p *policies.Proposal) {
		p.Title, p.Writable = "Accordo {{.Joint}} <b>", []string{"plan"}
		p.Roles = map[int32]string{u.owner.ID: roles[0], u.receiver.ID: roles[1], u.third.Tenant: roles[2]}
	})
	d, err := deed.NewService(u.deps, u.sharing.Agreements).Get(context.Background(), u.decider, a.ID)
	u.must(err)
	text := []string{d.Heading}
	for _, one := range d.Articles {
		text = append(text, one.Heading)
		text = append(append(append(text, one.Text...), one.Items...), one.After...)
	}
	return d, strings.Join(text, "\n")
}

// The document has what the articles ask for, and nothing of what the parties are not.
func TestDocumentFollowsTheRoles(t *testing.T) {
	t.Parallel()
	u := newUnion(t)
	const autonomous, joint, processor = policies.Controller, policies.JointController, policies.Processor
	for _, c := range []struct {
		roles     [3]string
		has, not  []string
		processor bool
	}{
		{[3]string{joint, joint, joint}, []string{"Accordo di contitolarità", "art. 26, par. 2", "art. 26, par. 3"}, []string{"Titolari autonomi", "lett. h) del"}, false},
		{[3]string{autonomous, processor, autonomous}, []string{"Contratto con il responsabile", "Titolari autonomi"}, []string{"contitolari ai sensi"}, true},
		{[3]string{joint, joint, processor}, []string{"articoli 26 e 28", "contitolari ai sensi"}, []string{"Titolari autonomi"}, true},
		{[3]string{autonomous, autonomous, autonomous}, []string{"Accordo tra titolari autonomi"}, []string{"contitolari ai sensi", "responsabile del trattamento, ai sensi"}, false},
	} {
		d, text := deedOf(u, c.roles)
		for _, words := range append(c.has, "mostra a", "Documenti", "Valutazione in comune", u.agreement.To.In(rome(t)).Add(-time.Second).Format("02/01/2006"), u.owner.Name, "Accordo {{.Joint}} <b>") {
			if !strings.Contains(text, words) {
				t.Errorf("%v: the document does not say %q:\n%s", c.roles, words, text)
			}
		}
		for _, words := range c.not {
			if strings.Contains(text, words) {
				t.Errorf("%v: the document says %q", c.roles, words)
			}
		}
		at := slices.IndexFunc(d.Articles, func(a deed.Article) bool { return a.Letters })
		if (at >= 0) != c.processor || at >= 0 && len(d.Articles[at].Items) != 8 {
			t.Errorf("%v: the points a to h of art. 28(3) stand at %d", c.roles, at)
		}
		for i, one := range d.Articles {
			if one.Number != i+1 {
				t.Errorf("%v: article %d is numbered %d", c.roles, i+1, one.Number)
			}
		}
	}
}

func TestDocumentThroughThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.agree(s.head, s.decider, func(p *policies.Proposal) { p.Title = "Accordo <i>di</i> rete" })
	markup := s.get(s.reader, "/rete/accordi/"+a.ID.String()+"/documento")
	for _, words := range []string{
		"Da far verificare all&#39;ufficio legale", "Accordo &lt;i&gt;di&lt;/i&gt; rete", fmt.Sprint(a.Version, " dell&#39;accordo"), "7/2026", "12/2026", a.Parties[0].Signatory, a.Parties[0].Digest[:16],
	} {
		if !strings.Contains(markup, words) {
			t.Errorf("the page does not say %q:\n%s", words, markup)
		}
	}
	if strings.Contains(markup, "Non ancora firmato") {
		t.Error("a signature is missing")
	}
	stranger := s.Operator(t, s.body("c_e974"), "coordinator")
	if got := s.serve(stranger, "GET", "/rete/accordi/"+a.ID.String()+"/documento", nil); got.status != http.StatusNotFound {
		t.Errorf("a stranger reads the document: %d", got.status)
	}
	_, err := deed.NewService(s.deps, s.sharing.Agreements).Get(context.Background(), stranger, a.ID)
	s.wants(t, err, problem.NotFound, "")
}
