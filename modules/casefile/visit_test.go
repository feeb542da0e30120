package casefile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"staffetta/tenants"
)

// saw writes that somebody read sections of Rosa's case, so many times from an instant on, a minute apart.
func (st *stage) saw(t *testing.T, s tenants.Scope, from time.Time, times int, sections ...string) {
	t.Helper()
	st.exec(t, `insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
			action, relation, object_id, case_id, sections, payload, payload_hash)
		select $1, gen_random_uuid(), $2::timestamptz + n * interval '1 minute', $3, $4, $5, 2, 'operator', '', 'case.read', 'assigned', $6, $6, coalesce($7, '{}'::text[]), '{}', sha256('{}')
		from generate_series(0, $8::int - 1) n`, st.body.ID, from, s.Tenant, s.Account, s.Name, st.ref, sections, times)
}

func (st *stage) visits(t *testing.T, before time.Time) ([]string, time.Time) {
	t.Helper()
	found, next, err := st.cases.FindVisits(t.Context(), st.own(t, st.worker), before)
	must(t, err)
	var lines []string
	for _, v := range found {
		lines = append(lines, fmt.Sprintf("%s %s %s %d+%d %s-%s %s %s", v.Day.Format("01-02"), v.Actor, v.Section, v.Readings, v.Changes,
			v.First.In(rome).Format("15:04"), v.Last.In(rome).Format("15:04"), strings.Join(v.Relations, ","), strings.Join(v.Reasons, ",")))
	}
	return lines, next
}

func TestVisits(t *testing.T) {
	st := newStage(t)
	colleague, member := st.as(t, "social_worker"), st.as(t, "social_worker")
	colleague.Name, member.Name = "Ada Colli", "Bruno Melis"
	summer := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.July, day, hour, minute, 0, 0, rome)
	}
	st.saw(t, member, summer(1, 23, 50), 20, "diary", "school") // ten of them after midnight in Rome
	st.saw(t, member, summer(2, 9, 0), 1)
	st.saw(t, colleague, summer(2, 8, 0), 3, "diary")
	lines, next := st.visits(t, summer(3, 0, 0))
	want(t, "another page", true, next.IsZero())
	want(t, "visits", []string{
		"07-02 " + colleague.Name + " diary 3+0 08:00-08:02 assigned ",
		"07-02 " + member.Name + "  1+0 09:00-09:00 assigned ",
		"07-02 " + member.Name + " school 10+0 00:00-00:09 assigned ",
		"07-02 " + member.Name + " diary 10+0 00:00-00:09 assigned ",
		"07-01 " + member.Name + " school 10+0 23:50-23:59 assigned ",
		"07-01 " + member.Name + " diary 10+0 23:50-23:59 assigned ",
	}, lines)
	lines, _ = st.visits(t, summer(2, 0, 0))
	want(t, "before the second", 2, len(lines))

	for day := range 16 {
		st.saw(t, member, time.Date(2025, time.May, 1+day, 12, 0, 0, 0, time.UTC), 2, "diary", "plan")
	}
	lines, next = st.visits(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	want(t, "lines of the first page", 28, len(lines))
	want(t, "where the next one begins", "2025-05-03", next.Format(time.DateOnly))
	lines, next = st.visits(t, next)
	want(t, "the rest", 4, len(lines))
	want(t, "the end", true, next.IsZero())
}

func TestVisitsOnThePages(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	body, guest := st.other(t, "mazara", "coordinator")
	share := st.share(t, body, "identity")
	colleague := st.as(t, "social_worker")
	must(t, st.cases.OpenWithReason(ctx, colleague, st.ref, rude))
	for range 3 {
		st.access(t, colleague, "diary")
	}
	_, err := st.cases.Open(ctx, guest, "pantelleria~"+st.ref, "identity")
	must(t, err)
	must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Riservata"), true)))
	v, at := newSite(t, st).visitor(t, st.worker), "/cartelle/"+st.ref+"/accessi"
	page := v.get(t, at).want(t, 200, colleague.Name, "3 letture", "1 lettura, 1 modifica", rude, guest.Name, "Comune di mazara", "/condivisioni/"+share.String(), "Elenco completo").
		lacks(t, "Riservata", "?prima=")
	if rows := strings.Count(page.main(), "<th scope=\"row\">"); rows != 5 {
		t.Errorf("%d rows, want the colleague's two, the guest's one, the worker's two", rows)
	}
	v.get(t, at+"/elenco").want(t, 200, colleague.Name, "Ha letto la cartella", "Comune di mazara", "Torna al riassunto")
	for day := range 15 {
		st.saw(t, colleague, time.Date(2025, time.May, 1+day, 12, 0, 0, 0, time.UTC), 2, "diary")
	}
	v.get(t, at).want(t, 200, at+"?prima=2025-05-03")
	v.get(t, at+"?prima=2025-05-03").want(t, 200, "01/05/2025", "02/05/2025").lacks(t, "03/05/2025", "?prima=")
	v.get(t, at+"?prima=x").want(t, 200, at+"?prima=2025-05-03")
}

// A part of something that is read on its own is a reading, too.
func TestReadingAFormIsNoChange(t *testing.T) {
	st := newStage(t)
	colleague := st.as(t, "social_worker")
	at := time.Date(2026, time.July, 1, 9, 0, 0, 0, rome)
	for n, action := range []string{"contact.form_read", "case.open", "document.read", "contact.form_draft", "note.sign"} {
		st.exec(t, `insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, action, object_id, case_id, payload, payload_hash)
			values ($1, gen_random_uuid(), $2, $1, $3, $4, $5, $6, $6, '{}', sha256('{}'))`,
			st.body.ID, at.Add(time.Duration(n)*time.Minute), colleague.Account, colleague.Name, action, st.ref)
	}
	lines, _ := st.visits(t, at.AddDate(0, 0, 1))
	want(t, "visits", []string{"07-01 " + colleague.Name + "  3+2 09:00-09:04  "}, lines)
}

// What is done with a share names its sections, and neither reads nor changes them.
func TestAShareChangesNoSection(t *testing.T) {
	st := newStage(t)
	share, at := newID(t), time.Date(2026, time.July, 1, 9, 0, 0, 0, rome)
	for n, action := range []string{"share.offer", "share.accept", "share.read", "note.sign"} {
		st.exec(t, `insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, action, relation, object_id, case_id, share_id, sections, payload, payload_hash)
			values ($1, gen_random_uuid(), $2, $1, $3, $4, $5, 'assigned', $6, $6, $7, '{diary,icf}', '{}', sha256('{}'))`,
			st.body.ID, at.Add(time.Duration(n)*time.Minute), st.worker.Account, st.worker.Name, action, st.ref, share)
	}
	found, _, err := st.cases.FindVisits(t.Context(), st.own(t, st.worker), at.AddDate(0, 0, 1))
	must(t, err)
	var lines []string
	for _, v := range found {
		lines = append(lines, fmt.Sprintf("%s %d+%d+%d", v.Section, v.Readings, v.Changes, v.Steps))
	}
	want(t, "visits", []string{"~ 1+0+2", "icf 0+1+0", "diary 0+1+0"}, lines)
	newSite(t, st).visitor(t, st.worker).get(t, "/cartelle/"+st.ref+"/accessi").
		want(t, 200, "Condivisioni della cartella", "1 lettura, 2 operazioni", `/condivisioni/`+share.String()+`">Condivisione</a>`).
		lacks(t, `">Cartella assegnata</a>`)
}
