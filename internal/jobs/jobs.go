// Package jobs runs the work that is done apart from a request, by River inside
// PostgreSQL: a queue that modules write to in the transaction of their change, and
// the host that works it. It must not know any module or what a job is about.
package jobs

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"staffetta/migrations"
	"staffetta/tenants"
)

// TenantArgs are the arguments of a job. They name the body that it works for, 0
// for the platform, as tenant_id in their JSON, and hold ids only, never personal data.
type TenantArgs interface {
	river.JobArgs
	TenantID() int32
}

// Owned is embedded in arguments to name the body of a job.
type Owned struct {
	Tenant int32 `json:"tenant_id"`
}

// TenantID is the body that the job works for.
func (o Owned) TenantID() int32 { return o.Tenant }

// Bulk is the queue of long work over many rows. Arguments choose it with
// InsertOpts; every other job goes to the hashed queue of its body.
const Bulk = "bulk"

// hashedQueues is over how many queues bodies are spread, so that a body with
// thousands of jobs keeps at most a sixteenth of the others waiting.
const hashedQueues = 16

// QueueOf is the queue that jobs of the body wait in.
func QueueOf(tenant int32) string { return fmt.Sprintf("body%02d", uint32(tenant)%hashedQueues) }

// Queue takes jobs in the transaction of the change that causes them.
type Queue struct {
	client *river.Client[pgx.Tx]
}

// NewQueue makes a queue. It needs no connection of its own.
func NewQueue(log *slog.Logger) (*Queue, error) {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{
		Schema: migrations.RiverSchema, Logger: quiet(log), Middleware: []rivertype.Middleware{&placement{}},
	})
	if err != nil {
		return nil, fmt.Errorf("make the queue of jobs: %w", err)
	}
	return &Queue{client: client}, nil
}

// Enqueue adds a job that becomes visible when the transaction commits. It fails
// if the arguments name no body, or another one than the transaction carries: a
// platform job (tenant 0) needs the Platform door.
func (q *Queue) Enqueue(ctx context.Context, tx tenants.Tx, args river.JobArgs) error {
	driver, ok := tx.(pgx.Tx)
	if !ok {
		return fmt.Errorf("enqueue job %s: a %T is not a transaction of tenants.DB", args.Kind(), tx)
	}
	if _, err := q.client.InsertTx(ctx, driver, args, nil); err != nil {
		return fmt.Errorf("enqueue job %s: %w", args.Kind(), err)
	}
	return nil
}

var errNoTenant = errors.New("the arguments name no body as tenant_id")

// tenantOf reads the body from arguments as they are stored.
func tenantOf(encoded []byte) (int32, error) {
	var named struct {
		Tenant *int32 `json:"tenant_id"`
	}
	if err := json.Unmarshal(encoded, &named); err != nil || named.Tenant == nil || *named.Tenant < 0 {
		return 0, errNoTenant
	}
	return *named.Tenant, nil
}

// placement puts each new job into the queue of its body and refuses a job without one.
type placement struct{ river.MiddlewareDefaults }

// InsertMany meets rivertype.JobInsertMiddleware.
func (*placement) InsertMany(
	ctx context.Context, list []*rivertype.JobInsertParams, insert func(context.Context) ([]*rivertype.JobInsertResult, error),
) ([]*rivertype.JobInsertResult, error) {
	for _, job := range list {
		if err := place(job); err != nil {
			return nil, fmt.Errorf("job %s: %w", job.Kind, err)
		}
	}
	return insert(ctx)
}

func place(job *rivertype.JobInsertParams) error {
	args, ok := job.Args.(TenantArgs)
	if !ok {
		return errNoTenant
	}
	tenant, err := tenantOf(job.EncodedArgs)
	if err != nil {
		return err
	}
	if tenant != args.TenantID() {
		return fmt.Errorf("the arguments are stored for body %d and made for body %d", tenant, args.TenantID())
	}
	switch job.Queue {
	case Bulk:
	case river.QueueDefault, QueueOf(tenant):
		job.Queue = QueueOf(tenant)
	default:
		return fmt.Errorf("there is no queue %q", job.Queue)
	}
	if len(job.UniqueKey) > 0 {
		job.UniqueKey = uniqueFor(tenant, job.UniqueKey)
	}
	return nil
}

// uniqueFor makes a key that never meets a key of another body, whatever the
// arguments declare as unique: a body must not be able to hold back another's job.
func uniqueFor(tenant int32, key []byte) []byte {
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint32(nil, uint32(tenant)), key...))
	return sum[:]
}
