// Package files keeps the bytes of documents on the local disk, by their SHA-256
// and apart for each body, so that equal content is kept once and a damaged file
// is noticed when it is read. It must not know what a file is about.
package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// ErrDamaged says that a stored file does not have the content it was stored with.
var ErrDamaged = errors.New("the stored file is damaged")

// Disk keeps files below a folder.
type Disk struct {
	root string
}

// NewDisk makes the folder when it is missing.
func NewDisk(root string) (*Disk, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of documents: %w", err)
	}
	return &Disk{root: root}, nil
}

// Put stores content and returns its SHA-256 in hexadecimal. The file is on the
// disk, synced and under its final name, when Put returns.
func (d *Disk) Put(ctx context.Context, tenant int32, content []byte) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	digest := sha256.Sum256(content)
	sum := hex.EncodeToString(digest[:])
	path := d.path(tenant, sum)
	if stored, err := os.ReadFile(path); err == nil && bytes.Equal(stored, content) {
		return sum, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make a folder for a document: %w", err)
	}
	return sum, writeSynced(path, content)
}

// Get returns the content with the SHA-256: fs.ErrNotExist if there is none,
// ErrDamaged if it is no longer what was stored.
func (d *Disk) Get(ctx context.Context, tenant int32, sum string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if raw, err := hex.DecodeString(sum); err != nil || len(raw) != sha256.Size {
		return nil, fmt.Errorf("read document: %w", fs.ErrNotExist)
	}
	content, err := os.ReadFile(d.path(tenant, sum))
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	if digest := sha256.Sum256(content); hex.EncodeToString(digest[:]) != sum {
		return nil, ErrDamaged
	}
	return content, nil
}

func (d *Disk) path(tenant int32, sum string) string {
	return filepath.Join(d.root, strconv.Itoa(int(tenant)), sum[:2], sum)
}

// writeSynced writes beside the final name and renames, so that a file is whole or absent.
func writeSynced(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("create a document: %w", err)
	}
	_, writeErr := file.Write(content)
	err = errors.Join(writeErr, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("store a document: %w", err), os.Remove(file.Name()))
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("sync the folder of a document: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}
