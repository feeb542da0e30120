package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
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
// opens. A job whose arguments name no body is cancelled. A job of a module that the
// body has switched off does not run: a periodic one is skipped, any other waits
// until the module is on again, so that nothing is lost.
type confinement struct {
	river.MiddlewareDefaults
	bodies  *tenants.Directory
	modules []string
	log     *slog.Logger
}

// askAgain is after how long a job looks whether its module is on again.
const askAgain = time.Hour

// Work meets rivertype.WorkerMiddleware.
func (c *confinement) Work(ctx context.Context, job *rivertype.JobRow, work func(context.Context) error) error {
	tenant, err := tenantOf(job.EncodedArgs)
	if err != nil {
		c.log.ErrorContext(ctx, "job cancelled", append(attributes(job), slog.String("error", err.Error()))...)
		return river.JobCancel(err)
	}
	if c.isOff(tenant, job.Kind) {
		if isPeriodic(job) {
			c.log.InfoContext(ctx, "job skipped", append(attributes(job), slog.String("because", "the module is off"))...)
			return nil
		}
		c.log.InfoContext(ctx, "job waits", append(attributes(job), slog.String("because", "the module is off"))...)
		return river.JobSnooze(askAgain)
	}
	if tenant != 0 {
		ctx = tenants.WithScope(ctx, c.scope(tenant, job))
	}
	begun := time.Now()
	if err = work(ctx); err == nil {
		level := slog.LevelInfo
		if isPeriodic(job) {
			level = slog.LevelDebug // the clock brings some every few seconds
		}
		c.log.Log(ctx, level, "job done", append(attributes(job), slog.Duration("took", time.Since(begun)))...)
	}
	if _, cancelled := errors.AsType[*river.JobCancelError](err); cancelled {
		c.log.WarnContext(ctx, "job cancelled", append(attributes(job), slog.String("error", err.Error()))...)
	}
	return err
}

// isOff tells whether the body has switched off the module that the kind belongs to.
func (c *confinement) isOff(tenant int32, kind string) bool {
	module, _, named := strings.Cut(kind, ".")
	if tenant == 0 || !named || c.bodies == nil || !slices.Contains(c.modules, module) {
		return false
	}
	body, err := c.bodies.ByID(tenant)
	return err == nil && !body.Has(module)
}

// isPeriodic tells whether the clock, not a change, brought the job about; River notes it in the metadata.
func isPeriodic(job *rivertype.JobRow) bool {
	var noted struct {
		Periodic bool `json:"periodic"`
	}
	return json.Unmarshal(job.Metadata, &noted) == nil && noted.Periodic
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
