package archive

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"staffetta/modules"
	"staffetta/tenants"
)

// Source is where an archive is written from.
type Source struct {
	Tx      tenants.Tx // DB.Report's, so that everything is of one instant
	Body    Body
	Program string // its version
	Modules []modules.Module
	Files   modules.Files
	Key     Sealer
	// Progress is told how many of how many steps are done; nil for nobody.
	Progress func(done, steps int) error
}

// writer writes one archive.
type writer struct {
	Source
	zip       *zip.Writer
	bytes     map[string]modules.Bytes
	files     map[string]string
	relations []relation
	manifest  Manifest
	sums      []string                   // lines of SHA256SUMS
	seen      map[string]map[string]bool // ids of carried rows of several bodies, by table
	bodies    map[int32]bool
	public    map[string]map[string]bool // values that published rows are looked for by, by table
	documents map[string]bool
	done      int
}

// Write writes the archive and returns its manifest with the manifest's own digest. It keeps in memory one row at a time, the
// ids of what the body has together with others, and the digests of its documents.
func Write(ctx context.Context, out io.Writer, s Source) (Manifest, string, error) {
	w := &writer{
		Source: s, zip: zip.NewWriter(out), bytes: bytesOf(s.Modules), files: filesOf(s.Modules), seen: map[string]map[string]bool{},
		bodies: map[int32]bool{}, public: map[string]map[string]bool{}, documents: map[string]bool{},
	}
	for _, step := range []func(context.Context) error{w.begin, w.writeRows, w.writePublic, w.writeSelf, w.writeDocuments} {
		if err := step(ctx); err != nil {
			return Manifest{}, "", fmt.Errorf("write the archive: %w", err)
		}
	}
	sum, err := w.finish()
	return w.manifest, sum, err
}

// begin reads the catalogue and refuses what nobody declared.
func (w *writer) begin(ctx context.Context) (err error) {
	w.manifest = Manifest{Format: Format, Version: Version, Program: w.Program, Body: w.Body}
	if err := w.Tx.QueryRow(ctx, `select app.now()`).Scan(&w.manifest.At); err != nil {
		return fmt.Errorf("read the clock: %w", err)
	}
	w.manifest.At = w.manifest.At.UTC().Truncate(time.Second)
	if w.manifest.Migrations, err = versions(ctx, w.Tx); err != nil {
		return err
	}
	if w.relations, err = findRelations(ctx, w.Tx); err != nil {
		return err
	}
	for _, r := range w.relations {
		if err := r.check(w.bytes[r.Name]); err != nil {
			return err
		}
		if why, left := reasonFor(r.Name); left {
			w.manifest.NotCarried = append(w.manifest.NotCarried, Omission{r.Name, why.It})
		}
		if r.way() == byParty && len(r.Key) == 1 {
			w.seen[r.Name] = map[string]bool{}
		}
	}
	return nil
}

// step tells of progress.
func (w *writer) step() error {
	w.done++
	if w.Progress == nil {
		return nil
	}
	return w.Progress(w.done, len(w.relations)+len(w.documents))
}

// writeRows writes what the body has, alone or with others.
func (w *writer) writeRows(ctx context.Context) error {
	for _, r := range w.relations {
		if err := w.step(); err != nil {
			return err
		}
		if way := r.way(); way != byBody && way != byParty {
			continue
		}
		without := r.leftOut(w.bytes[r.Name].Left)
		rows, err := r.rows(ctx, w.Tx, without)
		if err == nil {
			err = w.write(r, without, rows)
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", r.Name, err)
		}
	}
	return nil
}

// write writes one file of rows, each as a line.
func (w *writer) write(r relation, without []string, rows pgx.Rows) error {
	defer rows.Close()
	t := Table{Name: r.Name, File: tableFolder + r.Name + ".jsonl", Key: r.Key, LeftOut: without}
	file, err := w.create(t.File)
	if err != nil {
		return err
	}
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return err
		}
		line, err := w.translate(r, raw)
		if err != nil {
			return err
		}
		if _, err := file.Write(line); err != nil {
			return err
		}
		t.Rows++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if t.Sum, err = file.close(); err != nil {
		return err
	}
	w.manifest.Tables = append(w.manifest.Tables, t)
	return nil
}

