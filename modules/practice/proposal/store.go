package proposal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

const columns = `p.id, p.adoption_id, p.practice_id, k.title_it, k.title_en, p.kit_id, k.release, p.ceding_tenant, p.reusing_tenant, p.kind, p.key, p.title_it,
	p.title_en, p.owner, p.licence, p.reason, p.evidence, p.link, p.state, p.author_name, p.version, p.created_at, p.sent_at, coalesce(p.last_tenant, 0), p.last_at,
	p.answer, p.answer_name, p.answered_at, p.read_at, p.credited_release`

const tables = ` from practice.proposals p join commons.kits k on k.id = p.kit_id`

// scanner reads columns, and what follows them into more, as a body sees a proposal.
func scanner(tenant int32, more func(*Proposal) []any) pgx.RowToFunc[Proposal] {
	return func(row pgx.CollectableRow) (Proposal, error) {
		var p Proposal
		var sent, last, answered, read *time.Time
		into := []any{
			&p.ID, &p.Adoption, &p.Practice, &p.Title.It, &p.Title.En, &p.Kit, &p.Release, &p.Ceding, &p.Reusing, &p.Item.Kind, &p.Item.Key, &p.Item.Title.IT,
			&p.Item.Title.EN, &p.Item.Owner, &p.Item.Licence, &p.Reason, &p.Evidence, &p.Link, &p.State, &p.Author, &p.Revision, &p.CreatedAt, &sent, &p.LastTenant, &last,
			&p.Answer, &p.Answerer, &answered, &read, &p.Credited,
		}
		if more != nil {
			into = append(into, more(&p)...)
		}
		err := row.Scan(into...)
		p.SentAt, p.LastAt, p.AnsweredAt, p.ReadAt = instant(sent), instant(last), instant(answered), instant(read)
		p.Side = adoption.Reusing
		if p.Ceding == tenant {
			p.Side = adoption.Ceding
		}
		return p, err
	}
}

func instant(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

const newestFirst = ` order by coalesce(p.last_at, p.created_at) desc, p.id desc`

// find finds those that follow a place, one more than a page has.
func (v *Service) find(ctx context.Context, s tenants.Scope, cursor string) ([]Proposal, error) {
	at, id := form.ParsePlace(cursor)
	return v.read(ctx, s, ` where $1::timestamptz is null or (coalesce(p.last_at, p.created_at), p.id) < ($1, $2::uuid)`+newestFirst+` limit `+strconv.Itoa(form.PageSize+1), at, id)
}

// findUnsettled finds those that one of the two bodies has to do something about, or to read.
func (v *Service) findUnsettled(ctx context.Context, s tenants.Scope) ([]Proposal, error) {
	return v.read(ctx, s, ` where p.state in ('draft', 'sent', 'discussed') or p.read_at is null`+newestFirst)
}

func (v *Service) read(ctx context.Context, s tenants.Scope, which string, args ...any) ([]Proposal, error) {
	var b pgx.Batch
	var found []Proposal
	b.Queue(`select `+columns+tables+which, args...).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, scanner(s.Tenant, nil))
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find proposals: %w", err)
	}
	return found, nil
}

func (v *Service) get(ctx context.Context, s tenants.Scope, id uuid.UUID) (Proposal, error) {
	var b pgx.Batch
	var found Proposal
	var messages []Message
	var content, base string
	b.Queue(`select `+columns+`, p.content, i.title_it, i.title_en, i.owner, i.licence, i.content`+tables+`
		join commons.kit_items i on i.kit_id = p.kit_id and i.kind = p.kind and i.key = p.key where p.id = $1`, id).
		Query(form.One(&found, scanner(s.Tenant, func(p *Proposal) []any {
			return []any{&content, &p.Base.Title.IT, &p.Base.Title.EN, &p.Base.Owner, &p.Base.Licence, &base}
		})))
	b.Queue(`select m.id, m.tenant_id, m.author_name, m.said, m.at from practice.proposals_messages m where m.proposal_id = $1 order by m.at, m.id limit 500`, id).
		Query(func(rows pgx.Rows) (err error) {
			messages, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Message])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return Proposal{}, form.Missing(err, "get a proposal")
	}
	found.Item.Content, found.Base.Content, found.Messages = json.RawMessage(content), json.RawMessage(base), messages
	found.Base.Kind, found.Base.Key = found.Item.Kind, found.Item.Key
	return found, nil
}

