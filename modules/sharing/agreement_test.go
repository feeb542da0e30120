package sharing_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/draft"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestAgreementGatesEveryShare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*policies.Proposal)
		unsign bool
	}{
		"proposed only":   {func(*policies.Proposal) {}, true},
		"wrong direction": {func(p *policies.Proposal) { p.Edges[0].From, p.Edges[0].To = p.Edges[0].To, p.Edges[0].From }, false},
		"not yet begun":   {func(p *policies.Proposal) { p.From = time.Now().AddDate(0, 1, 0) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, ctx := newPair(t), context.Background()
			_, err := p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementEnded, p.seen(p.head, p.agreement.ID, policies.AgreementEnded))
			p.must(err)
			var a policies.Agreement
			if c.unsign {
				a = p.propose(p.head, p.decider, c.change)
			} else {
				a = p.agree(p.head, p.decider, c.change)
			}
			o := p.offer()
			o.Agreement = a.ID
			_, err = p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
			p.wants(t, err, problem.Invalid, "destinatario")
			found, _, err := p.sharing.Shares.FindShared(ctx, p.reader, share.Place{})
			p.must(err)
			if len(found) != 0 || p.reads(p.reader) != nil {
				t.Errorf("the receiver sees %+v", found)
			}
		})
	}
}

func TestSuspensionHidesEveryShareAtTheNextQuery(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	p.accepted()
	for _, c := range []struct {
		by     tenants.Scope
		target string
		want   int
	}{
		{p.head, policies.AgreementSuspended, 0}, {p.head, policies.AgreementActive, 2}, {p.decider, policies.AgreementEnded, 0},
	} {
		_, err := p.sharing.Agreements.MoveAgreement(ctx, c.by, p.agreement.ID, c.target, p.seen(c.by, p.agreement.ID, c.target))
		p.must(err)
		if got := p.reads(p.reader); len(got) != c.want {
			t.Errorf("under an agreement %s the receiver reads %v", c.target, got)
		}
		if n := p.guestRows(p.reader, `select count(*) from casefile.cases`); (n == 0) != (c.want == 0) {
			t.Errorf("under an agreement %s the guest's door shows %d cases", c.target, n)
		}
	}
	_, err := p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementActive, p.seen(p.head, p.agreement.ID, policies.AgreementActive))
	p.wants(t, err, problem.Conflict, "")
}

