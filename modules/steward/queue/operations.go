package queue

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"staffetta/modules"
	"staffetta/modules/steward/body"
	"staffetta/tenants"
)

type operations struct {
	service *Service
}

// Operations are those of the jobs.
func Operations(service *Service) []modules.Operation {
	o := operations{service}
	return []modules.Operation{
		body.Declare(Read, huma.Operation{
			OperationID: "get-jobs-overview", Method: http.MethodGet, Path: "/jobs-overview", Summary: "Get how the jobs stand",
			Description: "Counts of jobs by kind and state, and the queues that they wait in.",
		}, o.overview),
		body.Declare(Read, huma.Operation{
			OperationID: "list-jobs", Method: http.MethodGet, Path: "/jobs", Summary: "List jobs",
			Description: "Jobs in a state, or those that failed, the newest first. Neither arguments nor the text of an error are told, only its class.",
		}, o.find),
		body.Declare(Read, huma.Operation{
			OperationID: "get-job", Method: http.MethodGet, Path: "/jobs/{job}", Summary: "Get a job", Description: "How one job stands.",
		}, o.get),
		body.Declare(Steer, huma.Operation{
			OperationID: "retry-job", Method: http.MethodPost, Path: "/jobs/{job}/retry", DefaultStatus: http.StatusNoContent, Summary: "Try a job again",
			Description: "Works the job again now. 409 for one that runs or waits.",
		}, o.retry),
		body.Declare(Steer, huma.Operation{
			OperationID: "cancel-job", Method: http.MethodPost, Path: "/jobs/{job}/cancellation", DefaultStatus: http.StatusNoContent, Summary: "Give a job up",
			Description: "Works the job no more; one that runs is asked to stop. 409 for one that is over.",
		}, o.cancel),
		body.Declare(Steer, huma.Operation{
			OperationID: "pause-queue", Method: http.MethodPost, Path: "/job-queues/{queue}/pause", DefaultStatus: http.StatusNoContent, Summary: "Let a queue wait",
			Description: "No job of the queue begins until it is worked again; those that run go on.",
		}, o.pause),
		body.Declare(Steer, huma.Operation{
			OperationID: "resume-queue", Method: http.MethodPost, Path: "/job-queues/{queue}/resumption", DefaultStatus: http.StatusNoContent, Summary: "Work a queue again",
			Description: "Jobs of the queue begin again.",
		}, o.resume),
	}
}

// JobStateCount is how many jobs are in a state.
type JobStateCount struct {
	State string `json:"state" enum:"available,pending,scheduled,running,retryable,completed,cancelled,discarded"`
	Jobs  int    `json:"jobs" format:"int32" minimum:"0" maximum:"2147483647"`
}

// JobKindBody is how the jobs of one kind stand.
type JobKindBody struct {
	Kind    string          `json:"kind" maxLength:"128"`
	Counts  []JobStateCount `json:"counts" maxItems:"8" doc:"How many there are by state"`
	Retried int             `json:"retried" format:"int32" minimum:"0" maximum:"2147483647" doc:"Of those that are not done, how many after a first failure"`
}

// JobQueueBody is a queue.
type JobQueueBody struct {
	Name     string     `json:"name" maxLength:"128"`
	PausedAt *time.Time `json:"paused_at,omitempty" doc:"Since when nobody works it"`
	Waiting  int        `json:"waiting" format:"int32" minimum:"0" maximum:"2147483647" doc:"Jobs that can begin"`
}

type jobsOverviewOutput struct {
	Body struct {
		Kinds  []JobKindBody  `json:"kinds" maxItems:"1000"`
		Queues []JobQueueBody `json:"queues" maxItems:"1000"`
	}
}

