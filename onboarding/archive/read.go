package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"

	"staffetta/modules"
	"staffetta/tenants"
)

// Target is where an archive is read into.
type Target struct {
	Tx         tenants.Tx // of the owner of an empty installation
	Migrations map[string]int64
	Modules    []modules.Module
	Files      modules.Files
	Key        Sealer
	Progress   func(done, steps int) error
}

// Errors of Read.
var (
	ErrNoArchive = errors.New("it is no archive of Staffetta, or of another version")
	ErrChanged   = errors.New("the archive is not as it was written")
	ErrOccupied  = errors.New("the installation has bodies or people already: an archive is read into an empty one")
	ErrOtherLine = errors.New("the schema of this installation is another one")
)

// maxLine is how long a row can be: the longest contents are checked within 1 MB.
const maxLine = 64 << 20

// reader reads one archive.
type reader struct {
	Target
	zip       *zip.Reader
	manifest  Manifest
	bytes     map[string]modules.Bytes
	relations map[string]relation
	done      int
}

// ReadManifest reads what an archive says it holds.
func ReadManifest(in io.ReaderAt, size int64) (Manifest, error) {
	archive, err := zip.NewReader(in, size)
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNoArchive, err)
	}
	return (&reader{zip: archive}).readManifest()
}

// Read reads an archive into an empty installation, in the target's transaction: rows, documents, and accounts with tokens of
// the installation's own key. Every file must have the digest that the manifest tells; where one has not, nothing stays but documents,
// which nothing names. Errors: ErrNoArchive, ErrChanged, ErrOccupied, ErrOtherLine.
func Read(ctx context.Context, in io.ReaderAt, size int64, t Target) (Manifest, error) {
	archive, err := zip.NewReader(in, size)
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNoArchive, err)
	}
	r := &reader{Target: t, zip: archive, bytes: bytesOf(t.Modules), relations: map[string]relation{}}
	if r.manifest, err = r.readManifest(); err != nil {
		return r.manifest, err
	}
	for _, step := range []func(context.Context) error{r.begin, r.readBodies, r.readAccounts, r.readTables, r.readSigners, r.readDocuments, r.settle} {
		if err := step(ctx); err != nil {
			return r.manifest, fmt.Errorf("read the archive: %w", err)
		}
	}
	return r.manifest, nil
}

func (r *reader) readManifest() (m Manifest, err error) {
	file, err := r.zip.Open(manifestName)
	if err != nil {
		return m, ErrNoArchive
	}
	defer file.Close()
	if err := json.NewDecoder(file).Decode(&m); err != nil || m.Format != Format || m.Version != Version {
		return m, errors.Join(ErrNoArchive, err)
	}
	return m, nil
}

// begin holds archive and installation against each other.
func (r *reader) begin(ctx context.Context) error {
	if !maps.Equal(r.manifest.Migrations, r.Migrations) {
		return fmt.Errorf("%w: %s", ErrOtherLine, differences(r.manifest.Migrations, r.Migrations))
	}
	found, err := findRelations(ctx, r.Tx)
	if err != nil {
		return err
	}
	for _, one := range found {
		r.relations[one.Name] = one
	}
	var occupied bool
	err = r.Tx.QueryRow(ctx, `select exists (select from platform.tenants t where t.kind <> 'platform') or exists (select from platform.accounts)`).Scan(&occupied)
	if err == nil && occupied {
		err = ErrOccupied
	}
	if err != nil {
		return err
	}
	_, err = r.Tx.Exec(ctx, `create temporary table incoming (number bigint generated always as identity, line jsonb not null) on commit drop`)
	return err
}

// differences names the lines of migrations that differ.
func differences(archived, here map[string]int64) string {
	var out bytes.Buffer
	for _, line := range slices.Sorted(maps.Keys(archived)) {
		if archived[line] != here[line] {
			fmt.Fprintf(&out, "%s %d (here %d) ", line, archived[line], here[line])
		}
	}
	return out.String()
}

