package casefile

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"staffetta/tenants"
)

// Notice tells an operator of something that happened (it: avviso). It names no person of the registry.
type Notice struct {
	ID        uuid.UUID
	Topic     string // case.opened, case.assigned, share.offered …
	Path      string // where it leads, without the body's slug
	Actor     string
	Reference string
	At        time.Time
	Seen      bool
}

// OpenedArgs asks to tell the coordinators that a case was opened with a reason.
type OpenedArgs struct {
	Tenant  int32     `json:"tenant_id"`
	Case    uuid.UUID `json:"case_id"`
	Account uuid.UUID `json:"account_id"`
}

// Kind is the name of the job.
func (OpenedArgs) Kind() string { return "casefile.opened" }

// TenantID is the body of the job.
func (a OpenedArgs) TenantID() int32 { return a.Tenant }

type openedWorker struct {
	river.WorkerDefaults[OpenedArgs]
	service *Service
}

// Work writes one notice per coordinator; running twice writes none again.
func (w *openedWorker) Work(ctx context.Context, job *river.Job[OpenedArgs]) error {
	scope := tenants.ScopeFrom(ctx)
	return w.service.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		var number, actor string
		err := tx.QueryRow(ctx, `
			select c.number, coalesce((select k.display_name from platform.colleagues() k where k.account_id = $3 limit 1), '')
			from casefile.cases c where c.tenant_id = $1 and c.id = $2`, scope.Tenant, job.Args.Case, job.Args.Account).Scan(&number, &actor)
		if err != nil {
			return fmt.Errorf("read the opened case: %w", err)
		}
		return Tell(ctx, tx, Message{
			Key: fmt.Sprint(job.ID), Topic: "case.opened", Path: "/cartelle/" + job.Args.Case.String() + "/accessi",
			Actor: actor, Reference: number, Roles: []string{"coordinator"},
		})
	})
}

// Message is a notice before it is addressed.
type Message struct {
	Key       string // makes telling twice harmless
	Topic     string
	Path      string
	Actor     string
	Reference string
	Roles     []string    // everybody of the body with one of these roles
	Accounts  []uuid.UUID // and these
}

// Tell writes the notices of a message in the transaction.
func Tell(ctx context.Context, tx tenants.Tx, m Message) error {
	colleagues, err := tenants.FindColleagues(ctx, tx)
	if err != nil {
		return err
	}
	addressed := map[uuid.UUID]bool{}
	for _, account := range m.Accounts {
		addressed[account] = true
	}
	for _, c := range colleagues {
		for _, role := range m.Roles {
			if c.Role == role {
				addressed[c.Account] = true
			}
		}
	}
	ids, accounts := make([]uuid.UUID, 0, len(addressed)), make([]uuid.UUID, 0, len(addressed))
	for account := range addressed {
		ids = append(ids, uuid.NewSHA1(account, []byte(m.Topic+"|"+m.Key)))
		accounts = append(accounts, account)
	}
	_, err = tx.Exec(ctx, `
		insert into casefile.notices (id, account_id, topic, path, actor_name, reference)
		select n.id, n.account, $3, $4, $5, $6 from unnest($1::uuid[], $2::uuid[]) n (id, account)
		on conflict do nothing`, ids, accounts, m.Topic, m.Path, m.Actor, m.Reference)
	if err != nil {
		return fmt.Errorf("write notices: %w", err)
	}
	return nil
}

// FindNotices lists the actor's notices, newest first.
func (s *Service) FindNotices(ctx context.Context, scope tenants.Scope) ([]Notice, error) {
	var batch pgx.Batch
	var notices []Notice
	batch.Queue(`
		select n.id, n.topic, n.path, n.actor_name, n.reference, n.at, n.seen_at is not null from casefile.notices n
		where n.tenant_id = $1 and n.account_id = $2 order by n.at desc limit 20`, scope.Tenant, scope.Account).
		Query(func(rows pgx.Rows) (err error) {
			notices, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Notice, error) {
				var n Notice
				return n, row.Scan(&n.ID, &n.Topic, &n.Path, &n.Actor, &n.Reference, &n.At, &n.Seen)
			})
			return err
		})
	if err := s.deps.DB.Read(ctx, scope, &batch); err != nil {
		return nil, fmt.Errorf("find notices: %w", err)
	}
	return notices, nil
}

// SeeNotices marks the actor's notices as seen.
func (s *Service) SeeNotices(ctx context.Context, scope tenants.Scope) error {
	return s.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		_, err := tx.Exec(ctx, `update casefile.notices set seen_at = app.now() where tenant_id = $1 and account_id = $2 and seen_at is null`,
			scope.Tenant, scope.Account)
		if err != nil {
			return fmt.Errorf("mark notices as seen: %w", err)
		}
		return nil
	})
}
