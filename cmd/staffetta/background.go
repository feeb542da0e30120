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
	stale := map[string]chan struct{}{tenantsChannel: make(chan struct{}, 1), policiesChannel: make(chan struct{}, 1)}
	for channel, told := range stale {
		p.work.Go(func() { p.keep(ctx, channel, told) })
	}
	p.work.Go(func() {
		p.listen(ctx, func(channel, payload string) {
			told, kept := stale[channel]
			if !kept {
				p.stores.Sessions.Heard(channel, payload)
				return
			}
			select {
			case told <- struct{}{}:
			default: // it is going to be read
			}
		})
	})
}

// keep reads again what the channel told of. However much it told meanwhile, that is read once: whoever makes eight thousand bodies
// is heard eight thousand times.
func (p *Program) keep(ctx context.Context, channel string, stale <-chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-stale:
			p.reload(ctx, channel)
		}
	}
}

// listen hears of changes until ctx ends. After a lost connection everything kept
// in memory is read again, because what was told meanwhile is lost.
func (p *Program) listen(ctx context.Context, hear func(channel, payload string)) {
	channels := append([]string{tenantsChannel, policiesChannel}, session.Channels...)
	for ctx.Err() == nil {
		err := p.deps.DB.Listen(ctx, channels, func() { p.refresh(ctx) }, hear)
		p.stores.Sessions.SetListening(false)
		if ctx.Err() == nil {
			p.log.Warn("notifications stopped; trying again", "error", err)
			wait(ctx, time.Second)
		}
	}
}

func (p *Program) refresh(ctx context.Context) {
	p.stores.Sessions.ForgetAll()
	p.reload(ctx, tenantsChannel)
	p.reload(ctx, policiesChannel)
	p.stores.Sessions.SetListening(true)
}

func (p *Program) reload(ctx context.Context, channel string) {
	read := p.deps.Bodies.Reload
	if channel == policiesChannel {
		read = p.deps.Policies.Reload
	}
	if err := read(ctx); err != nil && ctx.Err() == nil {
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
