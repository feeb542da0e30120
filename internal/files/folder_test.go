package files_test

import (
	"errors"
	"io"
	"io/fs"
	"testing"

	"staffetta/internal/files"
)

// A large file is whole or absent, is its body's alone, and goes with the body.
func TestNamedFiles(t *testing.T) {
	disk, err := files.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, writeErr := io.WriteString(w, s)
			return errors.Join(writeErr, err)
		}
	}
	size, err := disk.Write(t.Context(), 7, "uno.zip", text("archivio", nil))
	if err != nil || size != 8 {
		t.Fatalf("Write = %d, %v", size, err)
	}
	if _, err := disk.Write(t.Context(), 7, "due.zip", text("mezzo", io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("what failed: %v", err)
	}
	for _, missing := range []struct {
		body int32
		name string
	}{{7, "due.zip"}, {8, "uno.zip"}, {7, "../7/uno.zip"}, {7, ".."}, {7, ""}} {
		if _, err := disk.Open(missing.body, missing.name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%d, %q): %v", missing.body, missing.name, err)
		}
	}
	file, err := disk.Open(7, "uno.zip")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil || string(content) != "archivio" {
		t.Errorf("it reads %q, %v", content, err)
	}
	if err := errors.Join(disk.Remove(7, "uno.zip"), disk.Remove(7, "uno.zip")); err != nil {
		t.Error(err)
	}
	sum, err := disk.Put(t.Context(), 7, []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := disk.Put(t.Context(), 8, []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := disk.Forget(7); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Get(t.Context(), 7, sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a forgotten document: %v", err)
	}
	if err := errors.Join(disk.Drop(8, other), disk.Drop(8, other)); err != nil {
		t.Error(err)
	}
	if _, err := disk.Get(t.Context(), 8, other); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a dropped document: %v", err)
	}
}