func (r *reader) step() error {
	r.done++
	if r.Progress == nil {
		return nil
	}
	return r.Progress(r.done, len(r.manifest.Tables)+len(r.manifest.Documents))
}

// lines gives each row of a table of the archive to fn and holds the file to its digest and the number of its rows.
func (r *reader) lines(name string, fn func(row) error) error {
	t, ok := r.manifest.table(name)
	if !ok {
		return fmt.Errorf("%w: %s is missing", ErrChanged, name)
	}
	file, err := r.zip.Open(t.File)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrChanged, t.File, err)
	}
	defer file.Close()
	sum, n := sha256.New(), int64(0)
	scanner := bufio.NewScanner(io.TeeReader(file, sum))
	scanner.Buffer(make([]byte, 64<<10), maxLine)
	for scanner.Scan() {
		one := row{}
		if err := json.Unmarshal(scanner.Bytes(), &one); err != nil {
			return fmt.Errorf("%w: line %d of %s: %w", ErrChanged, n+1, t.File, err)
		}
		if err := fn(one); err != nil {
			return fmt.Errorf("line %d of %s: %w", n+1, t.File, err)
		}
		n++
	}
	if err := scanner.Err(); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrChanged, t.File, err)
	}
	return t.verify(n, sum)
}

func (t Table) verify(rows int64, sum hash.Hash) error {
	if rows != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.Sum {
		return fmt.Errorf("%w: %s has %d rows of %d, or other ones", ErrChanged, t.File, rows, t.Rows)
	}
	return nil
}

// batchBytes is about how much waits in memory before it goes to the database.
const batchBytes = 1 << 20

// stage puts the rows of a table of the archive where insert takes them from.
func (r *reader) stage(ctx context.Context, name string, change func(row) error) error {
	if _, err := r.Tx.Exec(ctx, `truncate incoming restart identity`); err != nil {
		return fmt.Errorf("empty what came before: %w", err)
	}
	var waiting []string
	size := 0
	flush := func() error {
		_, err := r.Tx.Exec(ctx, `insert into incoming (line) select l::jsonb from unnest($1::text[]) with ordinality u (l, n) order by u.n`, waiting)
		waiting, size = waiting[:0], 0
		return err
	}
	err := r.lines(name, func(one row) error {
		if err := change(one); err != nil {
			return err
		}
		line, err := one.line()
		if err != nil {
			return err
		}
		if waiting, size = append(waiting, string(line)), size+len(line); size < batchBytes {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush())
}

// readTables reads every table of rows.
func (r *reader) readTables(ctx context.Context) error {
	for _, t := range r.manifest.Tables {
		if t.Name == bodiesTable || t.Name == accountsTable || t.Name == signersTable {
			continue
		}
		one, ok := r.relations[t.Name]
		if !ok || one.way() == notAtAll {
			return fmt.Errorf("%w: %s is no table that comes along", ErrChanged, t.Name)
		}
		err := r.stage(ctx, t.Name, func(x row) error { return x.seal(r.Key, r.bytes[t.Name].Sealed) })
		if err == nil {
			err = one.insert(ctx, r.Tx, t)
		}
		if err == nil {
			err = r.step()
		}
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

// readDocuments stores the documents and holds each to its digest.
func (r *reader) readDocuments(ctx context.Context) error {
	for _, d := range r.manifest.Documents {
		file, err := r.zip.Open(fileFolder + d.Sum)
		if err != nil {
			return fmt.Errorf("%w: document %s: %w", ErrChanged, d.Sum, err)
		}
		content, err := io.ReadAll(io.LimitReader(file, d.Size+1))
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("document %s: %w", d.Sum, err)
		}
		if digest := sha256.Sum256(content); hex.EncodeToString(digest[:]) != d.Sum {
			return fmt.Errorf("%w: document %s", ErrChanged, d.Sum)
		}
		if _, err := r.Files.Put(ctx, r.manifest.Body.ID, content); err != nil {
			return fmt.Errorf("document %s: %w", d.Sum, err)
		}
		if err := r.step(); err != nil {
			return err
		}
	}
	return nil
}
