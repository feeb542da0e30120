package main

import (
	"context"

	"staffetta/cmd/staffetta/terminal"
)

type exportCommand struct{ terminal.BodyExport }

// Run takes a body out.
func (c exportCommand) Run(ctx context.Context) error { return carry(ctx, c.Do) }

type importCommand struct{ terminal.BodyImport }

// Run takes a body in.
func (c importCommand) Run(ctx context.Context) error { return carry(ctx, c.Do) }

func carry(ctx context.Context, do terminal.Carrying) error {
	return withProgram(ctx, func(p *Program) error { return do.Run(ctx, p.deps, p.database.ownerURL) })
}
