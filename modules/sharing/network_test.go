package sharing_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/modules/sharing/network"
	"staffetta/policies"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// union is a pair with a third body and the service of networks.
type union struct {
	*pair
	networks *network.Service
	third    tenants.Scope // coordinator of a third body
	stranger tenants.Scope // of a body that is in no network
}

func newUnion(t *testing.T) *union {
	t.Helper()
	u := &union{pair: newPair(t)}
	u.networks = network.NewService(u.deps)
	u.third = u.Operator(t, u.body("c_e974"), "coordinator")
	u.stranger = u.Operator(t, u.body("c_a176"), "coordinator", "tenant_admin")
	return u
}

var joining = policies.Act{Number: "9/2026", Day: time.Now()}

// founded is a network of the pair and the third body that its founder alone has joined.
func (u *union) founded() network.Network {
	u.t.Helper()
	n, err := u.networks.Found(context.Background(), u.head, network.Founding{
		ID: newID(), Title: "Rete del Belice", Members: []int32{u.head.Tenant, u.decider.Tenant, u.third.Tenant}, Office: u.decider.Tenant, Act: joining,
	})
	u.must(err)
	return n
}

// joined is the same network, active.
func (u *union) joined() network.Network {
	u.t.Helper()
	n := u.founded()
	for _, actor := range []tenants.Scope{u.decider, u.third} {
		_, err := u.networks.Join(context.Background(), actor, n.ID, joining)
		u.must(err)
	}
	return u.network(u.head, n)
}

func (u *union) network(actor tenants.Scope, n network.Network) network.Network {
	u.t.Helper()
	n, err := u.networks.Get(context.Background(), actor, n.ID)
	u.must(err)
	return n
}

// told are the steps of the network in the chain of a body, in order.
func (u *union) told(body tenants.Scope, n network.Network) (actions []string) {
	u.t.Helper()
	rows, err := u.Owner.Query(context.Background(), `select action from audit.events where tenant_id = $1 and object_id = $2 order by at`, body.Tenant, n.ID)
	u.must(err)
	defer rows.Close()
	for rows.Next() {
		var action string
		u.must(rows.Scan(&action))
		actions = append(actions, strings.TrimPrefix(action, "network."))
	}
	u.must(rows.Err())
	return actions
}

