// Package archive is the kit as a file, by which it goes from one installation to another: how it is written, so that two
// exports of a release are the same byte for byte, what it is signed with, and how a file that anybody may have made is
// read in bounded time and memory. It must not know databases or bodies.
package archive

import (
	"archive/zip"
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/modules/kit"
)

// Format is the number of the form that this program writes; it reads no higher one.
const Format = 1

// manifestName is the entry that says what the others are.
const manifestName = "kit.json"

// Kit is a kit as a file carries it (it: file del kit).
type Kit struct {
	Manifest  Manifest
	Statement []byte       // the manifest in canonical form, as it is signed
	Signature []byte       // Ed25519 (RFC 8032) by the key that the manifest names; nil for a draft
	Items     []kit.Source // in the order of the manifest, contents canonical
}

// Manifest says what a kit is, where it comes from and what it holds (it: manifesto del kit).
type Manifest struct {
	Format     int             `json:"format"`
	Practice   Practice        `json:"practice"`
	Release    Release         `json:"kit"`
	Sheet      json.RawMessage `json:"sheet"` // canonical, without persons
	Provenance Provenance      `json:"provenance"`
	Items      []Entry         `json:"items"`
	Hash       string          `json:"hash"` // of the whole kit, as Hash makes it
}

// Practice is the practice of which the kit is a release. A draft has no id.
type Practice struct {
	ID      uuid.UUID `json:"id"`
	Key     string    `json:"key"`
	Title   kit.Text  `json:"title"`
	Owner   string    `json:"owner"`
	Licence string    `json:"licence"` // SPDX identifier
}

// Release is the number of the kit and when it was published. A draft has neither id nor instant.
type Release struct {
	ID           uuid.UUID `json:"id"`
	Number       string    `json:"release"`
	Completeness int       `json:"completeness"` // per cent
	Published    time.Time `json:"published"`
}

// Provenance says who gives the kit away and where its items came from (it: provenienza).
type Provenance struct {
	Body    Body            `json:"body"`
	Key     []byte          `json:"key"` // the public key of the body that signs
	Lineage json.RawMessage `json:"lineage"`
}

// Body is who signs, by its name and the codes that it has.
type Body struct {
	Name  string `json:"name"`
	ISTAT string `json:"istat,omitempty"`
	IPA   string `json:"ipa,omitempty"`
}

// Entry is an item as the manifest names it.
type Entry struct {
	Kind    string   `json:"kind"`
	Key     string   `json:"key"`
	Title   kit.Text `json:"title"`
	Owner   string   `json:"owner"`
	Licence string   `json:"licence"`
	SHA256  string   `json:"sha256"`
	Path    string   `json:"path"`
}

// wrapped is the content of the entry kit.json.
type wrapped struct {
	Manifest  json.RawMessage `json:"manifest"`
	Signature []byte          `json:"signature,omitempty"`
}

// Signed tells whether somebody answers for the kit.
func (k Kit) Signed() bool { return len(k.Signature) > 0 }

// FileName is the name under which the file is handed out.
func (k Kit) FileName() string {
	return k.Manifest.Practice.Key + "-" + k.Manifest.Release.Number + ".kit"
}

// New makes a kit that is not signed yet. Contents are brought into their canonical form; items go by kind and key. It
// fails on contents that have none.
func New(m Manifest, items []kit.Source) (Kit, error) {
	m.Format, m.Items = Format, nil
	k := Kit{Items: slices.Clone(items)}
	slices.SortFunc(k.Items, func(a, b kit.Source) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Key, b.Key))
	})
	var err error
	for i, item := range k.Items {
		if k.Items[i].Content, err = kit.Canonical(item.Content); err != nil {
			return Kit{}, fmt.Errorf("item %s: %w", kit.Place(item.Kind, item.Key), err)
		}
		m.Items = append(m.Items, Entry{
			Kind: item.Kind, Key: item.Key, Title: item.Title, Owner: item.Owner, Licence: item.Licence,
			SHA256: Digest(k.Items[i].Content), Path: entryPath(item.Kind, item.Key),
		})
	}
	if m.Sheet, err = kit.Canonical(m.Sheet); err != nil {
		return Kit{}, fmt.Errorf("sheet: %w", err)
	}
	if len(m.Provenance.Lineage) == 0 {
		m.Provenance.Lineage = json.RawMessage("[]")
	}
	m.Release.Published = m.Release.Published.UTC().Truncate(time.Microsecond)
	m.Hash = Hash(m.Release.Number, m.Sheet, m.Items)
	k.Manifest = m
	k.Statement, err = m.canonical()
	return k, err
}

