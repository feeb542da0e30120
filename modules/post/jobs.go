package post

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"staffetta/internal/jobs"
	"staffetta/internal/language"
)

const (
	runEvery   = 15 * time.Second
	dailyEvery = time.Hour
	// The moment of the day is the first hour from morning to evening at which the program runs.
	morning, evening = 7, 20
)

// runArgs is the platform's job that tells and sends.
type runArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (runArgs) Kind() string { return "post.run" }

// InsertOpts lets one wait at a time.
func (runArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: runEvery}}
}

type runWorker struct {
	river.WorkerDefaults[runArgs]
	service *Service
}

// Timeout meets river.Worker.
func (*runWorker) Timeout(*river.Job[runArgs]) time.Duration { return 5 * time.Minute }

// Work meets river.Worker.
func (w *runWorker) Work(ctx context.Context, _ *river.Job[runArgs]) error { return w.service.Run(ctx) }

// dailyArgs is the platform's job that begins the day's mails and clears what is over.
type dailyArgs struct{ jobs.Owned }

// Kind meets river.JobArgs.
func (dailyArgs) Kind() string { return "post.daily" }

// InsertOpts lets one wait at a time.
func (dailyArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: dailyEvery}}
}

type dailyWorker struct {
	river.WorkerDefaults[dailyArgs]
	service *Service
}

// Work meets river.Worker.
func (w *dailyWorker) Work(ctx context.Context, _ *river.Job[dailyArgs]) error {
	if hour := time.Now().In(language.Rome).Hour(); hour >= morning && hour < evening {
		if err := w.service.signalDaily(ctx); err != nil {
			return err
		}
	}
	return w.service.Clean(ctx)
}

func (s *Service) work(w *river.Workers) {
	river.AddWorker(w, &runWorker{service: s})
	river.AddWorker(w, &dailyWorker{service: s})
}

func periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		jobs.Every(runEvery, runArgs{}),
		jobs.Every(dailyEvery, dailyArgs{}),
	}
}