// findTaken reads the items of an adoption that the body uses, or one of them, with what the kit held.
func findTaken(ctx context.Context, tx tenants.Tx, of uuid.UUID, kind, key string) ([]Candidate, error) {
	rows, err := tx.Query(ctx, `select a.kit_id, b.kind, b.key, b.title_it, b.title_en, b.owner, b.licence, b.content,
			i.title_it, i.title_en, i.owner, i.licence, v.content,
			(select p.id from practice.proposals p where p.adoption_id = a.adoption_id and p.kind = a.kind and p.key = a.key and p.state in ('draft', 'sent', 'discussed'))
		from practice.adoption_items a
		join commons.kit_items b on b.kit_id = a.kit_id and b.kind = a.kind and b.key = a.key
		join kit.items i on i.tenant_id = a.tenant_id and i.id = a.item_id
		join kit.item_versions v on v.tenant_id = i.tenant_id and v.id = i.version_id
		where a.tenant_id = app.tenant() and a.adoption_id = $1 and a.decision <> 'left' and i.state = 'published' and ($2 = '' or a.kind = $2 and a.key = $3)
		order by a.kind, a.key limit 5000`, of, kind, key)
	if err != nil {
		return nil, fmt.Errorf("find what a body made of a kit: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Candidate, error) {
		var c Candidate
		var base, ours string
		var open *uuid.UUID
		err := row.Scan(&c.Kit, &c.Base.Kind, &c.Base.Key, &c.Base.Title.IT, &c.Base.Title.EN, &c.Base.Owner, &c.Base.Licence, &base,
			&c.Ours.Title.IT, &c.Ours.Title.EN, &c.Ours.Owner, &c.Ours.Licence, &ours, &open)
		c.Base.Content, c.Ours.Content = json.RawMessage(base), json.RawMessage(ours)
		c.Ours.Kind, c.Ours.Key = c.Base.Kind, c.Base.Key
		if open != nil {
			c.Open = *open
		}
		return c, err
	})
}

// kitItems reads what a published kit holds.
func kitItems(ctx context.Context, tx tenants.Tx, id uuid.UUID) ([]kit.Source, error) {
	rows, err := tx.Query(ctx, `select i.kind, i.key, i.content from commons.kit_items i where i.kit_id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("find the items of a kit: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (kit.Source, error) {
		var source kit.Source
		var content string
		err := row.Scan(&source.Kind, &source.Key, &content)
		source.Content = json.RawMessage(content)
		return source, err
	})
}

// written is a draft as the database takes it.
type written struct {
	Adoption uuid.UUID `json:"adoption_id"`
	Kit      uuid.UUID `json:"kit_id"`
	Kind     string    `json:"kind"`
	Key      string    `json:"key"`
	TitleIT  string    `json:"title_it"`
	TitleEN  string    `json:"title_en"`
	Owner    string    `json:"owner"`
	Licence  string    `json:"licence"`
	Content  string    `json:"content"`
	Reason   string    `json:"reason"`
	Evidence string    `json:"evidence"`
	Link     string    `json:"link"`
	Author   string    `json:"author_name"`
}

// basis is what a draft says beside its texts.
type basis struct {
	kit    uuid.UUID // from which the change begins
	item   kit.Source
	author string
}

// writeProposal returns the revision of the draft, 0 for a new one that is there already.
func writeProposal(ctx context.Context, tx tenants.Tx, w Writing, on basis) (revision int, err error) {
	item := on.item
	raw, err := json.Marshal(written{
		Adoption: w.Adoption, Kit: on.kit, Kind: item.Kind, Key: item.Key, TitleIT: item.Title.IT, TitleEN: item.Title.EN, Owner: item.Owner,
		Licence: item.Licence, Content: string(item.Content), Reason: w.Reason, Evidence: w.Evidence, Link: w.Link, Author: on.author,
	})
	if err != nil {
		return 0, fmt.Errorf("write a proposal: %w", err)
	}
	err = tx.QueryRow(ctx, `select practice.write_proposal($1, $2, $3)`, w.ID, w.Revision, raw).Scan(&revision)
	return revision, refusal(err, "write a proposal")
}

func sendProposal(ctx context.Context, tx tenants.Tx, id uuid.UUID, seen int, author string) error {
	_, err := tx.Exec(ctx, `select practice.send_proposal($1, $2, $3)`, id, seen, author)
	return refusal(err, "send a proposal")
}

// writeMessage tells whether the message is new.
func writeMessage(ctx context.Context, tx tenants.Tx, id uuid.UUID, m Message) (fresh bool, err error) {
	err = tx.QueryRow(ctx, `select practice.discuss_proposal($1, $2, $3, $4)`, id, m.ID, m.Author, m.Text).Scan(&fresh)
	return fresh, refusal(err, "discuss a proposal")
}

// closing is how a proposal ends.
type closing struct {
	seen    int
	outcome State
	author  string
	words   string
	number  int // of the version that holds what was accepted
}

func closeProposal(ctx context.Context, tx tenants.Tx, id uuid.UUID, c closing) error {
	_, err := tx.Exec(ctx, `select practice.close_proposal($1, $2, $3, $4, $5, $6)`, id, c.seen, c.outcome, c.author, c.words, c.number)
	return refusal(err, "end a proposal")
}

// readAnswer tells whether nobody had read it before.
func readAnswer(ctx context.Context, tx tenants.Tx, id uuid.UUID) (fresh bool, err error) {
	err = tx.QueryRow(ctx, `select practice.read_answer($1)`, id).Scan(&fresh)
	return fresh, refusal(err, "read the answer to a proposal")
}

// refusal turns what the functions of the database refuse into what a person is told.
func refusal(err error, doing string) error {
	if broken, ok := errors.AsType[*pgconn.PgError](err); ok && broken.ConstraintName == "proposals_open" {
		return problem.New(problem.Conflict, "practice.proposal.error.open").Wrap(err)
	}
	return form.Refusal(err, doing, "practice.proposal.error.changed")
}
