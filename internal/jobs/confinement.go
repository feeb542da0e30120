package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// actor is how colleagues and the audit name what a job does.
const actor = "sistema"

// confinement gives each job the scope of its body: no purpose, no role, no
// section. A platform job (tenant 0) has no scope, so that only the Platform door
// opens. A job whose arguments name no body is cancelled.
type confinement struct {
	river.MiddlewareDefaults
	bodies *tenants.Directory
	log    *slog.Logger
}

// Work meets rivertype.WorkerMiddleware.
func (c *confinement) Work(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	tenant, err := tenantOf(job.EncodedArgs)
	if err != nil {
		c.log.ErrorContext(ctx, "job cancelled", append(attributes(job), slog.String("error", err.Error()))...)
		return river.JobCancel(err)
	}
	if tenant != 0 {
		ctx = tenants.WithScope(ctx, c.scope(tenant, job))
	}
	begun := time.Now()
	if err = work(ctx); err == nil {
		c.log.InfoContext(ctx, "job done", append(attributes(job), slog.Duration("took", time.Since(begun)))...)
	}
	var cancelled *river.JobCancelError
	if errors.As(err, &cancelled) {
		c.log.WarnContext(ctx, "job cancelled", append(attributes(job), slog.String("error", err.Error()))...)
	}
	return err
}

func (c *confinement) scope(tenant int32, job *rivertype.JobRow) tenants.Scope {
	s := tenants.Scope{
		Tenant: tenant, Name: actor, Language: language.Italian,
		RequestID: fmt.Sprintf("job-%d-%d", job.ID, job.Attempt),
	}
	if c.bodies != nil {
		if body, err := c.bodies.ByID(tenant); err == nil {
			s.Slug = body.Slug
		}
	}
	return s
}

// reporter logs a failed attempt once, without its arguments.
type reporter struct{ log *slog.Logger }

// HandleError meets river.ErrorHandler.
func (r *reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.log.ErrorContext(ctx, "job failed", append(attributes(job), slog.String("error", err.Error()))...)
	return nil
}

// HandlePanic meets river.ErrorHandler.
func (r *reporter) HandlePanic(ctx context.Context, job *rivertype.JobRow, fault any, trace string) *river.ErrorHandlerResult {
	r.log.ErrorContext(ctx, "job panicked", append(attributes(job), slog.String("panic", fmt.Sprint(fault)), slog.String("trace", trace))...)
	return nil
}

func attributes(job *rivertype.JobRow) []any {
	tenant, err := tenantOf(job.EncodedArgs)
	if err != nil {
		tenant = -1
	}
	return []any{
		slog.String("kind", job.Kind), slog.Int64("job", job.ID), slog.Int("attempt", job.Attempt),
		slog.String("queue", job.Queue), slog.Int("tenant", int(tenant)),
	}
}
