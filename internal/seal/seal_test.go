package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"staffetta/internal/seal"
)

func TestSealOpensOnlyInItsContext(t *testing.T) {
	key, _, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := key.Seal([]byte("secret"), []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := key.Open(sealed, []byte("a")); err != nil || string(got) != "secret" {
		t.Fatalf("Open = %q, %v", got, err)
	}
	if _, err := key.Open(sealed, []byte("b")); err == nil {
		t.Fatal("a value opened in another context")
	}
}

func TestTokenIsStableForAKeyAndDiffersBetweenKeys(t *testing.T) {
	key, text, _ := seal.New()
	again, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	other, _, _ := seal.New()
	if !bytes.Equal(key.Token("x"), again.Token("x")) {
		t.Error("the same key gives two tokens")
	}
	if bytes.Equal(key.Token("x"), other.Token("x")) {
		t.Error("two keys give one token")
	}
}

func TestFromFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "key")
	if _, _, err := seal.FromFile(path, false); !errors.Is(err, seal.ErrNoKey) {
		t.Fatalf("a missing file gives %v, want ErrNoKey", err)
	}
	key, made, err := seal.FromFile(path, true)
	if err != nil || !made {
		t.Fatalf("FromFile = %v, %v", made, err)
	}
	info, _ := os.Stat(path)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("key file has mode %v", info.Mode().Perm())
	}
	again, made, err := seal.FromFile(path, true)
	if err != nil || made || !bytes.Equal(key.Token("x"), again.Token("x")) {
		t.Errorf("the second start reads another key (made %v, err %v)", made, err)
	}
	if err := os.WriteFile(path, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := seal.FromFile(path, true); err == nil {
		t.Error("a damaged key is accepted")
	}
}
