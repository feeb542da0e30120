// Package sharing lets a body show parts of a case to another one: shares under the agreements of package agreement, and
// the list of cases that others share. A share becomes grants in the owner's tables, which row-level security reads on
// every query. The package must not read the content of a case: package casefile opens it.
package sharing

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/casefile"
	"staffetta/modules/kit"
	"staffetta/modules/sharing/agreement"
	"staffetta/modules/sharing/form"
	"staffetta/modules/sharing/network"
	"staffetta/tenants"
)

//go:embed migrations/*.sql templates/*.html messages/*.json
var files embed.FS

// Service holds the rules of shares, with those of the agreements that they stand on.
type Service struct {
	*agreement.Service
	deps     modules.Deps
	cases    *casefile.Service
	items    *kit.Items
	networks *network.Service
}

// NewService makes the service over the program's parts.
func NewService(deps modules.Deps) *Service {
	s := &Service{deps: deps, cases: casefile.NewService(deps), items: kit.NewItems(deps), networks: network.NewService(deps)}
	s.Service = agreement.NewService(deps, s.agreementPurposes)
	return s
}

// agreementPurposes are the purposes of the body as an agreement names them.
func (s *Service) agreementPurposes(ctx context.Context, scope tenants.Scope) ([]agreement.Purpose, error) {
	known, err := s.FindPurposes(ctx, scope)
	named := make([]agreement.Purpose, len(known.All))
	for i, one := range known.All {
		named[i] = agreement.Purpose{Key: one.Key, Label: language.Text{It: one.Label.IT, En: one.Label.EN}}
	}
	return named, err
}

var rome = language.Rome

func endOfDay(day time.Time) time.Time { return form.EndOfDay(day) }

func lastDay(bound time.Time) time.Time { return form.LastDay(bound) }

func sub(dir string) fs.FS {
	part, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return part
}