func TestOnlyWhoSuspendedResumes(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	_, err := p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, p.seen(p.head, p.agreement.ID, policies.AgreementSuspended))
	p.must(err)
	_, err = p.sharing.Agreements.MoveAgreement(ctx, p.decider, p.agreement.ID, policies.AgreementActive, p.seen(p.decider, p.agreement.ID, policies.AgreementActive))
	p.wants(t, err, problem.Conflict, "")
	err = p.DB.InTx(ctx, p.decider, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select policies.change_agreement($1, 'active')`, p.agreement.ID)
		return err
	})
	if err == nil {
		t.Error("the database lets the other party resume")
	}
}

func TestAgreementInput(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	good := policies.Proposal{
		Title: "Accordo", Parties: []int32{p.owner.ID, p.receiver.ID}, Edges: []policies.Edge{{From: p.owner.ID, To: p.receiver.ID}},
		Purposes: []string{"advice"}, Sections: []string{"assessment"}, From: time.Now(), To: time.Now().AddDate(1, 0, 0),
		Act: policies.Act{Number: "1", Day: time.Now()},
	}
	for field, change := range map[string]func(*policies.Proposal){
		"titolo":      func(a *policies.Proposal) { a.Title = "" },
		"ente":        func(a *policies.Proposal) { a.Parties[1] = 99999 },
		"verso":       func(a *policies.Proposal) { a.Edges = nil },
		"scopi":       func(a *policies.Proposal) { a.Purposes = nil },
		"sezioni":     func(a *policies.Proposal) { a.Sections = []string{"thoughts"} },
		"dal":         func(a *policies.Proposal) { a.From = time.Time{} },
		"al":          func(a *policies.Proposal) { a.To = a.From },
		"atto_numero": func(a *policies.Proposal) { a.Act.Number = "" },
		"atto_data":   func(a *policies.Proposal) { a.Act.Day = time.Now().AddDate(0, 1, 0) },
	} {
		a := good
		a.ID, a.Parties = newID(), []int32{p.owner.ID, p.receiver.ID}
		change(&a)
		_, err := p.sharing.Agreements.ProposeAgreement(ctx, p.head, a)
		p.wants(t, err, problem.Invalid, field)
	}
	for field, change := range map[string]func(*policies.Proposal){
		"sezioni":   func(a *policies.Proposal) { a.Sections = []string{"plan"} }, // which no opinion needs
		"scrittura": func(a *policies.Proposal) { a.Purposes = []string{"shared_care"} },
	} {
		a := good
		a.ID = newID()
		change(&a)
		_, err := p.sharing.Agreements.ProposeAgreement(ctx, p.head, a)
		p.wants(t, err, problem.Invalid, field)
	}
	good.ID = newID()
	for range 2 {
		made, err := p.sharing.Agreements.ProposeAgreement(ctx, p.head, good)
		p.must(err)
		if made.State != policies.AgreementProposed || len(made.Parties) != 2 {
			t.Errorf("the agreement is %+v", made)
		}
	}
	stranger := p.Operator(t, p.body("c_e974"), "coordinator")
	_, err := p.sharing.Agreements.GetAgreement(ctx, stranger, good.ID)
	p.wants(t, err, problem.NotFound, "")
	_, err = p.sharing.Agreements.SignAgreement(ctx, stranger, good.ID, good.Act, p.seen(stranger, good.ID, policies.AgreementActive))
	p.wants(t, err, problem.NotFound, "")
	_, err = p.sharing.Agreements.MoveAgreement(ctx, stranger, p.agreement.ID, policies.AgreementEnded, p.seen(stranger, p.agreement.ID, policies.AgreementEnded))
	p.wants(t, err, problem.NotFound, "")
	_, err = p.sharing.Agreements.SignAgreement(ctx, p.head, good.ID, good.Act, p.seen(p.head, good.ID, policies.AgreementActive))
	p.wants(t, err, problem.Conflict, "")
}

// Nobody but the step functions writes a share, its grants at the receiver or an agreement.
func TestTablesTakeNoDirectWrites(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	for _, sql := range []string{
		`insert into sharing.shares_parties values ('` + made.ID.String() + `', app.tenant(), 'receiver')`,
		`update sharing.shares set valid_to = valid_to + interval '1 year'`,
		`delete from sharing.shares`,
		`update policies.agreements set state = 'active'`,
		`select sharing.lock_share('` + made.ID.String() + `')`,
	} {
		err := p.DB.InTx(ctx, p.decider, func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		if err == nil {
			t.Errorf("the receiver may run %s", sql)
		}
	}
	stranger := p.Operator(t, p.body("c_e974"), "coordinator")
	var n int
	var batch pgx.Batch
	batch.Queue(`select (select count(*) from sharing.shares) + (select count(*) from sharing.shares_parties) + (select count(*) from policies.agreements)`).
		QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	p.must(p.DB.Read(ctx, stranger, &batch))
	if n != 0 {
		t.Errorf("a body that is no party sees %d rows", n)
	}
}

// What the body never shows is not in an agreement by which it shows: neither the service nor the pages take it, and the page
// says why it is not offered. What another body shows is for that body to say.
func TestWhatIsNeverShownIsNotAgreed(t *testing.T) {
	t.Parallel()
	s, ctx := newSite(t), context.Background()
	p := policies.Proposal{
		ID: newID(), Title: "Accordo", Parties: []int32{s.owner.ID, s.receiver.ID}, Edges: []policies.Edge{{From: s.owner.ID, To: s.receiver.ID}},
		Purposes: []string{"advice"}, Sections: []string{"assessment", "diary"}, From: time.Now(), To: time.Now().AddDate(1, 0, 0), Act: policies.Act{Number: "1", Day: time.Now()},
	}
	_, err := s.sharing.Agreements.ProposeAgreement(ctx, s.head, p)
	s.wants(t, err, problem.Invalid, "sezioni")
	p.ID, p.Edges = newID(), []policies.Edge{{From: s.receiver.ID, To: s.owner.ID}}
	_, err = s.sharing.Agreements.ProposeAgreement(ctx, s.head, p)
	s.must(err)

	at := s.draft("Accordo senza diario", url.Values{})
	page := s.get(s.head, at+"/contenuti")
	for _, text := range []string{"Il tuo ente non mostra mai ad altri: Diario", `value="plan"`} {
		if !strings.Contains(page, text) {
			t.Errorf("the step lacks %q:\n%s", text, page)
		}
	}
	if strings.Contains(page, `value="diary"`) || strings.Contains(page, `value="judicial"`) {
		t.Errorf("what is never shown is offered:\n%s", page)
	}
	forced := s.serve(s.head, "POST", at+"/contenuti", carry(page, url.Values{"scopi": {"assessment"}, "sezioni": {"identity", "assessment", "diary"}}))
	if forced.status != 422 || !strings.Contains(forced.markup, "Togli queste sezioni") || !strings.Contains(forced.markup, `value="diary" checked`) {
		t.Errorf("what was sent all the same: %d %s\n%s", forced.status, forced.redirect, forced.markup)
	}
	s.exec(`update policies.agreements set sections = sections || '{diary}', writable = '{diary}' where id = $1`, s.agreement.ID)
	d, err := draft.NewService(s.deps, s.sharing.Agreements).Renew(ctx, s.head, newID(), s.agreement.ID)
	s.must(err)
	if slices.Contains(d.Sections, "diary") || len(d.Writable) > 0 || !slices.Contains(d.Sections, "plan") {
		t.Errorf("the renewal opens %v, to write %v", d.Sections, d.Writable)
	}
}
