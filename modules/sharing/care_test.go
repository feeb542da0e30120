package sharing_test

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/offer"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// newCare is a pair whose agreement lets the receiver write interventions and documents, in joint care.
func newCare(t *testing.T) *pair {
	t.Helper()
	p := newPair(t)
	_, err := p.sharing.Agreements.MoveAgreement(context.Background(), p.head, p.agreement.ID, policies.AgreementEnded, p.seen(p.head, p.agreement.ID, policies.AgreementEnded))
	p.must(err)
	p.agreement = p.agree(p.head, p.decider, func(a *policies.Proposal) {
		a.Purposes = []string{"shared_care", "assessment"}
		a.Sections = []string{"identity", "assessment", "interventions", "documents"}
		a.Writable = []string{"interventions", "documents"}
	})
	return p
}

// care is an offer of joint care that passes.
func (p *pair) care() sharing.Offer {
	o := p.offer()
	o.Kind, o.Purpose, o.Reason = share.JointCare, "shared_care", "Seguiamo insieme la famiglia"
	o.Sections, o.Writable = []string{"identity", "assessment", "interventions", "documents"}, []string{"interventions", "documents"}
	return o
}

func (p *pair) cared() sharing.Share {
	p.t.Helper()
	made, err := p.sharing.Offers.Offer(context.Background(), p.worker, p.file.ID.String(), p.care())
	p.must(err)
	made, err = p.sharing.Shares.Accept(context.Background(), p.decider, made.ID, sharing.Addressee{})
	p.must(err)
	return made
}

// sheet is a note of the section interventions.
func sheet(body string) casefile.Writing {
	return casefile.Writing{ID: newID(), Kind: "foglio_amministrativo", Visibility: "public", HappenedOn: time.Now().UTC().Truncate(24 * time.Hour), Body: body}
}

// In joint care the other body writes its own part, under its own name; the owner reads it and is told.
func TestJointCareWritesWithItsOwnAuthor(t *testing.T) {
	t.Parallel()
	p, ctx := newCare(t), context.Background()
	made := p.cared()
	w := sheet("Assistenza domiciliare due volte la settimana")
	draft, err := p.cases.SaveNote(ctx, p.reader, p.ref(), w, false)
	p.must(err)
	if got := p.notes(p.worker, p.file.ID.String()); slices.Contains(got, w.Body) {
		t.Error("the owner reads what its author has not signed")
	}
	if got := p.notes(p.reader, p.ref()); !slices.Contains(got, w.Body) {
		t.Errorf("the author does not find the draft again: %v", got)
	}
	w.Body, w.Version = w.Body+", da lunedì", draft.Version
	signed, err := p.cases.SaveNote(ctx, p.reader, p.ref(), w, true)
	p.must(err)
	if signed.Tenant != p.owner.ID || signed.AuthorTenant != p.receiver.ID || signed.AuthorName != p.reader.Name {
		t.Errorf("the note stands in the case of %d, by %s of %d", signed.Tenant, signed.AuthorName, signed.AuthorTenant)
	}
	if got := p.notes(p.worker, p.file.ID.String()); !slices.Contains(got, w.Body) {
		t.Errorf("the owner does not read what was signed: %v", got)
	}
	for _, action := range []string{"note.draft", "note.sign"} {
		n := p.count(`select count(*) from audit.events where action = $1 and tenant_id in ($2, $3) and actor_tenant = $3 and account_id = $4
			and case_id = $5 and share_id = $6 and sections = '{interventions}'`, action, p.owner.ID, p.receiver.ID, p.reader.Account, p.file.ID, made.ID)
		if n != 2 {
			t.Errorf("%s stands %d times in the chains of both, want once in each", action, n)
		}
	}
	if n := p.count(`select count(*) from casefile.notices where tenant_id = $1 and account_id = $2 and topic = 'case.care'`, p.owner.ID, p.worker.Account); n != 1 {
		t.Errorf("the worker of the case has %d notices, want one", n)
	}
}

// notes are the words of a diary as the actor reads it.
func (p *pair) notes(actor tenants.Scope, ref string) (bodies []string) {
	p.t.Helper()
	a, err := p.cases.OpenDiary(context.Background(), actor, ref)
	p.must(err)
	found, _, err := p.cases.FindNotes(context.Background(), a, casefile.Cursor{})
	p.must(err)
	for _, n := range found {
		bodies = append(bodies, n.Body)
	}
	return bodies
}

