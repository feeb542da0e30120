package sharing_test

import (
	"cmp"
	"errors"
	"testing"

	"staffetta/modules/sharing/offer"
	"staffetta/policies"
	"staffetta/tenants"
)

// What the body's templates never show is not offered and not added to a share, whoever calls the database, which knows the
// program's own where the body has none; what a share shows already stands.
func TestTheDatabaseKeepsWhatIsNeverShown(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.exec(`update policies.agreements set sections = $2 where id = $1`, p.agreement.ID, policies.SectionIDs())
	try := func(sql string, args ...any) string { // and undo it
		return sqlState(p.DB.InTx(t.Context(), p.worker, func(tx tenants.Tx) error {
			_, err := tx.Exec(t.Context(), sql, args...)
			return cmp.Or(err, errors.New("undone"))
		}))
	}
	offers := func(sections ...string) string {
		return try(`select sharing.offer_share(jsonb_build_object('id', gen_random_uuid(), 'kind', 'consultation', 'receiver_tenant', $1::int, 'agreement_id', $2::uuid,
			'purpose', 'assessment', 'purpose_label', 'P', 'legal_basis', 'public_task', 'sections', $4::text[], 'answer_by', now() + interval '1 hour', 'valid_to', now() + interval '2 hours',
			'preview', '{}'::jsonb, 'offered_name', 'A', 'case_id', $3::uuid, 'reason', 'Motivo'))`, p.receiver.ID, p.agreement.ID, p.file.ID, sections)
	}
	if code := offers("identity", "diary"); code != "23514" {
		t.Errorf("what the program never shows is offered: %q", code)
	}
	if code := offers("identity", "health"); code != "" {
		t.Errorf("what may be shown is refused: %q", code)
	}
	made := p.accepted() // identity and assessment
	advice := offer.Purpose{Key: "advice", Kinds: []string{"consultation"}, Sections: []string{"plan"}}
	p.ruled(p.owner, "AA-00", ruling([]string{"health"}, advice))
	p.ruled(p.owner, "AA-01", ruling([]string{"assessment"}, advice))
	if code := offers("identity", "health"); code != "23514" {
		t.Errorf("what one of its templates never shows is offered: %q", code)
	}
	if code := offers("diary"); code != "" {
		t.Errorf("the program's own template counts beside those of the body: %q", code)
	}
	amends := func(version int, sections ...string) string {
		return try(`select sharing.amend_share($1, $2, gen_random_uuid(), $3, '{}', array(select gen_random_uuid() from unnest($3::text[])), app.now() + interval '1 hour', '{}', '', 'Serve', 'X')`,
			made.ID, version, sections)
	}
	if code := amends(made.Version, "identity", "assessment", "health"); code != "23514" {
		t.Errorf("what is never shown is added: %q", code)
	}
	if code := amends(made.Version, "assessment", "plan"); code != "" {
		t.Errorf("what stands is refused: %q", code)
	}
}
