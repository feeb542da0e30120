package casefile_test

import (
	"strings"
	"testing"

	"staffetta/modules/registry"
)

// atHome gives Rosa a telephone, an address and a son who lives with her.
func (st *stage) atHome(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	must(t, st.persons.UpdateContacts(ctx, st.worker, registry.NewContacts{ID: newID(t), Person: st.rosa, ContactDetails: registry.ContactDetails{
		Mobile: "333 1234567", Address: "Via del Cappero 3", PostalCode: "91017", Municipality: "Pantelleria",
	}}))
	household, err := st.persons.CreateHousehold(ctx, st.worker, registry.NewHousehold{ID: newID(t), Kind: "registry", Person: st.rosa, Joining: registry.Joining{Relation: "head"}})
	must(t, err)
	must(t, st.persons.AddMember(ctx, st.worker, registry.NewMember{
		ID: newID(t), Household: household, Person: st.person(t, st.worker, "Verdi", "Ugo"), Joining: registry.Joining{Relation: "child"},
	}))
}

func TestOverview(t *testing.T) {
	st := newStage(t)
	ctx := t.Context()
	st.atHome(t)
	for _, text := range []string{"Prima", "Seconda", "Terza\nparola riservata", "Quarta " + strings.Repeat("lunga ", 60) + "coda"} {
		must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, text), true)))
	}
	draft, err := st.cases.SaveNote(ctx, st.worker, st.ref, writing(t, "Ancora da scrivere"), false)
	must(t, err)
	si, at := newSite(t, st), "/cartelle/"+st.ref
	page := si.visitor(t, st.worker).get(t, at)
	page.want(t, 200, "333 1234567", "Via del Cappero 3, 91017 Pantelleria", "Ugo Verdi, Figlio o figlia", at+"/nucleo", "Quarta lunga", "Terza …", "Seconda",
		"Apri i dati della persona", "Riprendi la bozza", at+"/diario/"+draft.ID.String(), "Tutto il diario")
	page.lacks(t, "Prima", "parola riservata", "coda", "Ancora da scrivere", "Rosa Bianco, ")
	want(t, "sections in the audit", []string{"identity", "contacts", "household", "diary"},
		ask[[]string](t, st, `select sections from audit.events where action = 'case.read' and case_id = $1 order by at desc limit 1`, st.ref))

	school := writing(t, "Del consiglio di classe")
	school.Kind = "scuola"
	must(t, saved(st.cases.SaveNote(ctx, st.worker, st.ref, school, true)))
	si.visitor(t, st.worker).get(t, at).want(t, 200, "Quarta lunga").lacks(t, "consiglio di classe")

	team := st.as(t, "educator") // reads the diary, but not the drafts of others
	st.onTeam(t, team)
	si.visitor(t, team).get(t, at).want(t, 200, "Quarta lunga", "333 1234567").lacks(t, "Riprendi la bozza", "Apri i dati della persona")
	si.visitor(t, st.worker).get(t, at+"/diario").want(t, 200, "Riprendi la bozza")
	want(t, "sections of the educator", []string{"identity", "contacts", "household", "diary"},
		ask[[]string](t, st, `select sections from audit.events where account_id = $1 order by at limit 1`, team.Account))
}

func TestOverviewOfAGuest(t *testing.T) {
	st := newStage(t)
	st.atHome(t)
	must(t, saved(st.cases.SaveNote(t.Context(), st.worker, st.ref, writing(t, "Riservata"), true)))
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "identity")
	v, at := newSite(t, st).visitor(t, guest), "/cartelle/pantelleria~"+st.ref
	v.get(t, at).want(t, 200, "Rosa Bianco").lacks(t, "333 1234567", "Verdi", "Riservata", "Ultime annotazioni", "Telefono", "Vive con", "Responsabile")
	st.share(t, body, "contacts", "diary")
	v.get(t, at).want(t, 200, "333 1234567", "Riservata").lacks(t, "Verdi", "Vive con", st.worker.Name+", dal")
}