func (o operations) overview(ctx context.Context, _ *struct{}) (*jobsOverviewOutput, error) {
	all, err := o.service.Get(ctx, tenants.ScopeFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := &jobsOverviewOutput{}
	out.Body.Kinds, out.Body.Queues = make([]JobKindBody, len(all.Kinds)), make([]JobQueueBody, len(all.Queues))
	for i, k := range all.Kinds {
		out.Body.Kinds[i] = JobKindBody{Kind: k.Kind, Counts: []JobStateCount{}, Retried: k.Retried}
		for _, state := range States {
			if n := k.Counts[state]; n > 0 {
				out.Body.Kinds[i].Counts = append(out.Body.Kinds[i].Counts, JobStateCount{State: state, Jobs: n})
			}
		}
	}
	for i, q := range all.Queues {
		out.Body.Queues[i] = JobQueueBody{Name: q.Name, PausedAt: given(q.PausedAt), Waiting: q.Waiting}
	}
	return out, nil
}

func given(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// JobBody is a job.
type JobBody struct {
	ID          int64      `json:"id" minimum:"1" maximum:"9223372036854775807"`
	Kind        string     `json:"kind" maxLength:"128"`
	Queue       string     `json:"queue" maxLength:"128"`
	State       string     `json:"state" enum:"available,pending,scheduled,running,retryable,completed,cancelled,discarded"`
	Attempt     int        `json:"attempt" format:"int32" minimum:"0" maximum:"32767"`
	MaxAttempts int        `json:"max_attempts" format:"int32" minimum:"0" maximum:"32767"`
	Body        string     `json:"body,omitempty" maxLength:"63" doc:"Slug of the body that it works for; none for the platform"`
	CreatedAt   time.Time  `json:"created_at"`
	FinalizedAt *time.Time `json:"finalized_at,omitempty" doc:"When it was over"`
	FailedAt    *time.Time `json:"failed_at,omitempty" doc:"When it failed last"`
	Class       string     `json:"error_class,omitempty" maxLength:"20" doc:"Of which class the last failure was: panic, database with its SQLSTATE, timeout, lost, network, disk, cancelled, other"`
}

func (o operations) bodyOf(j Job) JobBody {
	return JobBody{
		ID: j.ID, Kind: j.Kind, Queue: j.Queue, State: j.State, Attempt: j.Attempt, MaxAttempts: j.MaxAttempts, Body: o.service.deps.Bodies.Slug(j.Body),
		CreatedAt: j.CreatedAt, FinalizedAt: given(j.FinalizedAt), FailedAt: given(j.FailedAt), Class: j.Class,
	}
}

type jobsInput struct {
	State  string `query:"state" enum:"available,pending,scheduled,running,retryable,completed,cancelled,discarded" doc:"Only jobs in this state; those that failed when it is not given"`
	Before int64  `query:"before" minimum:"0" maximum:"9223372036854775807" doc:"What the page before gave as next"`
}

type jobsOutput struct {
	Body struct {
		Items []JobBody `json:"items" maxItems:"50"`
		Next  int64     `json:"next,omitempty" minimum:"1" maximum:"9223372036854775807" doc:"To ask for the next page"`
	}
}

func (o operations) find(ctx context.Context, in *jobsInput) (*jobsOutput, error) {
	found, next, err := o.service.Find(ctx, tenants.ScopeFrom(ctx), in.State, in.Before)
	if err != nil {
		return nil, err
	}
	out := &jobsOutput{}
	out.Body.Next, out.Body.Items = next, make([]JobBody, len(found))
	for i, j := range found {
		out.Body.Items[i] = o.bodyOf(j)
	}
	return out, nil
}

// JobRef names a job in a path.
type JobRef struct {
	Job int64 `path:"job" minimum:"1" maximum:"9223372036854775807" doc:"Number of the job"`
}

type jobOutput struct{ Body JobBody }

func (o operations) get(ctx context.Context, in *JobRef) (*jobOutput, error) {
	j, err := o.service.GetJob(ctx, tenants.ScopeFrom(ctx), in.Job)
	if err != nil {
		return nil, err
	}
	return &jobOutput{o.bodyOf(j)}, nil
}

// JobReason is the reason of who steers.
type JobReason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why; it stands in the audit of the platform"`
}

type jobStepInput struct {
	JobRef

	Body JobReason
}

func (o operations) retry(ctx context.Context, in *jobStepInput) (*struct{}, error) {
	return nil, o.service.Retry(ctx, tenants.ScopeFrom(ctx), in.Job, in.Body.Reason)
}

func (o operations) cancel(ctx context.Context, in *jobStepInput) (*struct{}, error) {
	return nil, o.service.Cancel(ctx, tenants.ScopeFrom(ctx), in.Job, in.Body.Reason)
}

type queueStepInput struct {
	Queue string `path:"queue" maxLength:"128" doc:"Name of the queue"`
	Body  JobReason
}

func (o operations) pause(ctx context.Context, in *queueStepInput) (*struct{}, error) {
	return nil, o.service.Pause(ctx, tenants.ScopeFrom(ctx), in.Queue, in.Body.Reason)
}

func (o operations) resume(ctx context.Context, in *queueStepInput) (*struct{}, error) {
	return nil, o.service.Resume(ctx, tenants.ScopeFrom(ctx), in.Queue, in.Body.Reason)
}
