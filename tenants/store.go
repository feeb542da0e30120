package tenants

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
)

func findTenants(ctx context.Context, tx Tx) ([]Tenant, error) {
	rows, err := tx.Query(ctx, `
		select t.id, t.slug, coalesce(t.ipa, ''), t.name, t.kind, t.state, coalesce(t.istat, ''), coalesce(t.belfiore, ''),
			coalesce(t.tax_code, ''), coalesce(t.pec, ''),
			coalesce(m.switched, ''), coalesce(p.version, 0), coalesce(p.subtitle, ''), coalesce(p.theme, ''), coalesce(p.crest, ''),
			coalesce(p.address, ''), coalesce(p.phone, ''), coalesce(p.email, ''), coalesce(p.website, ''), coalesce(p.accessibility, ''),
			coalesce(d.host, ''), d.since
		from platform.tenants t
		left join platform.hosts d on d.tenant_id = t.id
		left join platform.profiles p on p.tenant_id = t.id
		left join (select x.tenant_id, string_agg(x.module, ',') as switched from platform.modules x where x.active group by x.tenant_id) m
			on m.tenant_id = t.id`)
	if err != nil {
		return nil, fmt.Errorf("find bodies: %w", err)
	}
	sets := switches{}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Tenant, error) {
		var t Tenant
		var modules string
		var since *time.Time
		err := row.Scan(&t.ID, &t.Slug, &t.IPA, &t.Name, &t.Kind, &t.State, &t.ISTAT, &t.Belfiore, &t.TaxCode, &t.PEC, &modules,
			&t.Profile.Version, &t.Profile.Subtitle, &t.Profile.Theme, &t.Profile.Crest,
			&t.Profile.Address, &t.Profile.Phone, &t.Profile.Email, &t.Profile.Website, &t.Profile.Accessibility, &t.Host, &since)
		t.Switched = sets.of(modules)
		if since != nil {
			t.HostSince = *since
		}
		return t, err
	})
}

// switches are the sets of modules that bodies have on: thousands of bodies share a few, which nobody changes.
type switches map[string]map[string]bool

func (s switches) of(list string) map[string]bool {
	set, known := s[list]
	if !known {
		set = map[string]bool{}
		for m := range strings.SplitSeq(list, ",") {
			if m != "" {
				set[m] = true
			}
		}
		s[list] = set
	}
	return set
}

func findMovedSlugs(ctx context.Context, tx Tx) (map[string]int32, error) {
	rows, err := tx.Query(ctx, `select slug, tenant_id from platform.slugs`)
	if err != nil {
		return nil, fmt.Errorf("find old slugs: %w", err)
	}
	moved := map[string]int32{}
	var slug string
	var id int32
	_, err = pgx.ForEachRow(rows, []any{&slug, &id}, func() error {
		moved[slug] = id
		return nil
	})
	return moved, err
}

// CreateTenant makes a body in state entering and returns its id. A taken slug or
// municipality is ErrTaken.
func CreateTenant(ctx context.Context, tx Tx, t Tenant) (int32, error) {
	if IsReserved(t.Slug) && t.Kind != Platform {
		return 0, fmt.Errorf("slug %q: %w", t.Slug, ErrTaken)
	}
	var id int32
	err := tx.QueryRow(ctx, `
		insert into platform.tenants (slug, ipa, name, kind, state, istat, belfiore, tax_code, pec)
		values ($1, nullif($2, ''), $3, $4, 'entering', nullif($5, ''), nullif($6, ''), nullif($7, ''), nullif($8, ''))
		on conflict do nothing returning id`,
		t.Slug, t.IPA, t.Name, t.Kind, t.ISTAT, t.Belfiore, t.TaxCode, t.PEC).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, ErrTaken
	}
	if err != nil {
		return 0, fmt.Errorf("create a body: %w", err)
	}
	return id, nil
}

// ErrTaken says that a slug or a municipality already has a body.
var ErrTaken = errors.New("the body or its slug already exists")

// ActivateTenant makes a body live.
func ActivateTenant(ctx context.Context, tx Tx, id int32) error {
	_, err := tx.Exec(ctx, `update platform.tenants set state = 'active', activated_at = coalesce(activated_at, now()) where id = $1`, id)
	if err != nil {
		return fmt.Errorf("activate body %d: %w", id, err)
	}
	return nil
}

