package archive

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// row is one row with the JSON of each column.
type row map[string]json.RawMessage

var null = json.RawMessage("null")

// line writes the row in the one form that its digest is made of: the columns in the order of the alphabet, no spaces.
func (r row) line() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]json.RawMessage(r)); err != nil {
		return nil, fmt.Errorf("write a row: %w", err)
	}
	return out.Bytes(), nil
}

// text is a column as text: "" for null.
func (r row) text(name string) string {
	raw := r[name]
	if len(raw) == 0 || bytes.Equal(raw, null) {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

func (r row) set(name, value string) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write the column %s: %w", name, err)
	}
	r[name] = bytes.TrimSpace(out.Bytes())
	return nil
}

// isNull tells whether a column is null or not there.
func (r row) isNull(name string) bool { return len(r[name]) == 0 || bytes.Equal(r[name], null) }

// context fills the row's values into the context that a column is sealed with.
func (r row) context(template string) []byte {
	for name := range r {
		template = strings.ReplaceAll(template, "{"+name+"}", r.text(name))
	}
	return []byte(template)
}

// hexMark begins bytes in an archive, as PostgreSQL writes them.
const hexMark = `\x`

// readable writes what was sealed: as text where it is one, else as bytes.
func readable(plain []byte) string {
	if utf8.Valid(plain) && !bytes.ContainsRune(plain, 0) && !bytes.HasPrefix(plain, []byte(hexMark)) {
		return string(plain)
	}
	return hexMark + hex.EncodeToString(plain)
}

// unreadable is what readable wrote.
func unreadable(text string) ([]byte, error) {
	digits, marked := strings.CutPrefix(text, hexMark)
	if !marked {
		return []byte(text), nil
	}
	plain, err := hex.DecodeString(digits)
	if err != nil {
		return nil, fmt.Errorf("read bytes: %w", err)
	}
	return plain, nil
}

// Sealer opens and seals with the key of a deployment, and makes keyed tokens.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
	Token(value string) []byte
}

// unseal opens what is sealed in the row with the key of this installation.
func (r row) unseal(key Sealer, columns map[string]string) error {
	for name, context := range columns {
		if r.isNull(name) {
			continue
		}
		sealed, err := unreadable(r.text(name))
		if err != nil {
			return err
		}
		plain, err := key.Open(sealed, r.context(context))
		if err != nil {
			return fmt.Errorf("open the column %s: %w", name, err)
		}
		if err := r.set(name, readable(plain)); err != nil {
			return err
		}
	}
	return nil
}

// seal seals anew what unseal opened.
func (r row) seal(key Sealer, columns map[string]string) error {
	for name, context := range columns {
		if r.isNull(name) {
			continue
		}
		plain, err := unreadable(r.text(name))
		if err != nil {
			return err
		}
		sealed, err := key.Seal(plain, r.context(context))
		if err != nil {
			return fmt.Errorf("seal the column %s: %w", name, err)
		}
		if err := r.set(name, hexMark+hex.EncodeToString(sealed)); err != nil {
			return err
		}
	}
	return nil
}

// forget makes references to what is not in the archive null: rows of another body, and what the body no longer sees.
func (r row) forget(of relation, body int32, seen map[string]map[string]bool) {
	for _, f := range of.Refers {
		at := slices.Index(f.Targets, "tenant_id")
		foreign := at >= 0 && len(f.Columns) > 1 && !r.isNull(f.Columns[at]) && r.text(f.Columns[at]) != strconv.Itoa(int(body))
		ids, kept := seen[f.Target]
		unseen := kept && len(f.Columns) == 1 && !f.Deferred && f.Target != of.Name && !r.isNull(f.Columns[0]) && !ids[r.text(f.Columns[0])]
		if !foreign && !unseen {
			continue
		}
		for _, name := range f.Columns {
			if slices.ContainsFunc(of.Columns, func(c column) bool { return c.Name == name && c.Empty }) {
				r[name] = null
			}
		}
	}
}
