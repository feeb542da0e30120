package sharing_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/sharing"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

func TestShareShowsItsSectionsAndNothingElse(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	if diff := cmp.Diff([]string{"identity", "assessment"}, p.reads(p.reader)); diff != "" {
		t.Fatalf("the receiver reads other sections (-want +got):\n%s", diff)
	}
	a, err := p.cases.Open(ctx, p.reader, p.ref(), "identity")
	p.must(err)
	if a.Person.FullName() != "Rosa Bianco" {
		t.Errorf("the identity was shared, the name is %q", a.Person.FullName())
	}
	if _, err := p.cases.Open(ctx, p.reader, p.ref(), "diary"); !problem.Is(err, problem.NotFound) {
		t.Errorf("the diary opens: %v", err)
	}
	notes, _, err := p.cases.FindNotes(ctx, a, casefile.Cursor{})
	p.must(err)
	if len(notes) != 0 {
		t.Errorf("the diary shows %d notes", len(notes))
	}
	if n := p.guestRows(p.reader, `select count(*) from casefile.notes`); n != 0 {
		t.Errorf("the guest's door shows %d notes", n)
	}
	if n := p.guestRows(p.reader, `select count(*) from casefile.documents`); n != 0 {
		t.Errorf("the guest's door shows %d documents", n)
	}
	if n := p.guestRows(p.reader, `select count(*) from registry.persons`); n != 1 {
		t.Errorf("the guest's door shows %d persons, want 1", n)
	}
	if _, err := p.cases.Open(ctx, p.reader, p.file.ID.String(), ""); !problem.Is(err, problem.NotFound) {
		t.Errorf("the case opens as one of the receiver's own: %v", err)
	}
	if _, err := p.cases.OpenToWrite(ctx, p.reader, p.ref(), "assessment"); !problem.Is(err, problem.Forbidden) {
		t.Errorf("the receiver may write: %v", err)
	}
	if made.State != share.Active || p.file.Tenant != p.owner.ID {
		t.Errorf("the share is %s and the owner %d", made.State, p.file.Tenant)
	}
}

func TestNameIsHiddenWithoutIdentity(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	o := p.offer()
	o.Purpose, o.Sections = "advice", []string{"assessment"}
	made, err := p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
	p.must(err)
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})
	p.must(err)
	a, err := p.cases.Open(ctx, p.reader, p.ref(), "assessment")
	p.must(err)
	if a.Person.FullName() != "" {
		t.Errorf("the name %q shows without identity", a.Person.FullName())
	}
	found, _, err := p.sharing.Shares.FindShared(ctx, p.reader, share.Place{})
	p.must(err)
	if len(found) != 1 || found[0].ListName() != "" || found[0].Number != p.file.Number {
		t.Errorf("the list of shared cases is %+v", found)
	}
	if n := p.guestRows(p.reader, `select count(*) from registry.persons`); n != 0 {
		t.Errorf("the guest's door shows %d persons", n)
	}
}

// Two cases of one person: the one that grants the identity must not name the one that does not.
func TestIdentityOfOneCaseDoesNotNameAnother(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	p.accepted()
	second, err := p.cases.Create(ctx, p.worker, casefile.Opening{ID: newID(), Person: p.file.Person})
	p.must(err)
	o := p.offer()
	o.Purpose, o.Sections = "advice", []string{"assessment"}
	made, err := p.sharing.Offers.Offer(ctx, p.worker, second.ID.String(), o)
	p.must(err)
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})
	p.must(err)
	found, _, err := p.sharing.Shares.FindShared(ctx, p.reader, share.Place{})
	p.must(err)
	names := map[string]string{}
	for _, c := range found {
		names[c.Number] = c.ListName()
	}
	if diff := cmp.Diff(map[string]string{p.file.Number: "Bianco Rosa", second.Number: ""}, names); diff != "" {
		t.Errorf("names of the shared cases (-want +got):\n%s", diff)
	}
	if n := p.count(`select count(distinct tenant_id) from audit.events
		where cardinality(cases) > 0 and action = 'shared_case.list' and actor_tenant = $1`, p.receiver.ID); n != 2 {
		t.Errorf("the list is in %d chains, want the reader's and the owner's", n)
	}
}

