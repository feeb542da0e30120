package all_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"staffetta/internal/testdb"
)

// rightsOf says which role may do at most what with the tables of a family.
var rightsOf = map[string]map[string][]string{
	own: {
		"staffetta_app": {"SELECT", "INSERT", "UPDATE"}, "staffetta_guest": {"SELECT"},
		"staffetta_report": {"SELECT"}, "staffetta_backup": {"SELECT"},
	},
	between: {
		"staffetta_app": {"SELECT", "INSERT", "UPDATE"}, "staffetta_guest": {"SELECT"},
		"staffetta_report": {"SELECT"}, "staffetta_backup": {"SELECT"},
	},
	commons: {
		"staffetta_app": {"SELECT"}, "staffetta_platform": {"SELECT"}, "staffetta_report": {"SELECT"}, "staffetta_backup": {"SELECT"},
	},
	platform: {
		"staffetta_platform": {"SELECT", "INSERT", "UPDATE"}, "staffetta_backup": {"SELECT"},
	},
	audited: {
		"staffetta_app": {"SELECT", "INSERT"}, "staffetta_auditor": {"SELECT", "INSERT"}, "staffetta_backup": {"SELECT"},
	},
	river: {
		"staffetta_worker": {"SELECT", "INSERT", "UPDATE", "DELETE"}, "staffetta_backup": {"SELECT"},
	},
	versions: {"staffetta_backup": {"SELECT"}},
}

// rightExceptions are rights beyond those of the family: "table role privilege".
var rightExceptions = exceptions{
	"platform.sessions staffetta_platform DELETE":     "a session that is over is swept away",
	"platform.login_flows staffetta_platform DELETE":  "a sign-in is finished once",
	"platform.seen_tokens staffetta_platform DELETE":  "a token that has expired need not be remembered",
	"platform.parked_forms staffetta_platform DELETE": "what a person sent is given back once",
	"platform.mails staffetta_platform DELETE":        "what became of a mail is forgotten after three months",
	"platform.mail_signals staffetta_platform DELETE": "what has been told need not be remembered",
	"audit.sealed staffetta_auditor UPDATE":           "how far the sealer has come",
	"audit.events staffetta_auditor UPDATE":           "retention drops payloads; a policy lets nothing else, and nothing younger than a year",
	"audit.terms staffetta_auditor UPDATE":            "for how long payloads are kept, and up to where they are dropped",
	"casefile.notes staffetta_guest INSERT":           "joint care: a grant to write, own authorship",
	"casefile.notes staffetta_guest UPDATE":           "joint care: the own draft, and not whose it is",
	"casefile.documents staffetta_guest INSERT":       "joint care: a grant to write, own authorship",
	"assessment.assessments staffetta_guest INSERT":   "joint care: a grant to write, own authorship",
	"assessment.assessments staffetta_guest UPDATE":   "joint care: the own draft, and not whose it is",
	"river.river_job staffetta_app SELECT":            "a change enqueues its job, which returns its row; row security keeps to the body",
	"river.river_job staffetta_app INSERT":            "a change enqueues its job; row security keeps to the body",
	"river.river_job staffetta_app UPDATE":            "an equal unique job is met by an update; row security keeps to the body",
	"river.river_job staffetta_guest SELECT":          "as app: work in the case of another body enqueues too",
	"river.river_job staffetta_guest INSERT":          "as app, for work in another body's case",
	"river.river_job staffetta_guest UPDATE":          "as app: an equal unique job is met by an update",
	"river.river_job staffetta_platform SELECT":       "jobs of the platform itself, tenant 0",
	"river.river_job staffetta_platform INSERT":       "jobs of the platform itself, tenant 0",
	"river.river_job staffetta_platform UPDATE":       "jobs of the platform itself, tenant 0",
}

func TestRightsOnTables(t *testing.T) {
	t.Parallel()
	c := readCatalogue(t, testdb.Plain(t, lines()...).Owner)
	faults := map[string]string{}
	for _, one := range c {
		if one.Kind == "v" {
			continue
		}
		for _, r := range one.rights {
			if !slices.Contains(rightsOf[one.family()][r.Role], r.Privilege) {
				faults[one.Name+" "+r.Role+" "+r.Privilege] = "more than the family " + one.family() + " allows"
			}
		}
		if one.Child && len(one.rights) > 0 {
			t.Errorf("%s is a partition and can be reached past the policies of its table", one.Name)
		}
	}
	rightExceptions.judge(t, faults)
}

// TestServingRoles keeps the roles that serve from passing row security, from making anything and from becoming another.
func TestServingRoles(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t, lines()...)
	type role struct {
		Name   string
		Strong bool
	}
	roles := map[string]bool{}
	for _, r := range collect[role](t, d.Owner, `
		select rolname::text as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as strong from pg_roles`) {
		roles[r.Name] = r.Strong
	}
	for _, name := range serving() {
		strong, exists := roles[name]
		if !exists || strong {
			t.Errorf("the role %s is missing or may more than serve", name)
		}
	}
	type member struct{ Name, Into string }
	for _, m := range collect[member](t, d.Owner, `
		select m.rolname::text as name, r.rolname::text as "into" from pg_auth_members x
		join pg_roles m on m.oid = x.member join pg_roles r on r.oid = x.roleid`) {
		if slices.Contains(serving(), m.Name) {
			t.Errorf("the role %s may act as %s", m.Name, m.Into)
		}
	}
	for _, name := range serving() {
		for _, schema := range collect[struct{ Name string }](t, d.Owner, `
			select nspname::text as name from pg_namespace where nspname !~ '^pg_(temp|toast)' and has_schema_privilege($1, oid, 'create')`, name) {
			t.Errorf("the role %s may create in schema %s", name, schema.Name)
		}
	}
	for _, x := range collect[struct{ Name string }](t, d.Owner, `
		select nspname::text as name from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) e
		where e.grantee = 0 and nspname not like 'pg\_%' and nspname <> 'information_schema'`) {
		t.Errorf("everybody may use the schema %s", x.Name)
	}
}

