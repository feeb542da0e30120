package archive

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/fault"
)

// Limits are how much of a file is looked at. The kit of the CID, with 51 items, has half a megabyte.
type Limits struct {
	File     int64         // bytes of the file
	Manifest int64         // bytes of the manifest
	Item     int64         // bytes of an item
	Items    int           // number of items
	Time     time.Duration // for all the checks together
}

// Usual are the limits of the program.
var Usual = Limits{File: 16 << 20, Manifest: 2 << 20, Item: 1 << 20, Items: 2000, Time: 30 * time.Second}

// Reader reads files that anybody may have made.
type Reader struct {
	Limits Limits
	Kinds  *modules.Kinds // those of the program
}

// Read reads a file and checks everything about it but whether it is signed; a signature that is there must hold. What is
// wrong is problem.Invalid, with the places.
func (r Reader) Read(ctx context.Context, file io.ReaderAt, size int64) (Kit, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Limits.Time)
	defer cancel()
	entries, err := r.open(file, size)
	if err != nil {
		return Kit{}, err
	}
	k, err := readManifest(entries)
	if err != nil {
		return Kit{}, err
	}
	if err := k.readItems(entries); err != nil {
		return Kit{}, err
	}
	if err := r.checkContents(ctx, k); err != nil {
		return Kit{}, err
	}
	if k.Manifest.Hash != Hash(k.Manifest.Release.Number, k.Manifest.Sheet, k.Manifest.Items) {
		return Kit{}, refuse("practice.file.hash", "name", manifestName)
	}
	if err := k.Write(&comparison{file: file}); err != nil {
		return Kit{}, refuse("practice.file.other_bytes").Wrap(err)
	}
	return k, nil
}

// Verify is Read for a file that somebody must answer for: a draft is problem.Invalid.
func (r Reader) Verify(ctx context.Context, file io.ReaderAt, size int64) (Kit, error) {
	k, err := r.Read(ctx, file, size)
	if err == nil && !k.Signed() {
		err = refuse("practice.file.unsigned")
	}
	return k, err
}

// refuse says why a file is not taken.
func refuse(key string, pairs ...any) *problem.Error {
	return problem.New(problem.Invalid, key, pairs...)
}

func readManifest(entries map[string]entry) (Kit, error) {
	found, ok := entries[manifestName]
	if !ok {
		return Kit{}, refuse("practice.file.no_manifest")
	}
	raw, err := found.content()
	if err != nil {
		return Kit{}, err
	}
	var any struct {
		Manifest struct{ Format json.Number }
	}
	if err := json.Unmarshal(raw, &any); err != nil {
		return Kit{}, refuse("practice.file.manifest", "cause", "JSON").Wrap(err)
	}
	if number, err := any.Manifest.Format.Int64(); err != nil || number != Format {
		return Kit{}, refuse("practice.file.format", "number", any.Manifest.Format.String(), "known", Format)
	}
	if same, err := kit.Canonical(raw); err != nil || !bytes.Equal(same, raw) {
		return Kit{}, refuse("practice.file.manifest", "cause", "RFC 8785").Wrap(err)
	}
	var w wrapped
	k := Kit{}
	if err := errors.Join(strict(raw, &w), strict(w.Manifest, &k.Manifest)); err != nil {
		return Kit{}, refuse("practice.file.manifest", "cause", "JSON").Wrap(err)
	}
	k.Statement, k.Signature = w.Manifest, w.Signature
	if again, err := k.Manifest.canonical(); err != nil || !bytes.Equal(again, k.Statement) {
		return Kit{}, refuse("practice.file.manifest", "cause", "RFC 8785").Wrap(err)
	}
	if bytes.Contains(raw, zero) {
		return Kit{}, refuse("practice.file.zero")
	}
	if err := k.Manifest.check(k.Signed()); err != nil {
		return Kit{}, err
	}
	return k, k.checkSignature()
}

