package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"staffetta/internal/files"
)

func TestPutAndGet(t *testing.T) {
	root := t.TempDir()
	disk, err := files.NewDisk(root)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := disk.Put(t.Context(), 7, []byte("relazione"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := disk.Put(t.Context(), 7, []byte("relazione")); err != nil || again != sum {
		t.Errorf("the same content again gives %q, %v", again, err)
	}
	if got, err := disk.Get(t.Context(), 7, sum); err != nil || string(got) != "relazione" {
		t.Errorf("Get = %q, %v", got, err)
	}
	if _, err := disk.Get(t.Context(), 8, sum); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("another body gets %v, want fs.ErrNotExist", err)
	}
	for _, hostile := range []string{"", "../../etc/passwd", "zz" + sum[2:], sum + "00"} {
		if _, err := disk.Get(t.Context(), 7, hostile); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Get(%q) = %v, want fs.ErrNotExist", hostile, err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "7", sum[:2], sum), []byte("altro"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Get(t.Context(), 7, sum); !errors.Is(err, files.ErrDamaged) {
		t.Errorf("a damaged file gives %v", err)
	}
}