func (m Manifest) canonical() ([]byte, error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write the manifest of a kit: %w", err)
	}
	return kit.Canonical(raw)
}

// Sign signs the statement with the private half of the key that it names.
func (k *Kit) Sign(private ed25519.PrivateKey) {
	k.Signature = ed25519.Sign(private, signed(k.Statement))
}

// Restate gives the kit the manifest that was signed, in place of one made of what is known of it.
func (k *Kit) Restate(statement, signature []byte) error {
	var m Manifest
	if err := strict(statement, &m); err != nil {
		return fmt.Errorf("read the manifest of a kit: %w", err)
	}
	k.Manifest, k.Statement, k.Signature = m, statement, signature
	return nil
}

// signed is what a signature is over: the same key must not be led to sign anything else by it.
func signed(statement []byte) []byte {
	return append([]byte("staffetta kit signature 1\n"), statement...)
}

// Hash is the hash of a whole kit: its release, its sheet and the hash of every item by kind and key. The function
// practice.publish_kit makes the same one.
func Hash(release string, sheet []byte, items []Entry) string {
	sorted := slices.SortedFunc(slices.Values(items), func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Key, b.Key))
	})
	lines := []string{release, Digest(sheet)}
	for _, item := range sorted {
		lines = append(lines, kit.Place(item.Kind, item.Key)+" "+item.SHA256)
	}
	return Digest([]byte(strings.Join(lines, "\n")))
}

// Digest is the sha-256 of a text, in hexadecimal.
func Digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Fingerprint is what people compare of a public key: half of its sha-256, in groups of four (it: impronta della chiave).
func Fingerprint(public []byte) string {
	text := Digest(public)[:32]
	var groups []string
	for at := 0; at < len(text); at += 4 {
		groups = append(groups, text[at:at+4])
	}
	return strings.Join(groups, " ")
}

// SameFingerprint tells whether somebody wrote the fingerprint of a key, with or without the spaces.
func SameFingerprint(written string, public []byte) bool {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	return plain(written) == plain(Fingerprint(public))
}

func entryPath(kind, key string) string { return "items/" + kind + "/" + key + ".json" }

// Write writes the file. The same kit gives the same bytes: entries by name, one time for all, and no compression, whose
// result would depend on the version of the program.
func (k Kit) Write(w io.Writer) error {
	contents := map[string][]byte{}
	for _, item := range k.Items {
		contents[entryPath(item.Kind, item.Key)] = item.Content
	}
	raw, err := json.Marshal(wrapped{Manifest: k.Statement, Signature: k.Signature})
	if err != nil {
		return fmt.Errorf("write the manifest of a kit: %w", err)
	}
	if contents[manifestName], err = kit.Canonical(raw); err != nil {
		return fmt.Errorf("write the manifest of a kit: %w", err)
	}
	out := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		if err := writeEntry(out, name, contents[name]); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return out.Close()
}

// dawn is the first day that the form of a zip can tell: every entry has it.
const dawn = 1<<5 | 1

func writeEntry(out *zip.Writer, name string, content []byte) error {
	w, err := out.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Store, CreatorVersion: 20, ReaderVersion: 20, CRC32: crc32.ChecksumIEEE(content),
		ModifiedDate:     dawn, //nolint:staticcheck // Modified writes a second time into another field
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content)),
	})
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}
