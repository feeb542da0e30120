package registry

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

// personColumns are a Person; an unknown day is the zero time.
const personColumns = `p.id, p.code_kind, p.tax_code, p.no_code_reason, p.alias, p.surname, p.name,
	coalesce(p.birth_date, date '0001-01-01') as birth_date, p.sex, p.birthplace_code, p.birthplace, p.citizenship,
	p.no_fixed_abode, coalesce(p.death_date, date '0001-01-01') as death_date, p.version,
	p.created_at, p.created_by, p.updated_at, p.updated_by`

const personSQL = `select ` + personColumns + ` from registry.persons p where p.tenant_id = $1 and p.id = $2`

// QueuePerson adds to a batch the reading of one person of a body into dst, through whichever door the batch goes.
// dst stays as it is where the door shows no such person. The caller audits the reading.
func QueuePerson(b *pgx.Batch, tenant int32, id uuid.UUID, dst *Person) {
	queueOne(b, dst, personSQL, tenant, id)
}

// queueOne reads at most one row into dst.
func queueOne[T any](b *pgx.Batch, dst *T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
		if len(found) > 0 {
			*dst = found[0]
		}
		return err
	})
}

func queueAll[T any](b *pgx.Batch, dst *[]T, sql string, args ...any) {
	b.Queue(sql, args...).Query(func(rows pgx.Rows) (err error) {
		*dst, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
}

const namesSQL = `select p.id, p.surname, p.name, p.alias from registry.persons p where p.tenant_id = $1 and p.id = any ($2)`

func collectNames(rows pgx.Rows) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	var id uuid.UUID
	var surname, name, alias string
	_, err := pgx.ForEachRow(rows, []any{&id, &surname, &name, &alias}, func() error {
		names[id] = Name{Surname: surname, Given: name, Alias: alias}.Listed()
		return nil
	})
	return names, err
}

// Names gives persons of a body their names as lists have them, in one query. Those that the transaction does not
// see are left out.
func Names(ctx context.Context, tx tenants.Tx, tenant int32, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := tx.Query(ctx, namesSQL, tenant, ids)
	if err != nil {
		return nil, fmt.Errorf("name persons: %w", err)
	}
	return collectNames(rows)
}

// QueueNames is Names for a batch.
func QueueNames(b *pgx.Batch, tenant int32, ids []uuid.UUID, dst *map[uuid.UUID]string) {
	b.Queue(namesSQL, tenant, ids).Query(func(rows pgx.Rows) (err error) {
		*dst, err = collectNames(rows)
		return err
	})
}

func (sv *Service) getPerson(ctx context.Context, s tenants.Scope, id uuid.UUID) (Person, error) {
	var b pgx.Batch
	var person Person
	QueuePerson(&b, s.Tenant, id, &person)
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return Person{}, fmt.Errorf("get a person: %w", err)
	}
	if person.ID == uuid.Nil {
		return Person{}, problem.Missing()
	}
	return person, nil
}

func getPersonTx(ctx context.Context, tx tenants.Tx, tenant int32, id uuid.UUID) (Person, error) {
	return onePerson(ctx, tx, personSQL, tenant, id)
}

func lockPerson(ctx context.Context, tx tenants.Tx, tenant int32, id uuid.UUID) (Person, error) {
	return onePerson(ctx, tx, personSQL+` for update`, tenant, id)
}

func onePerson(ctx context.Context, tx tenants.Tx, sql string, args ...any) (Person, error) {
	return one[Person](ctx, tx, sql, args...)
}

// one returns the row of a query, or problem.NotFound.
func one[T any](ctx context.Context, tx tenants.Tx, sql string, args ...any) (T, error) {
	var none T
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return none, fmt.Errorf("query %T: %w", none, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return none, fmt.Errorf("read %T: %w", none, err)
	}
	if len(found) == 0 {
		return none, problem.Missing()
	}
	return found[0], nil
}

