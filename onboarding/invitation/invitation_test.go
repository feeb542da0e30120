package invitation_test

import (
	"context"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/invitation"
	"staffetta/onboarding/member"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The tax codes of two people that there are not.
const (
	rosa  = "BNCRSO80A41H501B"
	mario = "RSSMRA80A01H501U"
)

// letters keep what was to leave, as the outbox does.
type letters struct{ all []modules.Mail }

func (l *letters) Queue(_ context.Context, _ tenants.Tx, m modules.Mail) error {
	l.all = append(l.all, m)
	return nil
}

// link is that of the last letter.
func (l *letters) link(t *testing.T) string {
	t.Helper()
	if len(l.all) == 0 {
		t.Fatal("no letter was sent")
	}
	found := regexp.MustCompile(`/piattaforma/invito/(.+)$`).FindStringSubmatch(l.all[len(l.all)-1].Values["invitation"])
	if found == nil {
		t.Fatalf("the letter has no link: %v", l.all)
	}
	return found[1]
}

// stage is a body with an administrator, and another body.
type stage struct {
	*moduletest.Stage
	service       *invitation.Service
	members       *member.Service
	post          *letters
	admin, abroad tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{post: &letters{}, Stage: moduletest.NewStage(t,
		modules.Module{ID: "registry", Essential: true, Migrations: os.DirFS("../../modules/registry/migrations")},
		modules.Module{ID: "kit", Essential: true, Migrations: os.DirFS("../../modules/kit/migrations")},
		modules.Module{ID: "practice", Essential: true, Migrations: os.DirFS("../../modules/practice/migrations")},
		onboarding.Module())}
	st.Deps.Platform.Mail.Post = st.post
	st.members = member.NewService(st.Deps)
	st.service = invitation.NewService(st.Deps, st.members)
	st.admin = st.Operator(t, st.On(t, "pantelleria"), "tenant_admin")
	st.abroad = st.Operator(t, st.On(t, "mazara"), "tenant_admin")
	return st
}

// newcomer is somebody signed in at the platform with the digital identity of a tax code.
func (st *stage) newcomer(t *testing.T, name, code string) tenants.Scope {
	t.Helper()
	s := tenants.Scope{Tenant: 1, Name: name, Purpose: tenants.Newcomer, Assurance: 2, RequestID: uuid.NewString()}
	fatal(t, st.DB.Platform(t.Context(), func(tx tenants.Tx) (err error) {
		s.Account, err = tenants.EnsureAccount(context.Background(), tx, st.Key, code)
		return err
	}))
	return s
}

// roles are those that an account holds today in the first body.
func (st *stage) roles(t *testing.T, account uuid.UUID) (roles []string) {
	t.Helper()
	p, err := st.members.GetPerson(t.Context(), st.admin, account)
	if err != nil && !problem.Is(err, problem.NotFound) {
		t.Fatal(err)
	}
	for _, h := range p.Held {
		roles = append(roles, h.Role)
	}
	return roles
}

// events are what the audit of the first body tells by action, oldest first.
func (st *stage) events(t *testing.T, actions ...string) []string {
	t.Helper()
	rows, err := st.Owner.Query(t.Context(), `select action from audit.events where tenant_id = $1 and action = any ($2) order by at`, st.admin.Tenant, actions)
	fatal(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	fatal(t, err)
	return got
}

func (st *stage) invite(t *testing.T, code string, roles ...string) (id uuid.UUID, link string) {
	t.Helper()
	id = uuid.New()
	fatal(t, st.service.Invite(t.Context(), st.admin, invitation.Invitation{
		ID: id, Name: "Rosa Bianchi", Email: id.String()[:8] + "@example.it", TaxCode: code, Term: member.Term{Roles: roles},
	}))
	return id, st.post.link(t)
}

// Whoever is invited by their tax code gets the roles at once, and only once; somebody else gets nothing.
func TestAnInvitationIsForOnePerson(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, link := st.invite(t, rosa, "social_worker", "educator")
	invited, other := st.newcomer(t, "ROSA BIANCHI", rosa), st.newcomer(t, "MARIO ROSSI", mario)
	if _, err := st.service.Claim(t.Context(), other, link); !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "onboarding.invite.error.other" {
		t.Errorf("somebody else follows the link: %v", err)
	}
	if state, err := st.service.Claim(t.Context(), invited, link); err != nil || state != invitation.Accepted {
		t.Errorf("who is invited follows the link: %q, %v", state, err)
	}
	if diff := cmp.Diff([]string{"educator", "social_worker"}, st.roles(t, invited.Account)); diff != "" {
		t.Errorf("they hold (-want +got):\n%s", diff)
	}
	for _, who := range []tenants.Scope{invited, other} {
		if _, err := st.service.Claim(t.Context(), who, link); !problem.Is(err, problem.Conflict) {
			t.Errorf("%s follows a used link: %v", who.Name, err)
		}
	}
	if card, err := st.service.Read(t.Context(), link); err != nil || card.State != invitation.Accepted {
		t.Errorf("a used link says %+v, %v", card, err)
	}
	if got := st.roles(t, other.Account); len(got) != 0 {
		t.Errorf("somebody else holds %v", got)
	}
	want := []string{"invitation.send", "invitation.guess", "invitation.claim"}
	if diff := cmp.Diff(want, st.events(t, "invitation.send", "invitation.guess", "invitation.claim")); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

// Who gives roles and then gives up the own ones comes to a case by no invitation.
func TestNobodyFollowsTheirOwnInvitation(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, link := st.invite(t, rosa, "social_worker")
	invited := st.newcomer(t, "ROSA BIANCHI", rosa)
	_, err := st.Owner.Exec(t.Context(), `update onboarding.invitations set invited_by = $1`, invited.Account)
	fatal(t, err)
	if _, err := st.service.Claim(t.Context(), invited, link); !problem.Is(err, problem.Conflict) {
		t.Errorf("they follow it: %v", err)
	}
	if got := st.roles(t, invited.Account); len(got) != 0 {
		t.Errorf("they hold %v", got)
	}
}

// Who may not give roles any more lets nobody in by an invitation from before; a colleague who sends it again does.
func TestAnInvitationLapsesWithWhoSentIt(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	id, link := st.invite(t, rosa, "social_worker")
	invited, heir := st.newcomer(t, "ROSA BIANCHI", rosa), st.Operator(t, tenants.Tenant{ID: st.admin.Tenant, Slug: st.admin.Slug}, "tenant_admin")
	_, err := st.Owner.Exec(t.Context(), `update platform.memberships set valid_from = current_date - 2, valid_to = current_date - 1
		where tenant_id = $1 and account_id = $2`, st.admin.Tenant, st.admin.Account)
	fatal(t, err)
	if _, err := st.service.Claim(t.Context(), invited, link); !problem.Is(err, problem.Conflict) || problem.Of(err).Message.Key != "onboarding.invite.error.lapsed" {
		t.Errorf("its link is followed: %v", err)
	}
	if card, err := st.service.Read(t.Context(), link); err != nil || card.State != invitation.Lapsed {
		t.Errorf("the link says %+v, %v", card, err)
	}
	if got := st.roles(t, invited.Account); len(got) != 0 {
		t.Errorf("they hold %v", got)
	}
	fatal(t, st.service.Resend(t.Context(), heir, id))
	if card, err := st.service.Read(t.Context(), st.post.link(t)); err != nil || card.State != invitation.Sent || card.By != heir.Name {
		t.Errorf("sent again the link says %+v, %v", card, err)
	}
	if state, err := st.service.Claim(t.Context(), invited, st.post.link(t)); err != nil || state != invitation.Accepted {
		t.Errorf("sent again it is followed: %q, %v", state, err)
	}
	want := []string{"invitation.send", "invitation.claim", "invitation.send", "invitation.claim"}
	if diff := cmp.Diff(want, st.events(t, "invitation.send", "invitation.guess", "invitation.claim")); diff != "" {
		t.Errorf("the audit (-want +got):\n%s", diff)
	}
}

// Without a tax code whoever follows the link waits, and is confirmed by somebody else, of the same body.
func TestWhoIsNotKnownIsConfirmed(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	id, link := st.invite(t, "", "social_worker")
	invited := st.newcomer(t, "ROSA BIANCHI", rosa)
	for range 2 {
		if state, err := st.service.Claim(t.Context(), invited, link); err != nil || state != invitation.Claimed {
			t.Errorf("the link is followed: %q, %v", state, err)
		}
	}
	if _, err := st.service.Claim(t.Context(), st.newcomer(t, "MARIO ROSSI", mario), link); !problem.Is(err, problem.Conflict) {
		t.Errorf("somebody else follows it afterwards: %v", err)
	}
	if got := st.roles(t, invited.Account); len(got) != 0 {
		t.Errorf("before they are confirmed they hold %v", got)
	}
	self := st.admin
	self.Account = invited.Account
	for name, who := range map[string]tenants.Scope{"themselves": self, "another body": st.abroad} {
		if err := st.service.Answer(t.Context(), who, id, true); !problem.Is(err, problem.NotFound) {
			t.Errorf("confirmed by %s: %v", name, err)
		}
	}
	found, err := st.service.Find(t.Context(), st.admin)
	if err != nil || len(found) != 1 || found[0].State != invitation.Claimed || found[0].Claimed != "ROSA BIANCHI" {
		t.Errorf("the list is %+v, %v", found, err)
	}
	fatal(t, st.service.Answer(t.Context(), st.admin, id, true))
	if diff := cmp.Diff([]string{"social_worker"}, st.roles(t, invited.Account)); diff != "" {
		t.Errorf("they hold (-want +got):\n%s", diff)
	}
	if m := st.post.all[len(st.post.all)-1]; m.Template != "onboarding.mail.admitted" || m.Account != invited.Account || m.Address != id.String()[:8]+"@example.it" {
		t.Errorf("who was confirmed is told %s at %s", m.Template, m.Address)
	}
	if err := st.service.Answer(t.Context(), st.admin, id, false); !problem.Is(err, problem.NotFound) {
		t.Errorf("answered twice: %v", err)
	}
}

// A link that is refused, withdrawn, replaced, too old or made up gives nothing.
func TestLinksThatGiveNothing(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	invited := st.newcomer(t, "ROSA BIANCHI", rosa)
	follow := func(name, link string, want problem.Kind) {
		t.Helper()
		if _, err := st.service.Claim(t.Context(), invited, link); !problem.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
		if got := st.roles(t, invited.Account); len(got) != 0 {
			t.Errorf("%s: they hold %v", name, got)
		}
	}
	id, link := st.invite(t, rosa, "educator")
	fatal(t, st.service.Resend(t.Context(), st.admin, id))
	follow("one that was sent again", link, problem.NotFound)
	newer := st.post.link(t)
	if err := st.service.Withdraw(t.Context(), st.abroad, id); !problem.Is(err, problem.NotFound) {
		t.Errorf("another body withdraws it: %v", err)
	}
	fatal(t, st.service.Withdraw(t.Context(), st.admin, id))
	follow("one that was withdrawn", newer, problem.Conflict)
	_, old := st.invite(t, rosa, "educator")
	_, err := st.Owner.Exec(t.Context(), `update onboarding.invitations set expires_at = now() - interval '1 second' where state = 'sent'`)
	fatal(t, err)
	follow("one that is too old", old, problem.Conflict)
	if card, err := st.service.Read(t.Context(), old); err != nil || card.State != invitation.Expired || card.By != st.admin.Name {
		t.Errorf("a link that is too old says %+v, %v", card, err)
	}
	changed := []byte(old)
	changed[len(changed)-1] ^= 1
	for name, made := range map[string]string{"a guess": string(changed), "no body": "9999" + old, "nothing": "x", "short": "2-abc"} {
		follow(name, made, problem.NotFound)
		if _, err := st.service.Read(t.Context(), made); !problem.Is(err, problem.NotFound) {
			t.Errorf("%s is read: %v", name, err)
		}
	}
	if got := st.events(t, "invitation.guess"); len(got) != 3 {
		t.Errorf("the audit tells of %d guesses, not of one replaced and one made up, read and followed", len(got))
	}
	for range 40 {
		_, _ = st.service.Read(t.Context(), string(changed))
	}
	if got := st.events(t, "invitation.guess"); len(got) != 20 {
		t.Errorf("guesses fill the audit: %d", len(got))
	}
}

// Nobody comes to cases and configures by an invitation; an address is invited once at a time; of the link nothing is kept.
func TestWhatAnInvitationDoesNotDo(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	_, err := st.members.Admit(t.Context(), st.admin, member.Admission{ID: uuid.New(), Name: "Rosa", TaxCode: rosa, Term: member.Term{Roles: []string{"tenant_admin"}}})
	fatal(t, err)
	_, link := st.invite(t, rosa, "social_worker")
	boss := st.newcomer(t, "ROSA BIANCHI", rosa)
	if _, err := st.service.Claim(t.Context(), boss, link); !problem.Is(err, problem.Conflict) {
		t.Errorf("an administrator comes to cases: %v", err)
	}
	if got := st.roles(t, boss.Account); len(got) != 1 {
		t.Errorf("they hold %v", got)
	}
	n := invitation.Invitation{ID: uuid.New(), Name: "Anna", Email: "anna@example.it", Term: member.Term{Roles: []string{"educator"}}}
	fatal(t, st.service.Invite(t.Context(), st.admin, n))
	sent := len(st.post.all)
	fatal(t, st.service.Invite(t.Context(), st.admin, n))
	if len(st.post.all) != sent {
		t.Error("the same form sends twice")
	}
	n.ID, n.Email = uuid.New(), "ANNA@example.it"
	if err := st.service.Invite(t.Context(), st.admin, n); !problem.Is(err, problem.Conflict) {
		t.Errorf("the same address again: %v", err)
	}
	var kept int
	fatal(t, st.Owner.QueryRow(t.Context(), `select count(*) from onboarding.invitations i where i::text like '%' || split_part($1, '-', 2) || '%'`, link).Scan(&kept))
	if kept != 0 {
		t.Error("the link is kept")
	}
	for name, change := range map[string]func(*invitation.Invitation){
		"no address": func(n *invitation.Invitation) { n.Email = "anna" }, "no role": func(n *invitation.Invitation) { n.Roles = nil },
		"a wrong code": func(n *invitation.Invitation) { n.TaxCode = "BNCRSO80A41H501C" }, "roles that exclude": func(n *invitation.Invitation) { n.Roles = []string{"dpo", "educator"} },
		"until yesterday": func(n *invitation.Invitation) { n.To = time.Now().AddDate(0, 0, -1) },
	} {
		bad := invitation.Invitation{ID: uuid.New(), Name: "Anna", Email: "b@example.it", Term: member.Term{Roles: []string{"educator"}}}
		change(&bad)
		if err := st.service.Invite(t.Context(), st.admin, bad); !problem.Is(err, problem.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