// translate makes a row of the database one of the archive, and notes what it needs.
func (w *writer) translate(r relation, raw []byte) ([]byte, error) {
	one := row{}
	if err := json.Unmarshal(raw, &one); err != nil {
		return nil, err
	}
	one.forget(r, w.Body.ID, w.seen)
	if err := one.unseal(w.Key, w.bytes[r.Name].Sealed); err != nil {
		return nil, err
	}
	w.note(r, one)
	return one.line()
}

// note keeps which bodies, published rows and documents the row names.
func (w *writer) note(r relation, one row) {
	if ids := w.seen[r.Name]; ids != nil {
		ids[one.text(r.Key[0])] = true
	}
	for _, name := range r.bodyColumns() {
		if id, err := strconv.ParseInt(one.text(name), 10, 32); err == nil {
			w.bodies[int32(id)] = true
		}
	}
	for _, f := range r.Refers {
		if !one.isNull(f.Columns[0]) {
			w.need(f.Target, one.text(f.Columns[0]))
		}
	}
	if sum := one.text(w.files[r.Name]); sum != "" {
		w.documents[sum] = true
	}
}

// need notes that a published row is wanted: of kits' items the whole kit.
func (w *writer) need(table, value string) {
	if table == "commons.kit_items" {
		table = kitsTable
	}
	if w.public[table] == nil {
		w.public[table] = map[string]bool{}
	}
	w.public[table][value] = true
}

// file is one file of the archive, whose digest is made as it is written.
type file struct {
	w    *writer
	name string
	out  *bufio.Writer
	sum  hash.Hash
}

func (w *writer) create(name string) (*file, error) {
	entry, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.manifest.At})
	if err != nil {
		return nil, fmt.Errorf("add %s: %w", name, err)
	}
	sum := sha256.New()
	return &file{w, name, bufio.NewWriterSize(io.MultiWriter(entry, sum), 64<<10), sum}, nil
}

// Write meets io.Writer.
func (f *file) Write(b []byte) (int, error) { return f.out.Write(b) }

func (f *file) close() (string, error) {
	if err := f.out.Flush(); err != nil {
		return "", fmt.Errorf("write %s: %w", f.name, err)
	}
	sum := hex.EncodeToString(f.sum.Sum(nil))
	f.w.sums = append(f.w.sums, sum+"  "+f.name)
	return sum, nil
}

// add writes a small file at once.
func (w *writer) add(name string, content []byte) (string, error) {
	file, err := w.create(name)
	if err != nil {
		return "", err
	}
	if _, err := file.Write(content); err != nil {
		return "", err
	}
	return file.close()
}

// writeDocuments writes the files that rows name.
func (w *writer) writeDocuments(ctx context.Context) error {
	for _, sum := range slices.Sorted(maps.Keys(w.documents)) {
		content, err := w.Files.Get(ctx, w.Body.ID, sum)
		if err != nil {
			return fmt.Errorf("document %s: %w", sum, err)
		}
		if _, err := w.add(fileFolder+sum, content); err != nil {
			return err
		}
		w.manifest.Documents = append(w.manifest.Documents, Document{sum, int64(len(content))})
		if err := w.step(); err != nil {
			return err
		}
	}
	return nil
}

// finish writes what says what is in the archive.
func (w *writer) finish() (string, error) {
	place := map[string]int{signersTable: -1}
	for i, r := range w.relations {
		place[r.Name] = i
	}
	slices.SortStableFunc(w.manifest.Tables, func(a, b Table) int { return place[a.Name] - place[b.Name] })
	if _, err := w.add(readmeName, w.readme()); err != nil {
		return "", err
	}
	content, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the manifest: %w", err)
	}
	sum, err := w.add(manifestName, content)
	if err != nil {
		return "", err
	}
	var lines []byte
	for _, line := range w.sums {
		lines = append(lines, line+"\n"...)
	}
	if _, err := w.add(sumsName, lines); err != nil {
		return "", err
	}
	if err := w.zip.Close(); err != nil {
		return "", fmt.Errorf("end the archive: %w", err)
	}
	return sum, nil
}
