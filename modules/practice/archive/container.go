package archive

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"io"
	"regexp"
	"strings"
)

var (
	keyPattern     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	kindPattern    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	releasePattern = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}$`)
)

const (
	endSize    = 22       // of the end record of a zip, without a comment
	headerSize = 46 + 128 // of an entry in its directory: the longest name is that of an item
)

// entry is a file inside the file, small enough to be read.
type entry struct{ file *zip.File }

// open looks at the directory of the file and at nothing that stands in its entries.
func (r Reader) open(file io.ReaderAt, size int64) (map[string]entry, error) {
	if size > r.Limits.File {
		return nil, refuse("practice.file.too_large", "max", r.Limits.File>>20)
	}
	if err := r.checkEnd(file, size); err != nil {
		return nil, err
	}
	container, err := zip.NewReader(file, size)
	if err != nil {
		return nil, refuse("practice.file.damaged").Wrap(err)
	}
	entries, folded, left := map[string]entry{}, map[string]bool{}, size
	for _, f := range container.File {
		if err := r.checkEntry(f); err != nil {
			return nil, err
		}
		if folded[strings.ToLower(f.Name)] {
			return nil, refuse("practice.file.twice", "name", shown(f.Name))
		}
		if left -= int64(f.UncompressedSize64); left < 0 {
			return nil, refuse("practice.file.sizes", "name", shown(f.Name))
		}
		folded[strings.ToLower(f.Name)], entries[f.Name] = true, entry{f}
	}
	return entries, nil
}

// checkEnd reads the end record before anything is made of what it says: how many entries there are, and that the
// directory goes up to it. A zip with a comment, with several parts or in the large form is none that a kit comes in.
func (r Reader) checkEnd(file io.ReaderAt, size int64) error {
	end := make([]byte, endSize)
	if size < endSize {
		return refuse("practice.file.damaged")
	}
	if _, err := file.ReadAt(end, size-endSize); err != nil && !errors.Is(err, io.EOF) {
		return refuse("practice.file.damaged").Wrap(err)
	}
	short := func(at int) int64 { return int64(binary.LittleEndian.Uint16(end[at:])) }
	long := func(at int) int64 { return int64(binary.LittleEndian.Uint32(end[at:])) }
	count, length, start := short(10), long(12), long(16)
	switch {
	case string(end[:4]) != "PK\x05\x06" || short(20) != 0 || short(4) != 0 || short(6) != 0 || short(8) != count:
		return refuse("practice.file.damaged")
	case count > int64(r.Limits.Items)+1:
		return refuse("practice.file.too_many", "max", r.Limits.Items)
	case length > count*headerSize || start+length != size-endSize:
		return refuse("practice.file.damaged")
	}
	return nil
}

// checkEntry refuses names that lead out of a folder, what is no plain file, and sizes that are too large or not true.
func (r Reader) checkEntry(f *zip.File) error {
	limit := r.Limits.Item
	if f.Name == manifestName {
		limit = r.Limits.Manifest
	}
	name := shown(f.Name)
	switch {
	case strings.HasPrefix(f.Name, "/") || strings.Contains(f.Name, `\`) || strings.Contains(f.Name, ":"):
		return refuse("practice.file.absolute", "name", name)
	case strings.Contains("/"+f.Name+"/", "/../") || strings.Contains("/"+f.Name+"/", "/./"):
		return refuse("practice.file.traversal", "name", name)
	case !f.Mode().IsRegular() || f.ExternalAttrs != 0:
		return refuse("practice.file.special", "name", name)
	case f.Method != zip.Store || f.Flags != 0:
		return refuse("practice.file.compressed", "name", name)
	case f.UncompressedSize64 > uint64(limit):
		return refuse("practice.file.entry_too_large", "name", name, "max", limit>>10)
	case f.CompressedSize64 != f.UncompressedSize64:
		return refuse("practice.file.sizes", "name", name)
	}
	return nil
}

// content reads the entry, not more of it than it said it has.
func (e entry) content() ([]byte, error) {
	r, err := e.file.Open()
	if err != nil {
		return nil, refuse("practice.file.damaged").Wrap(err)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, int64(e.file.UncompressedSize64)+1))
	if err != nil || uint64(len(content)) != e.file.UncompressedSize64 {
		return nil, refuse("practice.file.damaged").Wrap(err)
	}
	return content, nil
}

// shown is a name as a message may repeat it.
func shown(name string) string {
	name = strings.ToValidUTF8(name, "?")
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 120 {
		return string(runes[:120]) + "…"
	}
	return name
}