func TestNetworkFromFoundingToItsEnd(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	n := u.founded()
	if n.State != network.Proposed || n.Lead != u.head.Tenant || !n.Has(u.head.Tenant) || !n.Awaits(u.third.Tenant) {
		t.Fatalf("the network is %+v", n)
	}
	_, err := u.networks.Join(ctx, u.decider, n.ID, joining)
	u.must(err)
	if n = u.network(u.head, n); n.State != network.Proposed {
		t.Errorf("with an invitation open it is %s", n.State)
	}
	u.must(u.networks.Leave(ctx, u.third, n.ID))
	_, err = u.networks.Get(ctx, u.third, n.ID)
	u.wants(t, err, problem.NotFound, "")
	if n = u.network(u.head, n); n.State != network.Active || len(n.Members) != 2 || n.Office != u.decider.Tenant {
		t.Errorf("after the last answer it is %+v", n)
	}
	_, err = u.networks.Hand(ctx, u.head, n.ID, u.decider.Tenant)
	u.must(err)
	if n = u.network(u.head, n); n.Lead != u.head.Tenant || n.NextLead != u.decider.Tenant {
		t.Errorf("before the other accepts, %d leads and %d was asked", n.Lead, n.NextLead)
	}
	_, err = u.networks.Take(ctx, u.decider, n.ID)
	u.must(err)
	if n = u.network(u.decider, n); n.Lead != u.decider.Tenant || n.NextLead != 0 {
		t.Errorf("after the other accepted, %d leads and %d was asked", n.Lead, n.NextLead)
	}
	u.must(u.networks.Leave(ctx, u.head, n.ID))
	if n = u.network(u.decider, n); n.State != network.Ended || len(n.Members) != 1 {
		t.Errorf("with one body left it is %+v", n)
	}
	for name, c := range map[string]struct {
		body tenants.Scope
		want []string
	}{
		"the founder":         {u.head, []string{"found", "join", "leave", "hand", "take", "leave"}},
		"the other":           {u.decider, []string{"found", "join", "leave", "hand", "take", "leave"}},
		"who declined":        {u.third, []string{"found", "join", "leave"}},
		"who was never asked": {u.stranger, nil},
	} {
		if diff := cmp.Diff(c.want, u.told(c.body, n)); diff != "" {
			t.Errorf("the chain of %s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNetworkStepsThatAreNotOpen(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	n, proposed := u.joined(), u.founded()
	for name, c := range map[string]struct {
		step func() error
		want problem.Kind
	}{
		"joining twice":                {func() error { return errOf(u.networks.Join(ctx, u.decider, n.ID, joining)) }, problem.Conflict},
		"joining unasked":              {func() error { return errOf(u.networks.Join(ctx, u.stranger, proposed.ID, joining)) }, problem.NotFound},
		"joining without an act":       {func() error { return errOf(u.networks.Join(ctx, u.third, proposed.ID, policies.Act{})) }, problem.Invalid},
		"the lead leaves the others":   {func() error { return u.networks.Leave(ctx, u.head, n.ID) }, problem.Conflict},
		"a stranger leaves":            {func() error { return u.networks.Leave(ctx, u.stranger, n.ID) }, problem.NotFound},
		"a member hands the lead over": {func() error { return errOf(u.networks.Hand(ctx, u.decider, n.ID, u.third.Tenant)) }, problem.Conflict},
		"the lead for itself":          {func() error { return errOf(u.networks.Hand(ctx, u.head, n.ID, u.head.Tenant)) }, problem.Conflict},
		"the lead for a stranger":      {func() error { return errOf(u.networks.Hand(ctx, u.head, n.ID, u.stranger.Tenant)) }, problem.Conflict},
		"the lead while it forms":      {func() error { return errOf(u.networks.Hand(ctx, u.head, proposed.ID, u.decider.Tenant)) }, problem.Conflict},
		"taking the lead unasked":      {func() error { return errOf(u.networks.Take(ctx, u.decider, n.ID)) }, problem.Conflict},
		"a stranger reads":             {func() error { return errOf(u.networks.Get(ctx, u.stranger, n.ID)) }, problem.NotFound},
		"nothing is read":              {func() error { return errOf(u.networks.Get(ctx, u.head, [16]byte{})) }, problem.NotFound},
	} {
		if err := c.step(); !problem.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if after := u.network(u.head, n); after.Version != n.Version {
		t.Errorf("refused steps changed the network to %+v", after)
	}
	found, err := u.networks.Find(ctx, u.stranger)
	u.must(err)
	if len(found) != 0 {
		t.Errorf("a stranger finds %+v", found)
	}
}

func TestNetworkInput(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	suspended := u.body("c_a229")
	u.exec(`update platform.tenants set state = 'suspended' where id = $1`, suspended.ID)
	u.must(u.deps.Bodies.Reload(ctx))
	me, other := u.head.Tenant, u.decider.Tenant
	good := network.Founding{Title: "Rete", Members: []int32{me, other}, Act: joining}
	for name, c := range map[string]struct {
		field  string
		change func(*network.Founding)
	}{
		"no title":                 {"titolo", func(f *network.Founding) { f.Title = "ab" }},
		"nobody else":              {"enti", func(f *network.Founding) { f.Members = []int32{me} }},
		"without itself":           {"enti", func(f *network.Founding) { f.Members = []int32{other, u.third.Tenant} }},
		"a body twice":             {"enti", func(f *network.Founding) { f.Members = []int32{me, other, other} }},
		"a body that is suspended": {"enti", func(f *network.Founding) { f.Members = []int32{me, suspended.ID} }},
		"no such body":             {"enti", func(f *network.Founding) { f.Members = []int32{me, -1} }},
		"an office elsewhere":      {"ufficio", func(f *network.Founding) { f.Office = u.third.Tenant }},
		"no act":                   {"atto_numero", func(f *network.Founding) { f.Act.Number = "" }},
	} {
		t.Run(name, func(t *testing.T) {
			f := good
			f.ID = newID()
			c.change(&f)
			_, err := u.networks.Found(ctx, u.head, f)
			u.wants(t, err, problem.Invalid, c.field)
		})
	}
	good.ID = newID()
	for range 2 {
		n, err := u.networks.Found(ctx, u.head, good)
		u.must(err)
		if len(u.told(u.head, n)) != 1 || len(n.Members) != 2 {
			t.Errorf("the network is %+v", n)
		}
	}
	_, err := u.networks.Found(ctx, u.stranger, network.Founding{ID: good.ID, Title: "Altra", Members: []int32{u.stranger.Tenant, other}, Act: joining})
	u.wants(t, err, problem.Conflict, "")
}

// What the rules of the program refuse, the database refuses by itself; and what it takes, it takes by its functions only.
func TestNetworkFunctionsOfTheDatabase(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	suspended := u.body("c_a229")
	u.exec(`update platform.tenants set state = 'suspended' where id = $1`, suspended.ID)
	n, me, other := u.joined(), u.head.Tenant, u.decider.Tenant
	asked := u.joined()
	_, err := u.networks.Hand(ctx, u.head, asked.ID, other)
	u.must(err)
	const found = `select sharing.found_network($1, 'Rete', $2, $3, '1', current_date)`
	for name, c := range map[string]struct {
		actor tenants.Scope
		sql   string
		args  []any
	}{
		"without itself":         {u.head, found, []any{newID(), []int32{other, u.third.Tenant}, nil}},
		"alone":                  {u.head, found, []any{newID(), []int32{me}, nil}},
		"twice":                  {u.head, found, []any{newID(), []int32{me, other, other}, nil}},
		"suspended":              {u.head, found, []any{newID(), []int32{me, suspended.ID}, nil}},
		"office elsewhere":       {u.head, found, []any{newID(), []int32{me, other}, u.third.Tenant}},
		"join twice":             {u.decider, `select sharing.join_network($1, '1', current_date)`, []any{n.ID}},
		"join unasked":           {u.stranger, `select sharing.join_network($1, '1', current_date)`, []any{n.ID}},
		"lead leaves":            {u.head, `select sharing.leave_network($1)`, []any{n.ID}},
		"stranger leaves":        {u.stranger, `select sharing.leave_network($1)`, []any{n.ID}},
		"member hands over":      {u.decider, `select sharing.hand_network($1, $2)`, []any{n.ID, u.third.Tenant}},
		"to a stranger":          {u.head, `select sharing.hand_network($1, $2)`, []any{n.ID, u.stranger.Tenant}},
		"to itself":              {u.head, `select sharing.hand_network($1, $2)`, []any{n.ID, me}},
		"take unasked":           {u.decider, `select sharing.take_network($1)`, []any{n.ID}},
		"take what others may":   {u.third, `select sharing.take_network($1)`, []any{asked.ID}},
		"member invites":         {u.decider, `select sharing.invite_to_network($1, $2)`, []any{n.ID, []int32{u.stranger.Tenant}}},
		"invite a member":        {u.head, `select sharing.invite_to_network($1, $2)`, []any{n.ID, []int32{other}}},
		"invite who sleeps":      {u.head, `select sharing.invite_to_network($1, $2)`, []any{n.ID, []int32{suspended.ID}}},
		"invite nobody":          {u.head, `select sharing.invite_to_network($1, $2)`, []any{n.ID, []int32{}}},
		"tell what is no event":  {u.head, `select sharing.tell_members($1, $2, now())`, []any{n.ID, newID()}},
		"settle by hand":         {u.head, `select sharing.settle_network($1)`, []any{n.ID}},
		"write a network":        {u.head, `update sharing.networks set title = 'Mia' where id = $1`, []any{n.ID}},
		"write a member":         {u.stranger, `insert into sharing.networks_parties (network_id, side) values ($1, 'member')`, []any{n.ID}},
		"name another's network": {u.head, `select sharing.name_network($1, $2)`, []any{u.agreement.ID, n.ID}}, // active: too late
	} {
		err := u.DB.InTx(ctx, c.actor, func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, c.sql, c.args...)
			return err
		})
		if err == nil {
			t.Errorf("%s: the database lets it pass", name)
		}
	}
	if after := u.network(u.head, n); after.Version != n.Version || len(after.Members) != 3 {
		t.Errorf("refused steps changed the network to %+v", after)
	}
}

// Who is no member cannot write into the chains of those who are.
func TestStrangerTellsNoMembers(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	n := u.joined()
	u.must(u.networks.Leave(ctx, u.third, n.ID))
	before := u.told(u.head, n)
	for _, actor := range []tenants.Scope{u.stranger, u.third} {
		err := u.DB.InTx(ctx, actor, func(tx tenants.Tx) error {
			told, err := auditTold(ctx, tx, actor, n)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `select sharing.tell_members($1, $2, $3)`, n.ID, told.ID, told.At)
			return err
		})
		if err == nil {
			t.Error("a body outside the network tells its members")
		}
	}
	if after := u.told(u.head, n); !slices.Equal(before, after) {
		t.Errorf("the chain of the lead became %v", after)
	}
}

// auditTold writes a step of the network into the actor's own chain.
func auditTold(ctx context.Context, tx tenants.Tx, actor tenants.Scope, n network.Network) (audit.Told, error) {
	return audit.WriteTold(ctx, tx, actor, audit.Event{Action: "network.leave", Object: n.ID})
}

func TestNetworkThroughThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	third := s.Operator(t, s.body("c_e974"), "coordinator")
	stranger := s.Operator(t, s.body("c_a176"), "coordinator", "tenant_admin")
	form := carry(s.get(s.head, "/rete/reti/nuova"), url.Values{"azione": {"cerca"}, "cerca": {"F061"}, "enti": {"c_e974"}, "titolo": {"Rete <b>Belice</b>"}})
	searched := s.serve(s.head, "POST", "/rete/reti", form)
	if searched.status != http.StatusOK || !strings.Contains(searched.markup, `value="c_e974" checked`) || !strings.Contains(searched.markup, `value="c_f061"`) ||
		strings.Contains(searched.markup, `value="c_a176"`) || !strings.Contains(searched.markup, "Rete &lt;b&gt;Belice&lt;/b&gt;") {
		t.Fatalf("searching loses what was chosen: %d\n%s", searched.status, searched.markup)
	}
	refused := s.serve(s.head, "POST", "/rete/reti", carry(searched.markup, url.Values{"enti": {"c_e974", "nessuno"}, "ufficio": {"c_a176"}}))
	for _, id := range []string{"titolo", "enti-1", "ufficio", "atto_numero", "atto_data"} {
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.markup, `href="#`+id+`"`) {
			t.Errorf("%d: the error at %s is not in the summary", refused.status, id)
		}
	}
	act := url.Values{"atto_numero": {"12"}, "atto_data": {time.Now().Format(time.DateOnly)}}
	form = carry(searched.markup, url.Values{"titolo": {"Rete Belice"}, "enti": {"c_e974", "c_f061"}, "ufficio": {"c_f061"}, "atto_numero": act["atto_numero"], "atto_data": act["atto_data"]})
	made, again := s.serve(s.head, "POST", "/rete/reti", form), s.serve(s.head, "POST", "/rete/reti", form)
	if made.redirect == "" || again.redirect != made.redirect {
		t.Fatalf("founded at %q, then %q: %v\n%s", made.redirect, again.redirect, made.err, made.markup)
	}
	path := made.redirect
	if markup := s.get(s.decider, "/rete"); !strings.Contains(markup, path) || !strings.Contains(markup, "Invito da decidere") {
		t.Error("the network page does not list the invitation")
	}
	if got := s.serve(s.decider, "POST", path+"/adesione", nil); got.status != http.StatusUnprocessableEntity {
		t.Errorf("joined without an act: %d", got.status)
	}
	for _, c := range []struct {
		actor tenants.Scope
		step  string
		form  url.Values
		want  string
	}{
		{s.decider, "/adesione", act, path},
		{third, "/adesione", act, path},
		{s.head, "/capofila", url.Values{"ente": {"c_f061"}}, path},
		{s.decider, "/capofila/accetta", nil, path},
		{third, "/recesso", nil, "/rete"},
	} {
		if got := s.serve(c.actor, "POST", path+c.step, c.form); got.redirect != c.want {
			t.Fatalf("%s: %d %v", c.step, got.status, got.err)
		}
	}
	if markup := s.get(s.decider, path); !strings.Contains(markup, "Cedi il ruolo di capofila") || !strings.Contains(markup, "Attiva") {
		t.Error("the new lead cannot hand over")
	}
	if got := s.serve(s.decider, "POST", path+"/capofila", url.Values{"ente": {"c_a176"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("the lead for a stranger: %d", got.status)
	}
	if markup := s.get(s.head, path+"/recesso"); !strings.Contains(markup, "Lascia la rete") {
		t.Error("no page confirms the departure")
	}
	for _, actor := range []tenants.Scope{stranger, third} {
		if got := s.serve(actor, "GET", path, nil); got.status != http.StatusNotFound {
			t.Errorf("a body outside reads the network: %d", got.status)
		}
	}
	if markup := s.get(s.reader, path); strings.Contains(markup, "<form") || strings.Contains(markup, "/recesso") {
		t.Error("who only reads is offered steps")
	}
}

// The desk tells who signs for a body what a network awaits of it, and no longer than that.
func TestNetworkDuties(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	find := network.Duties(u.networks)[0].Find
	paths := func(actor tenants.Scope) (all []string) {
		duties, err := find(ctx, actor)
		u.must(err)
		for _, one := range duties {
			all = append(all, one.Label.Key+" "+one.Path)
		}
		return all
	}
	first, second := u.founded(), u.founded()
	if diff := cmp.Diff([]string{"sharing.duty.join /rete"}, paths(u.third)); diff != "" {
		t.Errorf("two invitations (-want +got):\n%s", diff)
	}
	for _, n := range []network.Network{first, second} {
		u.must(u.networks.Leave(ctx, u.third, n.ID))
		_, err := u.networks.Join(ctx, u.decider, n.ID, joining)
		u.must(err)
	}
	_, err := u.networks.Hand(ctx, u.head, first.ID, u.decider.Tenant)
	u.must(err)
	if diff := cmp.Diff([]string{"sharing.duty.lead /rete/reti/" + first.ID.String()}, paths(u.decider)); diff != "" {
		t.Errorf("a request to lead (-want +got):\n%s", diff)
	}
	for _, actor := range []tenants.Scope{u.head, u.third, u.stranger} {
		if got := paths(actor); got != nil {
			t.Errorf("nothing is awaited, the desk says %v", got)
		}
	}
}

// An agreement names a network that is active and has all its parties, at once with its proposal.
func TestAgreementNamesItsNetwork(t *testing.T) {
	t.Parallel()
	u, ctx := newUnion(t), context.Background()
	n, forming := u.joined(), u.founded()
	_, err := u.networks.Join(ctx, u.decider, forming.ID, joining) // the third body has yet to answer
	u.must(err)
	within := func(id [16]byte, parties ...tenants.Scope) policies.Proposal {
		p := policies.Proposal{
			ID: newID(), Title: "Accordo di rete", Edges: []policies.Edge{{From: u.head.Tenant, To: u.decider.Tenant}}, Purposes: []string{"advice"},
			Sections: []string{"assessment"}, From: time.Now(), To: time.Now().AddDate(1, 0, 0), Act: joining, Network: id,
		}
		for _, party := range append([]tenants.Scope{u.head, u.decider}, parties...) {
			p.Parties = append(p.Parties, party.Tenant)
		}
		return p
	}
	made, err := u.sharing.Agreements.ProposeAgreement(ctx, u.head, within(n.ID, u.third))
	u.must(err)
	for _, party := range []tenants.Scope{u.head, u.decider, u.third} {
		named, err := u.sharing.Agreements.NetworkOf(ctx, party, made.ID)
		u.must(err)
		if named.ID != n.ID || named.Title != n.Title {
			t.Errorf("the agreement stands in %+v", named)
		}
	}
	named, err := u.sharing.Agreements.NetworkOf(ctx, u.stranger, made.ID)
	u.must(err)
	if named.Title != "" {
		t.Errorf("a stranger learns of %+v", named)
	}
	for name, p := range map[string]policies.Proposal{
		"a party outside the network": within(n.ID, u.stranger), "a network that forms": within(forming.ID), "no such network": within(newID()),
	} {
		_, err := u.sharing.Agreements.ProposeAgreement(ctx, u.head, p)
		u.wants(t, err, problem.Invalid, "rete")
		if _, err := u.sharing.Agreements.GetAgreement(ctx, u.head, p.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("%s: the agreement was kept: %v", name, err)
		}
	}
	_, err = u.sharing.Agreements.ProposeAgreement(ctx, u.third, policies.Proposal{
		ID: newID(), Title: "Fuori dalla rete", Parties: []int32{u.third.Tenant, u.stranger.Tenant}, Edges: []policies.Edge{{From: u.third.Tenant, To: u.stranger.Tenant}},
		Purposes: []string{"advice"}, Sections: []string{"assessment"}, From: time.Now(), To: time.Now().AddDate(1, 0, 0), Act: joining, Network: n.ID,
	})
	u.wants(t, err, problem.Invalid, "rete")
}

func TestAgreementNamesItsNetworkThroughThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if markup := s.get(s.head, "/rete/accordi/nuovo"); strings.Contains(markup, `name="rete"`) {
		t.Error("without a network the form asks for one")
	}
	u := &union{pair: s.pair, networks: network.NewService(s.deps), third: s.Operator(t, s.body("c_e974"), "coordinator")}
	n := u.joined()
	made := s.propose("Accordo nella rete", url.Values{"rete": {n.ID.String()}})
	if made.redirect == "" || !strings.Contains(s.get(s.decider, made.redirect), "/rete/reti/"+n.ID.String()) {
		t.Errorf("the agreement does not lead to its network: %d %v", made.status, made.err)
	}
	for _, id := range []string{"nessuna", newID().String()} {
		at := s.draft("Fuori rete", url.Values{}) + "/enti"
		got := s.serve(s.head, "POST", at, carry(s.get(s.head, at), url.Values{"titolo": {"Fuori rete"}, "ente": {"c_f061"}, "rete": {id}}))
		if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.markup, `href="#rete"`) {
			t.Errorf("the network %q: %d %q", id, got.status, got.redirect)
		}
	}
}
