package exchange

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/google/uuid"

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

// Build makes a draft of a kit from a folder of sources, practice.json and one file for each item. Nobody answers for it:
// it has no signature, and cannot be installed.
func Build(kinds *modules.Kinds, folder fs.FS, number string) (archive.Kit, error) {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return archive.Kit{}, fmt.Errorf("list the sources: %w", err)
	}
	var items []kit.Source
	for _, name := range names {
		if name == sheetFile {
			continue
		}
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return archive.Kit{}, fmt.Errorf("read %s: %w", name, err)
		}
		item, err := kit.ParseSource(raw)
		if err != nil {
			return archive.Kit{}, fmt.Errorf("%s: %w", name, err)
		}
		items = append(items, item)
	}
	m, err := readDescription(folder)
	if err != nil {
		return archive.Kit{}, fmt.Errorf("%s: %w", sheetFile, err)
	}
	m.Release = archive.Release{ID: uuid.Nil, Number: number, Completeness: release.Completeness(kinds, items)}
	return archive.New(m, items)
}

func readDescription(folder fs.FS) (archive.Manifest, error) {
	raw, err := fs.ReadFile(folder, sheetFile)
	if err != nil {
		return archive.Manifest{}, err
	}
	var d description
	if err := json.Unmarshal(raw, &d); err != nil {
		return archive.Manifest{}, err
	}
	parts, err := json.Marshal(map[string]json.RawMessage{
		"registry": d.Registry, "characteristics": d.Characteristics, "results": d.Results, "transfer": d.Transfer,
	})
	if err != nil {
		return archive.Manifest{}, err
	}
	sheet, err := release.ParseSheet(parts)
	if err != nil {
		return archive.Manifest{}, err
	}
	public, err := sheet.Public()
	return archive.Manifest{
		Practice:   archive.Practice{Key: d.Key, Title: d.Title, Owner: d.Owner, Licence: d.Licence},
		Sheet:      public,
		Provenance: archive.Provenance{Body: archive.Body{Name: d.Owner, ISTAT: sheet.Registry.CedingBody.ISTAT}},
	}, err
}