// SwitchModule turns a module on or off for a body; its data stay.
func SwitchModule(ctx context.Context, tx Tx, tenant int32, module string, active bool) error {
	_, err := tx.Exec(ctx, `
		insert into platform.modules (tenant_id, module, active) values ($1, $2, $3)
		on conflict (tenant_id, module) do update set active = excluded.active`, tenant, module, active)
	if err != nil {
		return fmt.Errorf("switch module %s: %w", module, err)
	}
	return nil
}

// Sealer encrypts and finds again what identifies an account.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Token(value string) []byte
}

// EnsureAccount returns the account of a fiscal code, which it creates when it is
// new. An account is who logs in (it: utenza); without a membership it opens nothing. Its id tells no time: a body that
// lets somebody in would read from it that they sign in elsewhere already.
func EnsureAccount(ctx context.Context, tx Tx, sealer Sealer, fiscalCode string) (uuid.UUID, error) {
	token := sealer.Token(fiscalCode)
	sealed, err := sealer.Seal([]byte(fiscalCode), []byte("account"))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the fiscal code: %w", err)
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return uuid.Nil, fmt.Errorf("make an account id: %w", err)
	}
	_, err = tx.Exec(ctx, `insert into platform.accounts (id, cf_token, cf_sealed) values ($1, $2, $3) on conflict (cf_token) do nothing`, id, token, sealed)
	if err != nil {
		return uuid.Nil, fmt.Errorf("create an account: %w", err)
	}
	if err := tx.QueryRow(ctx, `select id from platform.accounts where cf_token = $1`, token).Scan(&id); err != nil {
		return uuid.Nil, fmt.Errorf("find the account: %w", err)
	}
	return id, nil
}

