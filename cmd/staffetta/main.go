// Command staffetta serves the platform and looks after it. Everything it does is
// in the packages it wires; its own files hold configuration, start and stop.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"staffetta/cmd/staffetta/terminal"
)

// commands is what the program can be asked to do.
type commands struct {
	Serve    serveCommand      `cmd:"" default:"1" help:"Serve pages, API and jobs (the default)." it:"Serve pagine, API e lavori (se non è detto altro)."`
	Migrate  migrateCommand    `cmd:"" help:"Bring the database to this version: roles, schema, modules." it:"Porta il database a questa versione: ruoli, schema, moduli."`
	Check    checkCommand      `cmd:"" help:"Check configuration, roles, migrations and policies, and say what is wrong." it:"Controlla configurazione, ruoli, migrazioni e regole, e dice che cosa non va."`
	Audit    auditCommand      `cmd:"" help:"Look after the audit." it:"Cura il registro degli eventi."`
	Demo     demoCommand       `cmd:"" help:"Fill the database with a synthetic population." it:"Riempie il database con una popolazione inventata."`
	Key      terminal.Key      `cmd:"" help:"Make the master key of a deployment." it:"Fa la chiave principale di un’installazione."`
	Export   exportCommand     `cmd:"" help:"Write all that a body owns to a file, encrypted to who receives it." it:"Scrive in un file tutto ciò che un ente ha, cifrato per chi lo riceve."`
	Import   importCommand     `cmd:"" help:"Read such a file into an installation that has no body yet." it:"Legge quel file in un’installazione che non ha ancora enti."`
	Kit      kitCommand        `cmd:"" help:"Check, compare, build, export and install kit files." it:"Controlla, confronta, costruisce, esporta e installa file di kit."`
	Onboard  terminal.Onboard  `cmd:"" help:"Make many bodies, from a list or from the register of municipalities; those that are there stay as they are." it:"Crea molti enti, da un elenco o dal registro dei Comuni; quelli che ci sono già restano come sono."`
	Operator terminal.Operator `cmd:"" help:"Say who runs the platform: no page gives these roles." it:"Dice chi gestisce la piattaforma: nessuna pagina dà questi ruoli."`

	Version kong.VersionFlag `help:"Print the version." it:"Scrive la versione."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	options := []kong.Option{kong.Name("staffetta"), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(terminal.AsPlatform(runAsPlatform)), kong.UsageOnError(), kong.Vars{"version": version}}
	cli := kong.Parse(&commands{}, append(options, terminal.Help(terminal.Language(os.Getenv))...)...)
	err := cli.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "staffetta:", err)
		os.Exit(1)
	}
}

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(ctx context.Context) (err error) {
	config, err := loadConfig()
	if err != nil {
		return err
	}
	began := time.Now()
	program, err := NewProgram(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, program.Close(context.WithoutCancel(ctx))) }()
	if err := program.loadDemo(ctx); err != nil {
		return err
	}
	if err := program.Listen(); err != nil {
		return err
	}
	program.announce(os.Stdout, time.Since(began))
	return program.Run(ctx)
}

type migrateCommand struct{}

// Run migrates and ends.
func (migrateCommand) Run(ctx context.Context) (err error) {
	config, err := loadConfig()
	if err != nil {
		return err
	}
	program, err := NewProgram(ctx, config)
	if err != nil {
		return err
	}
	fmt.Println("the database is at this version")
	return program.Close(context.WithoutCancel(ctx))
}
