package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Write stores a large file under a name, apart for each body, as write gives its bytes, and returns its size. It is whole and synced under
// its name when Write returns, or not there.
func (d *Disk) Write(ctx context.Context, tenant int32, name string, write func(io.Writer) error) (size int64, err error) {
	path, err := d.named(tenant, name)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, fmt.Errorf("make a folder: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return 0, fmt.Errorf("create a file: %w", err)
	}
	err = write(file)
	if err == nil {
		err = ctx.Err()
	}
	if info, statErr := file.Stat(); statErr == nil {
		size = info.Size()
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return 0, errors.Join(fmt.Errorf("store a file: %w", err), os.Remove(file.Name()))
	}
	return size, nil
}

// Open reads what Write stored: fs.ErrNotExist if there is none.
func (d *Disk) Open(tenant int32, name string) (io.ReadSeekCloser, error) {
	path, err := d.named(tenant, name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return file, nil
}

// Remove removes what Write stored; what is not there is removed already.
func (d *Disk) Remove(tenant int32, name string) error {
	path, err := d.named(tenant, name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}

// Drop removes the document with the SHA-256; what is not there is removed already.
func (d *Disk) Drop(tenant int32, sum string) error {
	if len(sum) != 64 || filepath.Base(sum) != sum {
		return fmt.Errorf("remove document: %w", fs.ErrNotExist)
	}
	if err := os.Remove(d.path(tenant, sum)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove document: %w", err)
	}
	return nil
}

// Forget removes everything of a body.
func (d *Disk) Forget(tenant int32) error {
	for _, dir := range []string{filepath.Join(d.root, strconv.Itoa(int(tenant))), d.folder(tenant)} {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("remove the files of body %d: %w", tenant, err)
		}
	}
	return nil
}

// folder is where files with names lie: beside the documents, of which none begins with this word.
func (d *Disk) folder(tenant int32) string {
	return filepath.Join(d.root, "named", strconv.Itoa(int(tenant)))
}

func (d *Disk) named(tenant int32, name string) (string, error) {
	if name == "" || name[0] == '.' || filepath.Base(name) != name {
		return "", fmt.Errorf("file %q: %w", name, fs.ErrNotExist)
	}
	return filepath.Join(d.folder(tenant), name), nil
}