// CreateMembership gives an account a role in a body from a day on; a role that
// the account already holds is left as it is.
func CreateMembership(ctx context.Context, tx Tx, tenant int32, account uuid.UUID, m Membership) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make a membership id: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into platform.memberships (id, tenant_id, account_id, role, office_id, display_name, valid_from, valid_to)
		values ($1, $2, $3, $4, nullif($5, 0), $6, coalesce(nullif($7, '0001-01-01'::date), current_date), nullif($8, '0001-01-01'::date))
		on conflict do nothing`, id, tenant, account, m.Role, m.OfficeID, m.Name, m.From, m.To)
	if err != nil {
		return fmt.Errorf("create a membership: %w", err)
	}
	return nil
}

// closedInto are the offices that closed into that of a membership m.
const closedInto = `case when m.office_id is null then '{}' else platform.closed_into(m.tenant_id, m.office_id) end`

// FindMemberships lists the roles of an account in a body, also those not valid today. Who has none comes by an access for support,
// where one runs and they still run the platform.
func FindMemberships(ctx context.Context, tx Tx, tenant int32, account uuid.UUID) ([]Membership, error) {
	rows, err := tx.Query(ctx, `
		select m.role, coalesce(m.office_id, 0), `+closedInto+`, m.display_name, m.valid_from, m.valid_to, null::timestamptz as until, m.created_at
		from platform.memberships m where m.tenant_id = $1 and m.account_id = $2
		union all
		select 'support', 0, '{}', s.name, s.answered_at::date, null, s.until, s.answered_at
		from platform.support_accesses s where s.tenant_id = $1 and s.account_id = $2 and s.state = 'granted' and s.until > app.now()
			and not exists (select from platform.memberships m where m.tenant_id = $1 and m.account_id = $2 and (m.valid_to is null or m.valid_to >= app.now()::date))
			and exists (select from platform.memberships m join platform.tenants t on t.id = m.tenant_id and t.kind = 'platform'
				where m.account_id = $2 and m.role = 'platform_operator' and m.valid_from <= app.now()::date and (m.valid_to is null or m.valid_to >= app.now()::date))
		order by created_at`, tenant, account)
	if err != nil {
		return nil, fmt.Errorf("find memberships: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Membership, error) {
		var m Membership
		var to, until *time.Time
		var created time.Time
		err := row.Scan(&m.Role, &m.OfficeID, &m.Closed, &m.Name, &m.From, &to, &until, &created)
		if to != nil {
			m.To = *to
		}
		if until != nil {
			m.Until = *until
		}
		return m, err
	})
}

// FindBodies lists the bodies in which an account holds a role on the day of the instant.
func FindBodies(ctx context.Context, tx Tx, account uuid.UUID, at time.Time) ([]int32, error) {
	rows, err := tx.Query(ctx, `select distinct m.tenant_id from platform.memberships m
		where m.account_id = $1 and m.valid_from <= $2::date and (m.valid_to is null or m.valid_to >= $2::date)`, account, language.Day(at))
	if err != nil {
		return nil, fmt.Errorf("find the bodies of an account: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int32])
}

// FindPastMemberships lists the roles of an account in a body as the program knew them, one after the other.
func FindPastMemberships(ctx context.Context, tx Tx, tenant int32, account uuid.UUID) ([]PastMembership, error) {
	rows, err := tx.Query(ctx, pastMemberships+` and m.account_id = $2 order by m.id`, tenant, account)
	if err != nil {
		return nil, fmt.Errorf("find past memberships: %w", err)
	}
	return scanPastMemberships(rows)
}

const pastMemberships = `
	select m.account_id, m.role, coalesce(m.office_id, 0), ` + closedInto + `, m.display_name, m.valid_from, m.valid_to, m.known_from, m.known_to
	from platform.membership_periods m where m.tenant_id = $1`

// FindPastColleagues lists the roles, as FindPastMemberships does, of everybody who was ever in an office of a body or in the
// one into which it closed, or in the body for the office 0.
func FindPastColleagues(ctx context.Context, tx Tx, tenant, office int32) ([]PastMembership, error) {
	rows, err := tx.Query(ctx, pastMemberships+`
		and ($2::int = 0 or m.account_id in (select o.account_id from platform.membership_periods o where o.tenant_id = $1
			and (o.office_id = $2 or o.office_id is not null and $2 = any (platform.closed_into($1, o.office_id))))) order by m.id`,
		tenant, office)
	if err != nil {
		return nil, fmt.Errorf("find past colleagues: %w", err)
	}
	return scanPastMemberships(rows)
}

func scanPastMemberships(rows pgx.Rows) ([]PastMembership, error) {
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (PastMembership, error) {
		var m PastMembership
		var to, known *time.Time
		err := row.Scan(&m.Account, &m.Role, &m.OfficeID, &m.Closed, &m.Name, &m.From, &to, &m.KnownFrom, &known)
		if to != nil {
			m.To = *to
		}
		if known != nil {
			m.KnownTo = *known
		}
		return m, err
	})
}

// Colleague is somebody with a role in the actor's own body.
type Colleague struct {
	Account  uuid.UUID
	Role     string
	OfficeID int32
	Closed   []int32 // offices that closed into it
	Name     string
}

// FindColleagues lists who holds a role in the body of the transaction, by name.
func FindColleagues(ctx context.Context, tx Tx) ([]Colleague, error) {
	rows, err := tx.Query(ctx, `select c.account_id, c.role, coalesce(c.office_id, 0),
		array(select o.id from platform.offices o where o.tenant_id = app.tenant() and o.successor_id = c.office_id order by o.id), c.display_name
		from platform.colleagues() c order by c.display_name, c.role`)
	if err != nil {
		return nil, fmt.Errorf("find colleagues: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Colleague, error) {
		var c Colleague
		return c, row.Scan(&c.Account, &c.Role, &c.OfficeID, &c.Closed, &c.Name)
	})
}

// Holder is a colleague who holds a role, today or from a later day on.
type Holder struct {
	Account  uuid.UUID
	Role     string
	Name     string
	From, To string // days as 2026-12-31: From is "" for today, To for no end
}

// FindHolders lists who holds a role in the body of the transaction, today or from a later day on, by name and day.
func FindHolders(ctx context.Context, tx Tx) ([]Holder, error) {
	rows, err := tx.Query(ctx, `select h.account_id, h.role, h.display_name, case when h.valid_from > app.now()::date then h.valid_from::text else '' end,
		coalesce(h.valid_to::text, '') from platform.held_roles() h order by h.display_name, h.account_id, h.valid_from, h.role`)
	if err != nil {
		return nil, fmt.Errorf("find who holds which role: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Holder, error) {
		var h Holder
		return h, row.Scan(&h.Account, &h.Role, &h.Name, &h.From, &h.To)
	})
}
