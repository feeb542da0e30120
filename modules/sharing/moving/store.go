package moving

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/problem"
	"staffetta/modules/casefile"
	"staffetta/modules/registry"
	"staffetta/modules/sharing/share"
	"staffetta/policies"
	"staffetta/tenants"
)

// readHome reads where the person of an opened case lives, and with whom.
func readHome(ctx context.Context, a *casefile.Access, f *Frame) error {
	var b pgx.Batch
	var households []registry.Household
	var contacts []registry.Contacts
	registry.QueueHouseholds(&b, a.Tenant, a.CaseFile.Person, &households)
	registry.QueueContacts(&b, a.Tenant, a.CaseFile.Person, &contacts)
	if err := a.Read(ctx, &b); err != nil {
		return err
	}
	current := registry.Sheet{Contacts: contacts}.Current()
	f.Contacts, f.Place = current.ContactDetails, current.MunicipalityCode
	seen := map[uuid.UUID]bool{a.CaseFile.Person: true}
	for _, h := range households {
		for _, m := range h.Present().Members {
			if !seen[m.PersonID] {
				seen[m.PersonID] = true
				f.Household = append(f.Household, m)
			}
		}
	}
	return nil
}

// findPlace is the Belfiore code of where a person lives, as far as the actor reads how to reach persons of the body.
func (s *Service) findPlace(ctx context.Context, scope tenants.Scope, person uuid.UUID) (string, error) {
	var b pgx.Batch
	var contacts []registry.Contacts
	registry.QueueContacts(&b, scope.Tenant, person, &contacts)
	if err := s.deps.DB.Read(ctx, s.deps.Policies.Confine(scope, policies.Body, policies.Assigned, policies.Team), &b); err != nil {
		return "", fmt.Errorf("read where a person lives: %w", err)
	}
	return registry.Sheet{Contacts: contacts}.Current().MunicipalityCode, nil
}

// listed is a manifest as the database makes it.
type listed struct {
	Manifest

	Shares    []uuid.UUID `json:"shares"`
	Protected bool        `json:"protected"`
}

// listCase makes the manifest of a case of the body, and finds which roles are staffed where it would go.
func (s *Service) listCase(ctx context.Context, scope tenants.Scope, f Frame, p Plan) (Manifest, []string, error) {
	going := p.Going
	if going == nil {
		going = []string{}
	}
	var b pgx.Batch
	var raw []byte
	var roles []string
	b.Queue(`select sharing.relocation_manifest($1, $2::text[]::uuid[])`, f.Access.ID, going).QueryRow(func(row pgx.Row) error { return row.Scan(&raw) })
	b.Queue(`select coalesce(array_agg(r), '{}') from sharing.roles_of_body($1) r`, p.To).QueryRow(func(row pgx.Row) error { return row.Scan(&roles) })
	if err := s.deps.DB.Read(ctx, scope, &b); err != nil {
		return Manifest{}, nil, fmt.Errorf("list what goes along with a case: %w", err)
	}
	if raw == nil {
		return Manifest{}, nil, problem.Missing()
	}
	var m listed
	if err := json.Unmarshal(raw, &m); err != nil {
		return Manifest{}, nil, fmt.Errorf("read a manifest: %w", err)
	}
	m.Manifest.Shares, m.Manifest.Protected = len(m.Shares), m.Protected
	return m.Manifest, roles, nil
}

// previewed is a signed manifest as the database tells it.
type previewed struct {
	Signed

	Shares int `json:"shares"`
}

func (s *Signer) getSigned(ctx context.Context, scope tenants.Scope, id uuid.UUID) (Signed, error) {
	var b pgx.Batch
	var raw []byte
	b.Queue(`select sharing.preview_relocation($1)`, id).QueryRow(func(row pgx.Row) error { return row.Scan(&raw) })
	if err := s.deps.DB.Read(ctx, scope, &b); err != nil {
		return Signed{}, share.Raised("read the manifest of a handover", err)
	}
	var p previewed
	if err := json.Unmarshal(raw, &p); err != nil {
		return Signed{}, fmt.Errorf("read a signed manifest: %w", err)
	}
	p.Signed.Shares = p.Shares
	return p.Signed, nil
}

func renewRelocation(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID, seen string) error {
	if _, err := tx.Exec(ctx, `select sharing.renew_relocation($1, $2, $3)`, id, seen, scope.Name); err != nil {
		return share.Raised("sign a manifest again", err)
	}
	return nil
}

func confirmRelocation(ctx context.Context, tx tenants.Tx, scope tenants.Scope, id uuid.UUID, seen string) error {
	if _, err := tx.Exec(ctx, `select sharing.confirm_relocation($1, $2, $3)`, id, seen, scope.Name); err != nil {
		return share.Raised("sign a manifest", err)
	}
	return nil
}