func TestPreviewHoldsNoIdentifier(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	o := p.offer()
	o.Reason = "La signora Bianco ha chiesto aiuto"
	made, err := p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
	p.must(err)
	for _, actor := range []tenants.Scope{p.decider, p.reader} {
		seen, err := p.sharing.Shares.Get(ctx, actor, made.ID)
		p.must(err)
		shown, err := json.Marshal(seen)
		p.must(err)
		for _, secret := range []string{"Bianco", "Rosa", p.file.Number, p.file.ID.String(), p.file.Person.String()} {
			if strings.Contains(string(shown), secret) {
				t.Errorf("the preview holds %q", secret)
			}
		}
		if seen.Preview.Area != "disabili" || len(seen.Preview.Sections) != 2 || seen.CaseRef != "" {
			t.Errorf("the preview is %+v", seen.Preview)
		}
	}
	if got := p.reads(p.reader); got != nil {
		t.Errorf("an offer opens %v", got)
	}
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})
	p.must(err)
	seen, err := p.sharing.Shares.Get(ctx, p.reader, made.ID)
	p.must(err)
	if seen.Sight != share.Whole || seen.CaseRef != p.ref() || seen.Reason != o.Reason {
		t.Errorf("once accepted the receiver sees %+v", seen)
	}
}

func TestRefusedInputWritesNothing(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	// No agreement names the third body, and nobody works at the fourth.
	third, fourth := p.body("c_e974"), p.body("c_m281")
	p.Operator(t, third, "coordinator")
	lonely := p.Operator(t, fourth, "tenant_admin")
	unstaffed := p.agree(p.head, lonely, func(*policies.Proposal) {})
	p.exec(`update policies.agreements set sections = sections || '{diary}' where id = $1`, p.agreement.ID) // before the body closed it
	for name, c := range map[string]struct {
		change func(*sharing.Offer)
		field  string
	}{
		"no legal basis":              {func(o *sharing.Offer) { o.LegalBasis = "" }, "base"},
		"unknown legal basis":         {func(o *sharing.Offer) { o.LegalBasis = "habit" }, "base"},
		"no agreement":                {func(o *sharing.Offer) { o.Receiver = third.ID }, "destinatario"},
		"unknown agreement":           {func(o *sharing.Offer) { o.Agreement = newID() }, "destinatario"},
		"nobody able":                 {func(o *sharing.Offer) { o.Agreement, o.Receiver = unstaffed.ID, fourth.ID }, "destinatario"},
		"section outside":             {func(o *sharing.Offer) { o.Sections = []string{"health"} }, "sezioni"},
		"section closed to all":       {func(o *sharing.Offer) { o.Sections, o.ExtraReason = []string{"diary"}, "perché sì" }, "sezioni"},
		"unknown section":             {func(o *sharing.Offer) { o.Sections = []string{"thoughts"} }, "sezioni"},
		"no section":                  {func(o *sharing.Offer) { o.Sections = nil }, "sezioni"},
		"more than the purpose needs": {func(o *sharing.Offer) { o.Sections = []string{"identity", "plan"} }, "motivo_sezioni"},
		"past day":                    {func(o *sharing.Offer) { o.Until = time.Now().AddDate(0, 0, -1) }, "fino"},
		"no day":                      {func(o *sharing.Offer) { o.Until = time.Time{} }, "fino"},
		"beyond the agreement":        {func(o *sharing.Offer) { o.Until = time.Now().AddDate(2, 0, 0) }, "fino"},
		"beyond the purpose":          {func(o *sharing.Offer) { o.Until = time.Now().AddDate(0, 0, 92) }, "fino"},
		"unknown purpose":             {func(o *sharing.Offer) { o.Purpose = "curiosity" }, "scopo"},
		"no reason":                   {func(o *sharing.Offer) { o.Reason = " " }, "motivo"},
		"long reason":                 {func(o *sharing.Offer) { o.Reason = strings.Repeat("è", 1001) }, "motivo"},
	} {
		t.Run(name, func(t *testing.T) {
			o := p.offer()
			c.change(&o)
			_, err := p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
			p.wants(t, err, problem.Invalid, c.field)
		})
	}
	if n := p.count(`select count(*) from sharing.shares`); n != 0 {
		t.Errorf("%d shares were written", n)
	}
	if n := p.count(`select count(*) from audit.events where action = 'share.offer'`); n != 0 {
		t.Errorf("%d offers are in the audit", n)
	}
}

