package terminal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"staffetta/internal/language"
	"staffetta/internal/postgres"
)

// WantInstallation refuses a folder that holds none, and names the one in the folder below it where that holds one.
func WantInstallation(dir, below string) error {
	if postgres.Installed(dir) {
		return nil
	}
	lang := Language(os.Getenv)
	text := fmt.Sprintf(language.Text{It: "nessuna installazione in %s (la fa staffetta migrate)", En: "no installation in %s (staffetta migrate makes one)"}.In(lang), dir)
	if other := filepath.Join(dir, below); postgres.Installed(other) {
		text += fmt.Sprintf(language.Text{It: "; ce n’è una in %[1]s: STAFFETTA_DATA=%[1]s", En: "; there is one in %[1]s: STAFFETTA_DATA=%[1]s"}.In(lang), other)
	}
	return errors.New(text)
}
