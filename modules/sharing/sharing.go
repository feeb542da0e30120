// Package sharing lets a body show parts of a case to another one: agreements between bodies, shares under them, and
// the list of cases that others share. A share becomes grants in the owner's tables, which row-level security reads on
// every query. The package must not read the content of a case: package casefile opens it.
package sharing

import (
	"embed"
	"io/fs"
	"time"

	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// Service holds the rules of agreements and shares.
type Service struct {
	deps  modules.Deps
	cases *casefile.Service
	items *kit.Items
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	return &Service{deps: deps, cases: casefile.NewService(deps), items: kit.NewItems(deps)}
}

var rome = loadRome()

func loadRome() *time.Location {
	location, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.FixedZone("CET", 3600) // a system without time zones
	}
	return location
}

// endOfDay is the first instant after the day that a date names in Rome.
func endOfDay(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, rome)
}

// lastDay is the day that a bound made by endOfDay still includes.
func lastDay(bound time.Time) time.Time { return bound.In(rome).Add(-time.Second) }

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
