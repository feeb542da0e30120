package terminal

import (
	"errors"
	"fmt"
	"os"

	"staffetta/internal/seal"
	"staffetta/onboarding/export"
)

// Key is the command `staffetta key`.
type Key struct {
	New      NewKey      `cmd:"" help:"Make a master key, for STAFFETTA_KEY_FILE or STAFFETTA_KEY." it:"Fa una chiave principale, per STAFFETTA_KEY_FILE o STAFFETTA_KEY."`
	Receiver ReceiverKey `cmd:"" help:"Make a key to receive the export of a body with." it:"Fa una chiave per ricevere l’esportazione di un ente."`
}

// NewKey is the command `staffetta key new`.
type NewKey struct {
	File string `arg:"" optional:"" help:"File to write, that only its owner can read; standard output without it." it:"File da scrivere, che solo il suo proprietario legge; se manca, la chiave è scritta a schermo."`
}

// Run makes the key; it never touches a file that is there.
func (c NewKey) Run() error {
	if c.File == "" {
		_, text, err := seal.New()
		if err == nil {
			fmt.Fprintln(os.Stdout, text)
		}
		return err
	}
	_, made, err := seal.FromFile(c.File, true)
	if err == nil && !made {
		err = fmt.Errorf("%s holds a key already, which stays as it is", c.File)
	}
	return err
}

// ReceiverKey is the command `staffetta key receiver`.
type ReceiverKey struct {
	File string `arg:"" help:"File to write, that only its owner can read; whoever has it opens the archive." it:"File da scrivere, che solo il suo proprietario legge; chi lo ha apre l’archivio."`
}

// Run makes the key and prints its public half; it never touches a file that is there.
func (c ReceiverKey) Run() error {
	content, public, err := export.NewKey()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make the key file: %w", err)
	}
	_, err = file.WriteString(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write the key file: %w", err)
	}
	fmt.Fprintln(os.Stdout, public)
	return nil
}