func TestExtraSectionWithAReason(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	o := p.offer()
	o.Sections, o.ExtraReason = []string{"assessment", "identity", "plan"}, "Il progetto è comune"
	made, err := p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
	p.must(err)
	if diff := cmp.Diff([]string{"plan"}, made.Extra); diff != "" {
		t.Errorf("extra sections (-want +got):\n%s", diff)
	}
}

func TestOfferTwiceIsOneOffer(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	o := p.offer()
	for range 2 {
		made, err := p.sharing.Offers.Offer(ctx, p.worker, p.file.ID.String(), o)
		p.must(err)
		if made.ID != o.ID {
			t.Errorf("the share is %s", made.ID)
		}
	}
	if n := p.count(`select count(*) from audit.events where action = 'share.offer' and tenant_id = $1`, p.owner.ID); n != 1 {
		t.Errorf("%d offers in the owner's chain, want 1", n)
	}
}

func TestOnlyWhoWorksOnTheCaseOffers(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	other := p.Operator(t, p.owner, "social_worker")
	if _, err := p.sharing.Offers.Offer(ctx, other, p.file.ID.String(), p.offer()); err == nil {
		t.Error("a worker without the case offers it")
	}
	p.must(p.cases.OpenWithReason(ctx, other, p.file.ID.String(), "Sostituzione urgente"))
	_, err := p.sharing.Offers.Offer(ctx, other, p.file.ID.String(), p.offer())
	p.wants(t, err, problem.Forbidden, "")
	_, err = p.sharing.Offers.Offer(ctx, p.reader, p.ref(), p.offer())
	p.wants(t, err, problem.NotFound, "")
	p.accepted()
	_, err = p.sharing.Offers.Offer(ctx, p.reader, p.ref(), p.offer())
	p.wants(t, err, problem.Forbidden, "")
}

func TestStepsBelongToTheirSide(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.offered()
	_, err := p.sharing.Shares.Accept(ctx, p.head, made.ID, sharing.Addressee{})
	p.wants(t, err, problem.Forbidden, "")
	_, err = p.sharing.Shares.End(ctx, p.head, made.ID, share.Refuse, sharing.Ending{Words: "Non si può fare"})
	p.wants(t, err, problem.Forbidden, "")
	_, err = p.sharing.Shares.End(ctx, p.decider, made.ID, share.Withdraw, sharing.Ending{})
	p.wants(t, err, problem.Forbidden, "")
	_, err = p.sharing.Shares.End(ctx, p.decider, made.ID, share.Refuse, sharing.Ending{Words: ""})
	p.wants(t, err, problem.Invalid, "motivo")
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})
	p.must(err)
	_, err = p.sharing.Shares.End(ctx, p.decider, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"})
	p.wants(t, err, problem.Forbidden, "")
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})
	p.wants(t, err, problem.Conflict, "")
	if n := p.count(`select count(*) from policies.case_grants`); n != 2 {
		t.Errorf("%d grants after accepting twice, want 2", n)
	}
}

