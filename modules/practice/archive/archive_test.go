package archive_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/modules/assessment"
	"staffetta/modules/casefile"
	"staffetta/modules/guide"
	"staffetta/modules/kit"
	"staffetta/modules/moduletest"
	"staffetta/modules/practice"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/cid"
	"staffetta/modules/sharing"
)

// private is a signing key that is the same in every run.
var private = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

func reader(t testing.TB) archive.Reader {
	t.Helper()
	return archive.Reader{Limits: archive.Usual, Kinds: moduletest.Kinds(t, kit.Module(), casefile.Module(), assessment.Module(), guide.Module(), practice.Module(), sharing.Module())}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// question is a small item that any text can be put into.
func question(key, answer string, services ...string) kit.Source {
	content := map[string]any{"question": map[string]string{"it": "Che cosa serve?"}, "answer": map[string]string{"it": answer}, "audience": "citizen"}
	if len(services) > 0 {
		content["services"] = services
	}
	raw, err := json.Marshal(content)
	if err != nil {
		panic(err)
	}
	return kit.Source{Kind: kit.KindQuestion, Key: key, Title: kit.Text{IT: "Voce " + key}, Owner: "Comune", Licence: "CC-BY-4.0", Content: raw}
}

func manifest() archive.Manifest {
	return archive.Manifest{
		Practice: archive.Practice{
			ID: uuid.MustParse("01900000-0000-7000-8000-000000000001"), Key: "PROVA", Title: kit.Text{IT: "Pratica di prova"}, Owner: "Comune", Licence: "CC-BY-4.0",
		},
		Release: archive.Release{
			ID: uuid.MustParse("01900000-0000-7000-8000-000000000002"), Number: "1.0.0", Completeness: 10, Published: time.Date(2026, 3, 1, 9, 30, 0, 123456789, time.UTC),
		},
		Sheet:      json.RawMessage(`{"b":1,"a":{}}`),
		Provenance: archive.Provenance{Body: archive.Body{Name: "Comune di prova", ISTAT: "081011"}, Key: private.Public().(ed25519.PublicKey)},
	}
}

func signed(t testing.TB, items ...kit.Source) archive.Kit {
	t.Helper()
	k, err := archive.New(manifest(), items)
	must(t, err)
	k.Sign(private)
	return k
}

func written(t testing.TB, k archive.Kit) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, k.Write(&out))
	return out.Bytes()
}

func verify(t testing.TB, file []byte) (archive.Kit, error) {
	t.Helper()
	return reader(t).Verify(context.Background(), bytes.NewReader(file), int64(len(file)))
}

func TestAFileIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	items, err := cid.Items()
	must(t, err)
	k := signed(t, items...)
	read, err := verify(t, written(t, k))
	must(t, err)
	if diff := cmp.Diff(k.Items, read.Items); diff != "" {
		t.Errorf("items (-written +read):\n%s", diff)
	}
	if len(read.Items) != len(items) || read.Manifest.Hash != k.Manifest.Hash || !bytes.Equal(read.Statement, k.Statement) || !bytes.Equal(read.Signature, k.Signature) {
		t.Errorf("read %+v", read.Manifest)
	}
	if !read.Manifest.Release.Published.Equal(k.Manifest.Release.Published) || read.FileName() != "PROVA-1.0.0.kit" {
		t.Errorf("published %v, name %s", read.Manifest.Release.Published, read.FileName())
	}
}

func TestTwoFilesOfAKitAreTheSame(t *testing.T) {
	t.Parallel()
	items, err := cid.Items()
	must(t, err)
	first := written(t, signed(t, items...))
	rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	for i := range items { // the same contents, written with other spaces
		var loose bytes.Buffer
		must(t, json.Indent(&loose, items[i].Content, " ", "   "))
		items[i].Content = loose.Bytes()
	}
	if again := written(t, signed(t, items...)); !bytes.Equal(first, again) {
		t.Error("the second file differs")
	}
	if bytes.Equal(first, written(t, signed(t, items[1:]...))) {
		t.Error("another kit has the same file")
	}
}

// A byte of the file that is changed, taken away or added is noticed, wherever it stands.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	file := written(t, signed(t, question("QU-01", "Uno")))
	for at := range file {
		changed := slices.Clone(file)
		changed[at] ^= 1 << (at % 8)
		if _, err := verify(t, changed); problem.Of(err).Kind != problem.Invalid {
			t.Fatalf("byte %d changed: %v", at, err)
		}
	}
	for name, other := range map[string][]byte{
		"shorter": file[:len(file)-1], "longer": append(slices.Clone(file), 0), "something before": append([]byte("MZ"), file...), "empty": nil, "twice": append(slices.Clone(file), file...),
	} {
		if _, err := verify(t, other); problem.Of(err).Kind != problem.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADraftIsReadAndNotVerified(t *testing.T) {
	t.Parallel()
	m := manifest()
	m.Practice.ID, m.Release.ID, m.Release.Published, m.Provenance.Key = uuid.Nil, uuid.Nil, time.Time{}, nil
	k, err := archive.New(m, []kit.Source{question("QU-01", "Uno")})
	must(t, err)
	file := written(t, k)
	if _, err := reader(t).Read(t.Context(), bytes.NewReader(file), int64(len(file))); err != nil {
		t.Error(err)
	}
	wantRefusal(t, file, "practice.file.unsigned")
}

func wantRefusal(t testing.TB, file []byte, key string) {
	t.Helper()
	_, err := verify(t, file)
	if e := problem.Of(err); err == nil || e.Kind != problem.Invalid || e.Message.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestDifferencesAreByItemAndPlace(t *testing.T) {
	t.Parallel()
	before := signed(t, question("QU-01", "Uno"), question("QU-02", "Due"))
	changed := question("QU-01", "Altro <b>")
	changed.Title.IT = "Nuovo titolo"
	m := manifest()
	m.Release.Number = "1.1.0"
	after, err := archive.New(m, []kit.Source{changed, question("QU-03", "Tre")})
	must(t, err)
	got, err := archive.Compare(before, after)
	must(t, err)
	want := []archive.Difference{
		{Item: "kit", Path: "release", Change: archive.Changed, Was: `"1.0.0"`, Is: `"1.1.0"`},
		{Item: "question/QU-01", Path: "content.answer.it", Change: archive.Changed, Was: `"Uno"`, Is: `"Altro <b>"`},
		{Item: "question/QU-01", Path: "title.it", Change: archive.Changed, Was: `"Voce QU-01"`, Is: `"Nuovo titolo"`},
		{Item: "question/QU-02", Change: archive.Removed},
		{Item: "question/QU-03", Change: archive.Added},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if same, err := archive.Compare(before, before); err != nil || len(same) != 0 {
		t.Errorf("a kit differs from itself: %v %v", same, err)
	}
}

func TestFingerprintsAreComparedAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	public := private.Public().(ed25519.PublicKey)
	print := archive.Fingerprint(public)
	for _, written := range []string{print, strings.ReplaceAll(print, " ", ""), strings.ToUpper(print), " " + print + "\n"} {
		if !archive.SameFingerprint(written, public) {
			t.Errorf("%q is not taken for %q", written, print)
		}
	}
	for _, other := range []string{"", print[:len(print)-1], fmt.Sprint(print, "0")} {
		if archive.SameFingerprint(other, public) {
			t.Errorf("%q is taken for %q", other, print)
		}
	}
}