// function is a function of ours.
type function struct {
	Name      string // schema.name(argument types)
	Schema    string
	Definer   bool
	Owned     bool
	Fixed     bool // search_path = ''
	Arguments []string
	Types     []string
	Roles     []string
	Digest    string // of the source
}

const functionsSQL = `
	select p.oid::regprocedure::text as name, n.nspname::text as schema, p.prosecdef as definer,
		left(encode(sha256(convert_to(coalesce(p.prosrc, pg_get_functiondef(p.oid)), 'UTF8')), 'hex'), 12) as digest,
		p.proowner = (select datdba from pg_database where datname = current_database()) as owned,
		coalesce('search_path=""' = any (p.proconfig), false) as fixed,
		coalesce(p.proargnames[1:p.pronargs]::text[], '{}') as arguments,
		array(select format_type(a, null) from unnest(p.proargtypes) with ordinality x (a, n) order by n) as types,
		array(select coalesce(r.rolname::text, 'public') from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) e
			left join pg_roles r on r.oid = e.grantee where e.grantee <> p.proowner order by 1) as roles
	from pg_proc p join pg_namespace n on n.oid = p.pronamespace
	where` + ofOurs + `order by 1`

// definer is a function that acts with the owner's rights, past row security.
type definer struct {
	roles string // who may execute it, without the prefix
	why   string
}

