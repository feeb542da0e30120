package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"

	"staffetta/cmd/staffetta/population"
	"staffetta/cmd/staffetta/population/spread"
)

// demoCommand makes a population for tests and benches.
type demoCommand struct {
	Tenants int    `default:"20" help:"How many bodies, the most populous municipalities first." it:"Quanti enti, dai Comuni più popolosi."`
	Cases   int    `default:"1000" help:"How many cases each body has." it:"Quante cartelle ha ogni ente."`
	Circle  int    `help:"How many of the bodies show cases to each other under one agreement." it:"Quanti enti si mostrano cartelle sotto un accordo."`
	Shares  int    `help:"How many shares are live among them." it:"Quante condivisioni sono attive tra loro."`
	Spread  int    `help:"How many practices the catalogue has; 0 leaves practices alone." it:"Quante pratiche ha il catalogo; 0 lascia stare le pratiche."`
	Items   int    `default:"300" help:"How many items the large kit has, which one body adopts." it:"Quanti componenti ha il kit grande, che un ente adotta."`
	Adopt   int    `help:"How many bodies adopt a small kit, of which one release more is published when all have the newest." it:"Quanti enti adottano un kit piccolo, di cui esce un’altra versione quando tutti hanno la più nuova."`
	Large   int    `help:"How many cases one body more has, that has many." it:"Quante cartelle ha un altro ente, che ne ha molte."`
	Seed    uint64 `default:"1" help:"The same seed makes the same rows." it:"Lo stesso seme fa le stesse righe."`
}

// Run fills the database; bodies that are filled already stay as they are.
func (c demoCommand) Run(ctx context.Context) (err error) {
	config, err := loadConfig()
	if err != nil {
		return err
	}
	if config.Production {
		return errors.New("STAFFETTA_PRODUCTION is set: invented people do not belong there")
	}
	program, err := NewProgram(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.Close(context.WithoutCancel(ctx))) }()
	if err := program.loadDemo(ctx); err != nil { // the demo's own bodies come before the population's
		return err
	}
	var modules []string
	for _, id := range program.moduleIDs() {
		modules = append(modules, string(id))
	}
	known := func(ctx context.Context) error { return analyze(ctx, program.database.ownerURL) }
	report, err := population.Fill(ctx, population.Target{DB: program.deps.DB, Sealer: program.key, Modules: modules, Analyze: known},
		population.Plan{Tenants: c.Tenants, Cases: c.Cases, Circle: c.Circle, Shares: c.Shares, Large: c.Large, Seed: c.Seed, Progress: os.Stderr})
	if err != nil {
		return err
	}
	if c.Spread > 0 {
		if err := program.deps.Bodies.Reload(ctx); err != nil {
			return err
		}
		plan := spread.Plan{Practices: c.Spread, Items: c.Items, Adopters: c.Adopt, Progress: os.Stderr}
		if err := spread.Fill(ctx, program.deps, plan, report.Largest); err != nil {
			return err
		}
	}
	fmt.Printf("%d bodies of %d cases made in %.0f s, %d were there\n", report.Filled, c.Cases, report.Took.Seconds(), report.Skipped)
	return known(ctx)
}

// analyze lets the planner know at once what is there.
func analyze(ctx context.Context, ownerURL string) error {
	conn, err := pgx.Connect(ctx, ownerURL)
	if err != nil {
		return fmt.Errorf("connect as the owner: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `vacuum (analyze)`); err != nil {
		return fmt.Errorf("analyze: %w", err)
	}
	return nil
}