// insertPerson reports false when a person with the id is there already.
func insertPerson(ctx context.Context, tx tenants.Tx, s tenants.Scope, id uuid.UUID, c Checked) (bool, error) {
	tag, err := tx.Exec(ctx, `
		insert into registry.persons (id, code_kind, tax_code, no_code_reason, alias, surname, name, birth_date, sex,
			birthplace_code, birthplace, citizenship, no_fixed_abode, death_date, surname_key, name_key, created_by, updated_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)
		on conflict do nothing`, append([]any{id}, personArgs(s, c)...)...)
	if err != nil {
		return false, fmt.Errorf("insert a person: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

func updatePerson(ctx context.Context, tx tenants.Tx, s tenants.Scope, before Person, c Checked) error {
	args := append([]any{before.ID}, personArgs(s, c)...)
	tag, err := tx.Exec(ctx, `
		update registry.persons set code_kind = $2, tax_code = $3, no_code_reason = $4, alias = $5, surname = $6, name = $7,
			birth_date = $8, sex = $9, birthplace_code = $10, birthplace = $11, citizenship = $12, no_fixed_abode = $13,
			death_date = $14, surname_key = $15, name_key = $16, updated_by = $17, updated_at = now(), version = version + 1
		where tenant_id = $18 and id = $1 and version = $19`, append(args, s.Tenant, before.Version)...)
	if err != nil {
		return fmt.Errorf("update a person: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "web.error.conflict")
	}
	return nil
}

func personArgs(s tenants.Scope, c Checked) []any {
	key := Person{Surname: c.Surname, Name: c.Name, Alias: c.Alias}.key()
	return []any{
		c.CodeKind, c.TaxCode, c.NoCodeReason, c.Alias, c.Surname, c.Name, orNull(c.Birth), c.Sex, c.BirthplaceCode,
		c.Birthplace, c.Citizenship, c.NoFixedAbode, orNull(c.Death), key.surname, key.name, account(s),
	}
}

func orNull(day time.Time) *time.Time {
	if day.IsZero() {
		return nil
	}
	return &day
}

func account(s tenants.Scope) *uuid.UUID {
	if s.Account == uuid.Nil {
		return nil
	}
	return &s.Account
}

func insertChanges(ctx context.Context, tx tenants.Tx, s tenants.Scope, person uuid.UUID, changes []Change) error {
	var b pgx.Batch
	for _, c := range changes {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make a change's id: %w", err)
		}
		b.Queue(`insert into registry.changes (id, person_id, field, old_value, new_value, changed_by, changed_name)
			values ($1, $2, $3, $4, $5, $6, $7)`, id, person, c.Field, c.OldValue, c.NewValue, account(s), s.Name)
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("insert the changes of a person: %w", err)
	}
	return nil
}

// findPersons reads one person more than the limit, which tells that there is a next page.
func (sv *Service) findPersons(ctx context.Context, s tenants.Scope, q Query) ([]Person, error) {
	args := []any{s.Tenant}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	where := []string{"p.tenant_id = $1"}
	words := readWords(q.Text)
	if words.code != "" {
		where = append(where, prefix("p.tax_code", words.code, arg))
	}
	if !words.from.IsZero() {
		where = append(where, "p.birth_date between "+arg(words.from)+" and "+arg(words.to))
	}
	if len(words.pairs) > 0 {
		var either []string
		for _, pair := range words.pairs {
			either = append(either, "("+prefix("p.surname_key", pair.surname, arg)+" and "+prefix("p.name_key", pair.name, arg)+")")
		}
		where = append(where, "("+strings.Join(either, " or ")+")")
	}
	if !q.BirthDate.IsZero() {
		where = append(where, "p.birth_date = "+arg(q.BirthDate))
	}
	if q.After != uuid.Nil {
		where = append(where, `(p.surname_key, p.name_key, p.id) > (select a.surname_key, a.name_key, a.id
			from registry.persons a where a.tenant_id = $1 and a.id = `+arg(q.After)+`)`)
	}
	sql := fmt.Sprintf(`select %s from registry.persons p where %s order by p.surname_key, p.name_key, p.id limit %d`,
		personColumns, strings.Join(where, " and "), q.Limit+1)
	return sv.readPersons(ctx, s, sql, args...)
}

func (sv *Service) readPersons(ctx context.Context, s tenants.Scope, sql string, args ...any) ([]Person, error) {
	var b pgx.Batch
	var persons []Person
	queueAll(&b, &persons, sql, args...)
	if err := sv.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find persons: %w", err)
	}
	return persons, nil
}

// prefix is the condition that a column begins with a text; an empty text is no condition.
func prefix(column, text string, arg func(any) string) string {
	if text == "" {
		return "true"
	}
	return column + " >= " + arg(text) + " and " + column + " < " + arg(text+keyEnd)
}

// candidatesSQL finds whom it is worth comparing with somebody: who has the code; who was born within five days and has
// a surname or a name of the same sound; who has both names of the same sound, where a day of birth is unknown. $2 is the
// code, $3 and $4 the keys of surname and name, $5 the day of birth. Each part is bounded, the most alike first.
const candidatesSQL = `select ` + personColumns + ` from registry.persons p where p.tenant_id = $1 and p.id in (
	(select a.id from registry.persons a where a.tenant_id = $1 and $2 <> '' and a.tax_code <> '' and a.tax_code = $2
		order by a.id limit 20)
	union all
	(select a.id from registry.persons a
		where a.tenant_id = $1 and $3 <> '' and a.birth_date between $5::date - 5 and $5::date + 5
			and (a.surname_sound in (registry.sound($3), registry.sound($4)) or a.name_sound in (registry.sound($3), registry.sound($4)))
		order by (a.surname_key in ($3, $4))::int + (a.name_key in ($3, $4))::int
			+ (a.surname_sound in (registry.sound($3), registry.sound($4)))::int + (a.name_sound in (registry.sound($3), registry.sound($4)))::int desc,
			abs(a.birth_date - $5::date), a.id limit 300)
	union all
	(select a.id from registry.persons a
		where a.tenant_id = $1 and $3 <> '' and (a.birth_date is null or $5::date is null)
			and ((a.surname_sound = registry.sound($3) and a.name_sound = registry.sound($4))
				or (a.surname_sound = registry.sound($4) and a.name_sound = registry.sound($3)))
		order by (a.surname_key in ($3, $4))::int + (a.name_key in ($3, $4))::int desc, a.id limit 100))
	order by p.surname_key, p.name_key, p.id`

// findCandidates finds at most 420 persons with whom to compare the one described.
func (sv *Service) findCandidates(ctx context.Context, s tenants.Scope, c Checked) ([]Person, error) {
	surname, name := nameKey(c.Surname), nameKey(c.Name)
	if surname == "" || name == "" {
		surname, name = "", "" // nobody is like somebody by one name alone
	}
	return sv.readPersons(ctx, s, candidatesSQL, s.Tenant, c.TaxCode, surname, name, orNull(c.Birth))
}
