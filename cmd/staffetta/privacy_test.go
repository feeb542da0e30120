package main

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/onboarding/privacy"
	"staffetta/onboarding/privacy/paper"
	"staffetta/onboarding/profile"
	"staffetta/tenants"
)

// informing lets one test at a time inform: what another one has saved and the directory has not read yet is a conflict that would leave
// the notice unpublished.
var informing sync.Mutex

// informed publishes the notice of Pantelleria, once, and returns a version of the register that waits for the officer.
func (st *stage) informed(t *testing.T) string {
	t.Helper()
	informing.Lock()
	defer informing.Unlock()
	ctx, admin, officer := t.Context(), st.castScope(t, pantelleria, "Rizzo"), st.extra(t, pantelleria, "Vigna", "dpo")
	papers, profiles := privacy.NewService(st.deps), profile.NewService(st.deps)
	body, err := profiles.Get(admin)
	mustDo(t, err)
	if body.Profile.Address == "" || body.Profile.Email == "" {
		change := profile.Change{Profile: body.Profile}
		change.Address, change.Email = "Piazza Cavour 1", "sociali@pantelleria.example"
		st.unlessConflict(t, profiles.Save(ctx, admin, change))
	}
	sheet, err := papers.Get(ctx, admin)
	mustDo(t, err)
	if sheet.Version == 0 {
		sheet.DPO = paper.Officer{Name: "Studio Alfa", Email: "rpd@pantelleria.example"}
		st.unlessConflict(t, papers.Save(ctx, admin, sheet))
	}
	if _, err := papers.GetPublished(ctx, admin, paper.Notice, 1); problem.Is(err, problem.NotFound) {
		if notice := st.proposed(t, admin, paper.Notice); notice != "" {
			st.unlessConflict(t, papers.Answer(ctx, officer, privacy.Answer{ID: uuid.MustParse(notice), Yes: true}))
		}
	}
	const content = `{"title": "Registro", "chapters": []}`
	_, err = st.owner.Exec(ctx, `insert into onboarding.privacy_versions (tenant_id, id, document, content, sha256, proposed_by, proposed_name)
		values ($1, gen_random_uuid(), 'register', $2, encode(sha256(convert_to($2, 'UTF8')), 'hex'), $3, $4) on conflict do nothing`, admin.Tenant, content, admin.Account, admin.Name)
	mustDo(t, err)
	return query[string](t, st, `select v.id::text from onboarding.privacy_versions v where v.tenant_id = $1 and v.document = 'register' and v.state = 'proposed'`, admin.Tenant)
}

// proposed is the version of a document that waits, made where none does.
func (st *stage) proposed(t *testing.T, s tenants.Scope, kind paper.Kind) string {
	t.Helper()
	papers := privacy.NewService(st.deps)
	board, err := papers.Find(t.Context(), s)
	mustDo(t, err)
	one := board.Paper(kind)
	if one.Proposed == nil {
		st.unlessConflict(t, papers.Publish(t.Context(), s, privacy.Order{ID: uuid.New(), Kind: kind, Mark: one.Mark}))
		board, err = papers.Find(t.Context(), s)
		mustDo(t, err)
		if one = board.Paper(kind); one.Proposed == nil {
			return ""
		}
	}
	return one.Proposed.ID.String()
}

// unlessConflict accepts that another test of the same stage was faster.
func (st *stage) unlessConflict(t *testing.T, err error) {
	t.Helper()
	if err != nil && !problem.Is(err, problem.Conflict) {
		t.Fatal(err)
	}
}
