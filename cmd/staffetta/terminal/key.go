package terminal

import (
	"fmt"
	"os"

	"staffetta/internal/seal"
)

// Key is the command `staffetta key`.
type Key struct {
	New NewKey `cmd:"" help:"Make a master key, for STAFFETTA_KEY_FILE or STAFFETTA_KEY." it:"Fa una chiave principale, per STAFFETTA_KEY_FILE o STAFFETTA_KEY."`
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
