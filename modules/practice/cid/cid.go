// Package cid is the demonstration practice: the kit of the CID, the local information centre on disability, complete
// and usable, one JSON file per item, and its public sheet. It holds content only: rules live in package kit, and
// nothing here may depend on a tenant or a database.
// Persons named are invented, and figures say that they are for demonstration.
package cid

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"staffetta/modules/kit"
	"staffetta/modules/practice/sheet"
)

//go:embed *.json 1.1.0/*.json 2.0.0/*.json
var files embed.FS

const sheetFile = "practice.json"

// PracticeSheet is the public description of a practice in its four parts (it: scheda della buona pratica).
type PracticeSheet struct {
	Key             string                `json:"key"`
	Title           kit.Text              `json:"title"`
	Owner           string                `json:"owner"`
	Licence         string                `json:"licence"`
	Registry        sheet.Registry        `json:"registry"`
	Characteristics sheet.Characteristics `json:"characteristics"`
	Results         sheet.Results         `json:"results"`
	Transfer        sheet.Transfer        `json:"transfer"`
}

// Releases are those of which there are sources. The first one is whole; each later one holds what it adds and what it
// changes: 1.1.0 brings questions of citizens and an interpreter at a distance, 2.0.0 promises an answer in three working
// days, in the service, its workflow, the indicators and the leaflet; and the form of the first access asks differently, and
// declares how answers given before are read.
var Releases = []string{"1.0.0", "1.1.0", "2.0.0"}

// Items returns the items of the first release in the order of their keys.
func Items() ([]kit.Source, error) { return ItemsOf(Releases[0]) }

// ItemsOf returns the items of a release in the order of their keys.
func ItemsOf(release string) ([]kit.Source, error) {
	last := slices.Index(Releases, release)
	if last < 0 {
		return nil, fmt.Errorf("the CID kit has no release %s", release)
	}
	items, err := read(".")
	if err != nil {
		return nil, err
	}
	for _, later := range Releases[1 : last+1] {
		changed, err := read(later)
		if err != nil {
			return nil, err
		}
		maps.Copy(items, changed)
	}
	list := make([]kit.Source, 0, len(items))
	for _, key := range slices.Sorted(maps.Keys(items)) {
		list = append(list, items[key])
	}
	return list, nil
}

// read gives the items of a folder by their keys.
func read(dir string) (map[string]kit.Source, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list items of the CID kit: %w", err)
	}
	items := map[string]kit.Source{}
	for _, name := range names {
		if name == sheetFile {
			continue
		}
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read item %s: %w", name, err)
		}
		item, err := kit.ParseSource(raw)
		if err != nil {
			return nil, fmt.Errorf("item %s: %w", name, err)
		}
		items[item.Key] = item
	}
	return items, nil
}

// Sheet returns the public sheet of the practice.
func Sheet() (PracticeSheet, error) {
	raw, err := files.ReadFile(sheetFile)
	if err != nil {
		return PracticeSheet{}, fmt.Errorf("read sheet of the CID: %w", err)
	}
	var read PracticeSheet
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil {
		return PracticeSheet{}, fmt.Errorf("decode sheet of the CID: %w", err)
	}
	return read, nil
}