func TestForeignShareDoesNotExist(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	stranger := p.Operator(t, p.body("c_e974"), "coordinator", "social_worker")
	second := p.openCase(p.worker, "Ada", "Neri")
	for name, err := range map[string]error{
		"get":     errOf(p.sharing.Shares.Get(ctx, stranger, made.ID)),
		"accept":  errOf(p.sharing.Shares.Accept(ctx, stranger, made.ID, sharing.Addressee{})),
		"refuse":  errOf(p.sharing.Shares.End(ctx, stranger, made.ID, share.Refuse, sharing.Ending{Words: "Non ci riguarda"})),
		"revoke":  errOf(p.sharing.Shares.End(ctx, stranger, made.ID, share.Revoke, sharing.Ending{Words: "Non ci riguarda"})),
		"close":   errOf(p.sharing.Shares.End(ctx, stranger, made.ID, share.Close, sharing.Ending{Words: "Non ci riguarda"})),
		"unknown": errOf(p.sharing.Shares.End(ctx, p.worker, newID(), share.Revoke, sharing.Ending{Words: "Non ci riguarda"})),
		"of case": errOf(p.sharing.Shares.GetOfCase(ctx, p.worker, second.ID.String(), made.ID)),
		"as own":  errOf(p.sharing.Shares.GetOfCase(ctx, p.reader, p.file.ID.String(), made.ID)),
		"other":   errOf(p.sharing.Shares.End(ctx, p.Operator(t, p.owner, "social_worker"), made.ID, share.Revoke, sharing.Ending{Words: "Non ci riguarda"})),
	} {
		if !problem.Is(err, problem.NotFound) {
			t.Errorf("%s: got %v, want not found", name, err)
		}
	}
	if got := p.reads(p.reader); len(got) != 2 {
		t.Errorf("the share was touched: %v", got)
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestReadingsOfTwoSharesAreFoundWithBoth(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	shares := []uuid.UUID{p.accepted().ID, p.accepted().ID}
	p.reads(p.reader)
	under := map[uuid.UUID]bool{}
	for _, id := range shares {
		seen, err := p.sharing.Shares.Get(ctx, p.worker, id)
		p.must(err)
		readings, err := p.sharing.Shares.FindReadings(ctx, p.worker, seen)
		p.must(err)
		if len(readings) == 0 {
			t.Errorf("nothing is found with the share %s", id)
		}
		for _, one := range readings {
			under[one.Share] = true
		}
	}
	if len(under) != 1 {
		t.Errorf("the readings are counted under %d shares, want one", len(under))
	}
}

func TestRevocationShowsNothingAtTheNextQuery(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	p.reads(p.reader)
	seen, err := p.sharing.Shares.Get(ctx, p.worker, made.ID)
	p.must(err)
	readings, err := p.sharing.Shares.FindReadings(ctx, p.worker, seen)
	p.must(err)
	if len(readings) == 0 || readings[0].Actor != p.reader.Name || readings[0].Body != p.receiver.ID {
		t.Errorf("the revoker learns %+v", readings)
	}
	_, err = p.sharing.Shares.End(ctx, p.worker, made.ID, share.Revoke, sharing.Ending{Words: "La valutazione è finita"})
	p.must(err)
	if got := p.reads(p.reader); got != nil {
		t.Errorf("after the revocation the receiver reads %v", got)
	}
	for _, table := range []string{"casefile.cases", "registry.persons", "policies.case_subjects"} {
		if n := p.guestRows(p.reader, `select count(*) from `+table); n != 0 {
			t.Errorf("after the revocation %s shows %d rows", table, n)
		}
	}
	found, _, err := p.sharing.Shares.FindShared(ctx, p.reader, share.Place{})
	p.must(err)
	if len(found) != 0 {
		t.Errorf("after the revocation the list shows %+v", found)
	}
	_, err = p.sharing.Shares.End(ctx, p.worker, made.ID, share.Revoke, sharing.Ending{Words: "Di nuovo la stessa"})
	p.wants(t, err, problem.Conflict, "")
	after, err := p.sharing.Shares.Get(ctx, p.reader, made.ID)
	p.must(err)
	if after.Sight != share.Glimpse || after.CaseRef != "" || after.Outcome != "" {
		t.Errorf("after the revocation the receiver sees %+v", after)
	}
}

func TestAnotherLiveShareKeepsTheCaseOpen(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"revoke", "close", "refuse"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			p, ctx := newPair(t), context.Background()
			p.accepted()
			var err error
			switch second := p.offered(); end {
			case "refuse":
				_, err = p.sharing.Shares.End(ctx, p.decider, second.ID, share.Refuse, sharing.Ending{Words: "Già condivisa"})
			case "revoke":
				_, err = p.sharing.Shares.Accept(ctx, p.decider, second.ID, sharing.Addressee{})
				p.must(err)
				_, err = p.sharing.Shares.End(ctx, p.worker, second.ID, share.Revoke, sharing.Ending{Words: "Doppia"})
			case "close":
				_, err = p.sharing.Shares.Accept(ctx, p.decider, second.ID, sharing.Addressee{})
				p.must(err)
				_, err = p.sharing.Shares.End(ctx, p.decider, second.ID, share.Close, sharing.Ending{Words: "Parere dato"})
			}
			p.must(err)
			if got := p.reads(p.reader); len(got) != 2 {
				t.Errorf("the first share shows %v", got)
			}
		})
	}
}

