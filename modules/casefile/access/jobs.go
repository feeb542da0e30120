package access

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"staffetta/modules/casefile/notice"
	"staffetta/tenants"
)

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

// Work adds what works the jobs of opened cases.
func (c *Cases) Work(w *river.Workers) { river.AddWorker(w, &openedWorker{cases: c}) }

type openedWorker struct {
	river.WorkerDefaults[OpenedArgs]
	cases *Cases
}

// Work writes one notice per coordinator; running twice writes none again.
func (w *openedWorker) Work(ctx context.Context, job *river.Job[OpenedArgs]) error {
	scope := tenants.ScopeFrom(ctx)
	return w.cases.deps.DB.InTx(ctx, scope, func(tx tenants.Tx) error {
		number, actor, err := readOpened(ctx, tx, job.Args)
		if err != nil {
			return err
		}
		return notice.Tell(ctx, tx, notice.Message{
			Key: fmt.Sprint(job.ID), Topic: "case.opened", Path: "/cartelle/" + job.Args.Case.String() + "/accessi",
			Actor: actor, Reference: number, Roles: []string{"coordinator"},
		})
	})
}