// What another body signs stands among the last notes, whatever its section; the audit names that section. Who reads a part of
// the diary alone is never told that it is empty.
func TestOverviewShowsWhatAnotherBodyWrote(t *testing.T) {
	st := newStage(t)
	body, guest := st.other(t, "mazara", "coordinator")
	st.share(t, body, "identity", "interventions")
	si, at, foreign := newSite(t, st), "/cartelle/"+st.ref, "/cartelle/pantelleria~"+st.ref
	mine, theirs := si.visitor(t, st.worker), si.visitor(t, guest)
	mine.get(t, at).want(t, 200, "Nessuna annotazione nella sezione Diario")
	theirs.get(t, foreign).want(t, 200).lacks(t, "Nessuna annotazione", "Il diario è vuoto")
	theirs.get(t, foreign+"/diario").want(t, 200, "Nessuna annotazione nelle parti che puoi leggere", "Qui leggi solo: Interventi").lacks(t, "Il diario è vuoto")
	theirs.get(t, foreign+"/documenti").want(t, 200, "Nessun documento nelle parti che puoi leggere")
	want(t, "readings of the diary by the guest", 0, ask[int](t, st, `select count(*) from audit.events where account_id = $1 and 'diary' = any (sections)`, guest.Account))

	st.exec(t, `insert into casefile.notes (tenant_id, id, case_id, section, kind, visibility, happened_on, body, author_tenant, author_account, author_name, signed_at)
		values ($1, $2, $3, 'interventions', 'foglio_amministrativo', 'public', current_date, 'Due ore alla settimana', $4, $5, 'Lia Serra', now())`,
		st.body.ID, newID(t), st.ref, body.ID, guest.Account)
	mine.get(t, at).want(t, 200, "Due ore alla settimana", "Lia Serra, Comune di mazara").lacks(t, "Nessuna annotazione")
	theirs.get(t, foreign).want(t, 200, "Due ore alla settimana")
	want(t, "sections in the audit", []string{"interventions"},
		ask[[]string](t, st, `select sections from audit.events where action = 'case.read' and account_id = $1 order by at desc limit 1`, st.worker.Account))
}

func TestQuickButtons(t *testing.T) {
	st := newStage(t)
	si := newSite(t, st)
	si.visitor(t, st.worker).get(t, "/scrivania").want(t, 200, `href="/pantelleria/persone">Cerca una persona`, `href="/pantelleria/cartelle/nuova">Nuova cartella`).
		lacks(t, "Registra un accesso") // the access desk is not in this program
	si.visitor(t, st.as(t, "educator")).get(t, "/scrivania").want(t, 200, "Le mie cartelle").lacks(t, "/cartelle/nuova", "Cerca una persona<")
	si.visitor(t, st.as(t, "access_desk")).get(t, "/scrivania").want(t, 200, "Cerca una persona").lacks(t, "/cartelle/nuova")
}

// A notice is read once its page was opened by the person whom it tells; what is told twice stands once.
func TestOpeningThePageReadsItsNotice(t *testing.T) {
	st := newStage(t)
	colleague := st.as(t, "social_worker")
	st.onTeam(t, colleague)
	at := "/cartelle/" + st.ref
	for _, told := range []struct {
		who  string
		path string
	}{{st.worker.Account.String(), "/diario"}, {st.worker.Account.String(), "/diario"}, {st.worker.Account.String(), "/documenti"}, {colleague.Account.String(), "/diario"}} {
		st.exec(t, `insert into casefile.notices (tenant_id, id, account_id, topic, path, actor_name, reference) values ($1, $2, $3, 'case.care', $4, 'Lia Serra', '2026/000001')`,
			st.body.ID, newID(t), told.who, at+told.path)
	}
	v := newSite(t, st).visitor(t, st.worker)
	desk := v.get(t, "/scrivania").want(t, 200)
	want(t, "notices of the diary on the desk", 1, strings.Count(desk.main(), `href="/pantelleria`+at+`/diario"`))
	v.get(t, at).want(t, 200)
	unread := `select count(*) from casefile.notices where seen_at is null and topic = 'case.care'`
	want(t, "unread after the summary", 4, ask[int](t, st, unread))
	v.get(t, at+"/diario").want(t, 200)
	want(t, "unread after the diary", 2, ask[int](t, st, unread))
	want(t, "unread by the colleague", 1, ask[int](t, st, unread+` and account_id = $1`, colleague.Account))
}
