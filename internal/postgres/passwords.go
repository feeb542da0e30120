package postgres

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// passwords keeps one random password for each login role in passwords.json (0600) of the state directory.
type passwords struct {
	path string
	mu   sync.Mutex
	role map[string]string
}

// loadPasswords reads the file; a missing one is an error that wraps os.ErrNotExist.
func loadPasswords(dir string) (*passwords, error) {
	p := &passwords{path: filepath.Join(dir, "passwords.json")}
	text, err := os.ReadFile(p.path)
	if err != nil {
		return nil, fmt.Errorf("read passwords: %w", err)
	}
	if err := json.Unmarshal(text, &p.role); err != nil {
		return nil, fmt.Errorf("read passwords in %s: %w", p.path, err)
	}
	if p.get(superuser) == "" || p.get(Owner) == "" {
		return nil, fmt.Errorf("read passwords: %s does not hold those of %s and %s", p.path, superuser, Owner)
	}
	return p, nil
}

// createPasswords stores fresh passwords for the superuser and the owner.
func createPasswords(dir string) (*passwords, error) {
	p := &passwords{path: filepath.Join(dir, "passwords.json"), role: map[string]string{}}
	for _, role := range []string{superuser, Owner} {
		if _, err := p.ensure(role); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *passwords) ensure(role string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if password, ok := p.role[role]; ok {
		return password, nil
	}
	var secret [24]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return "", fmt.Errorf("make a password: %w", err)
	}
	p.role[role] = hex.EncodeToString(secret[:])
	if err := p.store(); err != nil {
		delete(p.role, role)
		return "", err
	}
	return p.role[role], nil
}

func (p *passwords) get(role string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.role[role]
}

func (p *passwords) store() error {
	text, err := json.MarshalIndent(p.role, "", "  ")
	if err != nil {
		return fmt.Errorf("store passwords: %w", err)
	}
	// A new file every time: whatever lies at that name was not necessarily made 0600.
	draft := p.path + ".new"
	if err := os.Remove(draft); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("store passwords: %w", err)
	}
	if err := writeSynced(draft, append(text, '\n')); err != nil {
		return fmt.Errorf("store passwords: %w", err)
	}
	return renameSynced(draft, p.path)
}

// writeSynced writes a file (0600 when new) and waits until the disk has it.
func writeSynced(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// renameSynced renames within a directory and waits until the disk has it.
func renameSynced(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("put %s in place: %w", to, err)
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return fmt.Errorf("put %s in place: %w", to, err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