// definers are all of them. Each takes the body from app.tenant() alone; what takes anything else that might name a body is in
// bodyArguments with its reason.
var definers = map[string]definer{
	"platform.queue_mail(uuid,uuid,text,text,bytea,bytea,interval)": {"app", "mail of the own body waits in the platform's outbox, in the transaction of what it tells"},
	"platform.keep_apart()":    {"", "a trigger: who writes a membership at the end of a transaction may not read the others of that person"},
	"platform.end_sessions()":  {"", "a trigger: whose roles have ended signs in anew when they get one again"},
	"platform.begin_support()": {"", "a trigger: who comes again as support signs in anew"},
	"platform.judge_domain(uuid,timestamp with time zone,text,text,text,integer,text,inet)": {"app", "how the web address of the own body stands, confirmed by what the DNS showed alone"},
	"platform.release_host(text)": {"", "called by those who unblock: a host that is blocked for no body is let go"},
	"platform.release_gone()":     {"", "a trigger: a host whose body is gone is let go"},
	"platform.refuse_blocked()":   {"", "a trigger: a host that who runs the platform blocked is nobody's"},
	"platform.signal()":           {"", "a trigger: what happened in a body is noted for who tells it, where the table's module comes after that one"},
	"post.signal_adoption()":      {"", "a trigger: what happened in an adoption is noted for who tells it in the bodies that work on it, whoever did it"},
	"post.signal()":               {"", "a trigger: what happened in a body is noted for who tells it, whoever did it"},
	"onboarding.powers_asked()":   {"app", "the second person learns that the entry of the own body waits for them, and nobody anything of another entry"},
	"onboarding.signal_powers()":  {"", "a trigger: that somebody of a body is asked to confirm its entry is noted for who tells it"},

	"platform.give_role(uuid,uuid,text,integer,date,date)":                         {"app", "gives a colleague of the own body a role of the body at one of its offices, and nobody who is none"},
	"platform.admit(bytea[],bytea[],text[],uuid[],text[],integer[],date[],date[])": {"app", "lets people into the own body by their sealed tax codes: accounts and memberships are the platform's"},
	"onboarding.claim_invitation(bytea,text)":                                      {"app", "whoever is signed in follows a link to the transaction's body: accounts and memberships are the platform's"},
	"onboarding.answer_invitation(uuid,boolean)":                                   {"app", "the own body confirms who followed a link of its own: memberships are the platform's"},
	"platform.known_colleagues(bytea[])":                                           {"app", "which of some sealed tax codes are of people of the own body, and of nobody else"},
	"platform.office_shares(integer)":                                              {"app", "counts the cases of other bodies that are shown to an office of the own body: grants are their owners'"},
	"platform.close_office(integer,integer,date,integer)":                          {"app", "who works at an office of the own body goes on at another: memberships are the platform's"},
	"platform.closed_into(integer,integer)":                                        {"platform", "which offices of a body closed into another, numbers alone: a session takes along what is addressed to them"},

	"sharing.role_follows(text)":                       {"app", "whether the rules of the own body are as its item says: rules are the platform's"},
	"sharing.follow_role(text,uuid,text,text,jsonb)":   {"app", "writes the rules of the own body that its published item lists, and none that a caller hands over; with them their history"},
	"sharing.release_role(text)":                       {"app", "takes the role of an item back from who holds it in the own body: memberships are the platform's"},
	"platform.hold_rules()":                            {"app", "the rules of the own body, held still with who holds which role while somebody's change is compared"},
	"platform.tell_made(uuid[],text,text)":             {"platform", "bodies have their beginning in their own chain: they are those that the same transaction has made, which nobody names"},
	"platform.held_roles()":                            {"app", "who holds which role of the own body, and for how long: memberships are the platform's"},
	"platform.keep_host()":                             {"", "a trigger: which host is whose is the platform's, and of one body"},
	"platform.bodies_with_domains()":                   {"app", "which bodies have an address to look at, for the job that asks each: the platform's own body alone"},
	"platform.find_domain(integer)":                    {"app", "the address of a body, for who runs the platform"},
	"platform.block_domain(integer,text,jsonb,text)":   {"app", "who runs the platform takes a body's pages away from an address that is not the body's"},
	"platform.unblock_domain(integer,text,jsonb,text)": {"app", "and lets the body show anew that it is"},
	"platform.save_profile(text)":                      {"app", "how a body shows itself stands with the bodies, which every instance keeps in memory"},
	"platform.give_role(uuid,uuid,text,date,date)":     {"app", "gives a colleague of the own body a role of the body, and nobody who is none"},
	"platform.end_role(uuid)":                          {"app", "takes a role of the own body back; the last who looks after the rules keeps theirs"},
	"audit.make_partitions()":                          {"auditor", "the months of the audit ahead, empty: no serving role may make tables"},
	"audit.countersigners()":                           {"auditor", "which bodies may countersign for which: agreements are seen by their parties, and the sealer is none"},
	"assessment.count_made_with(text)":                 {"app", "counts, for who reads no case, what the own body made with an instrument"},
	"assessment.used()":                                {"app", "counts, for who reads no case, how much the own body uses its instruments"},
	"casefile.used_workflows()":                        {"app", "counts, for who reads no case, how much the own body uses its workflows"},
	"intake.used_contacts()":                           {"app", "counts, for who reads no contact, how much the own desk is used"},
	"intake.stored_answers(text)":                      {"app", "counts, for who reads no contact, which answers to choose from open forms hold"},
	"intake.used_forms()":                              {"app", "counts, for who reads no contact, how much the own body uses its forms"},
	"sharing.used_purposes()":                          {"app", "counts, for who sees no share, for what the own body offers them"},
	"assessment.stored_answers(text)":                  {"app", "counts, for who reads no case, which answers to choose from drafts hold"},
	"casefile.bodies_with_old_notices()":               {"app", "which bodies have notices to forget, for the job that asks each: the platform's own body alone"},
	"practice.measurers()":                             {"app", "which bodies have something to measure, for the job that asks each: the platform's own body alone"},
	"casefile.forget_notices()":                        {"app", "notices older than their terms, which it knows itself; nobody else deletes any"},
	"casefile.tell_care()":                             {"", "a trigger: who works on a case is told what another body wrote into it, which writes no notice of theirs"},
	"policies.write_care(jsonb)":                       {"guest", "what a body writes into another's case stands in both chains; case and owner come from a live grant to write"},
	"casefile.keep_transferred()":                      {"", "a trigger: who writes into a case waits for its handover, a guest too, who cannot lock it"},
	"intake.link_forms()":                              {"", "a trigger: final forms, and those of other authors, follow their contact into its case"},
	"ledger.own_code()":                                {"app", "the sealed fiscal code of a citizen who is signed in: accounts are the platform's"},
	"ledger.own_lists(text,timestamp with time zone,timestamp with time zone)": {"app", "in which lists a citizen's own file stood: exemptions are hidden from citizens"},
	"ledger.own_events(text,timestamp with time zone)":                         {"app", "who opened a citizen's own file: persons are of the section identity, and exemptions are hidden from citizens"},
	"onboarding.add_person(uuid,uuid,text)":                                    {"app", "whoever began an entry lets another account in: nobody writes the table that says whose it is"},
	"onboarding.create_entry(uuid,text)":                                       {"app", "an entry belongs to the account that opens it, before any policy can see it"},
	"onboarding.exported_accounts()":                                           {"report", "who has something in the body, while an export that two people agreed upon is made"},
	"onboarding.exported_bodies(integer[])":                                    {"report", "the body itself, and what everybody knows of others, while an agreed export is made"},
	"onboarding.exported_rows(text,text[])":                                    {"report", "the body's rows past sections and authors, while an agreed export is made"},
	"onboarding.exported_signers()":                                            {"report", "public keys of those who countersigned, while an agreed export is made"},
	"onboarding.exported_versions()":                                           {"report", "how far the migrations have come, while an agreed export is made"},
	"onboarding.ask_review(uuid)":                                              {"app", "whoever began an entry asks the platform to look: nobody writes a judgement"},
	"onboarding.close_abandoned()":                                             {"app", "entries unchanged for longer than a term that it knows itself: the job is nobody who works at them"},
	"onboarding.hold_deeds(text[])":                                            {"app", "which acts no entry names: the job and the newcomer see their own alone, and a file is dropped with the last"},
	"onboarding.confirm_powers(uuid,text)":                                     {"app", "somebody else who works at an entry confirms its contact: nobody writes a judgement"},
	"onboarding.entry_contact()":                                               {"app", "where the contact of the own body's entry is reached: entries are the platform's"},
	"onboarding.own_entry()":                                                   {"app", "which entry led to the own body, and who has confirmed it: entries are the platform's"},
	"onboarding.powers_confirmed()":                                            {"app", "whether who entered with the own body is confirmed: entries are the platform's"},
	"onboarding.review_entry(uuid,text,text,text)":                             {"app", "a reviewer of the platform without a part in an entry judges it: nobody writes a judgement"},
	"onboarding.issue_code(uuid,uuid,text,bytea,bytea,interval)":               {"app", "a code of whoever began an entry: how many went to an address is counted over the entries of all"},
	"onboarding.open_body(uuid,text)":                                          {"app", "who administers a body brings it live: its state is the platform's"},
	"onboarding.take_back_opening(uuid,text,text)":                             {"app", "and puts it back on trial within a day"},
	"onboarding.people(uuid)":                                                  {"app", "who works at an entry, to those who do: its table shows each account its own rows"},
	"onboarding.switch_modules(text[],boolean)":                                {"app", "who administers a body turns its modules on and off: that table is the platform's"},
	"onboarding.tell_body(uuid,uuid,timestamp with time zone)":                 {"app", "an activation goes into the chain of the body that it made"},
	"onboarding.count_people(text[])":                                          {"app", "how many rows about invented people going live removes, past sections: counts alone"},
	"platform.bound_role(uuid,date)":                                           {"app", "who administers a body moves the last day of a role there: memberships are the platform's"},
	"platform.former_colleagues()":                                             {"app", "who gives roles finds those of the own body whose roles have all ended: memberships are the platform's"},
	"onboarding.bodies_leaving()":                                              {"app", "the program tells everybody at a body that it leaves: asked as the platform's body alone"},
	"onboarding.partners_leaving()":                                            {"app", "who handles agreements hears that a partner leaves and they end: its leavings are its own"},
	"onboarding.signal_leaving()":                                              {"", "a trigger: a partner of a body that leaves has something to tell"},
	"onboarding.count_body()":                                                  {"app", "how many rows of its own the body would leave with, past sections: counts alone"},
	"onboarding.shut_body()":                                                   {"app", "the body's own people agreed that it leaves and the day has come: its state and sessions are the platform's"},
	"onboarding.remove_body()":                                                 {"app", "a body that is shut loses its rows: nobody deletes rows otherwise"},
	"sharing.part()":                                                           {"app", "a body that is shut ends its asks and empties its previews"},
	"sharing.part_from_network(uuid)":                                          {"app", "a body that is shut leaves a network, which somebody else leads then"},
	"practice.part()":                                                          {"app", "a body that is shut ends its adoptions, proposals and needs"},
	"onboarding.purge_people(text[],text[],text[])":                            {"app", "the invented people of a body on trial go when it goes live: nobody deletes rows otherwise"},
	"onboarding.check_items()":                                                 {"", "a trigger: what is held, shared or not over gets into no list of what is to go: it reads past sections"},
	"onboarding.keep_registered()":                                             {"", "a trigger: whether the data of a person of the registry is restricted"},
	"casefile.restricted_since(uuid)":                                          {"app guest", "who may open a case is told since when its data is restricted: of the own body, or under a live grant"},
	"onboarding.keep_restricted()":                                             {"", "a writer of another body does not read whose data is restricted"},
	"onboarding.keep_restricted_person()":                                      {"", "a trigger: whether the data of the person of a case is restricted, whoever opens or takes it"},
	"onboarding.subject_changes(uuid)":                                         {"app", "who handles a correction sees which fields were changed; what they hold only with the section identity"},
	"onboarding.find_subjects(text,text,text,date)":                            {"app", "whoever registers a request about data need not be able to search the registry; a whole code or name finds an id"},
	"onboarding.disposable(text[],integer[])":                                  {"app", "what of the own body is over, by ids and numbers only, past sections"},
	"onboarding.drop_payloads(uuid)":                                           {"app", "what the own body's audit says of what a disposal removed goes, once the chain holds that; sequence and hashes stay"},
	"onboarding.check_hold()":                                                  {"", "a trigger: a hold waits for the disposal that is being done, whatever its author sees of what is held"},
	"onboarding.find_held(text,uuid)":                                          {"app", "whether the own body has a case or a person, and the number: who sets holds sees nobody's identity"},
	"onboarding.dispose(uuid,text[],text[],text[])":                            {"app", "what two people of the own body agreed to goes: nobody deletes rows otherwise"},
	"onboarding.remove_person(uuid,uuid)":                                      {"app", "whoever began an entry removes another account, and each their own: nobody writes that table"},
	"platform.colleagues()":                                                    {"app", "who works in the own body: memberships are the platform's"},
	"policies.keep_live()":                                                     {"", "a trigger: what each body has signed and is active, whoever changes the agreement"},
	"policies.agreements_of_tenant()":                                          {"app guest report", "which agreements the own body is a party of: the policy of agreements would ask itself"},
	"policies.change_agreement(uuid,text)":                                     {"app", "a party suspends or resumes; bodies do not write agreements"},
	"policies.end_agreement(uuid,text)":                                        {"app", "a party withdraws or refuses; bodies do not write agreements"},
	"policies.propose_agreement(jsonb)":                                        {"app", "the proposer writes the agreement before it is a party"},
	"policies.sign_agreement(uuid,text,date,text)":                             {"app", "a body signs for itself"},
	"policies.tell_parties(uuid,uuid,timestamp with time zone)":                {"app", "a step of an agreement stands in the chains of all parties, in its own transaction"},
	"practice.adoptions_of_tenant()":                                           {"app guest report", "which adoptions the own body is a party of"},
	"practice.upgradable()":                                                    {"app", "how many use an older kit of practices whose adoptions the own body leads: counts"},
	"practice.start_campaign(uuid,uuid,text)":                                  {"app", "who leads adoptions has upgrades prepared for each of their bodies, which alone read them"},
	"practice.steer_campaign(uuid,text)":                                       {"app", "a campaign of the own body; what waits at others waits, goes on or ends with it"},
	"practice.campaign_counts(uuid)":                                           {"app", "counts of where the bodies of the own campaign stand"},
	"practice.campaign_waiting(uuid,interval)":                                 {"app", "which adopters, whom the own body knows, have no job yet in its campaign"},
	"practice.adoptions_behind(uuid)":                                          {"", "asked by the functions of campaigns alone"},
	"practice.move_adoption(uuid,uuid,text,text,text)":                         {"app", "the reusing body notes a run of its adoption"},
	"practice.publish_use(uuid,jsonb)":                                         {"app", "the reusing body tells the other parties whether its adoption is alive; bodies do not write adoptions"},
	"practice.led_of_tenant()":                                                 {"app guest report", "of which adoptions the own body leads the project: an alarm shows to it after its term"},
	"practice.reused_of_tenant()":                                              {"app guest report", "which adoptions are the own body's as the one that takes over: an alarm shows to it first"},
	"practice.note_alarms(uuid,jsonb)":                                         {"app", "the reusing body notes what threatens its adoption, and its lead body is told after a term; bodies write no alarms"},
	"practice.name_lead(uuid,integer,integer,text,text)":                       {"app", "either side names the body that leads the project, or another in its place; bodies do not write who is a party"},
	"practice.close_need(uuid,text)":                                           {"app", "commons is written by nobody else; the need is the own body's"},
	"practice.publish_need(uuid)":                                              {"app", "commons is written by nobody else; the need is the own body's"},
	"practice.taken(uuid)":                                                     {"app", "counts of bodies and of adapted items for the public catalogue"},
	"practice.sign_kit(uuid,text,bytea,bytea)":                                 {"app", "commons is written by nobody else; the kit and the key are the actor's body's own"},
	"practice.install_kit(text,text,text[],bytea,bytea)":                       {"app", "commons is written by nobody else; only the platform's own body may"},
	"practice.publish_kit(uuid)":                                               {"app", "commons is written by nobody else"},
	"practice.some_registered(text[],text[])":                                  {"app", "one answer for all names of a kit, whoever publishes it: nobody but who may see persons learns more"},
	"practice.some_address(text[])":                                            {"app", "one answer for all addresses of a kit, as for its names"},
	"practice.adoption_standing(uuid)":                                         {"app", "counts of what the reusing body decided, for both sides; which courses and indicators it dropped, since those are work of both"},
	"practice.note_in_journal(uuid,uuid,text,text)":                            {"app", "a line that both sides read; bodies write no journal"},
	"practice.own_stage(uuid,integer,text,date)":                               {"app", "who answers for a stage in the own body; the board is of both"},
	"practice.state_on_board(uuid,jsonb)":                                      {"app", "a statement of the own body replaces the one before, whosever it was"},
	"practice.remind_other(uuid,integer,text,integer)":                         {"app", "a line of the own body in the journal that both sides read; bodies write no journal"},
	"practice.step_adoption(uuid,integer,integer,text,text)":                   {"app", "either side moves an adoption, back with a reason; at its start citizens see the services that it brought"},
	"practice.withdraw_statement(uuid,uuid)":                                   {"app", "a statement of the own body; bodies do not write the board"},
	"practice.working_side(uuid)":                                              {"app", "as which side the own body works on an adoption, whose row it locks"},
	"practice.proposals_of_tenant()":                                           {"app guest report", "which proposals the own body wrote or received"},
	"practice.write_proposal(uuid,integer,jsonb)":                              {"app", "a draft of the own body about an adoption of its own"},
	"practice.send_proposal(uuid,integer,text)":                                {"app", "shows a draft of the own body to the other one"},
	"practice.discuss_proposal(uuid,uuid,text,text)":                           {"app", "a message of the own body; bodies do not write proposals"},
	"practice.close_proposal(uuid,integer,text,text,text,integer)":             {"app", "each body ends a proposal in its own way, once"},
	"practice.read_answer(uuid)":                                               {"app", "the reusing body has read the answer"},
	"practice.credit_proposals(uuid)":                                          {"app", "in which published kit of the own body a proposal came"},
	"practice.item_uptake(uuid)":                                               {"app", "counts of what adopters made of the own practice; none below three"},
	"practice.start_adoption(uuid,uuid,text)":                                  {"app", "an adoption has two parties, one of which does not act"},
	"sharing.accept_share(uuid,uuid[],uuid,integer,text)":                      {"app", "the receiver's yes makes grants in the owner's table"},
	"sharing.end_share(uuid,text,text,text,text)":                              {"app", "either side's step ends the grants"},
	"sharing.found_network(uuid,text,integer[],integer,text,date)":             {"app", "the founder writes the network before it is a member"},
	"sharing.hand_network(uuid,integer)":                                       {"app", "the lead asks a member to lead; bodies do not write networks"},
	"sharing.keep_shelter(uuid,uuid)":                                          {"app", "whether a household was protected where a case comes from is the giving body's: the taking one protects the case without being told more"},
	"sharing.end_emergencies()":                                                {"", "a trigger: whatever hides a person ends who reads about them in an emergency, in both bodies' chains"},
	"sharing.note_excess(uuid,uuid,timestamp with time zone)":                  {"app", "who asks too much is counted, which bodies do not write"},
	"sharing.hand_over(uuid,uuid,jsonb,text)":                                  {"app", "the receiver of a handover copies the case of the giving body, and closes it there"},
	"sharing.handovers_of_tenant()":                                            {"app guest report", "of which handovers the own body may know who the person is: while it can answer, and after it has accepted"},
	"sharing.offer_handover(jsonb)":                                            {"app", "a handover has two parties, one of which does not act"},
	"sharing.open_obligations(uuid)":                                           {"app", "what is open in a case of the own body, of all authors: drafts are their author's"},
	"sharing.preview_handover(uuid)":                                           {"app", "counts and open obligations of a case that is offered, for both bodies"},
	"sharing.tell_handover(uuid,uuid,timestamp with time zone)":                {"app", "the end of other shares stands in the chains of their bodies, in the handover's transaction"},
	"sharing.invite_to_network(uuid,integer[])":                                {"app", "the lead asks further bodies; each joins for itself"},
	"sharing.join_network(uuid,text,date)":                                     {"app", "a body joins for itself"},
	"sharing.leave_network(uuid)":                                              {"app", "a body leaves for itself"},
	"sharing.create_office(uuid,text,text,text,date)":                          {"app", "the lead of a network makes its common office a body: bodies are the platform's"},
	"sharing.governs_office(uuid)":                                             {"app", "whether the account administers the common office that its body governs: memberships are the platform's"},
	"sharing.govern_office(uuid)":                                              {"app", "an administrator of the lead accepts to be one of the common office: memberships are the platform's"},
	"sharing.name_network(uuid,uuid)":                                          {"app", "the proposer of an agreement names the network of all its parties; bodies do not write agreements"},
	"sharing.networks_of_tenant()":                                             {"app guest report", "which networks the own body is in: the policy of networks would ask itself"},
	"sharing.take_network(uuid)":                                               {"app", "who was asked takes the lead for itself"},
	"sharing.tell_members(uuid,uuid,timestamp with time zone)":                 {"app", "a step of a network stands in the chains of all members, in its own transaction"},
	"sharing.offer_share(jsonb)":                                               {"app", "a share has two parties, one of which does not act"},
	"sharing.tell_other(uuid,uuid,timestamp with time zone)":                   {"app", "a step of a share stands in the chains of both bodies, in its own transaction"},
	"sharing.roles_of_partners()":                                              {"app", "which roles the partners of an active agreement have staffed, without names"},
	"sharing.amend_share(uuid,integer,uuid,text[],text[],uuid[],timestamp with time zone,text[],text,text,text)": {"app", "the owner widens or narrows a live share; its grants follow"},
	"sharing.review_handover(uuid,text,text,text,uuid,timestamp with time zone)":                                 {"app", "the supervisor's word is for two other bodies"},
	"sharing.reviews_of_tenant()": {"app guest report", "which reviews the own body makes or is told of"},

	"platform.live_only()":                                  {"", "a trigger: what a body on trial may not give to others, whoever writes"},
	"platform.wants_steward(text[])":                        {"", "asked by the functions of who runs the platform: that role is held at the platform, and not as newcomer"},
	"platform.find_bodies(text[],text,integer)":             {"app", "all bodies, to who runs the platform: names, states and the last day of work"},
	"platform.body_usage(integer)":                          {"app", "counts of one body, none below five, to who runs the platform"},
	"platform.find_suspensions(integer)":                    {"app", "when a body was suspended and why, to who runs the platform"},
	"platform.tell_body(integer,jsonb,text)":                {"", "an event in the chain of a body, written by functions that have looked who acts"},
	"platform.suspend_body(integer,text,jsonb,text)":        {"app", "keeps people out of a body, told in its chain: who runs the platform alone"},
	"platform.resume_body(integer,text,jsonb,text)":         {"app", "lets them in again"},
	"platform.line_versions()":                              {"app", "how far the migrations have come, to who runs the platform"},
	"platform.job_counts()":                                 {"app", "counts of jobs, to who runs the platform"},
	"platform.find_jobs(text,bigint)":                       {"app", "jobs of all bodies without arguments and without the text of errors, to who runs the platform"},
	"platform.get_job(bigint)":                              {"app", "one of them"},
	"platform.find_queues()":                                {"app", "queues with counts, to who runs the platform"},
	"platform.works_at(integer)":                            {"", "asked by the functions of support: whether the account works at the body, too"},
	"platform.open_incident(uuid,uuid,text,text,text[])":    {"app", "who runs the platform writes an incident"},
	"platform.note_incident(uuid,uuid,text,boolean)":        {"app", "who runs the platform adds to an incident, and closes it"},
	"platform.current_incidents()":                          {"app", "incidents, which are public and name no person"},
	"platform.found_problems()":                             {"app", "counts of jobs and letters that failed and of what does not hold in the audit, to who runs the platform"},
	"platform.find_support()":                               {"app", "accesses for support to all bodies, to who runs the platform"},
	"platform.ask_support(integer,integer,text,jsonb,text)": {"app", "who runs the platform asks a body, which decides"},
	"platform.take_support(uuid,jsonb,text)":                {"app", "who runs the platform takes what a body granted unasked"},
	"platform.leave_support(uuid,jsonb,text)":               {"app", "who runs the platform gives up their own access"},
	"platform.drop_support(uuid)":                           {"", "sessions and keys of an access that is over end with it"},
	"platform.body_support()":                               {"app", "accesses to the own body, to its administrators and officer; to who comes, their own"},
	"platform.wants_administrator()":                        {"", "asked by the functions of support: that the actor administers the own body"},
	"platform.answer_support(uuid,boolean,text)":            {"app", "an administrator says yes or no to what was asked of the own body"},
	"platform.grant_support(uuid,integer,text,text)":        {"app", "an administrator grants support of the own body unasked"},
	"platform.end_support(uuid)":                            {"app", "an administrator ends support of the own body"},
	"platform.keep_membership()":                            {"", "a trigger: what a membership was stays, whoever changes it"},
	"platform.keep_rule()":                                  {"", "a trigger: what a rule was stays, whoever changes it"},
	"policies.apply_rules(uuid,integer,integer,text)":       {"app", "a body applies its own change: rules are the platform's, and nobody else writes them"},
	"policies.count_under(uuid)":                            {"app", "how many cases each party of a share sees under an agreement: counts alone, of the own body's shares"},
	"policies.count_received()":                             {"app", "how many cases of others each colleague sees: counts alone, for who sees no case"},

	"policies.add_agreement_key(uuid,bytea)":                              {"app", "a party adds the key that its agreement lacks; bodies write no keys"},
	"policies.known_elsewhere(uuid,bytea,uuid,timestamp with time zone)":  {"app", "one token, looked for among those of the bodies that may show cases to the own one; nobody reads tokens"},
	"policies.known_excesses()":                                           {"app", "who asked too much, to every body of the agreement: the counters are each body's own"},
	"policies.token_publishers()":                                         {"platform", "which bodies have tokens to write, for the job that asks each"},
	"sharing.break_glass(jsonb,text,bytea,uuid,timestamp with time zone)": {"app", "a case of another body opens for three hours, under an agreement that names it, by token and code"},
	"sharing.emergency_ways(uuid[],integer[])":                            {"app", "what bodies show the own one in an emergency, as their own templates and the agreement say: of no case"},
	"sharing.review_emergency(uuid,text,text,text)":                       {"app", "the owner's review ends what was not right, and bodies do not write shares"},
	"sharing.answer_asks()":                                               {"", "a trigger: the share that answers an ask closes it, whoever offers it"},
	"sharing.asks_of_tenant()":                                            {"app guest report", "which asks the own body is a party of"},
	"sharing.end_ask(uuid,text,text,text,uuid,timestamp with time zone)":  {"app", "either side's end of an ask; bodies do not write asks"},
	"sharing.open_ask(jsonb,uuid,timestamp with time zone)":               {"app", "an ask has two parties, one of which does not act"},
	"sharing.findable_shares(uuid[])":                                     {"app", "whether somebody in a case that is shown to the own body is protected at the other one: of received shares alone"},
	"sharing.drop_tokens()":                                               {"", "a trigger: whatever ends or protects a case takes its tokens away, whoever does it"},
	"sharing.missing_tokens()":                                            {"app", "which tokens the own body has yet to write: nobody reads tokens"},
	"sharing.write_tokens(uuid[],integer[],uuid[],text[],bytea[])":        {"app", "the own body's tokens, of cases that may be found: nobody writes the table"},

	"sharing.confirm_relocation(uuid,text,text)": {"app", "the taking body signs what the giving one did; bodies write no manifests"},
	"sharing.preview_relocation(uuid)":           {"app", "how many rows go along, for both bodies of a handover: the manifest itself is the giving body's"},
	"sharing.relocation_manifest(uuid,uuid[])":   {"app", "how many rows of a case of the own body go along and stay, of all authors and sections"},
	"sharing.renew_relocation(uuid,text,text)":   {"app", "the giving body signs its manifest again; bodies write no manifests"},
	"sharing.roles_of_body(integer)":             {"app", "which roles another body has staffed, without names: whether a case can be offered there"},
}

