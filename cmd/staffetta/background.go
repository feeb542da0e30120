package main

import (
	"context"
	"time"

	"staffetta/internal/session"
	"staffetta/policies/audit"
)

// Channels on which the database tells of changes.
const (
	tenantsChannel  = "staffetta_tenants"
	policiesChannel = "staffetta_policies"
)

// begin starts what runs beside the requests: the audit's sealer and the ear for
// changes made by other instances.
func (p *Program) begin(ctx context.Context) {
	p.work.Go(func() {
		audit.RunSealer(ctx, p.deps.DB, func(err error) { p.log.Error("the audit could not be sealed", "error", err) })
	})
	p.work.Go(func() { p.listen(ctx) })
}

// listen hears of changes until ctx ends. After a lost connection everything kept
// in memory is read again, because what was told meanwhile is lost.
func (p *Program) listen(ctx context.Context) {
	channels := append([]string{tenantsChannel, policiesChannel}, session.Channels...)
	for ctx.Err() == nil {
		err := p.deps.DB.Listen(ctx, channels, func() { p.refresh(ctx) }, func(channel, payload string) { p.hear(ctx, channel, payload) })
		p.stores.Sessions.SetListening(false)
		if ctx.Err() == nil {
			p.log.Warn("notifications stopped; trying again", "error", err)
			wait(ctx, time.Second)
		}
	}
}

func (p *Program) refresh(ctx context.Context) {
	p.stores.Sessions.ForgetAll()
	p.hear(ctx, tenantsChannel, "")
	p.hear(ctx, policiesChannel, "")
	p.stores.Sessions.SetListening(true)
}

func (p *Program) hear(ctx context.Context, channel, payload string) {
	var err error
	switch channel {
	case tenantsChannel:
		err = p.deps.Bodies.Reload(ctx)
	case policiesChannel:
		err = p.deps.Policies.Reload(ctx)
	default:
		p.stores.Sessions.Heard(channel, payload)
	}
	if err != nil && ctx.Err() == nil {
		p.log.Error("a change could not be read", "channel", channel, "error", err)
	}
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