func TestWithdrawnCannotBeAccepted(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.offered()
	_, err := p.sharing.Shares.End(ctx, p.worker, made.ID, share.Withdraw, sharing.Ending{})
	p.must(err)
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})
	p.wants(t, err, problem.Conflict, "")
	if got := p.reads(p.reader); got != nil {
		t.Errorf("a withdrawn offer opens %v", got)
	}
}

func TestAcceptanceChecksTheAgreementAgain(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.offered()
	_, err := p.sharing.Agreements.MoveAgreement(ctx, p.head, p.agreement.ID, policies.AgreementSuspended, p.seen(p.head, p.agreement.ID, policies.AgreementSuspended))
	p.must(err)
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})
	p.wants(t, err, problem.Invalid, "destinatario")
	if n := p.count(`select count(*) from policies.case_grants`); n != 0 {
		t.Errorf("%d grants were made", n)
	}
}

func TestAddresseeAloneReads(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	chosen := p.Operator(t, p.receiver, "social_worker")
	made := p.offered()
	_, err := p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{Account: p.worker.Account})
	p.wants(t, err, problem.Invalid, "incaricato")
	_, err = p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{Account: chosen.Account})
	p.must(err)
	if got := p.reads(chosen); len(got) != 2 {
		t.Errorf("the addressee reads %v", got)
	}
	if got := p.reads(p.reader); got != nil {
		t.Errorf("a colleague reads %v", got)
	}
	_, err = p.sharing.Shares.Get(ctx, p.reader, made.ID)
	p.wants(t, err, problem.NotFound, "")
	seen, err := p.sharing.Shares.Get(ctx, p.decider, made.ID)
	p.must(err)
	if seen.Sight != share.Glimpse {
		t.Errorf("the coordinator sees %s of a share for somebody else", seen.Sight)
	}
}

func TestTheClockEndsAShare(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	waiting := p.offered()
	p.accepted()
	p.setClock(22 * 24 * time.Hour)
	if got := p.reads(p.reader); got != nil {
		t.Errorf("after its last day the share shows %v", got)
	}
	_, err := p.sharing.Shares.Accept(ctx, p.decider, waiting.ID, sharing.Addressee{})
	p.wants(t, err, problem.Conflict, "")
	p.setClock(0)
	if got := p.reads(p.reader); len(got) != 2 {
		t.Errorf("with the clock set back the share shows %v", got)
	}
}

