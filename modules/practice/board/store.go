package board

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/practice/adoption"
	"staffetta/modules/practice/board/opening"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/release"
	"staffetta/tenants"
)

// readBoard reads everything that gates look at, and what else stands on the board.
func readBoard(ctx context.Context, tx tenants.Tx, a adoption.Adoption, drawn []string) (Board, error) {
	boards, err := readGates(ctx, tx, []adoption.Adoption{a}, drawn)
	if err != nil {
		return Board{}, err
	}
	b := boards[0]
	var sheet string
	var batch pgx.Batch
	batch.Queue(`select k.sheet from commons.kits k where k.id = $1`, a.Kit).QueryRow(func(row pgx.Row) error { return row.Scan(&sheet) })
	batch.Queue(`select o.stage, o.tenant_id, o.name, o.due from practice.adoptions_owners o where o.adoption_id = $1 order by o.stage, o.tenant_id`, a.ID).
		Query(collect(&b.Owners, scanOwner))
	batch.Queue(`select n.id, n.stage, n.text, n.author_name, n.at from practice.adoption_notes n
		where n.tenant_id = app.tenant() and n.adoption_id = $1 order by n.at desc, n.id limit 200`, a.ID).
		Query(collect(&b.Notes, pgx.RowToStructByPos[Note]))
	opening.Queue(&batch, a.ID, &b.Waiting)
	b.Quantities = map[uuid.UUID]map[string]any{}
	batch.Queue(`select m.id, m.quantities from practice.measurements m where m.tenant_id = app.tenant() and m.adoption_id = $1`, a.ID).Query(func(rows pgx.Rows) error {
		var id uuid.UUID
		var quantities map[string]any
		_, err := pgx.ForEachRow(rows, []any{&id, &quantities}, func() error {
			b.Quantities[id], quantities = quantities, nil
			return nil
		})
		return err
	})
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return Board{}, fmt.Errorf("read the board of an adoption: %w", err)
	}
	b.Sheet, err = release.ParseSheet([]byte(sheet))
	return b, err
}

func collect[T any](into *[]T, scan pgx.RowToFunc[T]) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, scan)
		return err
	}
}

func scanOwner(row pgx.CollectableRow) (Owner, error) {
	var o Owner
	var due *time.Time
	err := row.Scan(&o.Stage, &o.Tenant, &o.Name, &due)
	if due != nil {
		o.Due = *due
	}
	return o, err
}

// written is a statement as the database takes it.
type written struct {
	ID     uuid.UUID `json:"id"`
	Stage  int       `json:"stage"`
	Kind   Kind      `json:"kind"`
	Slot   string    `json:"slot"`
	Key    string    `json:"key"`
	Value  string    `json:"value"`
	Day    *string   `json:"day"`
	Amount *float64  `json:"amount"`
	People *int      `json:"people"`
	Owner  string    `json:"owner"`
	Note   string    `json:"note"`
	Link   string    `json:"link"`
	Author string    `json:"author_name"`
}

// writeStatement tells whether the statement is new.
func writeStatement(ctx context.Context, tx tenants.Tx, id uuid.UUID, s Statement) (fresh bool, err error) {
	raw, err := json.Marshal(written{
		ID: s.ID, Stage: s.Stage, Kind: s.Kind, Slot: s.slot(), Key: s.Key, Value: s.Value, Day: dayText(s.Day), Amount: s.Amount, People: s.People,
		Owner: s.Owner, Note: s.Note, Link: s.Link, Author: s.Author,
	})
	if err != nil {
		return false, fmt.Errorf("write a statement: %w", err)
	}
	if err := tx.QueryRow(ctx, `select practice.state_on_board($1, $2)`, id, raw).Scan(&fresh); err != nil {
		return false, refusal(err, "state something on a board")
	}
	return fresh, nil
}

// writeQuantities keeps what a value was computed from, for the own body alone.
func writeQuantities(ctx context.Context, tx tenants.Tx, id uuid.UUID, s Statement) error {
	if len(s.Quantities) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `insert into practice.measurements (id, adoption_id, quantities) values ($1, $2, $3)`, s.ID, id, s.Quantities)
	return refusal(err, "keep the quantities of an indicator")
}

func withdrawStatement(ctx context.Context, tx tenants.Tx, id, statement uuid.UUID) error {
	_, err := tx.Exec(ctx, `select practice.withdraw_statement($1, $2)`, id, statement)
	return refusal(err, "withdraw a statement")
}

func writeOwner(ctx context.Context, tx tenants.Tx, id uuid.UUID, o Owner) error {
	_, err := tx.Exec(ctx, `select practice.own_stage($1, $2, $3, $4::date)`, id, o.Stage, o.Name, dayText(o.Due))
	return refusal(err, "name who answers for a stage")
}

// writeJournal tells whether the line is new.
func writeJournal(ctx context.Context, tx tenants.Tx, a adoption.Adoption, n Note) (fresh bool, err error) {
	err = tx.QueryRow(ctx, `select practice.note_in_journal($1, $2, $3, $4)`, a.ID, n.ID, n.Author, n.Text).Scan(&fresh)
	return fresh, refusal(err, "write into the journal of an adoption")
}

// writeNote tells whether the note is new.
func writeNote(ctx context.Context, tx tenants.Tx, a adoption.Adoption, n Note) (fresh bool, err error) {
	tag, err := tx.Exec(ctx, `insert into practice.adoption_notes (id, adoption_id, stage, text, author_name, at) values ($1, $2, $3, $4, $5, app.now())
		on conflict (tenant_id, id) do nothing`, n.ID, a.ID, n.Stage, n.Text, n.Author)
	return tag.RowsAffected() > 0, refusal(err, "write a note about an adoption")
}

// lockAdoption lets nothing be put on a board while its gates are judged. It fails with problem.Conflict where the adoption is at
// another stage, or works with another kit, than it did when it was read.
func lockAdoption(ctx context.Context, tx tenants.Tx, a adoption.Adoption) error {
	if _, err := tx.Exec(ctx, `select practice.working_side($1)`, a.ID); err != nil {
		return refusal(err, "work on an adoption")
	}
	var same bool
	err := tx.QueryRow(ctx, `select stage = $2 and kit_id = $3 from practice.adoptions where id = $1`, a.ID, a.Stage, a.Kit).Scan(&same)
	if err != nil {
		return refusal(err, "read an adoption again")
	}
	if !same {
		return problem.New(problem.Conflict, movedKey)
	}
	return nil
}

// movedKey is the message that somebody else changed the adoption meanwhile.
const movedKey = "practice.board.error.moved"

// step is a move of an adoption.
type step struct {
	seen, target int
	author       string
	reason       string
}

func stepAdoption(ctx context.Context, tx tenants.Tx, id uuid.UUID, s step) error {
	_, err := tx.Exec(ctx, `select practice.step_adoption($1, $2, $3, $4, $5)`, id, s.seen, s.target, s.author, s.reason)
	return refusal(err, "move an adoption")
}

func refusal(err error, doing string) error {
	return form.Refusal(err, doing, movedKey)
}

func dayText(day time.Time) *string {
	if day.IsZero() {
		return nil
	}
	text := day.Format(time.DateOnly)
	return &text
}