func TestJointCareFilesDocuments(t *testing.T) {
	t.Parallel()
	p, ctx := newCare(t), context.Background()
	p.cared()
	u := casefile.Upload{ID: newID(), Title: "Relazione", FileName: "relazione.txt", Sniffed: "text/plain; charset=utf-8", Content: []byte("Relazione di Mazara"), Section: "documents"}
	_, err := p.cases.AddDocument(ctx, p.reader, p.ref(), u)
	p.must(err)
	_, content, err := p.cases.ReadDocument(ctx, p.worker, p.file.ID.String(), u.ID)
	if err != nil || string(content) != "Relazione di Mazara" {
		t.Errorf("the owner reads %q: %v", content, err)
	}
	if n := p.chains("document.create"); n[p.owner.ID] != 1 || n[p.receiver.ID] != 1 {
		t.Errorf("the document in the chains: %v", n)
	}
}

// What a grant does not open, nobody writes: not another section, not another's note, not after the end.
func TestWhatJointCareDoesNotWrite(t *testing.T) {
	t.Parallel()
	p, ctx := newCare(t), context.Background()
	made := p.cared()
	theirs, err := p.cases.SaveNote(ctx, p.worker, p.file.ID.String(), sheet("Del proprietario"), true)
	p.must(err)
	private := sheet("Solo per me")
	private.Visibility = "private"
	elsewhere := sheet("In un'altra sezione")
	elsewhere.Kind = "scuola"
	over := sheet("Al posto del proprietario")
	over.ID = theirs.ID
	for name, refused := range map[string]struct {
		actor tenants.Scope
		w     casefile.Writing
		kind  problem.Kind
	}{
		"private":             {p.reader, private, problem.Invalid},
		"another section":     {p.reader, elsewhere, problem.NotFound},
		"signed by the owner": {p.reader, over, problem.Conflict},
		"an administrator":    {p.Operator(t, p.receiver, "tenant_admin"), sheet("Come amministratore"), problem.NotFound},
	} {
		_, err := p.cases.SaveNote(ctx, refused.actor, p.ref(), refused.w, true)
		t.Run(name, func(t *testing.T) { p.wants(t, err, refused.kind, "") })
	}
	p.wants(t, p.cases.Move(ctx, p.reader, p.ref(), casefile.Move{Step: "close"}), problem.Forbidden, "")
	_, err = p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, p.seen(p.head, p.agreement.ID, policies.AgreementSuspended))
	p.must(err)
	_, err = p.cases.SaveNote(ctx, p.reader, p.ref(), sheet("Durante la sospensione"), true)
	p.wants(t, err, problem.NotFound, "")
	_, err = p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementActive, p.seen(p.head, p.agreement.ID, policies.AgreementActive))
	p.must(err)
	_, err = p.sharing.Shares.End(ctx, p.worker, made.ID, share.Revoke, sharing.Ending{Words: "Lavoro finito"})
	p.must(err)
	_, err = p.cases.SaveNote(ctx, p.reader, p.ref(), sheet("Dopo la revoca"), true)
	p.wants(t, err, problem.NotFound, "")
}

