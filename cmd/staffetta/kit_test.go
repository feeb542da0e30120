package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/internal/language"
)

// at is a terminal whose words a test reads.
func at(t *testing.T, lang string) (terminal.Terminal, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	term, err := terminal.New(&out)
	if err != nil {
		t.Fatal(err)
	}
	term.Language = lang
	return term, &out
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v, want %q", err, words)
	}
}

func wantWords(t *testing.T, out *bytes.Buffer, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(out.String(), w) {
			t.Errorf("no %q in:\n%s", w, out.String())
		}
	}
	out.Reset()
}

var printedKey = regexp.MustCompile(`chiave ((?:[0-9a-f]{4} ){7}[0-9a-f]{4})`)

const sources = "../../modules/practice/cid"

// folder gives names in a folder of the test.
func folder(t *testing.T) func(name string) string {
	t.Helper()
	dir := t.TempDir()
	return func(name string) string { return filepath.Join(dir, name) }
}

// changed is a copy of the sources in which one file is another one.
func changed(t *testing.T, name string, change func([]byte) []byte) string {
	t.Helper()
	dir := t.TempDir()
	mustDo(t, os.CopyFS(dir, os.DirFS(sources)))
	mustDo(t, os.WriteFile(filepath.Join(dir, name), change(content(t, filepath.Join(dir, name))), 0o600))
	return dir
}

// A draft is built from sources; nobody has signed it, so nobody takes it.
func TestKitBuild(t *testing.T) {
	term, out := at(t, language.Italian)
	file := folder(t)
	mustDo(t, terminal.Build{Dir: sources, File: file("draft.kit"), Release: "1.0.0"}.Do(t.Context(), term))
	wantWords(t, out, "draft.kit: componenti 5", "Il file è una bozza")
	wantError(t, terminal.Verify{File: file("draft.kit")}.Do(t.Context(), term), "Il kit non è firmato")
	mustDo(t, terminal.Build{Dir: sources, File: file("again.kit"), Release: "1.0.0"}.Do(t.Context(), term))
	if !bytes.Equal(content(t, file("draft.kit")), content(t, file("again.kit"))) {
		t.Error("two builds differ")
	}
	broken := changed(t, "SV-01.json", func([]byte) []byte {
		return []byte(`{"kind": "service", "key": "SV-01", "title": {"it": "x"}, "owner": "x", "licence": "x", "content": {}}`)
	})
	wantError(t, terminal.Build{Dir: broken, File: file("broken.kit"), Release: "1.0.0"}.Do(t.Context(), term), "service/SV-01")
	if _, err := os.Stat(file("broken.kit")); err == nil {
		t.Error("a draft that cannot be read was written")
	}
}

func TestKitDiff(t *testing.T) {
	term, out := at(t, language.Italian)
	file := folder(t)
	other := changed(t, "CM-01.json", func(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte("del Comune"), []byte("del Municipio")) })
	mustDo(t, terminal.Build{Dir: sources, File: file("a.kit"), Release: "1.0.0"}.Do(t.Context(), term))
	mustDo(t, terminal.Build{Dir: other, File: file("b.kit"), Release: "1.0.1"}.Do(t.Context(), term))
	out.Reset()
	mustDo(t, terminal.Diff{A: file("a.kit"), B: file("b.kit")}.Do(t.Context(), term))
	wantWords(t, out, "communication/CM-01\n", "    - ", "    + ", "Municipio", `+ "1.0.1"`)
	mustDo(t, terminal.Diff{A: file("a.kit"), B: file("a.kit")}.Do(t.Context(), term))
	if out.Len() > 0 {
		t.Errorf("a kit differs from itself:\n%s", out)
	}
}