// strict decodes JSON whose every member is known.
func strict(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

func (k Kit) checkSignature() error {
	key := k.Manifest.Provenance.Key
	switch {
	case !k.Signed() && len(key) == 0:
		return nil
	case !k.Signed():
		return refuse("practice.file.unsigned")
	case len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, signed(k.Statement), k.Signature) || weak(key):
		return refuse("practice.file.signature", "body", k.Manifest.Provenance.Body.Name)
	}
	return nil
}

// weak tells the keys of small order, with which a signature made without the private half holds. A signature of nothing
// by such a key holds for one text in eight at least; by any other key it holds for none.
func weak(key ed25519.PublicKey) bool {
	nothing := append([]byte{1}, make([]byte, ed25519.SignatureSize-1)...)
	for n := range byte(64) {
		if ed25519.Verify(key, []byte{n}, nothing) {
			return true
		}
	}
	return false
}

// check sees that what the manifest says can be kept. A draft needs no ids.
func (m Manifest) check(signed bool) error {
	var wrong problem.Fields
	if !keyPattern.MatchString(m.Practice.Key) {
		wrong.Add("practice.key", "kit.error.key")
	}
	if !releasePattern.MatchString(m.Release.Number) {
		wrong.Add("kit.release", "practice.error.release")
	}
	if signed && (m.Practice.ID == uuid.Nil || m.Release.ID == uuid.Nil || m.Release.Published.IsZero()) {
		wrong.Add("kit.id", "web.field.required")
	}
	if m.Release.Completeness < 0 || m.Release.Completeness > 100 {
		wrong.Add("kit.completeness", "web.field.choice")
	}
	for _, text := range []struct {
		name, value string
		longest     int
		may         bool // be empty
	}{
		{"practice.title.it", m.Practice.Title.IT, 300, false},
		{"practice.title.en", m.Practice.Title.EN, 300, true},
		{"practice.owner", m.Practice.Owner, 200, false},
		{"practice.licence", m.Practice.Licence, 60, false},
		{"provenance.body.name", m.Provenance.Body.Name, 200, false},
		{"provenance.body.istat", m.Provenance.Body.ISTAT, 20, true},
		{"provenance.body.ipa", m.Provenance.Body.IPA, 20, true},
	} {
		if !text.may {
			wrong.Require(text.name, text.value)
		}
		wrong.MaxLength(text.name, text.value, text.longest)
		wrong.Legible(text.name, text.value)
	}
	m.checkSheet(&wrong)
	m.checkEntries(&wrong)
	var lineage []struct {
		Practice, Kit uuid.UUID
		Release       string
	}
	if err := strict(m.Provenance.Lineage, &lineage); err != nil {
		wrong.Add("provenance.lineage", "practice.error.sheet")
	}
	if len(wrong) == 0 {
		return nil
	}
	e := refuse("practice.file.manifest", "cause", wrong[0].Name)
	e.Fields = wrong
	return e
}

// checkSheet sees that the sheet holds nothing that nobody sees; what it must say, its own rules tell.
func (m Manifest) checkSheet(wrong *problem.Fields) {
	for _, field := range kit.Unseen(m.Sheet) {
		*wrong = append(*wrong, problem.Field{Name: "sheet " + field.Name, Message: field.Message})
	}
}

// zero is the character that databases do not keep, as JSON writes it.
var zero = []byte(`\u0000`)

// checkEntries sees that items stand in their one order, each once, each where its kind and key put it.
func (m Manifest) checkEntries(wrong *problem.Fields) {
	last := ""
	for _, item := range m.Items {
		place := item.Kind + "\x00" + item.Key
		name := "items " + item.Path
		switch {
		case !kindPattern.MatchString(item.Kind) || !keyPattern.MatchString(item.Key) || item.Path != entryPath(item.Kind, item.Key):
			wrong.Add(name, "kit.error.key")
		case place <= last:
			wrong.Add(name, "practice.file.order")
		}
		last = place
		wrong.Require(name+" title", item.Title.IT)
		wrong.MaxLength(name+" title", item.Title.IT, 300)
		wrong.MaxLength(name+" title", item.Title.EN, 300)
		wrong.Legible(name+" title", item.Title.IT+item.Title.EN)
		wrong.MaxLength(name+" owner", item.Owner, 200)
		wrong.MaxLength(name+" licence", item.Licence, 60)
		wrong.Legible(name+" owner", item.Owner+item.Licence)
	}
	if len(m.Items) == 0 {
		wrong.Add("items", "practice.error.no_items")
	}
}