// SQL itself refuses a guest what its grant does not open.
func TestSQLKeepsJointCareWithinItsGrants(t *testing.T) {
	t.Parallel()
	p := newCare(t)
	made := p.cared()
	scope := p.deps.Policies.Confine(p.reader, policies.Guest)
	stranger := p.deps.Policies.Confine(p.Operator(t, p.body("c_g273"), "social_worker"), policies.Guest)
	insert := func(tenant int32, section string, author tenants.Scope, account uuid.UUID, visibility string) string {
		return `insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name)
			values (` + strconv.Itoa(int(tenant)) + `, '` + newID().String() + `', '` + p.file.ID.String() + `', '` + section + `', 'nota', '` + visibility + `', current_date, 'x', ` +
			strconv.Itoa(int(author.Tenant)) + `, '` + account.String() + `', 'X')`
	}
	event := func(share uuid.UUID, section string) string {
		return `select policies.write_care('{"share": "` + share.String() + `", "section": "` + section + `", "action": "note.sign", "actor": "", "assurance": 2, "request": ""}')`
	}
	for name, one := range map[string]struct {
		scope   tenants.Scope
		sql     string
		allowed bool
	}{
		"as it should be":           {scope, insert(p.owner.ID, "interventions", p.reader, p.reader.Account, "public"), true},
		"a section only read":       {scope, insert(p.owner.ID, "assessment", p.reader, p.reader.Account, "public"), false},
		"a section not shared":      {scope, insert(p.owner.ID, "diary", p.reader, p.reader.Account, "public"), false},
		"in a colleague's name":     {scope, insert(p.owner.ID, "interventions", p.reader, p.decider.Account, "public"), false},
		"in the owner's name":       {scope, insert(p.owner.ID, "interventions", p.worker, p.worker.Account, "public"), false},
		"for itself alone":          {scope, insert(p.owner.ID, "interventions", p.reader, p.reader.Account, "private"), false},
		"by a stranger":             {stranger, insert(p.owner.ID, "interventions", stranger, stranger.Account, "public"), false},
		"in its own body as guest":  {scope, insert(p.receiver.ID, "interventions", p.reader, p.reader.Account, "public"), false},
		"without the role's rule":   {scope.Within(scope.Sections(), nil), insert(p.owner.ID, "interventions", p.reader, p.reader.Account, "public"), false},
		"delete":                    {scope, `delete from casefile.notes`, false},
		"the owner's document":      {scope, `update casefile.documents set title = 'x'`, false},
		"an event":                  {scope, event(made.ID, "interventions"), true},
		"an event of a stranger":    {stranger, event(made.ID, "interventions"), false},
		"an event without a grant":  {scope, event(newID(), "interventions"), false},
		"an event of what it reads": {scope, event(made.ID, "assessment"), false},
		"an event of another kind":  {scope, strings.Replace(event(made.ID, "interventions"), "note.sign", "case.close", 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			undone := errors.New("undone")
			err := p.DB.GuestTx(context.Background(), one.scope, func(tx tenants.Tx) error {
				_, err := tx.Exec(context.Background(), one.sql)
				return cmp.Or(err, undone)
			})
			if errors.Is(err, undone) != one.allowed {
				t.Errorf("allowed: %t, %v", err == nil, err)
			}
		})
	}
}

// An offer of joint care says where the other body writes, within the agreement; no other kind lets it write.
func TestWhereJointCareMayWrite(t *testing.T) {
	t.Parallel()
	p, ctx := newCare(t), context.Background()
	for name, change := range map[string]func(*sharing.Offer){
		"nowhere":                func(o *sharing.Offer) { o.Writable = nil },
		"where it only reads":    func(o *sharing.Offer) { o.Writable = []string{"assessment"} },
		"what is not shared":     func(o *sharing.Offer) { o.Sections = []string{"identity", "documents"} },
		"in a mere consultation": func(o *sharing.Offer) { o.Kind, o.Purpose = share.Consultation, "assessment" },
	} {
		o := p.care()
		change(&o)
		_, err := p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
		t.Run(name, func(t *testing.T) { p.wants(t, err, problem.Invalid, "scrittura") })
	}
	made := p.cared()
	a := offer.Amendment{ID: newID(), Version: made.Version, Sections: made.Sections, Writable: []string{"documents"}, Until: p.until, Reason: "Gli interventi li segue la cooperativa"}
	_, err := p.sharing.Offers.Amend(ctx, p.worker, p.file.ID.String(), made.ID, a)
	p.must(err)
	_, err = p.cases.SaveNote(ctx, p.reader, p.ref(), sheet("Non più qui"), true)
	p.wants(t, err, problem.Forbidden, "")
	seen, err := p.sharing.Shares.Get(ctx, p.worker, made.ID)
	p.must(err)
	found, err := p.sharing.Shares.FindAmendments(ctx, p.worker, seen)
	if err != nil || len(found) != 1 || !slices.Equal(found[0].Stopped, []string{"interventions"}) || len(found[0].Allowed) != 0 {
		t.Errorf("the amendments are %+v: %v", found, err)
	}
}

// Where a section is opened to writing, the page says which notes go into it, and the other body finds those kinds alone.
func TestJointCareSaysWhichNotes(t *testing.T) {
	t.Parallel()
	s := siteOf(newCare(t)).withCases()
	at := "/cartelle/" + s.file.ID.String() + "/condividi"
	page := s.walk(s.worker, at, carry(s.get(s.worker, at), url.Values{"destinatario": {s.agreement.ID.String() + "~" + s.receiver.Slug}, "scopo": {share.JointCare + "~shared_care"}}))
	if !strings.Contains(page.markup, "Annotazioni: Foglio amministrativo, ISEE") || strings.Contains(page.markup, "Visita domiciliare") {
		t.Errorf("%d: the step does not say which notes go where:\n%s", page.status, page.markup)
	}
	s.cared()
	form := s.get(s.reader, "/cartelle/"+s.ref()+"/diario/nuova")
	if !strings.Contains(form, "Foglio amministrativo") || strings.Contains(form, "Visita domiciliare") {
		t.Errorf("the kinds to choose from:\n%s", form)
	}
}