// bodyArguments are arguments of definers that could name a body, by function and argument.
var bodyArguments = exceptions{
	"platform.judge_domain days":    "for how many days the DNS has not shown the address",
	"platform.closed_into body":     "the body whose memberships the platform reads",
	"platform.closed_into office":   "an office of that body",
	"platform.give_role office":     "an office of the own body",
	"platform.admit offices":        "offices of the own body",
	"platform.office_shares office": "an office of the own body",
	"platform.close_office office":  "an office of the own body",
	"platform.close_office heir":    "another office of the own body",
	"platform.close_office seen":    "the version of the office",

	"platform.find_domain body":      "the body whose address is shown to who runs the platform",
	"platform.block_domain body":     "the body whose address who runs the platform suspends",
	"platform.block_domain event":    "what its chain is told",
	"platform.unblock_domain body":   "the body that may show its address anew",
	"platform.unblock_domain event":  "what its chain is told",
	"platform.find_bodies after_id":  "the last body of the page before; all are shown to who runs the platform",
	"platform.body_usage body":       "the body whose counts are shown to who runs the platform",
	"platform.find_suspensions body": "the body that was suspended",
	"platform.tell_body body":        "the body that is told; only functions that have looked who acts call it",
	"platform.tell_body event":       "what is told, by whom",
	"platform.suspend_body body":     "the body that who runs the platform suspends",
	"platform.suspend_body event":    "what its chain is told",
	"platform.resume_body body":      "the body that who runs the platform opens again",
	"platform.resume_body event":     "what its chain is told",
	"platform.works_at body":         "the body at which support is asked",
	"platform.ask_support body":      "the body that is asked, and decides",
	"platform.ask_support hours":     "for how long",
	"platform.ask_support event":     "what its chain is told",
	"platform.take_support event":    "what the chain of the body is told",
	"platform.leave_support event":   "what the chain of the body is told",
	"platform.grant_support hours":   "for how long",
	"platform.open_incident slugs":   "the bodies that who runs the platform says it concerns",
	"platform.find_jobs before_id":   "the number of a job",
	"platform.get_job job":           "the number of a job",

	"policies.write_care event":           "what was done, and under which share: the grant of the actor's own body says whose case it is",
	"policies.propose_agreement proposal": "names the bodies of an agreement, among which the own one must be; each signs for itself",
	"policies.apply_rules latest":         "the number of the change before",
	"policies.apply_rules seen":           "the version of the draft",
	"onboarding.disposable years":         "terms in years",
	"practice.name_lead lead":             "a live body, which looks on from then: it sees the board, and writes nothing",
	"practice.name_lead seen":             "the body that leads so far, compared with who does",
	"practice.note_alarms causes":         "counts of what threatens the own body's adoption",
	"practice.publish_use figures":        "what was measured in the own body",
	"practice.write_proposal seen":        "the version of the proposal",
	"practice.write_proposal written":     "what the own body proposes; both bodies are taken from its adoption",
	"practice.send_proposal seen":         "the version of the proposal",
	"practice.close_proposal seen":        "the version of the proposal",
	"practice.close_proposal number":      "of an item's version",
	"practice.own_stage stage":            "a stage, 0 to 10",
	"practice.remind_other seen":          "a stage, 1 to 10",
	"practice.remind_other quiet":         "days, within which the own body reminds once",
	"practice.state_on_board statement":   "what the own body states; its tenant is taken from app.tenant()",
	"practice.step_adoption seen":         "a stage, 1 to 10",
	"practice.step_adoption target":       "a stage, 1 to 10",
	"sharing.found_network members":       "the bodies that are asked, among which the own one must be; each joins for itself",
	"sharing.found_network office":        "one of the members",
	"sharing.invite_to_network members":   "the bodies that are asked; each joins for itself",
	"sharing.hand_network member":         "a member that has joined; it takes the lead itself",
	"sharing.accept_share office":         "an office of the own body",
	"sharing.amend_share expected":        "the version of the share",
	"sharing.hand_over owners":            "accounts of the own body, by the id of what is open",
	"sharing.offer_handover offer":        "names the receiver; the owner is taken from app.tenant(), and an active agreement must stand between both, or one be proposed for this alone",
	"sharing.offer_share offer":           "names the receiver; the owner is taken from app.tenant(), and an active agreement must stand between both",

	"sharing.break_glass opening":      "names the owner; the receiver is taken from app.tenant(), and an agreement for emergencies must stand between both",
	"sharing.emergency_ways bodies":    "other bodies, each under an agreement by which it shows cases to that of app.tenant()",
	"sharing.open_ask ask":             "names the body that is asked; the asking one is taken from app.tenant(), and an active agreement must stand between both",
	"sharing.write_tokens generations": "generations of an agreement's keys",

	"sharing.follow_role gained_and_lost": "who gains and who loses in the own body, as it was read: kept with the history",

	"onboarding.exported_bodies ids": "bodies that the body's rows name: of others only what the public register tells",

	"sharing.roles_of_body other": "the body that is asked about: roles alone, of any live body",
}