func TestDataProtectionOfficerSeesMetadataOnly(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	seen, err := p.sharing.Shares.Get(ctx, p.Operator(t, p.owner, "dpo"), made.ID)
	p.must(err)
	if seen.Sight != share.Metadata || seen.Reason != "" || seen.CaseRef != "" || seen.LegalBasis != "public_task" {
		t.Errorf("the officer sees %+v", seen)
	}
	if found, _, err := p.sharing.Shares.FindShared(ctx, p.Operator(t, p.receiver, "dpo"), share.Place{}); err != nil || len(found) != 0 {
		t.Errorf("the receiver's officer lists %+v, %v", found, err)
	}
}

func TestStepsAreInBothChains(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.accepted()
	_, err := p.sharing.Shares.Get(ctx, p.reader, made.ID)
	p.must(err)
	_, err = p.sharing.Shares.End(ctx, p.head, made.ID, share.Revoke, sharing.Ending{Words: "Fine del lavoro"})
	p.must(err)
	for _, action := range []string{"share.offer", "share.accept", "share.read", "share.revoke", "case.read"} {
		for _, body := range []int32{p.owner.ID, p.receiver.ID} {
			if n := p.count(`select count(*) from audit.events where tenant_id = $1 and share_id = $2 and action = $3`, body, made.ID, action); n == 0 {
				t.Errorf("%s is missing from the chain of body %d", action, body)
			}
		}
	}
	if n := p.count(`select count(*) from audit.events where payload::text like '%Bianco%' or payload::text like '%Fine del lavoro%'`); n != 0 {
		t.Errorf("%d events hold content", n)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.offered()
	for name, c := range map[string]struct {
		actor tenants.Scope
		sent  bool
		want  int
	}{
		"offerer": {p.worker, true, 1}, "colleague": {p.Operator(t, p.owner, "social_worker"), true, 0}, "coordinator": {p.head, true, 1},
		"receiver": {p.decider, false, 1}, "received by owner": {p.head, false, 0}, "sent by receiver": {p.decider, true, 0},
	} {
		found, _, err := p.sharing.Shares.Find(ctx, c.actor, share.Query{Sent: c.sent})
		p.must(err)
		if len(found) != c.want {
			t.Errorf("%s: %d shares, want %d", name, len(found), c.want)
		}
		if len(found) == 1 && !c.sent && found[0].Number != "" {
			t.Errorf("%s: the list of offers tells the number %s", name, found[0].Number)
		}
	}
	counts, err := p.sharing.Shares.Count(ctx, p.decider)
	p.must(err)
	if diff := cmp.Diff(share.Counts{Waiting: 1}, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	a, err := p.cases.Open(ctx, p.worker, p.file.ID.String(), "")
	p.must(err)
	of, err := p.sharing.Shares.FindOfCase(ctx, p.worker, a)
	p.must(err)
	if len(of) != 1 || of[0].ID != made.ID {
		t.Errorf("shares of the case: %+v", of)
	}
}

func TestOneOfManyStepsAtOnceSucceeds(t *testing.T) {
	t.Parallel()
	p, ctx := newPair(t), context.Background()
	made := p.offered()
	race := func(step func() error) (succeeded int) {
		results := make(chan error)
		for range 6 {
			go func() { results <- step() }()
		}
		for range 6 {
			switch err := <-results; {
			case err == nil:
				succeeded++
			case !problem.Is(err, problem.Conflict):
				t.Errorf("got %v, want a conflict", err)
			}
		}
		return succeeded
	}
	if n := race(func() error { return errOf(p.sharing.Shares.Accept(ctx, p.decider, made.ID, sharing.Addressee{})) }); n != 1 {
		t.Errorf("%d of the acceptances succeeded", n)
	}
	if n := p.count(`select count(*) from policies.case_grants`); n != 2 {
		t.Errorf("%d grants, want 2", n)
	}
	if n := race(func() error {
		return errOf(p.sharing.Shares.End(ctx, p.worker, made.ID, share.Revoke, sharing.Ending{Words: "Non serve più"}))
	}); n != 1 {
		t.Errorf("%d of the revocations succeeded", n)
	}
}
