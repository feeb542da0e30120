package dossier

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	_ "embed" // the page
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

//go:embed copy.html
var saved string

var savedPage = template.Must(template.New("copy").Parse(saved))

// Order is what is handed over, and to whom it is said to be about.
type Order struct {
	Subject
	Name   string   // of the person
	Body   string   // its name
	Number int      // of the request
	Parts  []string // that are in
	Left   []Left   // parts that stay out
	At     time.Time
}

// Left is a part that stays out, with why.
type Left struct {
	ID     string `json:"part"`
	Title  string `json:"title"`
	Reason string `json:"reason"`
}

// Source is where the data comes from.
type Source struct {
	Tx      tenants.Tx // DB.Report's, with every section
	Modules []modules.Module
	Files   modules.Files
	Names   func(body int32) string
	Words   *language.Catalogue // of all modules
}

// chapter is a part in the files.
type chapter struct {
	ID     string `json:"part"`
	Title  string `json:"title"`
	Tables []leaf `json:"tables"`
}

// leaf is what one table has.
type leaf struct {
	Name  string                       `json:"table"`
	Title string                       `json:"title"`
	Rows  []map[string]json.RawMessage `json:"rows"`
	Shown [][]fact                     `json:"-"`
}

// fact is a value as people read it.
type fact struct {
	Label string
	Value []string
}

// document is a file that a row names.
type document struct{ sum, name string }

// copied is all that is handed over.
type copied struct {
	Order
	Receivers []string
	Chapters  []chapter
	documents []document
}

// Write writes a zip with a page to read and to print, the same as JSON, and the documents.
func Write(ctx context.Context, out io.Writer, s Source, o Order) error {
	c, err := gather(ctx, s, o)
	if err != nil {
		return err
	}
	page, err := c.html()
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(map[string]any{
		"body": o.Body, "subject": o.Name, "request": o.Number, "made_at": o.At, "receivers": c.Receivers, "parts": c.Chapters, "left_out": o.Left,
	}, "", "  ")
	if err != nil {
		return fmt.Errorf("write the copy as JSON: %w", err)
	}
	file := zip.NewWriter(out)
	add := func(name string, content []byte) error {
		entry, err := file.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: o.At})
		if err == nil {
			_, err = entry.Write(content)
		}
		if err != nil {
			return fmt.Errorf("add %s to the copy: %w", name, err)
		}
		return nil
	}
	if err := add("dati.html", page); err != nil {
		return err
	}
	if err := add("dati.json", data); err != nil {
		return err
	}
	for i, d := range c.documents {
		content, err := s.Files.Get(ctx, o.Subject.Body, d.sum)
		if err != nil {
			return fmt.Errorf("read a document of the copy: %w", err)
		}
		if err := add(fmt.Sprintf("documenti/%03d-%s", i+1, path.Base(d.name)), content); err != nil {
			return err
		}
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("end the copy: %w", err)
	}
	return nil
}

// gather reads what is handed over, part by part.
func gather(ctx context.Context, s Source, o Order) (c copied, err error) {
	c.Order = o
	tables, err := findTables(ctx, s.Tx, s.Modules)
	if err != nil {
		return c, err
	}
	leaves := map[string][]leaf{}
	for _, t := range tables {
		rows, err := t.find(ctx, s.Tx, o.Subject)
		if err != nil {
			return c, err
		}
		of := map[string]*leaf{}
		for _, r := range rows {
			if r.Other || !slices.Contains(o.Parts, r.Part) {
				continue
			}
			if of[r.Part] == nil {
				title, _ := Title(t.Table)
				of[r.Part] = &leaf{Name: t.Table, Title: title}
			}
			of[r.Part].add(t, r, s.Words)
			if sum := textOf(r.Values[t.File]); t.File != "" && sum != "" {
				c.documents = append(c.documents, document{sum, textOf(r.Values["file_name"])})
			}
		}
		for part, l := range of {
			leaves[part] = append(leaves[part], *l)
		}
	}
	for _, part := range o.Parts {
		if len(leaves[part]) > 0 {
			c.Chapters = append(c.Chapters, chapter{ID: part, Title: titleOf(s.Modules, part).It, Tables: leaves[part]})
		}
	}
	if !slices.Contains(o.Parts, receivers) {
		return c, nil
	}
	bodies, err := findReceivers(ctx, s.Tx, o.Subject)
	for _, body := range bodies {
		c.Receivers = append(c.Receivers, s.Names(body))
	}
	return c, err
}

// add adds a row with the columns that people can read.
func (l *leaf) add(t table, r row, words *language.Catalogue) {
	kept := map[string]json.RawMessage{}
	var facts []fact
	for _, column := range t.columns {
		value, there := r.Values[column]
		if !there {
			continue
		}
		kept[column] = value
		lines := readable(value)
		if wording, coded := t.Codes[column]; coded {
			for i, code := range lines {
				lines[i] = worded(wording.Say(words, code), code)
			}
		}
		if len(lines) > 0 {
			label, _ := Label(column)
			facts = append(facts, fact{label, lines})
		}
	}
	l.Rows, l.Shown = append(l.Rows, kept), append(l.Shown, facts)
}

// worded is a code in words with itself beside, unless they are the same.
func worded(said, code string) string {
	if said == "" || strings.EqualFold(said, strings.ReplaceAll(code, "_", " ")) {
		return cmp.Or(said, code)
	}
	return said + " (" + code + ")"
}

// readable is a value as lines of text; nothing for what is empty.
func readable(raw json.RawMessage) []string {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return []string{string(raw)}
	}
	switch v := value.(type) {
	case nil:
		return nil
	case bool:
		return []string{map[bool]string{true: "sì", false: "no"}[v]}
	case string:
		return linesOf(v)
	case []any:
		return listOf(v)
	case map[string]any:
		return pairsOf(v)
	default:
		return []string{string(raw)}
	}
}

func linesOf(text string) []string {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return []string{at.In(language.Rome).Format("02/01/2006 15:04")}
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return []string{day.Format("02/01/2006")}
	}
	if strings.TrimSpace(text) == "" || text == "[]" || text == "{}" {
		return nil
	}
	return strings.Split(text, "\n")
}

func listOf(values []any) (lines []string) {
	for _, one := range values {
		lines = append(lines, plain(one))
	}
	return lines
}

func pairsOf(values map[string]any) (lines []string) {
	for key, one := range values {
		lines = append(lines, key+": "+plain(one))
	}
	slices.Sort(lines)
	return lines
}

// plain is a value inside another one.
func plain(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		raw, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(raw)
	}
}

func (c copied) html() ([]byte, error) {
	var out bytes.Buffer
	err := savedPage.Execute(&out, struct {
		copied
		Day       string
		Documents int
	}{c, c.At.In(language.Rome).Format("02/01/2006"), len(c.documents)})
	if err != nil {
		return nil, fmt.Errorf("write the copy as a page: %w", err)
	}
	return out.Bytes(), nil
}
