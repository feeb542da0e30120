// Package deed writes the document of an agreement: the arrangement between joint controllers (GDPR art. 26), the contract
// with a processor (art. 28(3)) and what binds autonomous controllers, from a text of ours filled with what was agreed. The
// text is Italian, as the acts of the bodies are. It must decide nothing: agreements do.
package deed

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/policies"
	"staffetta/tenants"
)

//go:embed articles.json
var source []byte

// Document is the text of an agreement, as its legal office may check it and all may keep it.
type Document struct {
	Heading   string
	Title     string
	Agreement policies.Agreement
	Signers   []Signer
	Articles  []Article
}

// Signer is a body with what the document says of it.
type Signer struct {
	policies.Party
	Name, TaxCode, PEC string
}

// Article is one numbered part of the document.
type Article struct {
	Number  int
	Heading string
	Text    []string
	Items   []string
	Letters bool // the items are lettered as in art. 28(3)
	After   []string
}

// written is an article as the text has it.
type written struct {
	When    string   `json:"when"` // joint, processor or controllers: only where there are such parties
	Heading string   `json:"heading"`
	Text    []string `json:"text"`
	List    string   `json:"list"` // purposes, sections or ways
	Items   []string `json:"items"`
	Letters []string `json:"letters"`
	After   []string `json:"after"`
}

// facts are what the text is filled with.
type facts struct {
	Title, Parties, Joint, Processors, Masters, Controllers, Writable, From, Until, Renews string

	lists map[string][]string
}

// Service writes documents.
type Service struct {
	deps       modules.Deps
	agreements *agreement.Service
	articles   []written
}

// NewService makes the service over the program's parts and the rules of agreements. It panics when the text is broken.
func NewService(deps modules.Deps, agreements *agreement.Service) *Service {
	s := &Service{deps: deps, agreements: agreements}
	if err := json.Unmarshal(source, &s.articles); err != nil {
		panic(fmt.Errorf("read the text of agreements: %w", err)) // it is embedded above
	}
	return s
}

// Get returns the document of an agreement of the actor's body, or problem.NotFound.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Document, error) {
	a, err := s.agreements.GetAgreement(ctx, scope, id)
	if err != nil {
		return Document{}, err
	}
	d := Document{Title: a.Title, Agreement: a, Heading: heading(a)}
	for _, p := range a.Parties {
		signer := Signer{Party: p, Name: s.deps.Bodies.Name(p.Tenant)}
		if body, err := s.deps.Bodies.ByID(p.Tenant); err == nil { // a body that is gone keeps its name
			signer.TaxCode, signer.PEC = body.TaxCode, body.PEC
		}
		d.Signers = append(d.Signers, signer)
	}
	f, err := s.facts(ctx, scope, a)
	if err != nil {
		return Document{}, err
	}
	d.Articles, err = fill(s.articles, f)
	return d, err
}

// heading names the document after what the parties are.
func heading(a policies.Agreement) string {
	joint, processor := with(a, policies.JointController), with(a, policies.Processor)
	switch {
	case len(joint) > 0 && len(processor) > 0:
		return "Accordo di contitolarità e contratto con il responsabile del trattamento (articoli 26 e 28 del Regolamento (UE) 2016/679)"
	case len(joint) > 0:
		return "Accordo di contitolarità del trattamento (art. 26 del Regolamento (UE) 2016/679)"
	case len(processor) > 0:
		return "Contratto con il responsabile del trattamento (art. 28 del Regolamento (UE) 2016/679)"
	}
	return "Accordo tra titolari autonomi del trattamento"
}

// with lists the parties that have one of the roles.
func with(a policies.Agreement, roles ...string) (parties []int32) {
	for _, p := range a.Parties {
		for _, role := range roles {
			if p.Role == role {
				parties = append(parties, p.Tenant)
			}
		}
	}
	return parties
}

func (s *Service) facts(ctx context.Context, scope tenants.Scope, a policies.Agreement) (facts, error) {
	purposes, err := s.agreements.Purposes(ctx, scope)
	if err != nil {
		return facts{}, err
	}
	f := facts{
		Title: a.Title, Parties: s.names(with(a, policies.DataRoles()...)), Joint: s.names(with(a, policies.JointController)),
		Processors: s.names(with(a, policies.Processor)), Masters: s.names(with(a, policies.Controller, policies.JointController)),
		Controllers: s.names(with(a, policies.Controller)), Writable: strings.Join(sections(a.Writable), ", "), From: day(a.From),
		lists: map[string][]string{"sections": sections(a.Sections)},
	}
	if a.To.Year() < 9999 {
		f.Until = day(form.LastDay(a.To))
	}
	for _, key := range a.Purposes {
		f.lists["purposes"] = append(f.lists["purposes"], agreement.LabelOf(purposes, key).It)
	}
	for _, e := range a.Edges {
		f.lists["ways"] = append(f.lists["ways"], s.deps.Bodies.Name(e.From)+" mostra a "+s.deps.Bodies.Name(e.To))
	}
	if a.Renews == uuid.Nil {
		return f, nil
	}
	before, err := s.agreements.GetAgreement(ctx, scope, a.Renews)
	if err != nil && !problem.Is(err, problem.NotFound) {
		return facts{}, err
	}
	f.Renews = before.Title // empty for a body that was no party of it
	return f, nil
}

func day(at time.Time) string { return at.In(language.Rome).Format("02/01/2006") }

func sections(ids []string) []string {
	labels := make([]string, len(ids))
	for i, id := range ids {
		labels[i] = policies.SectionLabel(id).It
	}
	return labels
}

// names joins the names of bodies as a sentence does.
func (s *Service) names(bodies []int32) string {
	names := make([]string, len(bodies))
	for i, body := range bodies {
		names[i] = s.deps.Bodies.Name(body)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " e " + names[len(names)-1]
}

// holds tells whether an article is for such parties.
func (f facts) holds(when string) bool {
	return map[string]bool{"": true, "joint": f.Joint != "", "processor": f.Processors != "", "controllers": f.Controllers != ""}[when]
}

// fill numbers the articles that hold and puts the facts into them.
func fill(text []written, f facts) (articles []Article, err error) {
	for _, w := range text {
		if !f.holds(w.When) {
			continue
		}
		a := Article{Number: len(articles) + 1, Heading: w.Heading, Letters: len(w.Letters) > 0, Items: append(append(f.lists[w.List], w.Items...), w.Letters...)}
		if a.Text, err = filled(w.Text, f); err != nil {
			return nil, err
		}
		if a.After, err = filled(w.After, f); err != nil {
			return nil, err
		}
		articles = append(articles, a)
	}
	return articles, nil
}

func filled(paragraphs []string, f facts) ([]string, error) {
	done := make([]string, len(paragraphs))
	for i, p := range paragraphs {
		t, err := template.New("").Parse(p)
		if err != nil {
			return nil, fmt.Errorf("read the text of agreements: %w", err)
		}
		var out strings.Builder
		if err := t.Execute(&out, f); err != nil {
			return nil, fmt.Errorf("fill the text of agreements: %w", err)
		}
		done[i] = out.String()
	}
	return done, nil
}
