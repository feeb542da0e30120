package jobs

import (
	"time"

	"github.com/riverqueue/river"
)

// Every is a job that the clock brings about: when a host starts, and after each interval. Hosts that ask for it at once get one: the
// arguments declare themselves unique.
func Every(interval time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return args, nil },
		&river.PeriodicJobOpts{ID: args.Kind(), RunOnStart: true})
}
