package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/archive"
	"staffetta/modules/practice/release"
)

// sheetFile is the file of a folder of sources that describes the practice; every other one is an item.
const sheetFile = "practice.json"

// description is what the sheet's file says beside the four parts of the sheet.
type description struct {
	Key             string          `json:"key"`
	Title           kit.Text        `json:"title"`
	Owner           string          `json:"owner"`
	Licence         string          `json:"licence"`
	Registry        json.RawMessage `json:"registry"`
	Characteristics json.RawMessage `json:"characteristics"`
	Results         json.RawMessage `json:"results"`
	Transfer        json.RawMessage `json:"transfer"`
}

// Folder is what somebody wrote down of a practice: a file that describes it, and one for each item (it: cartella di sorgenti).
type Folder struct {
	items []kit.Source
	files map[string]string // of each item, by its place
	about description
	sheet release.Sheet
}

// ReadFolder reads a folder of sources. What cannot be read is problem.Invalid, whose fields are named by file, line and column.
func ReadFolder(kinds *modules.Kinds, folder fs.FS) (Folder, error) {
	f := Folder{files: map[string]string{}}
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return f, fmt.Errorf("list the sources: %w", err)
	}
	var wrong problem.Fields
	if !slices.Contains(names, sheetFile) {
		wrong.Add(sheetFile, "practice.source.no_sheet")
	}
	if len(names) == 0 || len(names) == 1 && names[0] == sheetFile {
		wrong.Add("*.json", "practice.source.no_items")
	}
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return f, fmt.Errorf("read %s: %w", name, err)
		}
		if name == sheetFile {
			f.readSheet(raw, &wrong)
		} else {
			f.readItem(kinds, name, raw, &wrong)
		}
	}
	return f, refusedSource(wrong)
}

func refusedSource(wrong problem.Fields) error {
	if len(wrong) == 0 {
		return nil
	}
	return &problem.Error{Kind: problem.Invalid, Message: language.M("practice.source.refused"), Fields: wrong}
}

func (f *Folder) readItem(kinds *modules.Kinds, name string, raw []byte, wrong *problem.Fields) {
	item, err := kit.ParseSource(raw)
	if err != nil {
		*wrong = append(*wrong, mistake(name, raw, err))
		return
	}
	if _, _, known := kinds.Get(item.Kind); !known {
		wrong.Add(name, "practice.source.kind", "kind", item.Kind, "known", strings.Join(kindNames(kinds), ", "))
		return
	}
	place := kit.Place(item.Kind, item.Key)
	if other, twice := f.files[place]; twice {
		wrong.Add(name, "practice.source.twice", "item", place, "other", other)
		return
	}
	f.files[place] = name
	f.items = append(f.items, item)
}

func kindNames(kinds *modules.Kinds) (names []string) {
	for _, kind := range kinds.All() {
		names = append(names, kind.ID)
	}
	return names
}

func (f *Folder) readSheet(raw []byte, wrong *problem.Fields) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f.about); err != nil {
		*wrong = append(*wrong, mistake(sheetFile, raw, err))
		return
	}
	parts, err := json.Marshal(map[string]json.RawMessage{
		"registry": f.about.Registry, "characteristics": f.about.Characteristics, "results": f.about.Results, "transfer": f.about.Transfer,
	})
	if err == nil {
		f.sheet, err = release.ParseSheet(parts)
	}
	if err != nil {
		m := mistake(sheetFile, parts, err)
		m.Name = sheetFile // the parts were read out of their places
		*wrong = append(*wrong, m)
	}
}

// Kit makes a draft of a kit from the sources. Nobody answers for it: it has no signature, and cannot be installed.
func (f Folder) Kit(kinds *modules.Kinds, number string) (archive.Kit, error) {
	public, err := f.sheet.Public()
	if err != nil {
		return archive.Kit{}, err
	}
	return archive.New(archive.Manifest{
		Practice:   archive.Practice{Key: f.about.Key, Title: f.about.Title, Owner: f.about.Owner, Licence: f.about.Licence},
		Sheet:      public,
		Provenance: archive.Provenance{Body: archive.Body{Name: f.about.Owner, ISTAT: f.sheet.Registry.CedingBody.ISTAT}},
		Release:    archive.Release{ID: uuid.Nil, Number: number, Completeness: release.Completeness(kinds, f.items)},
	}, f.items)
}

// Source is what a body takes as its items and its draft practice.
func (f Folder) Source() release.Source {
	return release.Source{Items: f.items, Practice: release.Practice{
		Key: f.about.Key, Title: language.Text{It: f.about.Title.IT, En: f.about.Title.EN}, Owner: f.about.Owner, Licence: f.about.Licence, Sheet: f.sheet,
	}}
}

// Locate names the files of what was refused about a kit made of the sources.
func (f Folder) Locate(err error) error {
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Kind != problem.Invalid {
		return err
	}
	var wrong problem.Fields
	at := ""
	if place, named := refused.Message.Args["name"].(string); named {
		at = f.files[place]
	}
	if at != "" {
		wrong = append(wrong, problem.Field{Name: at, Message: refused.Message})
	}
	for _, one := range refused.Fields {
		name := one.Name
		switch {
		case at != "":
			name = at
		case name == releaseField:
			name = "--release"
		case strings.HasPrefix(name, "practice.") || strings.HasPrefix(name, "sheet"):
			name = sheetFile + " " + name
		}
		wrong = append(wrong, problem.Field{Name: name, Message: one.Message})
	}
	if len(wrong) == 0 {
		return err
	}
	return refusedSource(wrong)
}

// releaseField is what a manifest calls the number of a release.
const releaseField = "kit.release"
