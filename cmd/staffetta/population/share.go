package population

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/sharing/preview"
	"staffetta/tenants"
)

// shared is how many cases a body shows to its neighbour.
const shared = 50

// purpose is one of those that every body has.
const purpose = "assessment"

// sharedSections are what the purpose proposes.
var sharedSections = []string{"identity", "assessment"}

// until is how long shares last: long enough for any test or bench.
var until = time.Date(2099, 12, 31, 23, 0, 0, 0, time.UTC)

// neighbours is a body that shows cases to another one.
type neighbours struct {
	from, to *body
	seed     *seed
}

func newNeighbours(from, to *body) neighbours {
	return neighbours{from, to, newSeed(from.seed.number, from.municipality.Belfiore+">"+to.municipality.Belfiore)}
}

// agree makes the agreement, signed by both, unless it is there. It tells whether it was made now.
func (n neighbours) agree(ctx context.Context, db *tenants.DB, sections []string) (made bool, err error) {
	return pact{
		id: n.seed.id("agreement", 0, epoch), title: "Accordo tra " + n.from.municipality.Name + " e " + n.to.municipality.Name, bodies: []*body{n.from, n.to},
	}.agree(ctx, db, sections)
}

// pact is an agreement by which each of its bodies may show cases to each other one.
type pact struct {
	id     uuid.UUID
	title  string
	bodies []*body // the first one proposes, all sign
}

// agree makes the agreement, unless it is there. It tells whether it was made now.
func (p pact) agree(ctx context.Context, db *tenants.DB, sections []string) (made bool, err error) {
	begin := epoch.AddDate(-2, 0, 0)
	var parties []map[string]any
	var edges []map[string]int32
	for _, b := range p.bodies {
		parties = append(parties, map[string]any{"tenant": b.id, "role": "controller"})
		for _, other := range p.bodies {
			if other != b {
				edges = append(edges, map[string]int32{"from": b.id, "to": other.id})
			}
		}
	}
	err = db.InTx(ctx, p.bodies[0].scope(sections), func(tx tenants.Tx) error {
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select 1 from policies.agreements where id = $1)`, p.id).Scan(&there); err != nil || there {
			return err
		}
		_, err := tx.Exec(ctx, `select policies.propose_agreement($1)`, map[string]any{
			"id": p.id, "title": p.title, "purposes": []string{"advice", purpose}, "sections": sharedSections, "writable": []string{},
			"valid_from": begin, "act_number": "1/2024", "act_date": day(begin), "parties": parties, "edges": edges,
		})
		made = err == nil
		return err
	})
	if err != nil || !made {
		return false, wrap("propose an agreement", err)
	}
	for i, b := range p.bodies[1:] {
		err := db.InTx(ctx, b.scope(sections), func(tx tenants.Tx) error {
			_, err := tx.Exec(ctx, `select policies.sign_agreement($1, $2, $3, $4)`, p.id, fmt.Sprintf("%d/2024", i+2), day(begin), b.coordinator.fullName())
			return err
		})
		if err != nil {
			return false, wrap("sign an agreement", err)
		}
	}
	return true, nil
}

// show offers cases of the one body and accepts them at the other, by the steps of every share.
func (n neighbours) show(ctx context.Context, db *tenants.DB, sections []string) error {
	var cases []candidate
	err := db.InTx(ctx, n.from.scope(sections), func(tx tenants.Tx) (err error) {
		cases, err = n.from.findCandidates(ctx, tx, shared)
		return err
	})
	if err != nil {
		return wrap("find cases to show", err)
	}
	return n.showThose(ctx, db, sections, n.seed.id("agreement", 0, epoch), cases)
}

// showThose shows cases under an agreement.
func (n neighbours) showThose(ctx context.Context, db *tenants.DB, sections []string, agreement uuid.UUID, cases []candidate) error {
	var shares, identity, assessment []uuid.UUID
	var offers []string
	for i, c := range cases {
		shares = append(shares, n.seed.id("share", i, epoch))
		identity = append(identity, n.seed.id("grant identity", i, epoch))
		assessment = append(assessment, n.seed.id("grant assessment", i, epoch))
		offer, err := n.offer(shares[i], agreement, c)
		if err != nil {
			return err
		}
		offers = append(offers, offer)
	}
	err := db.InTx(ctx, n.from.scope(sections), func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select sharing.offer_share(o) from unnest($1::jsonb[]) o`, offers)
		return err
	})
	if err != nil {
		return wrap("offer shares", err)
	}
	err = db.InTx(ctx, n.to.scope(sections), func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `select sharing.accept_share(a.id, array[a.identity, a.assessment], null, null, $4)
			from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as a (id, identity, assessment)`,
			shares, identity, assessment, n.to.coordinator.fullName())
		return err
	})
	return wrap("accept shares", err)
}

// candidate is a case that can be shown.
type candidate struct {
	ID   uuid.UUID
	Area string
	Band string // of the person's age, as a preview tells it
}

// findCandidates are the open cases of the body, the latest first.
func (b *body) findCandidates(ctx context.Context, tx tenants.Tx, most int) ([]candidate, error) {
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		select c.id, c.area, case when a.years < 18 then 'minor' when a.years < 35 then '18_34' when a.years < 65 then '35_64'
			when a.years < 80 then '65_79' else '80_more' end
		from casefile.cases c join registry.persons p on p.tenant_id = c.tenant_id and p.id = c.person_id,
			lateral (select extract(year from age($2, p.birth_date)) as years) a
		where c.tenant_id = $1 and c.closed_at is null
		order by c.opened_at desc, c.id desc limit %d`, most), b.id, epoch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[candidate])
}

func (n neighbours) offer(id, agreement uuid.UUID, c candidate) (string, error) {
	text, err := json.Marshal(map[string]any{
		"id": id, "kind": "consultation", "receiver_tenant": n.to.id, "case_id": c.ID, "agreement_id": agreement,
		"purpose": purpose, "purpose_label": "Valutazione in comune", "legal_basis": "public_task", "sections": sharedSections,
		"reason": "Valutazione da fare insieme", "answer_by": until, "valid_to": until, "offered_name": n.from.coordinator.fullName(),
		"preview": preview.Preview{Kind: "consultation", Purpose: "Valutazione in comune", Area: c.Area, AgeBand: c.Band, Sections: sharedSections, AnswerBy: until, Until: until},
	})
	return string(text), wrap("write an offer", err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