func TestFunctionsWithTheOwnersRights(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t, lines()...)
	found := map[string]bool{}
	faults := map[string]string{}
	for _, f := range collect[function](t, d.Owner, functionsSQL) {
		if !f.Definer {
			continue
		}
		found[f.Name] = true
		listed, ok := definers[f.Name]
		if !ok {
			t.Errorf("%s acts with the owner's rights and is on no list: say here who may execute it and why", f.Name)
		}
		if !f.Owned || !f.Fixed {
			t.Errorf("%s is not the owner's, or has not search_path = ''", f.Name)
		}
		if got := strings.ReplaceAll(strings.Join(f.Roles, " "), "staffetta_", ""); got != listed.roles {
			t.Errorf("%s may be executed by %q, the list says %q", f.Name, got, listed.roles)
		}
		maps.Copy(faults, bodyFaults(f))
	}
	for name := range definers {
		if !found[name] {
			t.Errorf("%s is on the list and not in the database", name)
		}
	}
	bodyArguments.judge(t, faults)
}

// bodyFaults finds arguments that could name a body: by their name, or because ids of bodies have their type.
func bodyFaults(f function) map[string]string {
	faults := map[string]string{}
	name, _, _ := strings.Cut(f.Name, "(")
	for i, kind := range f.Types {
		argument := fmt.Sprintf("$%d", i+1)
		if i < len(f.Arguments) && f.Arguments[i] != "" {
			argument = f.Arguments[i]
		}
		numeric := slices.Contains([]string{"integer", "integer[]", "bigint", "smallint", "jsonb", "json"}, kind)
		if numeric || strings.Contains(argument, "tenant") || strings.Contains(argument, "body") || strings.Contains(argument, "slug") {
			faults[name+" "+argument] = "an argument of type " + kind + " could name a body and open it"
		}
	}
	return faults
}

// TestOtherFunctionsAddNoRights keeps every function in the hands of the owner, who alone may replace it.
func TestOtherFunctionsAddNoRights(t *testing.T) {
	t.Parallel()
	d := testdb.Plain(t, lines()...)
	seen := 0
	for _, f := range collect[function](t, d.Owner, functionsSQL) {
		if f.Definer || f.Schema == "river" {
			continue
		}
		seen++
		if !f.Owned {
			t.Errorf("%s is not the owner's", f.Name)
		}
	}
	if seen < 5 {
		t.Fatalf("only %d functions were found", seen)
	}
}
