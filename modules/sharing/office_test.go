package sharing_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/handover"
	"staffetta/modules/sharing/network"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

var office = network.NewOffice{Name: "Ufficio comune del Belice", Slug: "ufficio-belice", Act: joining}

// office makes the common office of an active network a body, with an administrator of the lead in it.
func (u *union) office(n network.Network) (tenants.Tenant, tenants.Scope) {
	u.t.Helper()
	ctx := context.Background()
	n, err := u.networks.CreateOffice(ctx, u.head, n.ID, office)
	u.must(err)
	body, err := u.deps.Bodies.ByID(n.Office)
	u.must(err)
	admin := u.Operator(u.t, u.owner, "tenant_admin")
	_, err = u.networks.Govern(ctx, admin, n.ID)
	u.must(err)
	admin.Tenant, admin.Slug = body.ID, body.Slug
	return body, admin
}

func (u *union) members(body tenants.Tenant) int {
	return u.count(`select count(*) from platform.memberships where tenant_id = $1`, body.ID)
}

// The lead makes the office; nobody is in it until an administrator of the lead accepts, for themselves alone.
func TestCommonOfficeIsABodyGovernedByTheLead(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	n, forming := u.joined(), u.founded()
	for name, c := range map[string]struct {
		step func() error
		want problem.Kind
	}{
		"a member":                {func() error { return errOf(u.networks.CreateOffice(ctx, u.decider, n.ID, office)) }, problem.Conflict},
		"a stranger":              {func() error { return errOf(u.networks.CreateOffice(ctx, u.stranger, n.ID, office)) }, problem.NotFound},
		"of a network that forms": {func() error { return errOf(u.networks.CreateOffice(ctx, u.head, forming.ID, office)) }, problem.Conflict},
	} {
		if err := c.step(); !problem.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, change := range map[string]func(*network.NewOffice){
		"nome": func(o *network.NewOffice) { o.Name = " a" }, "indirizzo": func(o *network.NewOffice) { o.Slug = "Ufficio comune" }, "atto_numero": func(o *network.NewOffice) { o.Act.Number = "" },
	} {
		wrong := office
		change(&wrong)
		_, err := u.networks.CreateOffice(ctx, u.head, n.ID, wrong)
		u.wants(t, err, problem.Invalid, field)
	}
	for _, taken := range []string{u.third.Slug, "api"} {
		wrong := office
		wrong.Slug = taken
		_, err := u.networks.CreateOffice(ctx, u.head, n.ID, wrong)
		u.wants(t, err, problem.Invalid, "indirizzo")
	}
	made, err := u.networks.CreateOffice(ctx, u.head, n.ID, office)
	u.must(err)
	body, err := u.deps.Bodies.ByID(made.Office)
	u.must(err)
	if body.Kind != tenants.JointOffice || body.State != tenants.Active || !body.Has("sharing") || !made.Has(body.ID) || u.members(body) != 0 {
		t.Errorf("the office is %+v in %+v, with %d members", body, made, u.members(body))
	}
	_, err = u.networks.CreateOffice(ctx, u.head, n.ID, network.NewOffice{Name: "Un altro", Slug: "altro", Act: joining})
	u.wants(t, err, problem.Conflict, "")
	_, err = u.networks.Hand(ctx, u.head, n.ID, body.ID)
	u.wants(t, err, problem.Conflict, "")

	admin := u.Operator(t, u.owner, "tenant_admin")
	gone := u.Operator(t, u.owner, "tenant_admin")
	u.exec(`update platform.memberships set valid_from = current_date - 9, valid_to = current_date - 1 where account_id = $1`, gone.Account)
	feigned := u.head
	feigned.Roles = []string{"tenant_admin"} // says so, and is none
	for name, who := range map[string]tenants.Scope{
		"the lead's coordinator": u.head, "who only says so": feigned, "who was one": gone, "a member's administrator": u.Operator(t, u.receiver, "tenant_admin"),
	} {
		if _, err := u.networks.Govern(ctx, who, n.ID); !problem.Is(err, problem.Conflict) {
			t.Errorf("%s governs: %v", name, err)
		}
	}
	_, err = u.networks.Govern(ctx, u.stranger, n.ID)
	u.wants(t, err, problem.NotFound, "")
	if u.members(body) != 0 {
		t.Error("somebody came in")
	}
	_, err = u.networks.Govern(ctx, admin, n.ID)
	u.must(err)
	if u.members(body) != 1 || u.count(`select count(*) from platform.memberships where tenant_id = $1 and account_id = $2 and role = 'tenant_admin'`, body.ID, admin.Account) != 1 {
		t.Errorf("the office has %d memberships", u.members(body))
	}
	_, err = u.networks.Govern(ctx, admin, n.ID)
	u.wants(t, err, problem.Conflict, "")
	for _, told := range []tenants.Scope{u.head, u.third, {Tenant: body.ID}} {
		actions := u.told(told, n)
		if !slices.Contains(actions, "office") || !slices.Contains(actions, "govern") {
			t.Errorf("the chain of %d has %v", told.Tenant, actions)
		}
	}
}

// The common office works on a case that a member hands to it, or follows with it; of the members' other cases it sees none.
func TestCommonOfficeWorksOnWhatItReceives(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	n := u.joined()
	body, admin := u.office(n)
	decider, worker := u.Operator(t, body, "coordinator"), u.Operator(t, body, "social_worker")
	other := u.openCase(u.worker, "Ugo", "Verdi")
	agreement := u.agree(u.head, admin, func(p *policies.Proposal) {
		p.Network, p.Purposes = n.ID, []string{"shared_care", "assessment", "handover"}
		p.Sections, p.Writable = []string{"identity", "household", "contacts", "assessment", "plan", "interventions", "documents"}, []string{"interventions"}
	})
	sees := func(actor tenants.Scope, file casefile.CaseFile) bool {
		_, err := u.cases.Open(ctx, actor, u.owner.Slug+"~"+file.ID.String(), "")
		return err == nil
	}
	for _, who := range []tenants.Scope{admin, decider, worker} {
		if sees(who, u.file) || sees(who, other) {
			t.Errorf("%v sees a case without a share", who.Roles)
		}
	}
	made, err := u.sharing.Offers.Offer(ctx, u.worker, u.file.ID.String(), sharing.Offer{
		ID: newID(), Kind: share.JointCare, Agreement: agreement.ID, Receiver: body.ID, Purpose: "shared_care", Reason: "Seguiamo insieme la famiglia",
		Sections: []string{"identity", "interventions"}, Writable: []string{"interventions"}, LegalBasis: "public_task", Until: u.until,
	})
	u.must(err)
	_, err = u.sharing.Shares.Accept(ctx, decider, made.ID, sharing.Addressee{})
	u.must(err)
	ref := u.owner.Slug + "~" + u.file.ID.String()
	note, err := u.cases.SaveNote(ctx, worker, ref, sheet("Assistenza domiciliare"), true)
	u.must(err)
	if note.Tenant != u.owner.ID || note.AuthorTenant != body.ID {
		t.Errorf("the note is %+v", note)
	}
	if sees(worker, other) || sees(admin, u.file) || sees(u.third, u.file) {
		t.Error("the office, its administrator or another member sees more than the share shows")
	}
	_, err = u.sharing.Agreements.MoveAgreement(ctx, u.head, agreement.ID, policies.AgreementSuspended, u.seen(u.head, agreement.ID, policies.AgreementSuspended))
	u.must(err)
	if sees(worker, u.file) {
		t.Error("the office reads under a suspended agreement")
	}
	_, err = u.sharing.Agreements.MoveAgreement(ctx, u.head, agreement.ID, policies.AgreementActive, u.seen(u.head, agreement.ID, policies.AgreementActive))
	u.must(err)
	u.handTo(body, agreement, decider, worker)
}

// handTo hands the case over to the office, where a worker of the office holds it afterwards.
func (u *union) handTo(body tenants.Tenant, agreement policies.Agreement, decider, worker tenants.Scope) {
	u.t.Helper()
	ctx := context.Background()
	h, err := u.sharing.Handovers.Offer(ctx, u.head, u.file.ID.String(), handover.Offer{
		ID: newID(), Agreement: agreement.ID, Receiver: body.ID, LegalBasis: "law", AnswerBy: time.Now().AddDate(0, 0, 10), Reason: "Lo segue l’ufficio comune",
	})
	u.must(err)
	_, err = u.sharing.Handovers.Accept(ctx, decider, h.ID, handover.Taking{Manager: worker.Account})
	u.must(err)
	a, err := u.cases.Open(ctx, worker, u.file.ID.String(), "diary")
	u.must(err)
	if a.Relation != policies.Assigned || a.Origin != u.owner.ID {
		u.t.Errorf("in the office the case is %+v", a.CaseFile)
	}
}

func TestCommonOfficeOnThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := &union{pair: s.pair, networks: network.NewService(s.deps)}
	u.third = u.Operator(t, u.body("c_e974"), "coordinator")
	n := u.joined()
	admin := u.Operator(t, u.owner, "tenant_admin")
	at := "/rete/reti/" + n.ID.String()
	if markup := s.get(s.head, at); !strings.Contains(markup, at+"/ufficio") || strings.Contains(markup, "/ufficio/accetta") {
		t.Errorf("the lead is not offered the office:\n%s", markup)
	}
	if got := s.serve(s.decider, "GET", at+"/ufficio", nil); got.status != http.StatusNotFound {
		t.Errorf("a member is offered it: %d", got.status)
	}
	form := url.Values{"nome": {"Ufficio comune"}, "indirizzo": {"???"}, "atto_numero": {"12"}, "atto_data": {time.Now().Format(time.DateOnly)}}
	if got := s.serve(s.head, "POST", at+"/ufficio", form); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, "lettere minuscole") {
		t.Errorf("a name that no address has: %d\n%s", got.status, got.markup)
	}
	form.Set("indirizzo", "ufficio-pagine")
	s.post(s.head, at+"/ufficio", form)
	if markup := s.get(s.head, at); strings.Contains(markup, at+"/ufficio") {
		t.Error("it is offered twice, or to who administers nothing")
	}
	if markup := s.get(admin, at); !strings.Contains(markup, at+"/ufficio/accetta") {
		t.Error("the lead's administrator is not asked")
	}
	s.post(admin, at+"/ufficio/accetta", nil)
	if markup := s.get(admin, at); strings.Contains(markup, at+"/ufficio/accetta") || !strings.Contains(markup, "Ufficio comune") {
		t.Error("who has accepted is asked again")
	}
}