// What a body published is exported, checked without a database, and installed in another installation by whoever has the
// fingerprint of its key.
func TestKitExportAndInstall(t *testing.T) {
	here := alone(t)
	owner, err := here.scopeOf(t.Context(), marsala, "practice_owner")
	mustDo(t, err)
	term, out := at(t, language.Italian)
	file := folder(t)
	mustDo(t, (&journey{p: here.Program, owner: owner}).publish(t.Context()))
	wantError(t, here.asPlatform(t.Context(), term, terminal.Export{Practice: "CID", Release: "9.9.9", File: file("none.kit")}.Do), "non c’è un kit 9.9.9 della pratica")
	mustDo(t, here.asPlatform(t.Context(), term, terminal.Export{Practice: "CID", Release: "1.0.0", File: file("cid.kit")}.Do))
	mustDo(t, here.asPlatform(t.Context(), term, terminal.Export{Practice: "CID", Release: "1.0.0", File: file("twice.kit")}.Do))
	whole := content(t, file("cid.kit"))
	if !bytes.Equal(whole, content(t, file("twice.kit"))) {
		t.Error("two exports differ")
	}
	out.Reset()
	mustDo(t, terminal.Verify{File: file("cid.kit")}.Do(t.Context(), term))
	key := printedKey.FindStringSubmatch(out.String())
	wantWords(t, out, "firmato da", "Confronta la chiave")
	if key == nil {
		t.Fatal("no key is shown")
	}
	mustDo(t, terminal.Verify{File: file("cid.kit"), Key: key[1]}.Do(t.Context(), term))
	wantWords(t, out, "La chiave è quella attesa")
	wantError(t, terminal.Verify{File: file("cid.kit"), Key: "0000"}.Do(t.Context(), term), "La chiave è un’altra")

	there, err := openStage("")
	mustDo(t, err)
	install := func(name, key string) error {
		return there.asPlatform(t.Context(), term, terminal.Install{File: file(name), Key: key}.Do)
	}
	kits := func() int { return query[int](t, there, `select count(*) from commons.kits`) }
	mustDo(t, terminal.Build{Dir: sources, File: file("draft.kit"), Release: "1.0.0"}.Do(t.Context(), term))
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 1
	mustDo(t, os.WriteFile(file("damaged.kit"), damaged, 0o600))
	wantError(t, install("draft.kit", key[1]), "non è firmato")
	wantError(t, install("damaged.kit", key[1]), "Il file")
	wantError(t, install("cid.kit", ""), "non è ancora conosciuta")
	if kits() != 0 {
		t.Error("a refused file was installed")
	}
	mustDo(t, install("cid.kit", key[1]))
	wantWords(t, out, "è nel catalogo")
	mustDo(t, install("cid.kit", ""))
	wantWords(t, out, "c’era già")
	mustDo(t, there.asPlatform(t.Context(), term, terminal.Export{Practice: "CID", Release: "1.0.0", File: file("back.kit")}.Do))
	if kits() != 1 || !bytes.Equal(whole, content(t, file("back.kit"))) {
		t.Error("the file came back another one")
	}
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	mustDo(t, err)
	return raw
}

// A file that is large, or no file at all, is refused before it is read.
func TestKitCommandsReadBoundedFiles(t *testing.T) {
	term, _ := at(t, language.English)
	large := filepath.Join(t.TempDir(), "large.kit")
	mustDo(t, os.WriteFile(large, nil, 0o600))
	mustDo(t, os.Truncate(large, 1<<30))
	wantError(t, terminal.Verify{File: large}.Do(t.Context(), term), "larger than")
	wantError(t, terminal.Verify{File: "/dev/zero"}.Do(t.Context(), term), "no plain file")
}

func TestHelpIsInBothLanguages(t *testing.T) {
	help := func(lang string, args ...string) string {
		var out bytes.Buffer
		options := append([]kong.Option{
			kong.Name("staffetta"), kong.Writers(&out, &out), kong.Exit(func(int) { panic("end") }), kong.BindTo(t.Context(), (*context.Context)(nil)),
		}, terminal.Help(lang)...)
		parser, err := kong.New(&commands{}, options...)
		mustDo(t, err)
		func() {
			defer func() { _ = recover() }()
			_, _ = parser.Parse(append(args, "--help"))
		}()
		if lang == language.Italian {
			mustDo(t, kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
				switch x := node.(type) {
				case *kong.Node:
					if x.Tag != nil && !x.Tag.Has("it") {
						t.Errorf("the command %s has no Italian help", x.Name)
					}
				case *kong.Value:
					if x.Name != "help" && !x.Tag.Has("it") {
						t.Errorf("%s has no Italian help", x.Name)
					}
				}
				return next(nil)
			}))
		}
		return out.String()
	}
	it, en := help(language.Italian, "kit", "verify"), help(language.English, "kit", "verify")
	for _, word := range []string{"Uso: staffetta kit verify", "Argomenti:", "Opzioni:", "Mostra questo aiuto", "Controlla un file di kit"} {
		if !strings.Contains(it, word) || strings.Contains(en, word) {
			t.Errorf("%q stands in the wrong help:\n%s\n%s", word, it, en)
		}
	}
	if all := help(language.Italian); !strings.Contains(all, "Comandi:") || strings.Contains(all, "Usage") || strings.Contains(all, "more information") {
		t.Errorf("the help is half in English:\n%s", all)
	}
	for want, env := range map[string]map[string]string{
		language.Italian: {"LC_ALL": "it_IT.UTF-8", "LANG": "en_US"}, language.English: {"LC_ALL": "C", "LANG": "it_IT"},
	} {
		if got := terminal.Language(func(name string) string { return env[name] }); got != want {
			t.Errorf("%v: %s", env, got)
		}
	}
}
