package moving

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/sharing/handover"
	"staffetta/policies"
	"staffetta/tenants"
)

// Row counts the rows of a table of the case, by section.
type Row struct {
	Table   string `json:"table"`
	Section string `json:"section"` // "" for what stands in none
	Goes    int    `json:"goes"`
	Stays   int    `json:"stays"`
	Now     int    `json:"now"`     // how many go as the case is now; of a signed manifest alone
	Changed bool   `json:"changed"` // they are not what was signed; likewise
}

// Open is something open in the case.
type Open struct {
	handover.Obligation

	Benefit bool `json:"benefit"` // it is being paid or delivered
}

// Manifest lists what goes along with a person who moved house and what stays (it: elenco di ciò che si trasferisce).
type Manifest struct {
	Digest      string `json:"digest"`
	Rows        []Row  `json:"rows"`
	PersonsGo   int    `json:"persons_go"`
	PersonsStay int    `json:"persons_stay"`
	Open        []Open `json:"obligations"`

	// Of one that is not signed yet.
	Shares    int       `json:"-"`
	Protected bool      `json:"-"`
	Gaps      []Gap     `json:"-"`
	Agreement uuid.UUID `json:"-"` // the standing one; uuid.Nil where one is made for this case alone
}

// Gap is what is missing at the body that takes the case, or in what goes along (it: lacuna).
type Gap struct {
	Label  language.Message
	Blocks bool // nothing can be offered until it is filled
}

// Blocked tells whether nothing can be offered.
func (m Manifest) Blocked() bool {
	for _, gap := range m.Gaps {
		if gap.Blocks {
			return true
		}
	}
	return false
}

// List makes the manifest of a prepared case. Errors: problem.Invalid by field of the plan.
func (s *Service) List(ctx context.Context, scope tenants.Scope, f Frame, p Plan) (Manifest, error) {
	if err := f.check(p, time.Now()); err != nil {
		return Manifest{}, err
	}
	m, roles, err := s.listCase(ctx, scope, f, p)
	if err != nil {
		return Manifest{}, err
	}
	to, err := s.deps.Bodies.ByID(p.To)
	if err != nil {
		return Manifest{}, err
	}
	partner, standing := f.partner(p.To)
	m.Agreement = partner.Agreement.ID
	m.Gaps, err = s.findGaps(ctx, scope, gapsOf{f, m, to, roles, standing})
	return m, err
}

// gapsOf is what gaps are looked for in.
type gapsOf struct {
	Frame

	manifest Manifest
	to       tenants.Tenant
	roles    []string // that are staffed there
	standing bool     // an agreement stands
}

func (s *Service) findGaps(ctx context.Context, scope tenants.Scope, g gapsOf) ([]Gap, error) {
	var gaps []Gap
	add := func(blocks bool, key string, pairs ...any) {
		gaps = append(gaps, Gap{Label: language.M("sharing.relocation.gap."+key, pairs...), Blocks: blocks})
	}
	if !s.handovers.Takes(g.to, g.roles) {
		add(true, "nobody", "body", g.to.Name)
	}
	if !g.standing {
		if !g.MaySign {
			names, err := s.findSigners(ctx, scope)
			if err != nil {
				return nil, err
			}
			add(true, "signer", "names", strings.Join(names, ", "))
		}
		purposes, err := s.handovers.FindPurposes(ctx, scope)
		if err != nil {
			return nil, err
		}
		if len(purposes) == 0 {
			add(true, "purpose")
		}
	}
	for _, title := range s.missingModules(g) {
		add(false, "module", "body", g.to.Name, "module", title)
	}
	if g.Access.Person.TaxCode == "" {
		add(false, "tax_code")
	}
	if g.Access.Person.Born.IsZero() {
		add(false, "birth_date")
	}
	if g.Place == "" || g.Place != g.to.Belfiore {
		add(false, "address", "body", g.to.Name)
	}
	return gaps, nil
}

// missingModules names the modules of which rows go along and which the other body has switched off: it keeps them unseen.
func (s *Service) missingModules(g gapsOf) []language.Text {
	var missing []language.Text
	for _, m := range s.deps.Platform.Modules {
		if m.Essential || g.to.Has(string(m.ID)) {
			continue
		}
		for _, row := range g.manifest.Rows {
			if row.Goes > 0 && strings.HasPrefix(row.Table, string(m.ID)+".") {
				missing = append(missing, m.Title)
				break
			}
		}
	}
	return missing
}

// Signed is the manifest of a change of residence as the giving body signed it.
type Signed struct {
	Manifest

	Current       string    `json:"current"` // digest of what would go along now
	Changed       bool      `json:"changed"` // that is no longer what was signed
	NewShares     int       `json:"new_shares"`
	SignedName    string    `json:"signed_name"`
	SignedAt      time.Time `json:"signed_at"`
	ConfirmedName string    `json:"confirmed_name"`
	ConfirmedAt   time.Time `json:"confirmed_at"`

	Handover handover.Handover `json:"-"`
}

// Get returns the signed manifest of a handover, to who may decide about it or opens the case. Error: problem.NotFound.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Signed, error) {
	h, err := s.handovers.Get(ctx, scope, id) // in the audit of both bodies
	if err != nil {
		return Signed{}, err
	}
	if !h.Whole || h.MovedOn.IsZero() {
		return Signed{}, problem.Missing()
	}
	signed, err := s.getSigned(ctx, scope, id)
	signed.Handover = h
	return signed, err
}

// bySection adds up rows in the order of the sections; what stands in none comes first.
func bySection(rows []Row) []Row {
	var sums []Row
	for _, section := range append([]string{""}, policies.SectionIDs()...) {
		sum := Row{Section: section}
		for _, row := range rows {
			if row.Section == section {
				sum.Goes, sum.Stays, sum.Now, sum.Changed = sum.Goes+row.Goes, sum.Stays+row.Stays, sum.Now+row.Now, sum.Changed || row.Changed
			}
		}
		if sum.Goes+sum.Stays+sum.Now > 0 {
			sums = append(sums, sum)
		}
	}
	return sums
}