// readItems takes the content of every item of the manifest; no other entry may be there.
func (k *Kit) readItems(entries map[string]entry) error {
	for _, item := range k.Manifest.Items {
		found, ok := entries[item.Path]
		if !ok {
			return refuse("practice.file.missing", "name", item.Path)
		}
		content, err := found.content()
		if err != nil {
			return err
		}
		if Digest(content) != item.SHA256 {
			return refuse("practice.file.hash", "name", item.Path)
		}
		delete(entries, item.Path)
		k.Items = append(k.Items, kit.Source{
			Kind: item.Kind, Key: item.Key, Title: item.Title, Owner: item.Owner, Licence: item.Licence, Content: content,
		})
	}
	delete(entries, manifestName)
	for name := range entries {
		return refuse("practice.file.extra", "name", name)
	}
	return nil
}

// checkContents sees that every item is one that the program understands and that refers to nothing outside the kit.
func (r Reader) checkContents(ctx context.Context, k Kit) error {
	for _, item := range k.Items {
		if ctx.Err() != nil {
			return refuse("practice.file.too_slow", "seconds", int(r.Limits.Time.Seconds()))
		}
		if err := r.checkItem(item); err != nil {
			return err
		}
	}
	if away := kit.Unanswered(r.Kinds, k.Items); len(away) > 0 {
		return refuse("practice.file.reference", "name", kit.Place(away[0].Kind, away[0].Key), "key", away[0].Ref.Key)
	}
	if ring := kit.Ring(r.Kinds, k.Items); len(ring) > 0 {
		return refuse("practice.file.cycle", "name", ring[0], "key", ring[len(ring)-1])
	}
	if one, other, found := fault.Twins(r.Kinds, k.Items); found {
		return refuse("practice.file.twins", "name", one.Key, "key", other.Key)
	}
	return nil
}

func (r Reader) checkItem(item kit.Source) error {
	name := kit.Place(item.Kind, item.Key)
	kind, _, known := r.Kinds.Get(item.Kind)
	if !known {
		return refuse("practice.file.kind", "name", name, "kind", item.Kind)
	}
	same, err := kit.Canonical(item.Content)
	if err != nil || !bytes.Equal(same, item.Content) {
		return refuse("practice.file.content", "name", name).Wrap(err)
	}
	if bytes.Contains(item.Content, zero) {
		return refuse("practice.file.zero")
	}
	if kind.Entitle != nil {
		if err := kind.Entitle(language.Text{It: item.Title.IT, En: item.Title.EN}); err != nil {
			return refuse("practice.file.title", "name", name, "title", item.Title.IT).Wrap(err)
		}
	}
	if err := kind.Validate(item.Content); err != nil {
		e := refuse("practice.file.content", "name", name).Wrap(err)
		e.Fields = problem.Of(err).Fields
		return e
	}
	return nil
}

// comparison fails at the first byte that is not the file's.
type comparison struct {
	file io.ReaderAt
	at   int64
}

// Write meets io.Writer.
func (c *comparison) Write(p []byte) (int, error) {
	there := make([]byte, len(p))
	if n, err := c.file.ReadAt(there, c.at); n < len(p) {
		return 0, fmt.Errorf("read the file at %d: %w", c.at, err)
	}
	if !bytes.Equal(there, p) {
		return 0, fmt.Errorf("the file is another one from byte %d on", c.at)
	}
	c.at += int64(len(p))
	return len(p), nil
}
