-- What the migrations make, as the catalogue tells it. Written by go test ./modules/all -run TestSchema -update; it is read,
-- compared and never run. Left out: partitions, River's columns, the tables of versions.

table assessment.assessments -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column section app.section not null default 'assessment'::text
  column item_version_id uuid not null
  column instrument text not null
  column title_it text not null
  column title_en text not null default ''::text
  column answers jsonb not null default '{}'::jsonb
  column score numeric
  column score_min numeric not null
  column score_max numeric not null
  column band text
  column band_it text not null default ''::text
  column band_en text not null default ''::text
  column state text not null default 'draft'::text
  column done_on date not null
  column author_tenant integer not null
  column author_account uuid not null
  column author_name text not null
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  column finalised_at timestamp with time zone
  column version integer not null default 1
  column earlier text not null default '[]'::text
  CHECK (((band IS NULL) OR (score IS NOT NULL)))
  CHECK (((score IS NULL) OR ((state = 'final'::text) AND ((score >= score_min) AND (score <= score_max)))))
  CHECK (((state = 'final'::text) = (finalised_at IS NOT NULL)))
  CHECK ((jsonb_typeof((earlier)::jsonb) = 'array'::text))
  CHECK ((jsonb_typeof(answers) = 'object'::text))
  CHECK ((state = ANY (ARRAY['draft'::text, 'final'::text])))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  FOREIGN KEY (tenant_id, item_version_id) REFERENCES kit.item_versions(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX assessments_tenant_id_author_account_idx ON assessment.assessments USING btree (tenant_id, author_account) WHERE (state = 'draft'::text)
  CREATE INDEX assessments_tenant_id_case_id_done_on_id_idx ON assessment.assessments USING btree (tenant_id, case_id, done_on DESC, id DESC)
  CREATE INDEX assessments_tenant_id_instrument_idx ON assessment.assessments USING btree (tenant_id, instrument)
  CREATE INDEX assessments_tenant_id_item_version_id_idx ON assessment.assessments USING btree (tenant_id, item_version_id)
  CREATE UNIQUE INDEX assessments_pkey ON assessment.assessments USING btree (tenant_id, id)
  CREATE TRIGGER keep_questions BEFORE UPDATE ON assessment.assessments FOR EACH ROW WHEN (((((((new.item_version_id IS DISTINCT FROM old.item_version_id) OR (new.earlier IS DISTINCT FROM old.earlier)) OR (new.title_it IS DISTINCT FROM old.title_it)) OR (new.title_en IS DISTINCT FROM old.title_en)) OR (new.score_min IS DISTINCT FROM old.score_min)) OR (new.score_max IS DISTINCT FROM old.score_max))) EXECUTE FUNCTION assessment.keep_questions()
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON assessment.assessments FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON assessment.assessments FOR EACH ROW EXECUTE FUNCTION casefile.keep_transferred()
  CREATE TRIGGER tell_care AFTER UPDATE ON assessment.assessments FOR EACH ROW WHEN (((old.state = 'draft'::text) AND (new.state = 'final'::text))) EXECUTE FUNCTION casefile.tell_care('/valutazioni')
  CREATE TRIGGER tell_care_begun AFTER INSERT ON assessment.assessments FOR EACH ROW WHEN ((new.state = 'final'::text)) EXECUTE FUNCTION casefile.tell_care('/valutazioni')
  policy backup for select to staffetta_backup using true
  policy care for insert to staffetta_guest with check (((section)::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account)) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = assessments.tenant_id) AND (g.case_id = assessments.case_id) AND ((g.section)::text = (assessments.section)::text) AND g.can_write))))
  policy care_mine for update to staffetta_guest using (((section)::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account)) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = assessments.tenant_id) AND (g.case_id = assessments.case_id) AND ((g.section)::text = (assessments.section)::text) AND g.can_write))) AND (state = 'draft'::text)) with check (((section)::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account)) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = assessments.tenant_id) AND (g.case_id = assessments.case_id) AND ((g.section)::text = (assessments.section)::text) AND g.can_write))))
  policy drafts_stay as restrictive for select to staffetta_guest using ((state = 'final'::text) OR ((author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account))))
  policy granted for select to staffetta_guest using (((section)::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = assessments.tenant_id) AND (g.case_id = assessments.case_id) AND ((g.section)::text = (assessments.section)::text)))))
  policy locked as restrictive for update to staffetta_app using ((state = 'draft'::text) AND (author_account = ( SELECT app.account() AS account))) with check (author_account = ( SELECT app.account() AS account))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update (answers), update (band), update (band_en), update (band_it), update (done_on), update (earlier), update (finalised_at), update (item_version_id), update (score), update (score_max), update (score_min), update (state), update (title_en), update (title_it), update (updated_at), update (version) to staffetta_app
  grant insert, select, update (answers), update (band), update (band_en), update (band_it), update (done_on), update (earlier), update (finalised_at), update (item_version_id), update (score), update (score_max), update (score_min), update (state), update (title_en), update (title_it), update (updated_at), update (version) to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table audit.chain -- family audit, row security forced
  column tenant_id integer not null
  column seq bigint not null
  column event_id uuid not null
  column event_at timestamp with time zone not null
  column hash bytea not null
  column form smallint not null default 1
  column sealed_at timestamp with time zone
  PRIMARY KEY (tenant_id, seq)
  CREATE UNIQUE INDEX chain_pkey ON audit.chain USING btree (tenant_id, seq)
  CREATE UNIQUE INDEX chain_tenant_id_event_id_idx ON audit.chain USING btree (tenant_id, event_id)
  policy backup for select to staffetta_backup using true
  policy own for select to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy sealing for all to staffetta_auditor using true
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant insert, select to staffetta_auditor
  grant select to staffetta_backup

table audit.countersignatures -- family audit, row security forced
  column tenant_id integer not null default app.tenant()
  column body integer not null
  column day date not null
  column key_number integer not null
  column root bytea not null
  column signed_at timestamp with time zone not null
  column signature bytea not null
  PRIMARY KEY (tenant_id, body, day)
  CREATE INDEX countersignatures_body_day_idx ON audit.countersignatures USING btree (body, day)
  CREATE UNIQUE INDEX countersignatures_pkey ON audit.countersignatures USING btree (tenant_id, body, day)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy received for select to staffetta_app using (body = ( SELECT app.tenant() AS tenant))
  policy sealing for select to staffetta_auditor using true
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_auditor
  grant select to staffetta_backup

partitioned table audit.events -- family audit, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column at timestamp with time zone not null default clock_timestamp()
  column txid xid8 not null default pg_current_xact_id()
  column actor_tenant integer not null
  column account_id uuid
  column actor_name text not null default ''::text
  column assurance integer not null default 0
  column purpose text not null default ''::text
  column request_id text not null default ''::text
  column action text not null
  column relation text not null default ''::text
  column object_id uuid
  column case_id uuid
  column sections text[] not null default '{}'::text[]
  column share_id uuid
  column payload jsonb
  column payload_hash bytea not null
  column cases uuid[]
  CHECK ((action ~ '^[a-z_]+\.[a-z_]+$'::text))
  PRIMARY KEY (tenant_id, at, id)
  CREATE INDEX events_tenant_id_case_id_at_idx ON ONLY audit.events USING btree (tenant_id, case_id, at DESC) WHERE (case_id IS NOT NULL)
  CREATE INDEX events_tenant_id_object_id_at_idx ON ONLY audit.events USING btree (tenant_id, object_id, at DESC) WHERE ((case_id IS NULL) AND (action = ANY (ARRAY['person.read'::text, 'person.update'::text, 'contacts.update'::text, 'household.read'::text])))
  CREATE INDEX events_tenant_id_object_id_at_idx1 ON ONLY audit.events USING btree (tenant_id, object_id, at DESC) WHERE ((case_id IS NULL) AND (action = ANY (ARRAY['contact.create'::text, 'contact.read'::text, 'contact.see'::text, 'contact.add'::text, 'contact.close'::text, 'contact.name_person'::text, 'contact.form_read'::text, 'contact.form_draft'::text, 'contact.form_final'::text])))
  CREATE INDEX events_txid_idx ON ONLY audit.events USING btree (txid)
  CREATE UNIQUE INDEX events_pkey ON ONLY audit.events USING btree (tenant_id, at, id)
  policy backup for select to staffetta_backup using true
  policy dropping as restrictive for update to staffetta_auditor using (at < (app.now() - '1 year'::interval)) with check (payload IS NULL)
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy sealing for all to staffetta_auditor using true
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant insert, select, update (payload) to staffetta_auditor
  grant select to staffetta_backup

table audit.keys -- family audit, row security forced
  column tenant_id integer not null default app.tenant()
  column number integer not null
  column public bytea not null
  column sealed bytea not null
  column created_at timestamp with time zone not null default app.now()
  PRIMARY KEY (tenant_id, number)
  CREATE UNIQUE INDEX keys_pkey ON audit.keys USING btree (tenant_id, number)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy sealing for select to staffetta_auditor using true
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select (created_at), select (number), select (public), select (tenant_id) to staffetta_auditor
  grant select to staffetta_backup

table audit.roots -- family audit, row security forced
  column tenant_id integer not null
  column day date not null
  column first_seq bigint not null
  column last_seq bigint not null
  column head bytea not null
  column previous bytea not null
  column countersigners integer[] not null
  column made_at timestamp with time zone not null
  column hash bytea not null
  PRIMARY KEY (tenant_id, day)
  CREATE INDEX roots_day_idx ON audit.roots USING btree (day)
  CREATE UNIQUE INDEX roots_pkey ON audit.roots USING btree (tenant_id, day)
  policy backup for select to staffetta_backup using true
  policy chosen for select to staffetta_app using (( SELECT app.tenant() AS tenant) = ANY (countersigners))
  policy own for select to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy sealing for all to staffetta_auditor using true
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant insert, select to staffetta_auditor
  grant select to staffetta_backup

table audit.sealed -- family audit
  column one boolean not null default true
  column upto xid8 not null
  column rooted date
  column checked_at timestamp with time zone
  column checked bigint not null default 0
  column faults integer not null default 0
  CHECK (one)
  PRIMARY KEY (one)
  CREATE UNIQUE INDEX sealed_pkey ON audit.sealed USING btree (one)
  grant select, update to staffetta_auditor
  grant select to staffetta_backup

table audit.terms -- family audit, row security forced
  column tenant_id integer not null
  column years integer not null
  column dropped_before timestamp with time zone
  CHECK (((years >= 1) AND (years <= 100)))
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX terms_pkey ON audit.terms USING btree (tenant_id)
  policy backup for select to staffetta_backup using true
  policy own for select to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy sealing for all to staffetta_auditor using true
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant insert, select, update (dropped_before), update (years) to staffetta_auditor
  grant select to staffetta_backup

table casefile.assignments -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column account_id uuid not null
  column account_name text not null
  column part text not null
  column valid_from timestamp with time zone not null default now()
  column valid_to timestamp with time zone
  column assigned_by uuid not null
  column reason text not null default ''::text
  column assigned_name text not null default ''::text
  column ended_by uuid
  column ended_name text not null default ''::text
  CHECK ((length(reason) <= 500))
  CHECK ((part = ANY (ARRAY['manager'::text, 'team'::text])))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX assignments_tenant_id_account_id_case_id_idx ON casefile.assignments USING btree (tenant_id, account_id, case_id) WHERE (valid_to IS NULL)
  CREATE INDEX assignments_tenant_id_case_id_valid_from_id_idx ON casefile.assignments USING btree (tenant_id, case_id, valid_from DESC, id DESC)
  CREATE UNIQUE INDEX assignments_pkey ON casefile.assignments USING btree (tenant_id, id)
  CREATE UNIQUE INDEX assignments_tenant_id_case_id_account_id_idx ON casefile.assignments USING btree (tenant_id, case_id, account_id) WHERE (valid_to IS NULL)
  CREATE UNIQUE INDEX assignments_tenant_id_case_id_idx ON casefile.assignments USING btree (tenant_id, case_id) WHERE ((valid_to IS NULL) AND (part = 'manager'::text))
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON casefile.assignments FOR EACH ROW EXECUTE FUNCTION casefile.keep_transferred()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.cases -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column number text not null
  column person_id uuid not null
  column contact_id uuid
  column state text not null
  column state_label text not null
  column workflow_version uuid
  column area text not null default ''::text
  column opened_at timestamp with time zone not null
  column opened_by uuid not null
  column closed_at timestamp with time zone
  column office_id integer
  column origin_tenant integer
  column version integer not null default 1
  column transferred_to integer
  CHECK (((transferred_to IS NULL) OR (closed_at IS NOT NULL)))
  CHECK ((length(area) <= 60))
  FOREIGN KEY (origin_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (transferred_to) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, number)
  CREATE INDEX cases_tenant_id_opened_at_id_idx ON casefile.cases USING btree (tenant_id, opened_at DESC, id DESC)
  CREATE INDEX cases_tenant_id_person_id_idx ON casefile.cases USING btree (tenant_id, person_id)
  CREATE UNIQUE INDEX cases_pkey ON casefile.cases USING btree (tenant_id, id)
  CREATE UNIQUE INDEX cases_tenant_id_number_key ON casefile.cases USING btree (tenant_id, number)
  CREATE CONSTRAINT TRIGGER end_emergencies AFTER UPDATE OF person_id ON casefile.cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.person_id <> new.person_id)) EXECUTE FUNCTION sharing.end_emergencies()
  CREATE TRIGGER drop_tokens AFTER UPDATE OF closed_at, person_id ON casefile.cases FOR EACH ROW WHEN (((old.closed_at IS DISTINCT FROM new.closed_at) OR (old.person_id <> new.person_id))) EXECUTE FUNCTION sharing.drop_tokens()
  CREATE TRIGGER keep_restricted BEFORE UPDATE ON casefile.cases FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_restricted_new BEFORE INSERT ON casefile.cases FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted_person()
  CREATE TRIGGER keep_restricted_passage BEFORE UPDATE ON casefile.cases FOR EACH ROW WHEN (((app.account() IS NOT NULL) AND (new.transferred_to IS NOT NULL) AND (old.transferred_to IS NULL))) EXECUTE FUNCTION onboarding.keep_restricted_person()
  CREATE TRIGGER link_contact AFTER INSERT ON casefile.cases FOR EACH ROW WHEN ((new.contact_id IS NOT NULL)) EXECUTE FUNCTION intake.link_case()
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = cases.tenant_id) AND (g.case_id = cases.id))))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy transferred as restrictive for update to staffetta_app using (transferred_to IS NULL)
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select (closed_at), select (id), select (number), select (office_id), select (opened_at), select (person_id), select (state), select (state_label), select (tenant_id), select (version) to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.counters -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id integer not null
  column last integer not null
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX counters_pkey ON casefile.counters USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.documents -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column section app.section not null
  column title text not null
  column file_name text not null
  column media_type text not null
  column size bigint not null
  column sha256 text not null
  column expires_on date
  column author_tenant integer not null
  column author_account uuid not null
  column author_name text not null
  column created_at timestamp with time zone not null default now()
  CHECK (((length(file_name) >= 1) AND (length(file_name) <= 255)))
  CHECK (((length(title) >= 1) AND (length(title) <= 200)))
  CHECK (((size >= 1) AND (size <= 20971520)))
  CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX documents_tenant_id_case_id_created_at_idx ON casefile.documents USING btree (tenant_id, case_id, created_at DESC)
  CREATE UNIQUE INDEX documents_pkey ON casefile.documents USING btree (tenant_id, id)
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON casefile.documents FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON casefile.documents FOR EACH ROW EXECUTE FUNCTION casefile.keep_transferred()
  CREATE TRIGGER tell_care AFTER INSERT ON casefile.documents FOR EACH ROW EXECUTE FUNCTION casefile.tell_care('/documenti')
  policy backup for select to staffetta_backup using true
  policy care for insert to staffetta_guest with check (((section)::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account)) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = documents.tenant_id) AND (g.case_id = documents.case_id) AND ((g.section)::text = (documents.section)::text) AND g.can_write))))
  policy granted for select to staffetta_guest using (((section)::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = documents.tenant_id) AND (g.case_id = documents.case_id) AND ((g.section)::text = (documents.section)::text)))))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant insert, select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.marks -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column kind text not null
  column reason text not null
  column set_by uuid not null
  column set_name text not null
  column set_at timestamp with time zone not null default app.now()
  column ended_by uuid
  column ended_name text not null default ''::text
  column ended_at timestamp with time zone
  column end_reason text not null default ''::text
  CHECK (((ended_at IS NULL) = (end_reason = ''::text)))
  CHECK (((length(reason) >= 5) AND (length(reason) <= 500)))
  CHECK ((kind = ANY (ARRAY['sealed'::text, 'protected_minor'::text, 'violence'::text, 'judicial'::text])))
  CHECK ((length(end_reason) <= 500))
  CHECK ((length(ended_name) <= 120))
  CHECK ((length(set_name) <= 120))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX marks_pkey ON casefile.marks USING btree (tenant_id, id)
  CREATE UNIQUE INDEX marks_tenant_id_case_id_kind_idx ON casefile.marks USING btree (tenant_id, case_id, kind) WHERE (ended_at IS NULL)
  CREATE CONSTRAINT TRIGGER end_emergencies AFTER INSERT ON casefile.marks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sharing.end_emergencies()
  CREATE TRIGGER drop_tokens AFTER INSERT OR UPDATE ON casefile.marks FOR EACH ROW EXECUTE FUNCTION sharing.drop_tokens()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON casefile.marks FOR EACH ROW EXECUTE FUNCTION casefile.keep_transferred()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('diary'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('diary'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('diary'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.notes -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column section app.section not null
  column kind text not null
  column visibility text not null
  column happened_on date not null
  column body text not null
  column addendum_to uuid
  column author_tenant integer not null
  column author_account uuid not null
  column author_name text not null
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  column signed_at timestamp with time zone
  column version integer not null default 1
  CHECK ((kind ~ '^[a-z_]{2,40}$'::text))
  CHECK ((length(body) <= 20000))
  CHECK ((visibility = ANY (ARRAY['public'::text, 'private'::text])))
  FOREIGN KEY (tenant_id, addendum_to) REFERENCES casefile.notes(tenant_id, id)
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX notes_tenant_id_author_account_idx ON casefile.notes USING btree (tenant_id, author_account) WHERE (signed_at IS NULL)
  CREATE INDEX notes_tenant_id_case_id_happened_on_id_idx ON casefile.notes USING btree (tenant_id, case_id, happened_on DESC, id DESC)
  CREATE UNIQUE INDEX notes_pkey ON casefile.notes USING btree (tenant_id, id)
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON casefile.notes FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON casefile.notes FOR EACH ROW EXECUTE FUNCTION casefile.keep_transferred()
  CREATE TRIGGER tell_care AFTER UPDATE ON casefile.notes FOR EACH ROW WHEN (((old.signed_at IS NULL) AND (new.signed_at IS NOT NULL))) EXECUTE FUNCTION casefile.tell_care('/diario')
  CREATE TRIGGER tell_care_begun AFTER INSERT ON casefile.notes FOR EACH ROW WHEN ((new.signed_at IS NOT NULL)) EXECUTE FUNCTION casefile.tell_care('/diario')
  policy backup for select to staffetta_backup using true
  policy care for insert to staffetta_guest with check (((section)::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account)) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = notes.tenant_id) AND (g.case_id = notes.case_id) AND ((g.section)::text = (notes.section)::text) AND g.can_write))))
  policy care_mine for update to staffetta_guest using (((section)::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account)) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = notes.tenant_id) AND (g.case_id = notes.case_id) AND ((g.section)::text = (notes.section)::text) AND g.can_write))) AND (signed_at IS NULL)) with check (((section)::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account)) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = notes.tenant_id) AND (g.case_id = notes.case_id) AND ((g.section)::text = (notes.section)::text) AND g.can_write))))
  policy care_public as restrictive for insert to staffetta_guest with check (visibility = 'public'::text)
  policy care_stays_public as restrictive for update to staffetta_guest using true with check (visibility = 'public'::text)
  policy drafts as restrictive for select to staffetta_app, staffetta_report using (((signed_at IS NOT NULL) AND (visibility = 'public'::text)) OR (author_account = ( SELECT app.account() AS account)))
  policy drafts_stay as restrictive for select to staffetta_guest using (((signed_at IS NOT NULL) AND (visibility = 'public'::text)) OR ((author_tenant = ( SELECT app.tenant() AS tenant)) AND (author_account = ( SELECT app.account() AS account))))
  policy granted for select to staffetta_guest using (((section)::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = notes.tenant_id) AND (g.case_id = notes.case_id) AND ((g.section)::text = (notes.section)::text)))))
  policy locked as restrictive for update to staffetta_app using ((signed_at IS NULL) AND (author_account = ( SELECT app.account() AS account))) with check (author_account = ( SELECT app.account() AS account))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ((section)::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant insert, select, update (body), update (happened_on), update (kind), update (section), update (signed_at), update (updated_at), update (version), update (visibility) to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.notices -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column account_id uuid not null
  column topic text not null
  column path text not null
  column actor_name text not null default ''::text
  column reference text not null default ''::text
  column at timestamp with time zone not null default now()
  column seen_at timestamp with time zone
  CHECK ((path ~ '^/[^/]'::text))
  CHECK ((topic ~ '^[a-z_]+\.[a-z_]+$'::text))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX notices_tenant_id_account_id_at_idx ON casefile.notices USING btree (tenant_id, account_id, at DESC)
  CREATE UNIQUE INDEX notices_pkey ON casefile.notices USING btree (tenant_id, id)
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON casefile.notices REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy addressee as restrictive for select to staffetta_app using ((account_id = ( SELECT app.account() AS account)) OR (app.purpose() IS NULL))
  policy addressee_marks as restrictive for update to staffetta_app using (account_id = ( SELECT app.account() AS account))
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported_addressee as restrictive for select to staffetta_report using (account_id = ( SELECT app.account() AS account))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.reasons -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column body text not null
  column given jsonb not null default '[]'::jsonb
  CHECK (((length(body) <= 2000) AND ((body <> ''::text) OR (given <> '[]'::jsonb))))
  CHECK ((jsonb_typeof(given) = 'array'::text))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX reasons_tenant_id_case_id_idx ON casefile.reasons USING btree (tenant_id, case_id)
  CREATE UNIQUE INDEX reasons_pkey ON casefile.reasons USING btree (tenant_id, id)
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON casefile.reasons FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON casefile.reasons FOR EACH ROW EXECUTE FUNCTION casefile.keep_transferred()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('diary'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('diary'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('diary'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table casefile.steps -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column transition text not null
  column from_state text not null
  column to_state text not null
  column at timestamp with time zone not null default now()
  column account_id uuid not null
  column account_name text not null
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX steps_tenant_id_case_id_at_idx ON casefile.steps USING btree (tenant_id, case_id, at DESC)
  CREATE UNIQUE INDEX steps_pkey ON casefile.steps USING btree (tenant_id, id)
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON casefile.steps FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON casefile.steps FOR EACH ROW EXECUTE FUNCTION casefile.keep_transferred()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table commons.kit_items -- family commons
  column kit_id uuid not null
  column kind text not null
  column key text not null
  column title_it text not null
  column title_en text not null default ''::text
  column owner text not null default ''::text
  column licence text not null default ''::text
  column content text not null
  column sha256 text not null
  CHECK ((sha256 = encode(sha256(convert_to(content, 'UTF8'::name)), 'hex'::text)))
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  PRIMARY KEY (kit_id, kind, key)
  CREATE UNIQUE INDEX kit_items_pkey ON commons.kit_items USING btree (kit_id, kind, key)
  grant select to staffetta_app
  grant select to staffetta_platform
  grant select to staffetta_report
  grant select to staffetta_backup

table commons.kits -- family commons
  column id uuid not null
  column practice_id uuid not null
  column release text not null
  column number integer[] not null
  column title_it text not null
  column title_en text not null default ''::text
  column owner text not null
  column licence text not null
  column sheet text not null
  column lineage jsonb not null default '[]'::jsonb
  column completeness integer not null
  column hash text not null
  column published_at timestamp with time zone not null default now()
  column manifest text
  column signature bytea
  column signer bytea
  CHECK ((hash ~ '^[0-9a-f]{64}$'::text))
  CHECK ((num_nulls(manifest, signature, signer) = ANY (ARRAY[0, 3])))
  FOREIGN KEY (practice_id) REFERENCES commons.practices(id)
  FOREIGN KEY (signer) REFERENCES commons.signers(public)
  PRIMARY KEY (id)
  UNIQUE (practice_id, release)
  CREATE UNIQUE INDEX kits_pkey ON commons.kits USING btree (id)
  CREATE UNIQUE INDEX kits_practice_id_release_key ON commons.kits USING btree (practice_id, release)
  CREATE TRIGGER live_only BEFORE INSERT ON commons.kits FOR EACH ROW EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER offer AFTER INSERT ON commons.kits FOR EACH ROW EXECUTE FUNCTION practice.offer_kit()
  CREATE TRIGGER told AFTER INSERT ON commons.kits FOR EACH ROW EXECUTE FUNCTION practice.tell_adopters()
  grant select to staffetta_app
  grant select to staffetta_platform
  grant select to staffetta_report
  grant select to staffetta_backup

table commons.needs -- family commons
  column id uuid not null
  column tenant_id integer not null
  column body text not null
  column title text not null
  column purpose text not null
  column audience text not null
  column area text not null
  column budget text not null
  column staff integer
  column deadline date
  column state text not null
  column published_at timestamp with time zone not null default now()
  column closed_at timestamp with time zone
  CHECK ((state = ANY (ARRAY['published'::text, 'withdrawn'::text, 'met'::text])))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX needs_published_at_id_idx ON commons.needs USING btree (published_at DESC, id) WHERE (state = 'published'::text)
  CREATE UNIQUE INDEX needs_pkey ON commons.needs USING btree (id)
  CREATE TRIGGER live_only BEFORE INSERT OR UPDATE OF state ON commons.needs FOR EACH ROW WHEN ((new.state = 'published'::text)) EXECUTE FUNCTION platform.live_only()
  grant select to staffetta_app
  grant select to staffetta_platform
  grant select to staffetta_report
  grant select to staffetta_backup

table commons.offers -- family commons
  column practice_id uuid not null
  column kit_id uuid not null
  column title_key text not null
  column title_words tsvector not null default ''::tsvector
  column words tsvector not null default ''::tsvector
  column area text not null default ''::text
  column targets text[] not null default '{}'::text[]
  column istat text not null default ''::text
  column published_at timestamp with time zone not null
  column adopters integer not null default 0
  column live integer not null default 0
  column measured boolean not null default false
  column alive_since timestamp with time zone
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  FOREIGN KEY (practice_id) REFERENCES commons.practices(id)
  PRIMARY KEY (practice_id)
  CREATE INDEX offers_area_idx ON commons.offers USING btree (area)
  CREATE INDEX offers_targets_idx ON commons.offers USING gin (targets)
  CREATE INDEX offers_words_idx ON commons.offers USING gin (words)
  CREATE UNIQUE INDEX offers_pkey ON commons.offers USING btree (practice_id)
  grant select to staffetta_app
  grant select to staffetta_platform
  grant select to staffetta_report
  grant select to staffetta_backup

table commons.practices -- family commons
  column id uuid not null
  column tenant_id integer
  column body text not null
  column key text not null
  column created_at timestamp with time zone not null default now()
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE UNIQUE INDEX practices_pkey ON commons.practices USING btree (id)
  CREATE TRIGGER live_only BEFORE INSERT ON commons.practices FOR EACH ROW EXECUTE FUNCTION platform.live_only()
  grant select to staffetta_app
  grant select to staffetta_platform
  grant select to staffetta_report
  grant select to staffetta_backup

table commons.signers -- family commons
  column public bytea not null
  column tenant_id integer
  column body text not null
  column istat text not null default ''::text
  column ipa text not null default ''::text
  column created_at timestamp with time zone not null default app.now()
  CHECK ((octet_length(public) = 32))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (public)
  CREATE UNIQUE INDEX signers_pkey ON commons.signers USING btree (public)
  grant select to staffetta_app
  grant select to staffetta_platform
  grant select to staffetta_report
  grant select to staffetta_backup

table intake.addenda -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column contact_id uuid not null
  column text text not null
  column added_at timestamp with time zone not null default now()
  column added_by uuid
  column added_name text not null default ''::text
  CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
  FOREIGN KEY (tenant_id, contact_id) REFERENCES intake.contacts(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX addenda_tenant_id_contact_id_id_idx ON intake.addenda USING btree (tenant_id, contact_id, id)
  CREATE UNIQUE INDEX addenda_pkey ON intake.addenda USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using (('intake'::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM intake.contacts c WHERE ((c.tenant_id = addenda.tenant_id) AND (c.id = addenda.contact_id)))))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table intake.contacts -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column person_id uuid
  column case_id uuid
  column at timestamp with time zone not null
  column channel text not null
  column interlocutor text not null
  column reason text not null
  column accompanied boolean not null default false
  column person_informed boolean not null default false
  column needs text[] not null default '{}'::text[]
  column target text not null default ''::text
  column request text not null default ''::text
  column outcome text not null default ''::text
  column signposting text not null default ''::text
  column state text not null default 'created'::text
  column operator_account uuid
  column operator_name text not null default ''::text
  column closed_at timestamp with time zone
  column closed_by uuid
  column closed_name text not null default ''::text
  column created_at timestamp with time zone not null default now()
  column version integer not null default 1
  column given jsonb not null default '[]'::jsonb
  column set_aside text not null default ''::text
  CHECK (((length(set_aside) <= 500) AND ((set_aside = ''::text) OR (outcome = 'taking_in_charge'::text))))
  CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL)))
  CHECK (((state = 'closed'::text) = (outcome <> ''::text)))
  CHECK ((channel = ANY (ARRAY['in_person'::text, 'email'::text, 'home'::text, 'written'::text, 'phone'::text, 'other_remote'::text, 'online'::text])))
  CHECK ((interlocutor = ANY (ARRAY['user'::text, 'relative'::text, 'judicial'::text, 'organisation'::text, 'institution'::text, 'other'::text])))
  CHECK ((jsonb_typeof(given) = 'array'::text))
  CHECK ((length(request) <= 4000))
  CHECK ((length(signposting) <= 300))
  CHECK ((needs <@ ARRAY['physiological'::text, 'safety'::text, 'belonging'::text, 'fulfilment'::text, 'self_fulfilment'::text]))
  CHECK ((outcome = ANY (ARRAY[''::text, 'information'::text, 'guidance'::text, 'signposting'::text, 'emergency'::text, 'taking_in_charge'::text])))
  CHECK ((reason = ANY (ARRAY['spontaneous'::text, 'sent'::text, 'summoned'::text, 'decree'::text])))
  CHECK ((state = ANY (ARRAY['created'::text, 'seen'::text, 'closed'::text])))
  CHECK ((target = ANY (ARRAY[''::text, 'families'::text, 'disability'::text, 'adults'::text, 'elderly'::text])))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  FOREIGN KEY (tenant_id, person_id) REFERENCES registry.persons(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX contacts_tenant_id_at_id_idx ON intake.contacts USING btree (tenant_id, at DESC, id DESC)
  CREATE INDEX contacts_tenant_id_at_id_idx1 ON intake.contacts USING btree (tenant_id, at DESC, id DESC) WHERE (state <> 'closed'::text)
  CREATE INDEX contacts_tenant_id_case_id_idx ON intake.contacts USING btree (tenant_id, case_id)
  CREATE INDEX contacts_tenant_id_person_id_idx ON intake.contacts USING btree (tenant_id, person_id)
  CREATE UNIQUE INDEX contacts_pkey ON intake.contacts USING btree (tenant_id, id)
  CREATE CONSTRAINT TRIGGER tell_closing AFTER UPDATE OF state ON intake.contacts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.state <> 'closed'::text) AND (new.state = 'closed'::text) AND (new.case_id IS NOT NULL) AND (new.closed_name = ''::text))) EXECUTE FUNCTION intake.tell_closing()
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON intake.contacts FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON intake.contacts FOR EACH ROW WHEN ((new.case_id IS NOT NULL)) EXECUTE FUNCTION casefile.keep_transferred()
  CREATE TRIGGER link_forms AFTER UPDATE OF case_id ON intake.contacts FOR EACH ROW WHEN (((old.case_id IS NULL) AND (new.case_id IS NOT NULL))) EXECUTE FUNCTION intake.link_forms()
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using (('intake'::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = contacts.tenant_id) AND (g.case_id = contacts.case_id) AND ((g.section)::text = 'intake'::text)))))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table intake.drafts -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column author_account uuid not null
  column typed text not null
  column state text not null default 'open'::text
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  CHECK (((state = 'open'::text) OR (typed = ''::text)))
  CHECK ((length(typed) <= 1000000))
  CHECK ((state = ANY (ARRAY['open'::text, 'over'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX drafts_tenant_id_author_account_updated_at_idx ON intake.drafts USING btree (tenant_id, author_account, updated_at DESC) WHERE (state = 'open'::text)
  CREATE UNIQUE INDEX drafts_pkey ON intake.drafts USING btree (tenant_id, id)
  policy authored as restrictive for all to staffetta_app, staffetta_report using (author_account = ( SELECT app.account() AS account))
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table intake.forms -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column contact_id uuid not null
  column case_id uuid
  column item_version_id uuid not null
  column form text not null
  column title_it text not null
  column title_en text not null default ''::text
  column answers text not null default '{}'::text
  column state text not null default 'draft'::text
  column author_account uuid not null
  column author_name text not null
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  column finalised_at timestamp with time zone
  column version integer not null default 1
  column earlier text not null default '[]'::text
  CHECK (((state = 'final'::text) = (finalised_at IS NOT NULL)))
  CHECK ((jsonb_typeof((answers)::jsonb) = 'object'::text))
  CHECK ((jsonb_typeof((earlier)::jsonb) = 'array'::text))
  CHECK ((state = ANY (ARRAY['draft'::text, 'final'::text])))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  FOREIGN KEY (tenant_id, contact_id) REFERENCES intake.contacts(tenant_id, id)
  FOREIGN KEY (tenant_id, item_version_id) REFERENCES kit.item_versions(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX forms_tenant_id_case_id_idx ON intake.forms USING btree (tenant_id, case_id)
  CREATE INDEX forms_tenant_id_contact_id_id_idx ON intake.forms USING btree (tenant_id, contact_id, id DESC)
  CREATE INDEX forms_tenant_id_item_version_id_idx ON intake.forms USING btree (tenant_id, item_version_id)
  CREATE UNIQUE INDEX forms_pkey ON intake.forms USING btree (tenant_id, id)
  CREATE TRIGGER keep_questions BEFORE UPDATE ON intake.forms FOR EACH ROW WHEN (((new.item_version_id <> old.item_version_id) OR (new.earlier <> old.earlier))) EXECUTE FUNCTION intake.keep_questions()
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON intake.forms FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_transferred BEFORE INSERT OR UPDATE ON intake.forms FOR EACH ROW WHEN ((new.case_id IS NOT NULL)) EXECUTE FUNCTION casefile.keep_transferred()
  policy backup for select to staffetta_backup using true
  policy drafts_stay as restrictive for select to staffetta_guest using (state = 'final'::text)
  policy granted for select to staffetta_guest using (('intake'::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = forms.tenant_id) AND (g.case_id = forms.case_id) AND ((g.section)::text = 'intake'::text)))))
  policy locked as restrictive for update to staffetta_app using ((state = 'draft'::text) AND (author_account = ( SELECT app.account() AS account))) with check (author_account = ( SELECT app.account() AS account))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('intake'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update (answers), update (earlier), update (finalised_at), update (item_version_id), update (state), update (title_en), update (title_it), update (updated_at), update (version) to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table kit.item_versions -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column item_id uuid
  column kind text not null
  column key text not null
  column number integer not null
  column title_it text not null
  column title_en text not null default ''::text
  column content text not null
  column sha256 text not null
  column author_account uuid
  column author_name text not null default ''::text
  column reason text not null
  column at timestamp with time zone not null default now()
  column origin_tenant integer
  CHECK (((item_id IS NULL) = (origin_tenant IS NOT NULL)))
  CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
  CHECK (((sha256 ~ '^[0-9a-f]{64}$'::text) AND (sha256 = encode(sha256(convert_to(content, 'UTF8'::name)), 'hex'::text))))
  CHECK ((number > 0))
  FOREIGN KEY (origin_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (tenant_id, item_id, kind, key) REFERENCES kit.items(tenant_id, id, kind, key)
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, item_id, number)
  CREATE UNIQUE INDEX item_versions_pkey ON kit.item_versions USING btree (tenant_id, id)
  CREATE UNIQUE INDEX item_versions_tenant_id_item_id_number_key ON kit.item_versions USING btree (tenant_id, item_id, number)
  policy backup for select to staffetta_backup using true
  policy instruments_of_care for select to staffetta_guest using ((kind = 'assessment'::text) AND (EXISTS ( SELECT 1 FROM kit.items i WHERE ((i.tenant_id = item_versions.tenant_id) AND (i.version_id = item_versions.id)))))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy pinned_by_assessments for select to staffetta_guest using (EXISTS ( SELECT 1 FROM assessment.assessments a WHERE ((a.tenant_id = item_versions.tenant_id) AND (a.item_version_id = item_versions.id))))
  policy pinned_by_forms for select to staffetta_guest using (EXISTS ( SELECT 1 FROM intake.forms f WHERE ((f.tenant_id = item_versions.tenant_id) AND (f.item_version_id = item_versions.id))))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table kit.items -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column kind text not null
  column key text not null
  column title_it text not null
  column title_en text not null default ''::text
  column owner text not null default ''::text
  column licence text not null default ''::text
  column state text not null default 'draft'::text
  column version_id uuid
  column draft text
  column origin_practice uuid
  column origin_kit uuid
  column origin_version text not null default ''::text
  column origin_key text not null default ''::text
  column base text
  column adaptation text not null default 'local'::text
  column reason text not null default ''::text
  column version integer not null default 1
  column updated_at timestamp with time zone not null default now()
  column shown boolean not null default true
  CHECK (((length(title_it) >= 1) AND (length(title_it) <= 300)))
  CHECK (((origin_practice IS NULL) = (adaptation = 'local'::text)))
  CHECK (((origin_practice IS NULL) = (base IS NULL)))
  CHECK (((state <> 'published'::text) OR (version_id IS NOT NULL)))
  CHECK ((adaptation = ANY (ARRAY['adopted'::text, 'adapted'::text, 'dropped'::text, 'local'::text])))
  CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text))
  CHECK ((kind ~ '^[a-z][a-z-]{1,39}$'::text))
  CHECK ((length(licence) <= 60))
  CHECK ((length(owner) <= 200))
  CHECK ((length(reason) <= 500))
  CHECK ((length(title_en) <= 300))
  CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'retired'::text])))
  FOREIGN KEY (tenant_id, version_id) REFERENCES kit.item_versions(tenant_id, id) DEFERRABLE INITIALLY DEFERRED
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, id, kind, key)
  UNIQUE (tenant_id, kind, key)
  CREATE UNIQUE INDEX items_pkey ON kit.items USING btree (tenant_id, id)
  CREATE UNIQUE INDEX items_tenant_id_id_kind_key_key ON kit.items USING btree (tenant_id, id, kind, key)
  CREATE UNIQUE INDEX items_tenant_id_kind_key_key ON kit.items USING btree (tenant_id, kind, key)
  policy backup for select to staffetta_backup using true
  policy instruments_of_care for select to staffetta_guest using ((kind = 'assessment'::text) AND (state = 'published'::text) AND ('assessment'::text = ANY (( SELECT app.writable() AS writable)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = items.tenant_id) AND ((g.section)::text = 'assessment'::text) AND g.can_write))))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table ledger.contests -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column account_id uuid not null
  column event_id uuid not null
  column event_at timestamp with time zone not null
  column words text not null
  column made_at timestamp with time zone not null default app.now()
  column finding text
  column answer text not null default ''::text
  column answered_by uuid
  column answered_name text not null default ''::text
  column answered_at timestamp with time zone
  column version integer not null default 1
  CHECK ((((finding IS NULL) = (answered_at IS NULL)) AND ((finding IS NULL) = (answer = ''::text))))
  CHECK (((length(words) >= 5) AND (length(words) <= 1000)))
  CHECK ((finding = ANY (ARRAY['justified'::text, 'unjustified'::text])))
  CHECK ((length(answer) <= 2000))
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, account_id, event_id)
  CREATE INDEX contests_tenant_id_idx ON ledger.contests USING btree (tenant_id) WHERE (answered_at IS NULL)
  CREATE INDEX contests_tenant_id_made_at_id_idx ON ledger.contests USING btree (tenant_id, made_at DESC, id DESC)
  CREATE UNIQUE INDEX contests_pkey ON ledger.contests USING btree (tenant_id, id)
  CREATE UNIQUE INDEX contests_tenant_id_account_id_event_id_key ON ledger.contests USING btree (tenant_id, account_id, event_id)
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON ledger.contests REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy of_citizen as restrictive for all to staffetta_app, staffetta_report using ((app.purpose() IS DISTINCT FROM 'citizen'::text) OR (account_id = ( SELECT app.account() AS account)))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update (answer), update (answered_at), update (answered_by), update (answered_name), update (finding), update (version) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table ledger.exemptions -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column ground text not null
  column reason text not null
  column until date not null
  column recorded_by uuid not null
  column recorded_name text not null
  column recorded_at timestamp with time zone not null default app.now()
  column ended_by uuid
  column ended_name text not null default ''::text
  column ended_at timestamp with time zone
  CHECK (((length(reason) >= 5) AND (length(reason) <= 500)))
  CHECK ((ground = ANY (ARRAY['protected_minor'::text, 'violence'::text, 'judicial'::text])))
  FOREIGN KEY (tenant_id, case_id) REFERENCES casefile.cases(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX exemptions_tenant_id_case_id_idx ON ledger.exemptions USING btree (tenant_id, case_id)
  CREATE UNIQUE INDEX exemptions_pkey ON ledger.exemptions USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy hidden as restrictive for all to staffetta_app, staffetta_report using (app.purpose() IS DISTINCT FROM 'citizen'::text)
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update (ended_at), update (ended_by), update (ended_name) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.conduct_readings -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column account_id uuid not null
  column edition integer not null
  column read_at timestamp with time zone not null default app.now()
  CHECK (((edition >= 1) AND (edition <= 1000)))
  PRIMARY KEY (tenant_id, account_id, edition)
  CREATE UNIQUE INDEX conduct_readings_pkey ON onboarding.conduct_readings USING btree (tenant_id, account_id, edition)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.disposal_items -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column disposal_id uuid not null
  column id uuid not null
  column kind text not null
  column number text not null default ''::text
  column since timestamp with time zone not null
  column outcome text not null default ''::text
  CHECK ((kind ~ '^[a-z]{1,30}$'::text))
  CHECK ((outcome = ANY (ARRAY[''::text, 'gone'::text, 'held'::text, 'shared'::text, 'changed'::text])))
  FOREIGN KEY (tenant_id, disposal_id) REFERENCES onboarding.disposals(tenant_id, id)
  PRIMARY KEY (tenant_id, disposal_id, id)
  CREATE INDEX disposal_items_tenant_id_disposal_id_kind_number_id_idx ON onboarding.disposal_items USING btree (tenant_id, disposal_id, kind, number, id)
  CREATE UNIQUE INDEX disposal_items_pkey ON onboarding.disposal_items USING btree (tenant_id, disposal_id, id)
  CREATE TRIGGER check_items AFTER INSERT ON onboarding.disposal_items REFERENCING NEW TABLE AS listed FOR EACH STATEMENT WHEN ((CURRENT_USER = 'staffetta_app'::name)) EXECUTE FUNCTION onboarding.check_items()
  policy backup for select to staffetta_backup using true
  policy listed as restrictive for insert to staffetta_app with check (outcome = ''::text)
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.disposals -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column state text not null default 'proposed'::text
  column terms jsonb not null
  column note text not null default ''::text
  column proposed_by uuid not null
  column proposed_name text not null
  column proposed_at timestamp with time zone not null default app.now()
  column decided_by uuid
  column decided_name text not null default ''::text
  column decided_at timestamp with time zone
  column words text not null default ''::text
  column authorisation text not null default ''::text
  column authorised_on date
  column list_sum text not null default ''::text
  column gone jsonb not null default '{}'::jsonb
  column files text[] not null default '{}'::text[]
  column removed_at timestamp with time zone
  column version integer not null default 1
  column along uuid[] not null default '{}'::uuid[]
  CHECK (((decided_by IS NULL) OR (decided_by <> proposed_by)))
  CHECK (((state <> ALL (ARRAY['agreed'::text, 'removed'::text, 'done'::text])) OR ((decided_by IS NOT NULL) AND (authorisation <> ''::text) AND (authorised_on IS NOT NULL))))
  CHECK ((jsonb_typeof(terms) = 'object'::text))
  CHECK ((length(authorisation) <= 200))
  CHECK ((length(note) <= 2000))
  CHECK ((length(words) <= 2000))
  CHECK ((list_sum ~ '^([0-9a-f]{64})?$'::text))
  CHECK ((state = ANY (ARRAY['proposed'::text, 'withdrawn'::text, 'refused'::text, 'agreed'::text, 'removed'::text, 'done'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX disposals_pkey ON onboarding.disposals USING btree (tenant_id, id)
  CREATE UNIQUE INDEX disposals_tenant_id_idx ON onboarding.disposals USING btree (tenant_id) WHERE (state = ANY (ARRAY['proposed'::text, 'agreed'::text, 'removed'::text]))
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON onboarding.disposals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION platform.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((proposed_by = ( SELECT app.account() AS account)) AND (state = 'proposed'::text))
  policy undone as restrictive for update to staffetta_app using (state = ANY (ARRAY['proposed'::text, 'removed'::text])) with check ((state = ANY (ARRAY['proposed'::text, 'withdrawn'::text])) OR ((state = ANY (ARRAY['agreed'::text, 'refused'::text])) AND (decided_by = ( SELECT app.account() AS account))) OR ((state = 'done'::text) AND (files = '{}'::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update (authorisation), update (authorised_on), update (decided_at), update (decided_by), update (decided_name), update (files), update (list_sum), update (state), update (version), update (words) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.entries -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column state text not null default 'open'::text
  column belfiore text not null default ''::text
  column body_version integer not null default 0
  column contact_name text not null default ''::text
  column contact_position text not null default ''::text
  column contact_email text not null default ''::text
  column contact_phone text not null default ''::text
  column act_number text not null default ''::text
  column act_date date
  column contact_version integer not null default 0
  column modules text[] not null default '{}'::text[]
  column kit_id uuid
  column choice_version integer not null default 0
  column body_id integer
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  column ipa text not null default ''::text
  column pec text not null default ''::text
  column confirmed_by uuid
  column confirmed_name text not null default ''::text
  column confirmed_at timestamp with time zone
  column review text not null default ''::text
  column review_asked_at timestamp with time zone
  column review_reason text not null default ''::text
  column reviewed_by uuid
  column reviewed_name text not null default ''::text
  column reviewed_at timestamp with time zone
  column reminders integer not null default 0
  column reminded_at timestamp with time zone
  column kind text not null default 'municipality'::text
  column name text not null default ''::text
  column tax_code text not null default ''::text
  column deed_sha256 text
  column deed_name text not null default ''::text
  column deed_type text not null default ''::text
  CHECK (((confirmed_at IS NULL) = (confirmed_by IS NULL)))
  CHECK (((kind = 'municipality'::text) OR (belfiore = ''::text)))
  CHECK (((reminders >= 0) AND (reminders <= 2)))
  CHECK (((review = ANY (ARRAY['yes'::text, 'no'::text])) = (reviewed_at IS NOT NULL)))
  CHECK (((state = 'live'::text) = (body_id IS NOT NULL)))
  CHECK ((belfiore ~ '^([A-Z][0-9]{3})?$'::text))
  CHECK ((deed_sha256 ~ '^[0-9a-f]{64}$'::text))
  CHECK ((deed_type = ANY (ARRAY[''::text, 'application/pdf'::text, 'image/png'::text, 'image/jpeg'::text])))
  CHECK ((ipa ~ '^([a-z0-9][a-z0-9_-]{1,39})?$'::text))
  CHECK ((kind = ANY (ARRAY['municipality'::text, 'union'::text, 'district'::text, 'other'::text])))
  CHECK ((length(act_number) <= 60))
  CHECK ((length(confirmed_name) <= 120))
  CHECK ((length(contact_email) <= 254))
  CHECK ((length(contact_name) <= 120))
  CHECK ((length(contact_phone) <= 40))
  CHECK ((length(contact_position) <= 120))
  CHECK ((length(deed_name) <= 120))
  CHECK ((length(name) <= 200))
  CHECK ((length(pec) <= 254))
  CHECK ((length(review_reason) <= 1000))
  CHECK ((length(reviewed_name) <= 120))
  CHECK ((length(tax_code) <= 16))
  CHECK ((review = ANY (ARRAY[''::text, 'asked'::text, 'yes'::text, 'no'::text])))
  CHECK ((state = ANY (ARRAY['open'::text, 'activating'::text, 'live'::text, 'closed'::text])))
  FOREIGN KEY (body_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX entries_body_id_idx ON onboarding.entries USING btree (body_id)
  CREATE INDEX entries_tenant_id_review_asked_at_idx ON onboarding.entries USING btree (tenant_id, review_asked_at) WHERE (review <> ''::text)
  CREATE INDEX entries_tenant_id_updated_at_idx ON onboarding.entries USING btree (tenant_id, updated_at) WHERE (state = 'open'::text)
  CREATE UNIQUE INDEX entries_pkey ON onboarding.entries USING btree (tenant_id, id)
  CREATE TRIGGER forget_judgement BEFORE UPDATE ON onboarding.entries FOR EACH ROW EXECUTE FUNCTION onboarding.forget_judgement()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy people as restrictive for all to staffetta_app, staffetta_report using (EXISTS ( SELECT FROM onboarding.entry_people p WHERE ((p.tenant_id = entries.tenant_id) AND (p.entry_id = entries.id))))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select, update (act_date), update (act_number), update (belfiore), update (body_id), update (body_version), update (contact_email), update (contact_phone), update (contact_position), update (contact_version), update (deed_name), update (deed_sha256), update (deed_type), update (ipa), update (kind), update (name), update (pec), update (reminded_at), update (reminders), update (state), update (tax_code), update (updated_at) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.entry_codes -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column entry_id uuid not null
  column account_id uuid not null
  column mark text not null
  column code_token bytea not null
  column address_token bytea not null
  column tries integer not null default 0
  column issued_at timestamp with time zone not null default app.now()
  column expires_at timestamp with time zone not null
  column ended_at timestamp with time zone
  column ended_as text
  CHECK (((ended_at IS NULL) = (ended_as IS NULL)))
  CHECK (((tries >= 0) AND (tries <= 5)))
  CHECK ((ended_as = ANY (ARRAY['used'::text, 'guessed'::text, 'newer'::text])))
  FOREIGN KEY (tenant_id, entry_id) REFERENCES onboarding.entries(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX entry_codes_tenant_id_account_id_issued_at_idx ON onboarding.entry_codes USING btree (tenant_id, account_id, issued_at)
  CREATE INDEX entry_codes_tenant_id_address_token_issued_at_idx ON onboarding.entry_codes USING btree (tenant_id, address_token, issued_at)
  CREATE INDEX entry_codes_tenant_id_entry_id_issued_at_idx ON onboarding.entry_codes USING btree (tenant_id, entry_id, issued_at)
  CREATE UNIQUE INDEX entry_codes_pkey ON onboarding.entry_codes USING btree (tenant_id, id)
  CREATE UNIQUE INDEX entry_codes_tenant_id_entry_id_idx ON onboarding.entry_codes USING btree (tenant_id, entry_id) WHERE (ended_at IS NULL)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy people as restrictive for all to staffetta_app, staffetta_report using (EXISTS ( SELECT FROM onboarding.entry_people p WHERE ((p.tenant_id = entry_codes.tenant_id) AND (p.entry_id = entry_codes.entry_id))))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select, update (ended_as), update (ended_at), update (tries) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.entry_people -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column entry_id uuid not null
  column account_id uuid not null
  column name text not null default ''::text
  column created_at timestamp with time zone not null default now()
  column starter boolean not null default false
  column removed_at timestamp with time zone
  CHECK (((NOT starter) OR (removed_at IS NULL)))
  CHECK ((length(name) <= 120))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id, entry_id) REFERENCES onboarding.entries(tenant_id, id)
  PRIMARY KEY (tenant_id, entry_id, account_id)
  CREATE INDEX entry_people_tenant_id_account_id_idx ON onboarding.entry_people USING btree (tenant_id, account_id)
  CREATE UNIQUE INDEX entry_people_pkey ON onboarding.entry_people USING btree (tenant_id, entry_id, account_id)
  CREATE UNIQUE INDEX entry_people_tenant_id_entry_id_idx ON onboarding.entry_people USING btree (tenant_id, entry_id) WHERE starter
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON onboarding.entry_people REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION onboarding.signal_powers()
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON onboarding.entry_people REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION onboarding.signal_powers()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy person as restrictive for all to staffetta_app, staffetta_report using (((account_id = ( SELECT app.account() AS account)) AND (removed_at IS NULL)) OR (( SELECT app.purpose() AS purpose) = 'operator'::text))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.exports -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column state text not null default 'asked'::text
  column receiver text not null
  column recipient text not null
  column reason text not null
  column asked_by uuid
  column asked_name text not null
  column asked_at timestamp with time zone not null default app.now()
  column decided_by uuid
  column decided_name text not null default ''::text
  column decided_at timestamp with time zone
  column words text not null default ''::text
  column done integer not null default 0
  column steps integer not null default 0
  column size bigint not null default 0
  column manifest_sum text not null default ''::text
  column made_at timestamp with time zone
  column expires_at timestamp with time zone
  column fetched_by uuid
  column fetched_name text not null default ''::text
  column fetched_at timestamp with time zone
  column version integer not null default 1
  CHECK (((asked_by IS DISTINCT FROM decided_by) OR (asked_by IS NULL)))
  CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
  CHECK (((length(receiver) >= 1) AND (length(receiver) <= 200)))
  CHECK (((recipient ~ '^age1[0-9a-z]+$'::text) AND ((length(recipient) >= 20) AND (length(recipient) <= 3000))))
  CHECK (((state = ANY (ARRAY['asked'::text, 'withdrawn'::text])) OR (asked_by IS NULL) OR (decided_by IS NOT NULL)))
  CHECK ((length(words) <= 2000))
  CHECK ((manifest_sum ~ '^([0-9a-f]{64})?$'::text))
  CHECK ((state = ANY (ARRAY['asked'::text, 'withdrawn'::text, 'refused'::text, 'agreed'::text, 'ready'::text, 'failed'::text, 'expired'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX exports_expires_at_idx ON onboarding.exports USING btree (expires_at) WHERE (state = 'ready'::text)
  CREATE UNIQUE INDEX exports_pkey ON onboarding.exports USING btree (tenant_id, id)
  CREATE UNIQUE INDEX exports_tenant_id_idx ON onboarding.exports USING btree (tenant_id) WHERE (state = ANY (ARRAY['asked'::text, 'agreed'::text]))
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON onboarding.exports REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION platform.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((asked_by = ( SELECT app.account() AS account)) AND (state = 'asked'::text))
  policy upkeep for all to owner using true
  grant insert, select, update (decided_at), update (decided_by), update (decided_name), update (done), update (expires_at), update (fetched_at), update (fetched_by), update (fetched_name), update (made_at), update (manifest_sum), update (size), update (state), update (steps), update (version), update (words) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.holds -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid
  column person_id uuid
  column number text not null default ''::text
  column reason text not null
  column until date
  column held_by uuid not null
  column held_name text not null
  column held_at timestamp with time zone not null default app.now()
  column ended_by uuid
  column ended_name text not null default ''::text
  column ended_at timestamp with time zone
  column end_reason text not null default ''::text
  CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((ended_at IS NULL) = (end_reason = ''::text))))
  CHECK (((case_id IS NULL) <> (person_id IS NULL)))
  CHECK (((length(reason) >= 5) AND (length(reason) <= 1000)))
  CHECK ((length(end_reason) <= 1000))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX holds_tenant_id_case_id_idx ON onboarding.holds USING btree (tenant_id, case_id) WHERE (ended_at IS NULL)
  CREATE INDEX holds_tenant_id_person_id_idx ON onboarding.holds USING btree (tenant_id, person_id) WHERE (ended_at IS NULL)
  CREATE UNIQUE INDEX holds_pkey ON onboarding.holds USING btree (tenant_id, id)
  CREATE TRIGGER check_hold AFTER INSERT ON onboarding.holds FOR EACH ROW WHEN ((CURRENT_USER = 'staffetta_app'::name)) EXECUTE FUNCTION onboarding.check_hold()
  policy backup for select to staffetta_backup using true
  policy ending as restrictive for update to staffetta_app using (ended_at IS NULL) with check ((ended_at IS NULL) OR (ended_by = ( SELECT app.account() AS account)))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((held_by = ( SELECT app.account() AS account)) AND (ended_at IS NULL))
  policy upkeep for all to owner using true
  grant insert, select, update (end_reason), update (ended_at), update (ended_by), update (ended_name) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.invitations -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column name text not null
  column roles text[] not null
  column office_id integer
  column valid_from date not null
  column valid_to date
  column address_sealed bytea
  column address_token bytea
  column code_token bytea
  column link_hash bytea
  column sends integer not null default 1
  column sent_at timestamp with time zone not null default app.now()
  column expires_at timestamp with time zone not null
  column invited_by uuid not null
  column invited_name text not null
  column state text not null default 'sent'::text
  column claimed_by uuid
  column claimed_name text not null default ''::text
  column claimed_at timestamp with time zone
  column ended_at timestamp with time zone
  CHECK (((cardinality(roles) >= 1) AND (cardinality(roles) <= 20)))
  CHECK (((ended_at IS NULL) OR ((address_sealed IS NULL) AND (code_token IS NULL) AND (address_token IS NULL))))
  CHECK (((length(name) >= 1) AND (length(name) <= 120)))
  CHECK (((sends >= 1) AND (sends <= 5)))
  CHECK (((state = ANY (ARRAY['sent'::text, 'claimed'::text])) = (ended_at IS NULL)))
  CHECK ((length(claimed_name) <= 120))
  CHECK ((state = ANY (ARRAY['sent'::text, 'claimed'::text, 'accepted'::text, 'refused'::text, 'withdrawn'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX invitations_tenant_id_sent_at_idx ON onboarding.invitations USING btree (tenant_id, sent_at DESC)
  CREATE UNIQUE INDEX invitations_pkey ON onboarding.invitations USING btree (tenant_id, id)
  CREATE UNIQUE INDEX invitations_tenant_id_address_token_idx ON onboarding.invitations USING btree (tenant_id, address_token) WHERE (ended_at IS NULL)
  CREATE UNIQUE INDEX invitations_tenant_id_link_hash_idx ON onboarding.invitations USING btree (tenant_id, link_hash)
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON onboarding.invitations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION platform.signal('tenant_id')
  CREATE TRIGGER stand_behind BEFORE UPDATE OF link_hash ON onboarding.invitations FOR EACH ROW EXECUTE FUNCTION onboarding.stand_behind()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update (address_sealed), update (address_token), update (code_token), update (ended_at), update (expires_at), update (invited_name), update (link_hash), update (sends), update (sent_at), update (state) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.leavings -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column state text not null default 'asked'::text
  column reason text not null
  column waiver text not null default ''::text
  column export_id uuid
  column asked_by uuid not null
  column asked_name text not null
  column asked_at timestamp with time zone not null default app.now()
  column decided_by uuid
  column decided_name text not null default ''::text
  column decided_at timestamp with time zone
  column words text not null default ''::text
  column due_at timestamp with time zone
  column stopped_name text not null default ''::text
  column stopped_at timestamp with time zone
  column version integer not null default 1
  column stop_reason text not null default ''::text
  CHECK (((export_id IS NOT NULL) OR (waiver <> ''::text)))
  CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
  CHECK (((state <> 'agreed'::text) OR (due_at IS NOT NULL)))
  CHECK (((state = ANY (ARRAY['asked'::text, 'withdrawn'::text])) OR (decided_by IS NOT NULL)))
  CHECK ((asked_by IS DISTINCT FROM decided_by))
  CHECK ((length(stop_reason) <= 2000))
  CHECK ((length(waiver) <= 2000))
  CHECK ((length(words) <= 2000))
  CHECK ((state = ANY (ARRAY['asked'::text, 'withdrawn'::text, 'refused'::text, 'agreed'::text, 'stopped'::text])))
  FOREIGN KEY (tenant_id, export_id) REFERENCES onboarding.exports(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX leavings_tenant_id_export_id_idx ON onboarding.leavings USING btree (tenant_id, export_id)
  CREATE UNIQUE INDEX leavings_pkey ON onboarding.leavings USING btree (tenant_id, id)
  CREATE UNIQUE INDEX leavings_tenant_id_idx ON onboarding.leavings USING btree (tenant_id) WHERE (state = ANY (ARRAY['asked'::text, 'agreed'::text]))
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON onboarding.leavings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION platform.signal('tenant_id')
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON onboarding.leavings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION onboarding.signal_leaving()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((asked_by = ( SELECT app.account() AS account)) AND (state = 'asked'::text))
  policy upkeep for all to owner using true
  grant insert, select, update (decided_at), update (decided_by), update (decided_name), update (due_at), update (state), update (stop_reason), update (stopped_at), update (stopped_name), update (version), update (words) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.openings -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column opens boolean not null
  column account_id uuid not null
  column name text not null
  column reason text not null default ''::text
  column at timestamp with time zone not null default app.now()
  CHECK (((length(name) >= 1) AND (length(name) <= 120)))
  CHECK ((length(reason) <= 300))
  CHECK ((opens OR (reason <> ''::text)))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX openings_tenant_id_at_idx ON onboarding.openings USING btree (tenant_id, at DESC)
  CREATE UNIQUE INDEX openings_pkey ON onboarding.openings USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.privacy_sheets -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column version integer not null
  column dpo_name text not null default ''::text
  column dpo_email text not null default ''::text
  column dpo_phone text not null default ''::text
  column provider_name text not null default ''::text
  column provider_contact text not null default ''::text
  column provider_act text not null default ''::text
  column processors jsonb not null default '[]'::jsonb
  column need text not null default ''::text
  column risks text not null default ''::text
  column views text not null default ''::text
  column decision text not null default ''::text
  column saved_name text not null default ''::text
  column saved_at timestamp with time zone not null default app.now()
  CHECK ((jsonb_typeof(processors) = 'array'::text))
  CHECK ((length(decision) <= 5000))
  CHECK ((length(dpo_email) <= 254))
  CHECK ((length(dpo_name) <= 200))
  CHECK ((length(dpo_phone) <= 40))
  CHECK ((length(need) <= 5000))
  CHECK ((length(provider_act) <= 300))
  CHECK ((length(provider_contact) <= 300))
  CHECK ((length(provider_name) <= 200))
  CHECK ((length(risks) <= 5000))
  CHECK ((length(saved_name) <= 120))
  CHECK ((length(views) <= 5000))
  CHECK ((version > 0))
  PRIMARY KEY (tenant_id, version)
  CREATE UNIQUE INDEX privacy_sheets_pkey ON onboarding.privacy_sheets USING btree (tenant_id, version)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.privacy_versions -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column document text not null
  column state text not null default 'proposed'::text
  column number integer
  column content text not null
  column sha256 text not null
  column proposed_by uuid not null
  column proposed_name text not null
  column proposed_at timestamp with time zone not null default app.now()
  column decided_by uuid
  column decided_name text not null default ''::text
  column decided_at timestamp with time zone
  column words text not null default ''::text
  CHECK (((length(content) >= 2) AND (length(content) <= 1000000)))
  CHECK (((length(proposed_name) >= 1) AND (length(proposed_name) <= 120)))
  CHECK (((state <> 'published'::text) OR (decided_by IS NOT NULL)))
  CHECK (((state = 'proposed'::text) = (decided_at IS NULL)))
  CHECK (((state = 'published'::text) = (number IS NOT NULL)))
  CHECK ((document = ANY (ARRAY['notice'::text, 'register'::text, 'joint'::text, 'processor'::text, 'assessment'::text])))
  CHECK ((length(decided_name) <= 120))
  CHECK ((length(words) <= 1000))
  CHECK ((number > 0))
  CHECK ((sha256 = encode(sha256(convert_to(content, 'UTF8'::name)), 'hex'::text)))
  CHECK ((state = ANY (ARRAY['proposed'::text, 'published'::text, 'refused'::text, 'withdrawn'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX privacy_versions_pkey ON onboarding.privacy_versions USING btree (tenant_id, id)
  CREATE UNIQUE INDEX privacy_versions_tenant_id_document_number_idx ON onboarding.privacy_versions USING btree (tenant_id, document, number)
  CREATE UNIQUE INDEX privacy_versions_waiting ON onboarding.privacy_versions USING btree (tenant_id, document) WHERE (state = 'proposed'::text)
  CREATE TRIGGER kept BEFORE UPDATE ON onboarding.privacy_versions FOR EACH ROW EXECUTE FUNCTION onboarding.keep_privacy_version()
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON onboarding.privacy_versions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION platform.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((proposed_by = ( SELECT app.account() AS account)) AND (state = 'proposed'::text))
  policy upkeep for all to owner using true
  grant insert, select, update (decided_at), update (decided_by), update (decided_name), update (number), update (state), update (words) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.restrictions -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column request_id uuid not null
  column person_id uuid not null
  column reason text not null
  column set_by uuid not null
  column set_name text not null
  column set_at timestamp with time zone not null default app.now()
  column lifted_name text not null default ''::text
  column lifted_at timestamp with time zone
  column lift_reason text not null default ''::text
  CHECK (((length(reason) >= 5) AND (length(reason) <= 1000)))
  CHECK (((lifted_at IS NULL) = (lift_reason = ''::text)))
  CHECK ((length(lift_reason) <= 1000))
  FOREIGN KEY (tenant_id, request_id) REFERENCES onboarding.subject_requests(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX restrictions_pkey ON onboarding.restrictions USING btree (tenant_id, id)
  CREATE UNIQUE INDEX restrictions_tenant_id_person_id_idx ON onboarding.restrictions USING btree (tenant_id, person_id) WHERE (lifted_at IS NULL)
  policy backup for select to staffetta_backup using true
  policy lifting as restrictive for update to staffetta_app using (lifted_at IS NULL) with check true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((set_by = ( SELECT app.account() AS account)) AND (lifted_at IS NULL))
  policy upkeep for all to owner using true
  grant insert, select, update (lift_reason), update (lifted_at), update (lifted_name) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.rule_reviews -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column change_id uuid not null
  column account_id uuid not null
  column account_name text not null
  column reviewed_at timestamp with time zone not null default app.now()
  CHECK (((length(account_name) >= 1) AND (length(account_name) <= 120)))
  FOREIGN KEY (tenant_id, change_id) REFERENCES policies.rule_changes(tenant_id, id)
  PRIMARY KEY (tenant_id, change_id)
  CREATE UNIQUE INDEX rule_reviews_pkey ON onboarding.rule_reviews USING btree (tenant_id, change_id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((account_id = ( SELECT app.account() AS account)) AND (NOT (EXISTS ( SELECT FROM policies.rule_changes c WHERE ((c.tenant_id = rule_reviews.tenant_id) AND (c.id = rule_reviews.change_id) AND (COALESCE(c.applied_by, c.account_id) = ( SELECT app.account() AS account)))))))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.subject_copies -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column request_id uuid not null
  column state text not null default 'making'::text
  column choices jsonb not null
  column asked_by uuid not null
  column asked_name text not null
  column asked_at timestamp with time zone not null default app.now()
  column size bigint not null default 0
  column sha256 text not null default ''::text
  column made_at timestamp with time zone
  column expires_at timestamp with time zone
  column fetched_name text not null default ''::text
  column fetched_at timestamp with time zone
  CHECK (((state <> 'ready'::text) OR ((sha256 <> ''::text) AND (expires_at IS NOT NULL))))
  CHECK ((jsonb_typeof(choices) = 'array'::text))
  CHECK ((sha256 ~ '^([0-9a-f]{64})?$'::text))
  CHECK ((state = ANY (ARRAY['making'::text, 'ready'::text, 'failed'::text, 'expired'::text])))
  FOREIGN KEY (tenant_id, request_id) REFERENCES onboarding.subject_requests(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX subject_copies_pkey ON onboarding.subject_copies USING btree (tenant_id, id)
  CREATE UNIQUE INDEX subject_copies_tenant_id_request_id_idx ON onboarding.subject_copies USING btree (tenant_id, request_id) WHERE (state = 'making'::text)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((asked_by = ( SELECT app.account() AS account)) AND (state = 'making'::text))
  policy upkeep for all to owner using true
  grant insert, select, update (expires_at), update (fetched_at), update (fetched_name), update (made_at), update (sha256), update (size), update (state) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.subject_requests -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column number integer not null
  column kind text not null
  column person_id uuid
  column subject_name text not null
  column tax_code text not null default ''::text
  column asker text not null
  column asker_name text not null default ''::text
  column identity text not null
  column channel text not null
  column words text not null
  column received_on date not null
  column extended_at timestamp with time zone
  column extension text not null default ''::text
  column due_on date not null default ((received_on +
CASE
    WHEN (extended_at IS NULL) THEN '1 mon'::interval
    ELSE '3 mons'::interval
END))::date generated
  column state text not null default 'received'::text
  column outcome text not null default ''::text
  column answer text not null default ''::text
  column reason text not null default ''::text
  column remedies text not null default ''::text
  column answered_on date
  column handled_by uuid
  column handled_name text not null default ''::text
  column registered_by uuid not null
  column registered_name text not null
  column registered_at timestamp with time zone not null default app.now()
  column ended_at timestamp with time zone
  column version integer not null default 1
  CHECK ((((state = 'answered'::text) = (outcome <> ''::text)) AND ((state = 'answered'::text) = (answered_on IS NOT NULL))))
  CHECK (((asker = 'self'::text) OR (asker_name <> ''::text)))
  CHECK (((extended_at IS NULL) = (extension = ''::text)))
  CHECK (((length(identity) >= 3) AND (length(identity) <= 300)))
  CHECK (((length(subject_name) >= 1) AND (length(subject_name) <= 200)))
  CHECK (((length(words) >= 5) AND (length(words) <= 4000)))
  CHECK (((outcome <> ALL (ARRAY['partly'::text, 'refused'::text])) OR ((reason <> ''::text) AND (remedies <> ''::text))))
  CHECK (((state = ANY (ARRAY['answered'::text, 'withdrawn'::text])) = (ended_at IS NOT NULL)))
  CHECK ((asker = ANY (ARRAY['self'::text, 'guardian'::text, 'delegate'::text])))
  CHECK ((channel = ANY (ARRAY['desk'::text, 'email'::text, 'pec'::text, 'post'::text, 'phone'::text])))
  CHECK ((kind = ANY (ARRAY['access'::text, 'rectification'::text, 'erasure'::text, 'restriction'::text, 'objection'::text, 'portability'::text])))
  CHECK ((length(answer) <= 4000))
  CHECK ((length(asker_name) <= 200))
  CHECK ((length(extension) <= 1000))
  CHECK ((length(reason) <= 4000))
  CHECK ((length(remedies) <= 2000))
  CHECK ((length(tax_code) <= 16))
  CHECK ((outcome = ANY (ARRAY[''::text, 'granted'::text, 'partly'::text, 'refused'::text])))
  CHECK ((state = ANY (ARRAY['received'::text, 'working'::text, 'answered'::text, 'withdrawn'::text])))
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, number)
  CREATE INDEX subject_requests_tenant_id_due_on_idx ON onboarding.subject_requests USING btree (tenant_id, due_on) WHERE (ended_at IS NULL)
  CREATE INDEX subject_requests_tenant_id_person_id_idx ON onboarding.subject_requests USING btree (tenant_id, person_id)
  CREATE UNIQUE INDEX subject_requests_pkey ON onboarding.subject_requests USING btree (tenant_id, id)
  CREATE UNIQUE INDEX subject_requests_tenant_id_number_key ON onboarding.subject_requests USING btree (tenant_id, number)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((registered_by = ( SELECT app.account() AS account)) AND (state = 'received'::text) AND (extended_at IS NULL))
  policy undone as restrictive for update to staffetta_app using (state = ANY (ARRAY['received'::text, 'working'::text])) with check true
  policy upkeep for all to owner using true
  grant insert, select, update (answer), update (answered_on), update (ended_at), update (extended_at), update (extension), update (handled_by), update (handled_name), update (outcome), update (person_id), update (reason), update (remedies), update (state), update (version) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.subject_steps -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column request_id uuid not null
  column kind text not null
  column words text not null default ''::text
  column done_by uuid not null
  column done_name text not null
  column at timestamp with time zone not null default app.now()
  CHECK ((kind = ANY (ARRAY['register'::text, 'name'::text, 'take'::text, 'note'::text, 'extend'::text, 'answer'::text, 'withdraw'::text, 'copy'::text, 'fetch'::text, 'restrict'::text, 'lift'::text])))
  CHECK ((length(words) <= 4000))
  FOREIGN KEY (tenant_id, request_id) REFERENCES onboarding.subject_requests(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX subject_steps_tenant_id_request_id_at_idx ON onboarding.subject_steps USING btree (tenant_id, request_id, at)
  CREATE UNIQUE INDEX subject_steps_pkey ON onboarding.subject_steps USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check (done_by = ( SELECT app.account() AS account))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.team_members -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column team_id uuid not null
  column account_id uuid not null
  column account_name text not null
  column leads boolean not null default false
  column valid_from date not null
  column valid_to date
  CHECK (((length(account_name) >= 1) AND (length(account_name) <= 120)))
  CHECK ((valid_to >= valid_from))
  FOREIGN KEY (tenant_id, team_id) REFERENCES onboarding.teams(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX team_members_tenant_id_account_id_idx ON onboarding.team_members USING btree (tenant_id, account_id)
  CREATE INDEX team_members_tenant_id_team_id_idx ON onboarding.team_members USING btree (tenant_id, team_id)
  CREATE UNIQUE INDEX team_members_pkey ON onboarding.team_members USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.teams -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column name text not null
  column office_id integer
  column valid_from date not null
  column valid_to date
  column version integer not null default 1
  CHECK (((length(name) >= 2) AND (length(name) <= 120)))
  CHECK ((valid_to >= valid_from))
  FOREIGN KEY (tenant_id, office_id) REFERENCES platform.offices(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX teams_tenant_id_office_id_idx ON onboarding.teams USING btree (tenant_id, office_id) WHERE (office_id IS NOT NULL)
  CREATE UNIQUE INDEX teams_pkey ON onboarding.teams USING btree (tenant_id, id)
  CREATE UNIQUE INDEX teams_tenant_id_lower_idx ON onboarding.teams USING btree (tenant_id, lower(name)) WHERE (valid_to IS NULL)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.terms -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column kind text not null
  column years integer not null
  column reason text not null
  column set_by uuid not null
  column set_name text not null
  column set_at timestamp with time zone not null default app.now()
  CHECK (((length(reason) >= 5) AND (length(reason) <= 1000)))
  CHECK (((years >= 0) AND (years <= 150)))
  CHECK ((kind ~ '^[a-z]{1,30}$'::text))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX terms_tenant_id_kind_set_at_idx ON onboarding.terms USING btree (tenant_id, kind, set_at DESC)
  CREATE UNIQUE INDEX terms_pkey ON onboarding.terms USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check (set_by = ( SELECT app.account() AS account))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table onboarding.users -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column entry_id uuid not null
  column name text not null
  column roles text[] not null
  column code_sealed bytea
  column code_token bytea
  column created_at timestamp with time zone not null default now()
  column removed_at timestamp with time zone
  CHECK (((length(name) >= 1) AND (length(name) <= 120)))
  CHECK ((cardinality(roles) > 0))
  FOREIGN KEY (tenant_id, entry_id) REFERENCES onboarding.entries(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX users_tenant_id_entry_id_created_at_idx ON onboarding.users USING btree (tenant_id, entry_id, created_at) WHERE (removed_at IS NULL)
  CREATE UNIQUE INDEX users_pkey ON onboarding.users USING btree (tenant_id, id)
  CREATE UNIQUE INDEX users_tenant_id_entry_id_code_token_idx ON onboarding.users USING btree (tenant_id, entry_id, code_token)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy people as restrictive for all to staffetta_app, staffetta_report using (EXISTS ( SELECT FROM onboarding.entry_people p WHERE ((p.tenant_id = users.tenant_id) AND (p.entry_id = users.entry_id))))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table platform.accounts -- family platform
  column id uuid not null
  column cf_token bytea not null
  column cf_sealed bytea not null
  column created_at timestamp with time zone not null default now()
  PRIMARY KEY (id)
  UNIQUE (cf_token)
  CREATE UNIQUE INDEX accounts_cf_token_key ON platform.accounts USING btree (cf_token)
  CREATE UNIQUE INDEX accounts_pkey ON platform.accounts USING btree (id)
  grant insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.blocked_hosts -- family platform
  column host text not null
  column blocked_at timestamp with time zone not null default app.now()
  PRIMARY KEY (host)
  CREATE UNIQUE INDEX blocked_hosts_pkey ON platform.blocked_hosts USING btree (host)
  grant select to staffetta_backup

table platform.body_roles -- family platform
  column tenant_id integer not null
  column id text not null
  column title_it text not null
  column title_en text not null default ''::text
  column practice uuid
  column release text not null default ''::text
  column since timestamp with time zone not null default app.now()
  column ended_at timestamp with time zone
  CHECK (((length(title_it) >= 1) AND (length(title_it) <= 300)))
  CHECK ((id ~ '^item:[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text))
  CHECK ((length(title_en) <= 300))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX body_roles_pkey ON platform.body_roles USING btree (tenant_id, id)
  CREATE TRIGGER tell AFTER INSERT OR UPDATE ON platform.body_roles FOR EACH ROW EXECUTE FUNCTION platform.tell('policies', 'tenant_id')
  grant select to staffetta_platform
  grant select to staffetta_backup

table platform.domains -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column host text not null
  column token text not null
  column state text not null default 'asked'::text
  column asked_by uuid not null
  column asked_at timestamp with time zone not null default app.now()
  column changed_at timestamp with time zone not null default app.now()
  column checked_at timestamp with time zone
  column record text not null default ''::text
  column lead text not null default ''::text
  column misses integer not null default 0
  column blocked text not null default ''::text
  column shown_name text not null default ''::text
  column shown_text text not null default ''::text
  column shown_address inet
  column shown_at timestamp with time zone
  CHECK (((blocked = ''::text) OR (state = ANY (ARRAY['suspended'::text, 'removed'::text]))))
  CHECK (((length(host) <= 253) AND (host ~ '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$'::text)))
  CHECK ((length(blocked) <= 1000))
  CHECK ((length(lead) <= 20))
  CHECK ((length(record) <= 20))
  CHECK ((length(shown_name) <= 253))
  CHECK ((length(shown_text) <= 255))
  CHECK ((misses >= 0))
  CHECK ((state = ANY (ARRAY['asked'::text, 'confirmed'::text, 'suspended'::text, 'removed'::text])))
  CHECK ((token ~ '^[A-Z2-7]{26}$'::text))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX domains_pkey ON platform.domains USING btree (tenant_id, id)
  CREATE UNIQUE INDEX domains_tenant_id_idx ON platform.domains USING btree (tenant_id) WHERE (state <> 'removed'::text)
  CREATE TRIGGER keep_host AFTER INSERT OR DELETE OR UPDATE ON platform.domains FOR EACH ROW EXECUTE FUNCTION platform.keep_host()
  CREATE TRIGGER refuse_blocked BEFORE INSERT ON platform.domains FOR EACH ROW EXECUTE FUNCTION platform.refuse_blocked()
  CREATE TRIGGER release_gone AFTER DELETE ON platform.domains FOR EACH ROW WHEN ((old.blocked <> ''::text)) EXECUTE FUNCTION platform.release_gone()
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy signed as restrictive for insert to staffetta_app with check ((asked_by = ( SELECT app.account() AS account)) AND (state = 'asked'::text) AND (blocked = ''::text) AND (shown_at IS NULL))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table platform.handover_obligations -- family platform
  column key text not null
  column place integer not null
  column name text not null
  column chosen text not null
  column due text not null
  column owner_column text
  column owner_name text
  column ended text not null
  column benefit boolean not null default false
  PRIMARY KEY (key)
  UNIQUE (place)
  CREATE UNIQUE INDEX handover_obligations_pkey ON platform.handover_obligations USING btree (key)
  CREATE UNIQUE INDEX handover_obligations_place_key ON platform.handover_obligations USING btree (place)
  grant select to staffetta_backup

table platform.handover_tables -- family platform
  column name text not null
  column place integer not null
  column chosen text not null
  column case_column text
  column person_column text
  column section text not null
  column used_item text
  column file text
  column sets jsonb not null default '{}'::jsonb
  column merges boolean not null default false
  PRIMARY KEY (name)
  UNIQUE (place)
  CREATE UNIQUE INDEX handover_tables_pkey ON platform.handover_tables USING btree (name)
  CREATE UNIQUE INDEX handover_tables_place_key ON platform.handover_tables USING btree (place)
  grant select to staffetta_backup

table platform.hosts -- family platform
  column host text not null
  column tenant_id integer not null
  column since timestamp with time zone not null default app.now()
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (host)
  UNIQUE (tenant_id)
  CREATE UNIQUE INDEX hosts_pkey ON platform.hosts USING btree (host)
  CREATE UNIQUE INDEX hosts_tenant_id_key ON platform.hosts USING btree (tenant_id)
  CREATE TRIGGER refuse_shown BEFORE INSERT ON platform.hosts FOR EACH ROW EXECUTE FUNCTION platform.refuse_blocked()
  CREATE TRIGGER tell AFTER INSERT OR DELETE ON platform.hosts FOR EACH ROW EXECUTE FUNCTION platform.tell('tenants', 'tenant_id')
  grant select to staffetta_platform
  grant select to staffetta_backup

table platform.incident_notes -- family platform
  column id uuid not null
  column incident_id uuid not null
  column text text not null
  column account_id uuid not null
  column at timestamp with time zone not null default app.now()
  CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (incident_id) REFERENCES platform.incidents(id)
  PRIMARY KEY (id)
  CREATE INDEX incident_notes_incident_id_at_idx ON platform.incident_notes USING btree (incident_id, at)
  CREATE UNIQUE INDEX incident_notes_pkey ON platform.incident_notes USING btree (id)
  grant select to staffetta_backup

table platform.incidents -- family platform
  column id uuid not null
  column title text not null
  column bodies integer[] not null default '{}'::integer[]
  column account_id uuid not null
  column began_at timestamp with time zone not null default app.now()
  column closed_at timestamp with time zone
  CHECK (((length(title) >= 3) AND (length(title) <= 160)))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  PRIMARY KEY (id)
  CREATE INDEX incidents_began_at_idx ON platform.incidents USING btree (began_at DESC)
  CREATE UNIQUE INDEX incidents_pkey ON platform.incidents USING btree (id)
  grant select to staffetta_backup

table platform.login_flows -- family platform
  column state_hash bytea not null
  column tenant_id integer not null
  column body_sealed bytea not null
  column expires_at timestamp with time zone not null
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (state_hash)
  CREATE INDEX login_flows_expires_at_idx ON platform.login_flows USING btree (expires_at)
  CREATE UNIQUE INDEX login_flows_pkey ON platform.login_flows USING btree (state_hash)
  grant delete, insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.mail_signals -- family platform
  column id bigint not null generated
  column tenant_id integer not null
  column daily boolean not null default false
  column at timestamp with time zone not null default app.now()
  column told_at timestamp with time zone
  column topic text not null default ''::text
  CHECK ((topic ~ '^([a-z_]+\.[a-z_]+)?$'::text))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX mail_signals_tenant_id_id_idx ON platform.mail_signals USING btree (tenant_id, id) WHERE (told_at IS NULL)
  CREATE UNIQUE INDEX mail_signals_pkey ON platform.mail_signals USING btree (id)
  grant delete, insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.mails -- family platform
  column id uuid not null
  column tenant_id integer not null
  column account_id uuid not null
  column template text not null
  column language text not null
  column values_sealed bytea
  column address_sealed bytea
  column state text not null default 'queued'::text
  column reason text not null default ''::text
  column attempts integer not null default 0
  column created_at timestamp with time zone not null default app.now()
  column due_at timestamp with time zone not null
  column ended_at timestamp with time zone
  CHECK (((state = ANY (ARRAY['queued'::text, 'sending'::text])) = (ended_at IS NULL)))
  CHECK ((language = ANY (ARRAY['it'::text, 'en'::text])))
  CHECK ((reason = ANY (ARRAY[''::text, 'busy'::text, 'unreachable'::text, 'refused'::text, 'expired'::text, 'left'::text, 'settled'::text, 'no_address'::text])))
  CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'dropped'::text])))
  CHECK ((template ~ '^[a-z]+\.mail\.[a-z_]+$'::text))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX mails_created_at_id_idx ON platform.mails USING btree (created_at DESC, id DESC)
  CREATE INDEX mails_due_at_idx ON platform.mails USING btree (due_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]))
  CREATE INDEX mails_ended_at_idx ON platform.mails USING btree (ended_at) WHERE (ended_at IS NOT NULL)
  CREATE INDEX mails_tenant_id_account_id_template_idx ON platform.mails USING btree (tenant_id, account_id, template) WHERE (state = 'queued'::text)
  CREATE UNIQUE INDEX mails_pkey ON platform.mails USING btree (id)
  grant delete, insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.membership_periods -- family platform
  column id bigint not null generated
  column membership_id uuid not null
  column tenant_id integer not null
  column account_id uuid not null
  column role text not null
  column office_id integer
  column display_name text not null
  column valid_from date not null
  column valid_to date
  column known_from timestamp with time zone not null
  column known_to timestamp with time zone
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (membership_id) REFERENCES platform.memberships(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX membership_periods_membership_id_idx ON platform.membership_periods USING btree (membership_id) WHERE (known_to IS NULL)
  CREATE INDEX membership_periods_tenant_id_account_id_idx ON platform.membership_periods USING btree (tenant_id, account_id)
  CREATE UNIQUE INDEX membership_periods_pkey ON platform.membership_periods USING btree (id)
  grant select to staffetta_platform
  grant select to staffetta_backup

table platform.memberships -- family platform
  column id uuid not null
  column tenant_id integer not null
  column account_id uuid not null
  column role text not null
  column office_id integer
  column display_name text not null
  column valid_from date not null default CURRENT_DATE
  column valid_to date
  column created_at timestamp with time zone not null default now()
  CHECK (((length(display_name) >= 1) AND (length(display_name) <= 120)))
  CHECK (((valid_to IS NULL) OR (valid_to >= (valid_from - 1))))
  CHECK ((role <> 'support'::text))
  CHECK ((role ~ '^([a-z_]{3,40}|item:[A-Za-z0-9][A-Za-z0-9._-]{0,63})$'::text))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX memberships_account_id_idx ON platform.memberships USING btree (account_id)
  CREATE INDEX memberships_tenant_id_idx ON platform.memberships USING btree (tenant_id)
  CREATE UNIQUE INDEX memberships_pkey ON platform.memberships USING btree (id)
  CREATE UNIQUE INDEX memberships_tenant_id_account_id_role_coalesce_idx ON platform.memberships USING btree (tenant_id, account_id, role, COALESCE(office_id, 0)) WHERE (valid_to IS NULL)
  CREATE CONSTRAINT TRIGGER keep_apart AFTER INSERT OR UPDATE ON platform.memberships DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((app.account() IS NOT NULL)) EXECUTE FUNCTION platform.keep_apart()
  CREATE TRIGGER end_sessions AFTER INSERT OR UPDATE ON platform.memberships FOR EACH ROW EXECUTE FUNCTION platform.end_sessions()
  CREATE TRIGGER keep AFTER INSERT OR UPDATE ON platform.memberships FOR EACH ROW EXECUTE FUNCTION platform.keep_membership()
  CREATE TRIGGER tell AFTER INSERT OR UPDATE ON platform.memberships FOR EACH ROW EXECUTE FUNCTION platform.tell('members', 'account_id')
  grant insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.modules -- family platform
  column tenant_id integer not null
  column module text not null
  column active boolean not null
  column settings jsonb not null default '{}'::jsonb
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id, module)
  CREATE UNIQUE INDEX modules_pkey ON platform.modules USING btree (tenant_id, module)
  CREATE TRIGGER tell AFTER INSERT OR UPDATE ON platform.modules FOR EACH ROW EXECUTE FUNCTION platform.tell('tenants', 'tenant_id')
  grant insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.offices -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id integer not null
  column name text not null
  column address text not null default ''::text
  column form_id uuid
  column phone text not null default ''::text
  column email text not null default ''::text
  column hours jsonb not null default '[]'::jsonb
  column access_notes text not null default ''::text
  column areas text[] not null default '{}'::text[]
  column targets text[] not null default '{}'::text[]
  column valid_from date not null default '2000-01-01'::date
  column valid_to date
  column successor_id integer
  column version integer not null default 1
  column closed_days jsonb not null default '[]'::jsonb
  CHECK (((jsonb_typeof(closed_days) = 'array'::text) AND (length((closed_days)::text) <= 20000)))
  CHECK (((length(name) >= 2) AND (length(name) <= 120)))
  CHECK (((valid_to IS NULL) OR (valid_to >= (valid_from - 1))))
  CHECK ((cardinality(areas) <= 60))
  CHECK ((cardinality(targets) <= 20))
  CHECK ((jsonb_typeof(hours) = 'array'::text))
  CHECK ((length(access_notes) <= 1000))
  CHECK ((length(address) <= 300))
  CHECK ((length(email) <= 254))
  CHECK ((length(phone) <= 40))
  CHECK ((successor_id <> id))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  FOREIGN KEY (tenant_id, successor_id) REFERENCES platform.offices(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX offices_tenant_id_successor_id_idx ON platform.offices USING btree (tenant_id, successor_id) WHERE (successor_id IS NOT NULL)
  CREATE UNIQUE INDEX offices_pkey ON platform.offices USING btree (tenant_id, id)
  CREATE UNIQUE INDEX offices_tenant_id_form_id_idx ON platform.offices USING btree (tenant_id, form_id)
  CREATE UNIQUE INDEX offices_tenant_id_lower_idx ON platform.offices USING btree (tenant_id, lower(name)) WHERE (valid_to IS NULL)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table platform.parked_forms -- family platform
  column id uuid not null
  column tenant_id integer not null
  column account_id uuid not null
  column body_sealed bytea not null
  column expires_at timestamp with time zone not null
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX parked_forms_expires_at_idx ON platform.parked_forms USING btree (expires_at)
  CREATE UNIQUE INDEX parked_forms_pkey ON platform.parked_forms USING btree (id)
  grant delete, insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.policy_bases -- family platform
  column id bigint not null generated
  column rules text not null
  column since timestamp with time zone not null default app.now()
  PRIMARY KEY (id)
  CREATE INDEX policy_bases_since_idx ON platform.policy_bases USING btree (since)
  CREATE UNIQUE INDEX policy_bases_pkey ON platform.policy_bases USING btree (id)
  grant insert, select to staffetta_platform
  grant select to staffetta_backup

table platform.policy_periods -- family platform
  column id bigint not null generated
  column tenant_id integer not null
  column role text not null
  column relation text not null
  column object text not null
  column action text not null
  column effect text not null
  column valid_from timestamp with time zone not null
  column valid_to timestamp with time zone
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX policy_periods_tenant_id_valid_from_idx ON platform.policy_periods USING btree (tenant_id, valid_from)
  CREATE UNIQUE INDEX policy_periods_pkey ON platform.policy_periods USING btree (id)
  grant select to staffetta_platform
  grant select to staffetta_backup

table platform.policy_rules -- family platform
  column id bigint not null generated
  column tenant_id integer not null
  column role text not null
  column relation text not null
  column object text not null
  column action text not null
  column effect text not null
  CHECK (((effect = 'deny'::text) OR ((role <> ALL (ARRAY['tenant_admin'::text, 'dpo'::text, 'platform_operator'::text, 'platform_reviewer'::text, 'newcomer'::text, 'citizen'::text])) AND (relation <> 'guest'::text) AND ((relation <> 'emergency'::text) OR (action = ANY (ARRAY['read'::text, 'open'::text]))))))
  CHECK (((effect = 'deny'::text) OR (role <> ALL (ARRAY['district_contact'::text, 'plan_office'::text, 'practice_owner'::text, 'lead_contact'::text])) OR (object <> ALL (ARRAY['case'::text, 'identity'::text, 'household'::text, 'contacts'::text, 'intake'::text, 'assessment'::text, 'icf'::text, 'plan'::text, 'interventions'::text, 'school'::text, 'diary'::text, 'documents'::text, 'judicial'::text, 'health'::text]))))
  CHECK (((role !~~ 'item:%'::text) OR ((effect = 'allow'::text) AND (((relation = ANY (ARRAY['assigned'::text, 'team'::text, 'body'::text])) AND (((object = ANY (ARRAY['identity'::text, 'household'::text, 'contacts'::text, 'intake'::text, 'assessment'::text, 'icf'::text, 'plan'::text, 'interventions'::text, 'school'::text, 'diary'::text, 'documents'::text, 'judicial'::text, 'health'::text])) AND (action = ANY (ARRAY['read'::text, 'write'::text]))) OR ((object = 'case'::text) AND (action = ANY (ARRAY['open'::text, 'work'::text, 'team'::text, 'assign'::text]))))) OR ((relation = 'body'::text) AND (((object || ':'::text) || action) = ANY (ARRAY['person:read'::text, 'person:write'::text, 'contact:read'::text, 'contact:write'::text, 'desk:read'::text, 'case:read'::text, 'case:create'::text, 'case:write'::text, 'case_access:explain'::text, 'instrument:read'::text, 'instrument:write'::text, 'practice:read'::text, 'practice:write'::text, 'adoption:read'::text, 'adoption:write'::text, 'proposal:read'::text, 'proposal:write'::text, 'item:read'::text, 'item:write'::text, 'share:offer'::text, 'share:close'::text, 'share:read'::text, 'agreement:read'::text])))))))
  CHECK ((effect = ANY (ARRAY['allow'::text, 'deny'::text])))
  CHECK ((role <> 'support'::text))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  UNIQUE (tenant_id, role, relation, object, action)
  CREATE UNIQUE INDEX policy_rules_pkey ON platform.policy_rules USING btree (id)
  CREATE UNIQUE INDEX policy_rules_tenant_id_role_relation_object_action_key ON platform.policy_rules USING btree (tenant_id, role, relation, object, action)
  CREATE TRIGGER keep AFTER INSERT OR DELETE OR UPDATE ON platform.policy_rules FOR EACH ROW EXECUTE FUNCTION platform.keep_rule()
  CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE ON platform.policy_rules FOR EACH ROW EXECUTE FUNCTION platform.tell('policies', 'tenant_id')
  grant select to staffetta_platform
  grant select to staffetta_backup

table platform.profiles -- family platform
  column tenant_id integer not null
  column version integer not null default 1
  column subtitle text not null default ''::text
  column theme text not null default ''::text
  column crest text not null default ''::text
  column address text not null default ''::text
  column phone text not null default ''::text
  column email text not null default ''::text
  column website text not null default ''::text
  column accessibility text not null default ''::text
  column changed_at timestamp with time zone not null default app.now()
  CHECK (((length(accessibility) <= 200) AND (accessibility ~ '^(https://.*)?$'::text)))
  CHECK (((length(website) <= 200) AND (website ~ '^(https://.*)?$'::text)))
  CHECK ((crest ~ '^([0-9a-f]{64})?$'::text))
  CHECK ((length(address) <= 200))
  CHECK ((length(email) <= 254))
  CHECK ((length(phone) <= 40))
  CHECK ((length(subtitle) <= 80))
  CHECK ((theme = ANY (ARRAY[''::text, 'verde'::text, 'bordeaux'::text, 'viola'::text, 'petrolio'::text, 'grafite'::text])))
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX profiles_pkey ON platform.profiles USING btree (tenant_id)
  CREATE TRIGGER tell AFTER INSERT OR UPDATE ON platform.profiles FOR EACH ROW EXECUTE FUNCTION platform.tell('tenants', 'tenant_id')
  grant insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.role_secrets -- family platform
  column role text not null
  column sealed bytea not null
  PRIMARY KEY (role)
  CREATE UNIQUE INDEX role_secrets_pkey ON platform.role_secrets USING btree (role)

table platform.seen_tokens -- family platform
  column provider text not null
  column jti_hash bytea not null
  column until timestamp with time zone not null
  PRIMARY KEY (provider, jti_hash)
  CREATE UNIQUE INDEX seen_tokens_pkey ON platform.seen_tokens USING btree (provider, jti_hash)
  grant delete, insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.sessions -- family platform
  column id_hash bytea not null
  column id uuid not null
  column tenant_id integer not null
  column account_id uuid not null
  column purpose text not null
  column assurance integer not null
  column provider text not null
  column display_name text not null
  column created_at timestamp with time zone not null
  column idle_until timestamp with time zone not null
  column absolute_until timestamp with time zone not null
  column ended_at timestamp with time zone
  column token_sealed bytea
  column token_until timestamp with time zone
  CHECK (((assurance >= 1) AND (assurance <= 3)))
  CHECK ((purpose = ANY (ARRAY['operator'::text, 'citizen'::text, 'newcomer'::text])))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id_hash)
  UNIQUE (id)
  CREATE INDEX sessions_absolute_until_idx ON platform.sessions USING btree (absolute_until)
  CREATE INDEX sessions_account_id_tenant_id_idx ON platform.sessions USING btree (account_id, tenant_id)
  CREATE UNIQUE INDEX sessions_id_key ON platform.sessions USING btree (id)
  CREATE UNIQUE INDEX sessions_pkey ON platform.sessions USING btree (id_hash)
  CREATE TRIGGER tell AFTER DELETE OR UPDATE OF ended_at, assurance ON platform.sessions FOR EACH ROW EXECUTE FUNCTION platform.tell('sessions', 'id')
  grant delete, insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.slugs -- family platform
  column slug text not null
  column tenant_id integer not null
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (slug)
  CREATE UNIQUE INDEX slugs_pkey ON platform.slugs USING btree (slug)
  CREATE TRIGGER tell AFTER INSERT OR UPDATE ON platform.slugs FOR EACH ROW EXECUTE FUNCTION platform.tell('tenants', 'tenant_id')
  grant insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.support_accesses -- family platform
  column id uuid not null
  column tenant_id integer not null
  column state text not null
  column reason text not null
  column hours integer not null
  column account_id uuid
  column name text not null default ''::text
  column asked_at timestamp with time zone not null default app.now()
  column answered_by uuid
  column answered_name text not null default ''::text
  column answered_at timestamp with time zone
  column until timestamp with time zone
  column ended_at timestamp with time zone
  CHECK ((((state = 'asked'::text) = (answered_at IS NULL)) OR (state = 'ended'::text)))
  CHECK (((hours >= 1) AND (hours <= 8)))
  CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
  CHECK (((state <> 'granted'::text) OR (until IS NOT NULL)))
  CHECK (((until IS NULL) OR (until <= (answered_at + '08:00:00'::interval))))
  CHECK ((account_id IS DISTINCT FROM answered_by))
  CHECK ((length(answered_name) <= 120))
  CHECK ((length(name) <= 120))
  CHECK ((state = ANY (ARRAY['asked'::text, 'granted'::text, 'refused'::text, 'ended'::text])))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (answered_by) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX support_accesses_asked_at_idx ON platform.support_accesses USING btree (asked_at DESC)
  CREATE INDEX support_accesses_tenant_id_account_id_idx ON platform.support_accesses USING btree (tenant_id, account_id) WHERE (state = 'granted'::text)
  CREATE INDEX support_accesses_tenant_id_asked_at_idx ON platform.support_accesses USING btree (tenant_id, asked_at DESC)
  CREATE UNIQUE INDEX support_accesses_pkey ON platform.support_accesses USING btree (id)
  CREATE UNIQUE INDEX support_accesses_tenant_id_account_id_idx1 ON platform.support_accesses USING btree (tenant_id, account_id) WHERE (state = 'asked'::text)
  CREATE TRIGGER begin_support AFTER INSERT OR UPDATE OF state, account_id ON platform.support_accesses FOR EACH ROW WHEN (((new.state = 'granted'::text) AND (new.account_id IS NOT NULL))) EXECUTE FUNCTION platform.begin_support()
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON platform.support_accesses REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION platform.signal('tenant_id')
  CREATE TRIGGER tell AFTER INSERT OR UPDATE ON platform.support_accesses FOR EACH ROW EXECUTE FUNCTION platform.tell('members', 'account_id')
  grant select to staffetta_platform
  grant select to staffetta_backup

table platform.suspensions -- family platform
  column id uuid not null
  column tenant_id integer not null
  column was text not null
  column reason text not null
  column account_id uuid not null
  column name text not null
  column at timestamp with time zone not null default app.now()
  column ended_at timestamp with time zone
  column ended_by uuid
  column ended_name text not null default ''::text
  column ended_reason text not null default ''::text
  CHECK (((ended_at IS NULL) = (ended_by IS NULL)))
  CHECK (((length(name) >= 1) AND (length(name) <= 120)))
  CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
  CHECK ((length(ended_name) <= 120))
  CHECK ((length(ended_reason) <= 1000))
  CHECK ((was = ANY (ARRAY['entering'::text, 'active'::text])))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (ended_by) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX suspensions_tenant_id_at_idx ON platform.suspensions USING btree (tenant_id, at DESC)
  CREATE UNIQUE INDEX suspensions_pkey ON platform.suspensions USING btree (id)
  CREATE UNIQUE INDEX suspensions_tenant_id_idx ON platform.suspensions USING btree (tenant_id) WHERE (ended_at IS NULL)
  grant select to staffetta_backup

table platform.tenants -- family platform
  column id integer not null generated
  column slug text not null
  column ipa text
  column name text not null
  column kind text not null
  column state text not null default 'entering'::text
  column istat text
  column belfiore text
  column tax_code text
  column pec text
  column created_at timestamp with time zone not null default now()
  column activated_at timestamp with time zone
  CHECK (((length(name) >= 2) AND (length(name) <= 200)))
  CHECK ((kind = ANY (ARRAY['municipality'::text, 'union'::text, 'district'::text, 'joint_office'::text, 'other'::text, 'platform'::text])))
  CHECK ((slug ~ '^[a-z0-9][a-z0-9_-]{1,62}$'::text))
  CHECK ((state = ANY (ARRAY['entering'::text, 'active'::text, 'suspended'::text, 'closed'::text])))
  PRIMARY KEY (id)
  UNIQUE (slug)
  CREATE INDEX tenants_lower_id_idx ON platform.tenants USING btree (lower(name), id) WHERE (kind <> 'platform'::text)
  CREATE UNIQUE INDEX tenants_belfiore_idx ON platform.tenants USING btree (belfiore) WHERE ((kind = 'municipality'::text) AND (state <> 'closed'::text))
  CREATE UNIQUE INDEX tenants_lower_idx ON platform.tenants USING btree (lower(pec)) WHERE (state <> 'closed'::text)
  CREATE UNIQUE INDEX tenants_pkey ON platform.tenants USING btree (id)
  CREATE UNIQUE INDEX tenants_slug_key ON platform.tenants USING btree (slug)
  CREATE UNIQUE INDEX tenants_tax_code_idx ON platform.tenants USING btree (tax_code) WHERE (state <> 'closed'::text)
  CREATE TRIGGER tell AFTER INSERT OR UPDATE ON platform.tenants FOR EACH ROW EXECUTE FUNCTION platform.tell('tenants', 'id')
  grant insert, select, update to staffetta_platform
  grant select to staffetta_backup

table platform.tokens -- family platform
  column id uuid not null
  column tenant_id integer not null
  column account_id uuid not null
  column name text not null
  column token_hash bytea not null
  column roles text[] not null
  column assurance integer not null
  column created_at timestamp with time zone not null default now()
  column expires_at timestamp with time zone not null
  column revoked_at timestamp with time zone
  CHECK (((assurance >= 1) AND (assurance <= 3)))
  CHECK (((length(name) >= 1) AND (length(name) <= 80)))
  CHECK ((expires_at <= (created_at + '90 days 01:00:00'::interval)))
  FOREIGN KEY (account_id) REFERENCES platform.accounts(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  UNIQUE (token_hash)
  CREATE UNIQUE INDEX tokens_pkey ON platform.tokens USING btree (id)
  CREATE UNIQUE INDEX tokens_token_hash_key ON platform.tokens USING btree (token_hash)
  CREATE TRIGGER tell AFTER UPDATE OF revoked_at ON platform.tokens FOR EACH ROW EXECUTE FUNCTION platform.tell('members', 'account_id')
  grant insert, select, update to staffetta_platform
  grant select to staffetta_backup

table policies.agreement_keys -- family between, row security forced
  column agreement_id uuid not null
  column generation integer not null
  column sealed bytea not null
  column made_at timestamp with time zone not null default app.now()
  CHECK (((length(sealed) >= 32) AND (length(sealed) <= 500)))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  PRIMARY KEY (agreement_id, generation)
  CREATE UNIQUE INDEX agreement_keys_pkey ON policies.agreement_keys USING btree (agreement_id, generation)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_backup

table policies.agreements -- family between, row security forced
  column id uuid not null
  column title text not null
  column state text not null default 'proposed'::text
  column purposes text[] not null
  column sections text[] not null
  column valid tstzrange not null
  column created_at timestamp with time zone not null default now()
  column version integer not null default 1
  column suspended_by integer
  column writable text[] not null default '{}'::text[]
  column renews uuid
  column ended_by integer
  column end_reason text not null default ''::text
  column known_elsewhere boolean not null default false
  column break_glass boolean not null default false
  column only_share uuid
  column network_id uuid
  CHECK (((length(title) >= 3) AND (length(title) <= 200)))
  CHECK (((only_share IS NULL) OR ((NOT known_elsewhere) AND (writable = '{}'::text[]))))
  CHECK ((cardinality(purposes) > 0))
  CHECK ((cardinality(sections) > 0))
  CHECK ((known_elsewhere OR (NOT break_glass)))
  CHECK ((length(end_reason) <= 500))
  CHECK ((state = ANY (ARRAY['draft'::text, 'proposed'::text, 'active'::text, 'suspended'::text, 'ended'::text])))
  CHECK ((writable <@ sections))
  FOREIGN KEY (ended_by) REFERENCES platform.tenants(id)
  FOREIGN KEY (network_id) REFERENCES sharing.networks(id)
  FOREIGN KEY (only_share) REFERENCES sharing.shares(id) DEFERRABLE INITIALLY DEFERRED
  FOREIGN KEY (renews) REFERENCES policies.agreements(id)
  FOREIGN KEY (suspended_by) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX agreements_only_share_idx ON policies.agreements USING btree (only_share) WHERE (only_share IS NOT NULL)
  CREATE INDEX agreements_renews_idx ON policies.agreements USING btree (renews) WHERE (renews IS NOT NULL)
  CREATE UNIQUE INDEX agreements_pkey ON policies.agreements USING btree (id)
  CREATE TRIGGER live AFTER INSERT OR UPDATE OF state, valid, only_share ON policies.agreements FOR EACH ROW EXECUTE FUNCTION policies.keep_live()
  CREATE TRIGGER live_only BEFORE INSERT ON policies.agreements FOR EACH ROW EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER states AFTER INSERT OR UPDATE OF state ON policies.agreements FOR EACH ROW EXECUTE FUNCTION policies.note_agreement_state()
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.agreements_edges -- family between, row security forced
  column agreement_id uuid not null
  column from_tenant integer not null
  column to_tenant integer not null
  CHECK ((from_tenant <> to_tenant))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (from_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (to_tenant) REFERENCES platform.tenants(id)
  PRIMARY KEY (agreement_id, from_tenant, to_tenant)
  CREATE UNIQUE INDEX agreements_edges_pkey ON policies.agreements_edges USING btree (agreement_id, from_tenant, to_tenant)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.agreements_parties -- family between, row security forced
  column agreement_id uuid not null
  column tenant_id integer not null default app.tenant()
  column side text not null
  column data_role text not null default 'controller'::text
  column act_number text not null default ''::text
  column act_date date
  column accepted_at timestamp with time zone
  column accepted_by uuid
  column signatory text not null default ''::text
  column signed_digest text not null default ''::text
  CHECK ((data_role = ANY (ARRAY['controller'::text, 'joint_controller'::text, 'processor'::text])))
  CHECK ((length(signatory) <= 200))
  CHECK ((side = ANY (ARRAY['proposer'::text, 'party'::text])))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (agreement_id, tenant_id)
  CREATE INDEX agreements_parties_tenant_id_agreement_id_idx ON policies.agreements_parties USING btree (tenant_id, agreement_id)
  CREATE UNIQUE INDEX agreements_parties_pkey ON policies.agreements_parties USING btree (agreement_id, tenant_id)
  CREATE TRIGGER live AFTER INSERT OR DELETE OR UPDATE OF agreement_id, tenant_id ON policies.agreements_parties FOR EACH ROW EXECUTE FUNCTION policies.keep_live()
  CREATE TRIGGER live_only BEFORE UPDATE OF accepted_at ON policies.agreements_parties FOR EACH ROW WHEN (((new.accepted_at IS NOT NULL) AND (old.accepted_at IS NULL))) EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON policies.agreements_parties REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.agreements_states -- family between, row security forced
  column agreement_id uuid not null
  column step integer not null
  column state text not null
  column changed_at timestamp with time zone not null default app.now()
  column changed_by integer default app.tenant()
  CHECK ((state = ANY (ARRAY['draft'::text, 'proposed'::text, 'active'::text, 'suspended'::text, 'ended'::text])))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (changed_by) REFERENCES platform.tenants(id)
  PRIMARY KEY (agreement_id, step)
  CREATE UNIQUE INDEX agreements_states_pkey ON policies.agreements_states USING btree (agreement_id, step)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (agreement_id IN ( SELECT policies.agreements_of_tenant() AS agreements_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.case_grants -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column share_id uuid not null
  column agreement_id uuid not null
  column case_id uuid not null
  column section app.section not null
  column grantee integer not null
  column grantee_account uuid
  column grantee_office integer
  column can_write boolean not null default false
  column valid tstzrange not null
  column created_at timestamp with time zone not null default now()
  CHECK ((grantee <> tenant_id))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (grantee) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX case_grants_grantee_tenant_id_case_id_section_valid_grantee_idx ON policies.case_grants USING btree (grantee, tenant_id, case_id, section) INCLUDE (valid, grantee_account, grantee_office, agreement_id)
  CREATE INDEX case_grants_share_id_idx ON policies.case_grants USING btree (share_id)
  CREATE INDEX case_grants_tenant_id_case_id_grantee_section_valid_grantee_idx ON policies.case_grants USING btree (tenant_id, case_id, grantee, section) INCLUDE (valid, grantee_account, grantee_office, agreement_id)
  CREATE UNIQUE INDEX case_grants_pkey ON policies.case_grants USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using ((grantee = ( SELECT app.tenant() AS tenant)) AND (valid @> app.now()) AND ((grantee_account IS NULL) OR (grantee_account = app.account())) AND ((grantee_office IS NULL) OR (grantee_office = ANY (app.offices()))) AND (agreement_id = ANY (( SELECT COALESCE(app.agreements(), policies.live_agreement_ids()) AS "coalesce")::uuid[])))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.case_openings -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column case_id uuid not null
  column account_id uuid not null
  column reason text not null
  column valid tstzrange not null
  CHECK (((length(reason) >= 5) AND (length(reason) <= 500)))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX case_openings_tenant_id_case_id_account_id_idx ON policies.case_openings USING btree (tenant_id, case_id, account_id)
  CREATE UNIQUE INDEX case_openings_pkey ON policies.case_openings USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.case_subjects -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column case_id uuid not null
  column person_id uuid not null
  column section app.section not null
  column valid_to timestamp with time zone
  PRIMARY KEY (tenant_id, case_id, person_id, section)
  CREATE INDEX case_subjects_tenant_id_person_id_section_case_id_valid_to_idx ON policies.case_subjects USING btree (tenant_id, person_id) INCLUDE (section, case_id, valid_to)
  CREATE UNIQUE INDEX case_subjects_pkey ON policies.case_subjects USING btree (tenant_id, case_id, person_id, section)
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using (((section)::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_grants g WHERE ((g.tenant_id = case_subjects.tenant_id) AND (g.case_id = case_subjects.case_id) AND ((g.section)::text = (case_subjects.section)::text)))))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy still as restrictive for select to staffetta_guest using (valid_to IS NULL)
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.case_tokens -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column agreement_id uuid not null
  column generation integer not null
  column case_id uuid not null
  column token bytea not null
  CHECK ((length(token) = 32))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (agreement_id, generation) REFERENCES policies.agreement_keys(agreement_id, generation)
  PRIMARY KEY (tenant_id, agreement_id, generation, case_id)
  CREATE INDEX case_tokens_agreement_id_generation_token_tenant_id_idx ON policies.case_tokens USING btree (agreement_id, generation, token, tenant_id)
  CREATE INDEX case_tokens_tenant_id_case_id_idx ON policies.case_tokens USING btree (tenant_id, case_id)
  CREATE UNIQUE INDEX case_tokens_pkey ON policies.case_tokens USING btree (tenant_id, agreement_id, generation, case_id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_backup

table policies.known_asked -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column agreement_id uuid not null
  column account_id uuid not null
  column token bytea not null
  column asked_at timestamp with time zone not null
  CHECK ((length(token) = 32))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  PRIMARY KEY (tenant_id, agreement_id, account_id, token)
  CREATE INDEX known_asked_tenant_id_asked_at_idx ON policies.known_asked USING btree (tenant_id, asked_at)
  CREATE UNIQUE INDEX known_asked_pkey ON policies.known_asked USING btree (tenant_id, agreement_id, account_id, token)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_backup

table policies.known_questions -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column agreement_id uuid not null
  column account_id uuid not null
  column hour timestamp with time zone not null
  column asked integer not null
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  PRIMARY KEY (tenant_id, agreement_id, account_id, hour)
  CREATE INDEX known_questions_agreement_id_hour_idx ON policies.known_questions USING btree (agreement_id, hour)
  CREATE UNIQUE INDEX known_questions_pkey ON policies.known_questions USING btree (tenant_id, agreement_id, account_id, hour)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.live_agreements -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column agreement_id uuid not null
  column valid tstzrange not null
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (tenant_id, agreement_id) INCLUDE (valid)
  CREATE INDEX live_agreements_agreement_id_idx ON policies.live_agreements USING btree (agreement_id)
  CREATE UNIQUE INDEX live_agreements_pkey ON policies.live_agreements USING btree (tenant_id, agreement_id) INCLUDE (valid)
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.rule_changes -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column state text not null default 'draft'::text
  column number integer
  column lines jsonb not null
  column reason text not null default ''::text
  column sights jsonb not null default '[]'::jsonb
  column account_id uuid not null
  column account_name text not null
  column begun_at timestamp with time zone not null default app.now()
  column applied_by uuid
  column applied_name text not null default ''::text
  column applied_at timestamp with time zone
  column version integer not null default 1
  column item text not null default ''::text
  column item_version integer
  CHECK ((length(account_name) <= 120))
  CHECK ((length(applied_name) <= 120))
  CHECK ((length(item) <= 64))
  CHECK ((length(reason) <= 500))
  CHECK ((state = ANY (ARRAY['draft'::text, 'applied'::text, 'discarded'::text])))
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, number)
  CREATE UNIQUE INDEX rule_changes_pkey ON policies.rule_changes USING btree (tenant_id, id)
  CREATE UNIQUE INDEX rule_changes_tenant_id_idx ON policies.rule_changes USING btree (tenant_id) WHERE (state = 'draft'::text)
  CREATE UNIQUE INDEX rule_changes_tenant_id_number_key ON policies.rule_changes USING btree (tenant_id, number)
  policy backup for select to staffetta_backup using true
  policy begun as restrictive for insert to staffetta_app with check ((state = 'draft'::text) AND (number IS NULL))
  policy drafting as restrictive for update to staffetta_app using (state = 'draft'::text) with check ((state = ANY (ARRAY['draft'::text, 'discarded'::text])) AND (number IS NULL))
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table policies.rule_vectors -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column role text not null
  column relation text not null
  column object text not null
  column action text not null
  column allowed boolean not null
  column account_id uuid not null
  column account_name text not null
  column created_at timestamp with time zone not null default app.now()
  column ended_at timestamp with time zone
  column ended_name text not null default ''::text
  CHECK ((length(account_name) <= 120))
  CHECK ((length(ended_name) <= 120))
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX rule_vectors_pkey ON policies.rule_vectors USING btree (tenant_id, id)
  CREATE UNIQUE INDEX rule_vectors_tenant_id_role_relation_object_action_idx ON policies.rule_vectors USING btree (tenant_id, role, relation, object, action) WHERE (ended_at IS NULL)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table post.addresses -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column account_id uuid not null
  column address_sealed bytea
  column confirmed_at timestamp with time zone
  column pending_sealed bytea
  column pending_hash bytea
  column pending_until timestamp with time zone
  column asked_on date
  column asked integer not null default 0
  column rhythm text not null default 'at_once'::text
  column language text not null default 'it'::text
  column version integer not null default 1
  column off text[] not null default '{}'::text[]
  CHECK ((((pending_sealed IS NULL) = (pending_hash IS NULL)) AND ((pending_sealed IS NULL) = (pending_until IS NULL))))
  CHECK (((address_sealed IS NULL) = (confirmed_at IS NULL)))
  CHECK ((cardinality(off) <= 100))
  CHECK ((language = ANY (ARRAY['it'::text, 'en'::text])))
  CHECK ((rhythm = ANY (ARRAY['at_once'::text, 'daily'::text, 'never'::text])))
  PRIMARY KEY (tenant_id, account_id)
  CREATE UNIQUE INDEX addresses_pkey ON post.addresses USING btree (tenant_id, account_id)
  CREATE UNIQUE INDEX addresses_tenant_id_pending_hash_idx ON post.addresses USING btree (tenant_id, pending_hash)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy own_address as restrictive for all to staffetta_app using ((account_id = ( SELECT app.account() AS account)) OR (app.purpose() IS NULL))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported_address as restrictive for select to staffetta_report using (account_id = ( SELECT app.account() AS account))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table post.told -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column account_id uuid not null
  column things jsonb not null default '{}'::jsonb
  column daily_on date
  column failure text not null default ''::text
  CHECK ((failure = ANY (ARRAY[''::text, 'address'::text, 'pending'::text])))
  PRIMARY KEY (tenant_id, account_id)
  CREATE UNIQUE INDEX told_pkey ON post.told USING btree (tenant_id, account_id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy own_told as restrictive for all to staffetta_app using ((account_id = ( SELECT app.account() AS account)) OR (app.purpose() IS NULL))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported_told as restrictive for select to staffetta_report using (account_id = ( SELECT app.account() AS account))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoption_items -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column adoption_id uuid not null
  column kind text not null
  column key text not null
  column item_id uuid not null
  column decision text not null
  column reason text not null default ''::text
  column updated_at timestamp with time zone not null default now()
  column kit_id uuid not null
  CHECK ((decision = ANY (ARRAY['adopted'::text, 'adapted'::text, 'dropped'::text, 'left'::text])))
  CHECK ((length(reason) <= 500))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  FOREIGN KEY (tenant_id, item_id) REFERENCES kit.items(tenant_id, id)
  PRIMARY KEY (tenant_id, adoption_id, kind, key)
  CREATE UNIQUE INDEX adoption_items_pkey ON practice.adoption_items USING btree (tenant_id, adoption_id, kind, key)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoption_news -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column adoption_id uuid not null
  column kit_id uuid not null
  column at timestamp with time zone not null default now()
  column read_at timestamp with time zone
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  PRIMARY KEY (tenant_id, adoption_id, kit_id)
  CREATE UNIQUE INDEX adoption_news_pkey ON practice.adoption_news USING btree (tenant_id, adoption_id, kit_id)
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON practice.adoption_news REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoption_notes -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column adoption_id uuid not null
  column stage integer not null
  column text text not null
  column author_name text not null default ''::text
  column at timestamp with time zone not null default now()
  CHECK (((length(text) >= 1) AND (length(text) <= 1000)))
  CHECK (((stage >= 0) AND (stage <= 10)))
  CHECK ((length(author_name) <= 120))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX adoption_notes_tenant_id_adoption_id_at_idx ON practice.adoption_notes USING btree (tenant_id, adoption_id, at)
  CREATE UNIQUE INDEX adoption_notes_pkey ON practice.adoption_notes USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoptions -- family between, row security forced
  column id uuid not null
  column practice_id uuid not null
  column kit_id uuid not null
  column release text not null
  column stage integer not null default 1
  column state text not null default 'open'::text
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  column version integer not null default 1
  column lead_proposed integer
  column lead_proposed_by integer
  column lead_proposed_at timestamp with time zone
  CHECK (((stage >= 0) AND (stage <= 10)))
  CHECK ((num_nulls(lead_proposed, lead_proposed_by, lead_proposed_at) = ANY (ARRAY[0, 3])))
  CHECK ((state = ANY (ARRAY['open'::text, 'active'::text, 'dormant'::text, 'ended'::text])))
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  FOREIGN KEY (lead_proposed) REFERENCES platform.tenants(id)
  FOREIGN KEY (lead_proposed_by) REFERENCES platform.tenants(id)
  FOREIGN KEY (practice_id) REFERENCES commons.practices(id)
  PRIMARY KEY (id)
  CREATE UNIQUE INDEX adoptions_pkey ON practice.adoptions USING btree (id)
  CREATE TRIGGER counted AFTER UPDATE ON practice.adoptions FOR EACH ROW EXECUTE FUNCTION practice.count_adoptions()
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON practice.adoptions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal_adoption('id')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoptions_alarms -- family between, row security forced
  column adoption_id uuid not null
  column cause text not null
  column count integer not null
  column since timestamp with time zone not null
  column lead_since timestamp with time zone
  column settled_at timestamp with time zone
  CHECK ((cause = ANY (ARRAY['unused'::text, 'left'::text, 'unmeasured'::text])))
  CHECK ((count > 0))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  PRIMARY KEY (adoption_id, cause)
  CREATE UNIQUE INDEX adoptions_alarms_pkey ON practice.adoptions_alarms USING btree (adoption_id, cause)
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON practice.adoptions_alarms REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal_adoption('adoption_id')
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON practice.adoptions_alarms REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal_adoption('adoption_id')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using ((adoption_id IN ( SELECT practice.reused_of_tenant() AS reused_of_tenant)) OR ((lead_since IS NOT NULL) AND (adoption_id IN ( SELECT practice.led_of_tenant() AS led_of_tenant))))
  policy seen for select to staffetta_guest, staffetta_report using ((adoption_id IN ( SELECT practice.reused_of_tenant() AS reused_of_tenant)) OR ((lead_since IS NOT NULL) AND (adoption_id IN ( SELECT practice.led_of_tenant() AS led_of_tenant))))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoptions_journal -- family between, row security forced
  column adoption_id uuid not null
  column id bigint not null generated
  column tenant_id integer not null default app.tenant()
  column at timestamp with time zone not null default now()
  column stage integer not null
  column event text not null
  column release text not null default ''::text
  column author_name text not null default ''::text
  column note text not null default ''::text
  column note_id uuid
  CHECK (((stage >= 0) AND (stage <= 10)))
  CHECK ((event ~ '^[a-z_]{3,20}$'::text))
  CHECK ((length(author_name) <= 120))
  CHECK ((length(note) <= 500))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (adoption_id, id)
  CREATE UNIQUE INDEX adoptions_journal_adoption_id_note_id_idx ON practice.adoptions_journal USING btree (adoption_id, note_id)
  CREATE UNIQUE INDEX adoptions_journal_pkey ON practice.adoptions_journal USING btree (adoption_id, id)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoptions_owners -- family between, row security forced
  column adoption_id uuid not null
  column stage integer not null
  column tenant_id integer not null default app.tenant()
  column name text not null default ''::text
  column due date
  column at timestamp with time zone not null default now()
  CHECK (((stage >= 0) AND (stage <= 10)))
  CHECK ((length(name) <= 120))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (adoption_id, stage, tenant_id)
  CREATE UNIQUE INDEX adoptions_owners_pkey ON practice.adoptions_owners USING btree (adoption_id, stage, tenant_id)
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON practice.adoptions_owners REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON practice.adoptions_owners REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoptions_parties -- family between, row security forced
  column adoption_id uuid not null
  column tenant_id integer not null default app.tenant()
  column side text not null
  CHECK ((side = ANY (ARRAY['ceding'::text, 'reusing'::text, 'lead'::text])))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (adoption_id, tenant_id)
  CREATE INDEX adoptions_parties_tenant_id_adoption_id_idx ON practice.adoptions_parties USING btree (tenant_id, adoption_id)
  CREATE UNIQUE INDEX adoptions_parties_pkey ON practice.adoptions_parties USING btree (adoption_id, tenant_id)
  CREATE TRIGGER counted AFTER INSERT ON practice.adoptions_parties FOR EACH ROW EXECUTE FUNCTION practice.count_adoptions()
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoptions_statements -- family between, row security forced
  column adoption_id uuid not null
  column id uuid not null
  column tenant_id integer not null default app.tenant()
  column stage integer not null
  column kind text not null
  column slot text not null default ''::text
  column key text not null default ''::text
  column value text not null default ''::text
  column day date
  column amount numeric(12,2)
  column people integer
  column owner text not null default ''::text
  column note text not null default ''::text
  column link text not null default ''::text
  column author_name text not null default ''::text
  column at timestamp with time zone not null default now()
  column replaced_at timestamp with time zone
  CHECK (((people >= 0) AND (people <= 100000)))
  CHECK (((stage >= 0) AND (stage <= 10)))
  CHECK ((kind ~ '^[a-z_]{3,20}$'::text))
  CHECK ((length(author_name) <= 120))
  CHECK ((length(key) <= 160))
  CHECK ((length(link) <= 500))
  CHECK ((length(note) <= 1000))
  CHECK ((length(owner) <= 120))
  CHECK ((length(slot) <= 200))
  CHECK ((length(value) <= 200))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (adoption_id, id)
  CREATE INDEX adoptions_statements_adoption_id_at_idx ON practice.adoptions_statements USING btree (adoption_id, at) WHERE (replaced_at IS NULL)
  CREATE UNIQUE INDEX adoptions_statements_pkey ON practice.adoptions_statements USING btree (adoption_id, id)
  CREATE UNIQUE INDEX adoptions_statements_slot ON practice.adoptions_statements USING btree (adoption_id, kind, slot) WHERE ((replaced_at IS NULL) AND (slot <> ''::text))
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.adoptions_uses -- family between, row security forced
  column adoption_id uuid not null
  column month date not null
  column measured_at timestamp with time zone not null
  column verdict text not null
  column items integer not null
  column measured integer not null
  column used30 integer not null
  column used90 integer not null
  column used180 integer not null
  column unused integer not null
  column records90 integer
  column people integer
  column last_on date
  CHECK (((measured >= 0) AND (measured <= items)))
  CHECK (((people = 0) OR (people >= 5)))
  CHECK (((records90 = 0) OR (records90 >= 5)))
  CHECK (((unused >= 0) AND (unused <= measured)))
  CHECK (((used180 >= 0) AND (used180 <= measured)))
  CHECK (((used30 >= 0) AND (used30 <= used90)))
  CHECK (((used90 >= 0) AND (used90 <= used180)))
  CHECK ((EXTRACT(day FROM last_on) = (1)::numeric))
  CHECK ((items >= 0))
  CHECK ((verdict = ANY (ARRAY['starting'::text, 'active'::text, 'dormant'::text, 'ended'::text])))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  PRIMARY KEY (adoption_id, month)
  CREATE UNIQUE INDEX adoptions_uses_pkey ON practice.adoptions_uses USING btree (adoption_id, month)
  CREATE TRIGGER coarsen BEFORE INSERT OR UPDATE ON practice.adoptions_uses FOR EACH ROW EXECUTE FUNCTION practice.coarsen_use()
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (adoption_id IN ( SELECT practice.adoptions_of_tenant() AS adoptions_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.application_items -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column application_id uuid not null
  column kind text not null
  column key text not null
  column outcome text not null
  column answer text not null default ''::text
  column found text not null default '{}'::text
  column made text not null default '{}'::text
  CHECK ((answer = ANY (ARRAY[''::text, 'ours'::text, 'kit'::text, 'merge'::text])))
  CHECK ((outcome = ANY (ARRAY['new'::text, 'changed'::text, 'merged'::text, 'same'::text, 'dropped'::text, 'removed'::text, 'conflict'::text, 'restored'::text])))
  FOREIGN KEY (tenant_id, application_id) REFERENCES practice.applications(tenant_id, id)
  PRIMARY KEY (tenant_id, application_id, kind, key)
  CREATE UNIQUE INDEX application_items_pkey ON practice.application_items USING btree (tenant_id, application_id, kind, key)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.applications -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column adoption_id uuid not null
  column kit_id uuid not null
  column release text not null
  column run text not null
  column author_name text not null default ''::text
  column at timestamp with time zone not null default now()
  column undoes uuid
  column number bigint not null generated
  CHECK (((run = 'rollback'::text) = (undoes IS NOT NULL)))
  CHECK ((run = ANY (ARRAY['apply'::text, 'upgrade'::text, 'rollback'::text])))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  FOREIGN KEY (tenant_id, undoes) REFERENCES practice.applications(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX applications_tenant_id_adoption_id_at_idx ON practice.applications USING btree (tenant_id, adoption_id, at)
  CREATE UNIQUE INDEX applications_pkey ON practice.applications USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

view practice.became -- family none
  column tenant_id integer
  column adoption_id uuid
  column kind text
  column key text
  column item_id uuid
  column kit_id uuid
  column decision text
  column reason text
  column updated_at timestamp with time zone
  SELECT d.tenant_id, d.adoption_id, d.kind, d.key, d.item_id, d.kit_id, CASE WHEN gone.gone THEN 'dropped'::text ELSE d.decision END AS decision, CASE WHEN gone.gone THEN i.reason ELSE d.reason END AS reason, CASE WHEN gone.gone THEN GREATEST(d.updated_at, i.updated_at) ELSE d.updated_at END AS updated_at FROM ((practice.adoption_items d JOIN kit.items i ON (((i.tenant_id = d.tenant_id) AND (i.id = d.item_id)))) CROSS JOIN LATERAL ( SELECT ((d.decision = ANY (ARRAY['adopted'::text, 'adapted'::text])) AND (i.state = 'retired'::text)) AS gone) gone);
  grant select to staffetta_app

table practice.campaign_entries -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column adoption_id uuid not null
  column campaign_id uuid not null
  column leader integer not null
  column practice_id uuid not null
  column kit_id uuid not null
  column release text not null
  column state text not null default 'waiting'::text
  column reason text not null default ''::text
  column changes integer not null default 0
  column conflicts integer not null default 0
  column attempts integer not null default 0
  column asked_at timestamp with time zone
  column ended_at timestamp with time zone
  CHECK ((reason ~ '^[a-z]{0,20}$'::text))
  CHECK ((state = ANY (ARRAY['waiting'::text, 'paused'::text, 'prepared'::text, 'applied'::text, 'same'::text, 'failed'::text, 'cancelled'::text])))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  FOREIGN KEY (leader) REFERENCES platform.tenants(id)
  FOREIGN KEY (practice_id) REFERENCES commons.practices(id)
  PRIMARY KEY (tenant_id, adoption_id, campaign_id)
  CREATE INDEX campaign_entries_leader_campaign_id_state_idx ON practice.campaign_entries USING btree (leader, campaign_id, state)
  CREATE UNIQUE INDEX campaign_entries_pkey ON practice.campaign_entries USING btree (tenant_id, adoption_id, campaign_id)
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON practice.campaign_entries REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.campaigns -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column practice_id uuid not null
  column kit_id uuid not null
  column release text not null
  column state text not null default 'running'::text
  column author_name text not null default ''::text
  column started_at timestamp with time zone not null default now()
  column changed_at timestamp with time zone not null default now()
  CHECK ((length(author_name) <= 120))
  CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'cancelled'::text])))
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  FOREIGN KEY (practice_id) REFERENCES commons.practices(id)
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX campaigns_once ON practice.campaigns USING btree (tenant_id, kit_id) WHERE (state <> 'cancelled'::text)
  CREATE UNIQUE INDEX campaigns_pkey ON practice.campaigns USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.conflicts -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column adoption_id uuid not null
  column kind text not null
  column key text not null
  column kit_id uuid not null
  column sum text not null
  column state text not null
  column answer text not null default ''::text
  column reason text not null default ''::text
  column fields text not null default '{}'::text
  column author_name text not null default ''::text
  column opened_at timestamp with time zone not null default app.now()
  column changed_at timestamp with time zone not null default app.now()
  CHECK ((answer = ANY (ARRAY[''::text, 'ours'::text, 'kit'::text, 'merge'::text])))
  CHECK ((length(author_name) <= 120))
  CHECK ((length(key) <= 64))
  CHECK ((length(kind) <= 40))
  CHECK ((length(reason) <= 500))
  CHECK ((length(sum) = 64))
  CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'over'::text])))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  PRIMARY KEY (tenant_id, adoption_id, kind, key)
  CREATE INDEX conflicts_tenant_id_state_idx ON practice.conflicts USING btree (tenant_id, state)
  CREATE UNIQUE INDEX conflicts_pkey ON practice.conflicts USING btree (tenant_id, adoption_id, kind, key)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.kits -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column practice_id uuid not null
  column release text not null
  column state text not null default 'draft'::text
  column versions uuid[] not null default '{}'::uuid[]
  column sheet text not null default '{}'::text
  column completeness integer not null default 0
  column findings jsonb not null default '[]'::jsonb
  column open_findings integer not null default 0
  column checked_hash text not null default ''::text
  column hash text not null default ''::text
  column created_at timestamp with time zone not null default now()
  column published_at timestamp with time zone
  column published_by uuid
  column published_name text not null default ''::text
  column version integer not null default 1
  column names_compared boolean not null default false
  CHECK (((completeness >= 0) AND (completeness <= 100)))
  CHECK (((state <> 'draft'::text) OR (open_findings >= practice.unsettled(findings))))
  CHECK ((release ~ '^(0|[1-9][0-9]{0,3})(\.(0|[1-9][0-9]{0,3})){2}$'::text))
  CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text])))
  FOREIGN KEY (tenant_id, practice_id) REFERENCES practice.practices(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, practice_id, release)
  CREATE UNIQUE INDEX kits_pkey ON practice.kits USING btree (tenant_id, id)
  CREATE UNIQUE INDEX kits_tenant_id_practice_id_release_key ON practice.kits USING btree (tenant_id, practice_id, release)
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON practice.kits REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.measurements -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column adoption_id uuid not null
  column quantities jsonb not null
  column at timestamp with time zone not null default app.now()
  CHECK ((jsonb_typeof(quantities) = 'object'::text))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (adoption_id, id) REFERENCES practice.adoptions_statements(adoption_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX measurements_tenant_id_adoption_id_idx ON practice.measurements USING btree (tenant_id, adoption_id)
  CREATE UNIQUE INDEX measurements_pkey ON practice.measurements USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.needs -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column title text not null
  column purpose text not null default ''::text
  column audience text not null default ''::text
  column area text not null default ''::text
  column budget text not null default ''::text
  column staff integer
  column deadline date
  column state text not null default 'draft'::text
  column version integer not null default 1
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  CHECK (((length(title) >= 3) AND (length(title) <= 200)))
  CHECK (((staff >= 0) AND (staff <= 500)))
  CHECK ((budget = ANY (ARRAY[''::text, '10000'::text, '50000'::text, '100000'::text, 'more'::text])))
  CHECK ((length(area) <= 60))
  CHECK ((length(audience) <= 500))
  CHECK ((length(purpose) <= 2000))
  CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'withdrawn'::text, 'met'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX needs_pkey ON practice.needs USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.practices -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column key text not null
  column title_it text not null
  column title_en text not null default ''::text
  column owner text not null
  column licence text not null
  column state text not null default 'draft'::text
  column sheet jsonb not null
  column version integer not null default 1
  column created_at timestamp with time zone not null default now()
  column updated_at timestamp with time zone not null default now()
  CHECK (((length(licence) >= 1) AND (length(licence) <= 60)))
  CHECK (((length(owner) >= 1) AND (length(owner) <= 200)))
  CHECK (((length(title_it) >= 3) AND (length(title_it) <= 300)))
  CHECK ((key ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text))
  CHECK ((length(title_en) <= 300))
  CHECK ((state = ANY (ARRAY['draft'::text, 'in_review'::text, 'published'::text, 'retired'::text])))
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, key)
  CREATE UNIQUE INDEX practices_pkey ON practice.practices USING btree (tenant_id, id)
  CREATE UNIQUE INDEX practices_tenant_id_key_key ON practice.practices USING btree (tenant_id, key)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.proposals -- family between, row security forced
  column id uuid not null
  column adoption_id uuid not null
  column practice_id uuid not null
  column ceding_tenant integer not null
  column reusing_tenant integer not null
  column reusing_body text not null default ''::text
  column kit_id uuid not null
  column kind text not null
  column key text not null
  column title_it text not null
  column title_en text not null default ''::text
  column owner text not null default ''::text
  column licence text not null default ''::text
  column content text not null
  column reason text not null
  column evidence text not null default ''::text
  column link text not null default ''::text
  column state text not null default 'draft'::text
  column author_name text not null default ''::text
  column version integer not null default 1
  column created_at timestamp with time zone not null default now()
  column sent_at timestamp with time zone
  column last_tenant integer
  column last_at timestamp with time zone
  column answer text not null default ''::text
  column answer_name text not null default ''::text
  column answered_at timestamp with time zone
  column read_at timestamp with time zone
  column accepted_number integer
  column credited_kit uuid
  column credited_release text not null default ''::text
  CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
  CHECK (((length(title_it) >= 1) AND (length(title_it) <= 300)))
  CHECK (((state = 'accepted'::text) = (accepted_number IS NOT NULL)))
  CHECK (((state = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR (sent_at IS NOT NULL)))
  CHECK ((ceding_tenant <> reusing_tenant))
  CHECK ((length(answer) <= 1000))
  CHECK ((length(answer_name) <= 120))
  CHECK ((length(author_name) <= 120))
  CHECK ((length(evidence) <= 2000))
  CHECK ((length(licence) <= 60))
  CHECK ((length(link) <= 500))
  CHECK ((length(owner) <= 200))
  CHECK ((length(title_en) <= 300))
  CHECK ((state = ANY (ARRAY['draft'::text, 'sent'::text, 'discussed'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text])))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  FOREIGN KEY (ceding_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (credited_kit) REFERENCES commons.kits(id)
  FOREIGN KEY (kit_id) REFERENCES commons.kits(id)
  FOREIGN KEY (kit_id, kind, key) REFERENCES commons.kit_items(kit_id, kind, key)
  FOREIGN KEY (last_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (practice_id) REFERENCES commons.practices(id)
  FOREIGN KEY (reusing_tenant) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE INDEX proposals_ceding_tenant_last_at_idx ON practice.proposals USING btree (ceding_tenant, last_at)
  CREATE INDEX proposals_reusing_tenant_created_at_idx ON practice.proposals USING btree (reusing_tenant, created_at)
  CREATE UNIQUE INDEX proposals_open ON practice.proposals USING btree (adoption_id, kind, key) WHERE (state = ANY (ARRAY['draft'::text, 'sent'::text, 'discussed'::text]))
  CREATE UNIQUE INDEX proposals_pkey ON practice.proposals USING btree (id)
  CREATE TRIGGER live_only BEFORE UPDATE OF state ON practice.proposals FOR EACH ROW WHEN (((new.state = 'sent'::text) AND (old.state <> 'sent'::text))) EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON practice.proposals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('ceding_tenant', 'reusing_tenant')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (id IN ( SELECT practice.proposals_of_tenant() AS proposals_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (id IN ( SELECT practice.proposals_of_tenant() AS proposals_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.proposals_messages -- family between, row security forced
  column proposal_id uuid not null
  column id uuid not null
  column tenant_id integer not null default app.tenant()
  column author_name text not null default ''::text
  column said text not null
  column at timestamp with time zone not null default now()
  CHECK (((length(said) >= 1) AND (length(said) <= 2000)))
  CHECK ((length(author_name) <= 120))
  FOREIGN KEY (proposal_id) REFERENCES practice.proposals(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (proposal_id, id)
  CREATE UNIQUE INDEX proposals_messages_pkey ON practice.proposals_messages USING btree (proposal_id, id)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (proposal_id IN ( SELECT practice.proposals_of_tenant() AS proposals_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (proposal_id IN ( SELECT practice.proposals_of_tenant() AS proposals_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.signing_keys -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column number integer not null
  column public bytea not null
  column sealed bytea not null
  column created_at timestamp with time zone not null default app.now()
  CHECK ((octet_length(public) = 32))
  PRIMARY KEY (tenant_id, number)
  CREATE UNIQUE INDEX signing_keys_pkey ON practice.signing_keys USING btree (tenant_id, number)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select to staffetta_app
  grant select to staffetta_backup

table practice.trainees -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column adoption_id uuid not null
  column course text not null
  column account_id uuid not null
  column name text not null
  column day date not null
  column author_name text not null default ''::text
  column at timestamp with time zone not null default app.now()
  column removed_at timestamp with time zone
  CHECK (((length(course) >= 1) AND (length(course) <= 64)))
  CHECK (((length(name) >= 1) AND (length(name) <= 120)))
  CHECK ((length(author_name) <= 120))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  PRIMARY KEY (tenant_id, id)
  CREATE UNIQUE INDEX trainees_pkey ON practice.trainees USING btree (tenant_id, id)
  CREATE UNIQUE INDEX trainees_tenant_id_adoption_id_course_account_id_idx ON practice.trainees USING btree (tenant_id, adoption_id, course, account_id) WHERE (removed_at IS NULL)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update (removed_at) to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table practice.upgrade_choices -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column adoption_id uuid not null
  column automatic boolean not null
  column author_name text not null default ''::text
  column chosen_at timestamp with time zone not null default app.now()
  CHECK ((length(author_name) <= 120))
  FOREIGN KEY (adoption_id) REFERENCES practice.adoptions(id)
  PRIMARY KEY (tenant_id, adoption_id)
  CREATE UNIQUE INDEX upgrade_choices_pkey ON practice.upgrade_choices USING btree (tenant_id, adoption_id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table registry.changes -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column person_id uuid not null
  column field text not null
  column old_value text not null
  column new_value text not null
  column changed_at timestamp with time zone not null default now()
  column changed_by uuid
  column changed_name text not null default ''::text
  FOREIGN KEY (tenant_id, person_id) REFERENCES registry.persons(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX changes_tenant_id_person_id_id_idx ON registry.changes USING btree (tenant_id, person_id, id)
  CREATE UNIQUE INDEX changes_pkey ON registry.changes USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('identity'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('identity'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('identity'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table registry.contacts -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column person_id uuid not null
  column phone text not null default ''::text
  column mobile text not null default ''::text
  column email text not null default ''::text
  column address text not null default ''::text
  column postal_code text not null default ''::text
  column municipality text not null default ''::text
  column municipality_code text not null default ''::text
  column valid_from timestamp with time zone not null default now()
  column valid_to timestamp with time zone
  column created_by uuid
  column created_name text not null default ''::text
  CHECK ((length(address) <= 200))
  CHECK ((length(email) <= 254))
  CHECK ((length(mobile) <= 40))
  CHECK ((length(municipality) <= 120))
  CHECK ((length(municipality_code) <= 4))
  CHECK ((length(phone) <= 40))
  CHECK ((length(postal_code) <= 10))
  CHECK ((valid_to >= valid_from))
  FOREIGN KEY (tenant_id, person_id) REFERENCES registry.persons(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX contacts_tenant_id_address_key_idx ON registry.contacts USING btree (tenant_id, registry.address_key(address)) WHERE (address <> ''::text)
  CREATE INDEX contacts_tenant_id_person_id_valid_from_idx ON registry.contacts USING btree (tenant_id, person_id, valid_from)
  CREATE UNIQUE INDEX contacts_one_current ON registry.contacts USING btree (tenant_id, person_id) WHERE (valid_to IS NULL)
  CREATE UNIQUE INDEX contacts_pkey ON registry.contacts USING btree (tenant_id, id)
  CREATE TRIGGER keep_registered BEFORE INSERT OR UPDATE ON registry.contacts FOR EACH ROW WHEN ((CURRENT_USER = 'staffetta_app'::name)) EXECUTE FUNCTION onboarding.keep_registered()
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using (('contacts'::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_subjects s WHERE ((s.tenant_id = contacts.tenant_id) AND (s.person_id = contacts.person_id) AND ((s.section)::text = 'contacts'::text)))))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('contacts'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('contacts'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('contacts'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table registry.households -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column kind text not null
  column created_at timestamp with time zone not null default now()
  column created_by uuid
  CHECK ((kind = ANY (ARRAY['registry'::text, 'isee'::text, 'cohabiting'::text])))
  PRIMARY KEY (tenant_id, id)
  UNIQUE (tenant_id, id, kind)
  CREATE UNIQUE INDEX households_pkey ON registry.households USING btree (tenant_id, id)
  CREATE UNIQUE INDEX households_tenant_id_id_kind_key ON registry.households USING btree (tenant_id, id, kind)
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using (('household'::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM registry.members m WHERE ((m.tenant_id = households.tenant_id) AND (m.household_id = households.id)))))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('household'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('household'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('household'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table registry.members -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column household_id uuid not null
  column kind text not null
  column person_id uuid not null
  column relation text not null
  column valid_from date not null
  column valid_to date
  column version integer not null default 1
  column created_at timestamp with time zone not null default now()
  column created_by uuid
  CHECK ((relation = ANY (ARRAY['head'::text, 'spouse_partner'::text, 'child'::text, 'parent'::text, 'sibling'::text, 'grandparent'::text, 'other_relative'::text, 'cohabitant'::text, 'carer'::text])))
  CHECK ((valid_to >= valid_from))
  FOREIGN KEY (tenant_id, household_id, kind) REFERENCES registry.households(tenant_id, id, kind)
  FOREIGN KEY (tenant_id, person_id) REFERENCES registry.persons(tenant_id, id)
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX members_tenant_id_household_id_idx ON registry.members USING btree (tenant_id, household_id)
  CREATE INDEX members_tenant_id_person_id_idx ON registry.members USING btree (tenant_id, person_id)
  CREATE UNIQUE INDEX members_one_current ON registry.members USING btree (tenant_id, person_id, kind) WHERE (valid_to IS NULL)
  CREATE UNIQUE INDEX members_one_head ON registry.members USING btree (tenant_id, household_id) WHERE ((valid_to IS NULL) AND (relation = 'head'::text))
  CREATE UNIQUE INDEX members_pkey ON registry.members USING btree (tenant_id, id)
  CREATE CONSTRAINT TRIGGER end_emergencies AFTER INSERT OR UPDATE OF household_id, person_id, valid_to ON registry.members DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sharing.end_emergencies()
  CREATE TRIGGER drop_tokens AFTER INSERT OR UPDATE OF household_id, person_id, valid_to ON registry.members FOR EACH ROW EXECUTE FUNCTION sharing.drop_tokens()
  CREATE TRIGGER keep_registered BEFORE INSERT OR UPDATE ON registry.members FOR EACH ROW WHEN ((CURRENT_USER = 'staffetta_app'::name)) EXECUTE FUNCTION onboarding.keep_registered()
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using ((valid_to IS NULL) AND ('household'::text = ANY (( SELECT app.sections() AS sections)::text[])) AND (EXISTS ( SELECT 1 FROM policies.case_subjects s WHERE ((s.tenant_id = members.tenant_id) AND (s.person_id = members.person_id) AND ((s.section)::text = 'household'::text)))))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('household'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('household'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('household'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table registry.persons -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column code_kind text not null
  column tax_code text not null default ''::text
  column no_code_reason text not null default ''::text
  column alias text not null default ''::text
  column surname text not null default ''::text
  column name text not null default ''::text
  column birth_date date
  column sex text not null default ''::text
  column birthplace_code text not null default ''::text
  column birthplace text not null default ''::text
  column citizenship text not null default ''::text
  column no_fixed_abode boolean not null default false
  column death_date date
  column surname_key text not null
  column name_key text not null
  column version integer not null default 1
  column created_at timestamp with time zone not null default now()
  column created_by uuid
  column updated_at timestamp with time zone not null default now()
  column updated_by uuid
  column surname_sound text not null default registry.sound(surname_key) generated
  column name_sound text not null default registry.sound(name_key) generated
  CHECK (((code_kind = 'none'::text) = (tax_code = ''::text)))
  CHECK (((code_kind = 'none'::text) OR (no_code_reason = ''::text)))
  CHECK (((death_date IS NULL) OR (birth_date IS NULL) OR (death_date >= birth_date)))
  CHECK (((surname <> ''::text) OR (name <> ''::text) OR (alias <> ''::text)))
  CHECK ((birth_date >= '1900-01-01'::date))
  CHECK ((code_kind = ANY (ARRAY['tax_code'::text, 'provisional'::text, 'stp'::text, 'eni'::text, 'none'::text])))
  CHECK ((length(alias) <= 100))
  CHECK ((length(birthplace) <= 120))
  CHECK ((length(birthplace_code) <= 4))
  CHECK ((length(citizenship) <= 60))
  CHECK ((length(name) <= 100))
  CHECK ((length(surname) <= 100))
  CHECK ((length(tax_code) <= 16))
  CHECK ((no_code_reason = ANY (ARRAY[''::text, 'unknown'::text, 'not_issued'::text, 'newborn'::text, 'anonymous'::text])))
  CHECK ((sex = ANY (ARRAY[''::text, 'F'::text, 'M'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX persons_tenant_id_birth_date_idx ON registry.persons USING btree (tenant_id, birth_date)
  CREATE INDEX persons_tenant_id_id_idx ON registry.persons USING btree (tenant_id, id) WHERE (alias <> ''::text)
  CREATE INDEX persons_tenant_id_name_key_idx ON registry.persons USING btree (tenant_id, name_key)
  CREATE INDEX persons_tenant_id_name_sound_surname_sound_idx ON registry.persons USING btree (tenant_id, name_sound, surname_sound)
  CREATE INDEX persons_tenant_id_surname_key_name_key_id_idx ON registry.persons USING btree (tenant_id, surname_key, name_key, id)
  CREATE INDEX persons_tenant_id_surname_sound_name_sound_idx ON registry.persons USING btree (tenant_id, surname_sound, name_sound)
  CREATE INDEX persons_tenant_id_tax_code_idx ON registry.persons USING btree (tenant_id, tax_code) WHERE (tax_code <> ''::text)
  CREATE UNIQUE INDEX persons_pkey ON registry.persons USING btree (tenant_id, id)
  CREATE CONSTRAINT TRIGGER end_emergencies AFTER UPDATE OF tax_code, alias ON registry.persons DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.tax_code IS DISTINCT FROM new.tax_code) OR (old.alias IS DISTINCT FROM new.alias))) EXECUTE FUNCTION sharing.end_emergencies()
  CREATE CONSTRAINT TRIGGER end_emergencies_new AFTER INSERT ON registry.persons DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.alias <> ''::text) AND (new.tax_code <> ''::text))) EXECUTE FUNCTION sharing.end_emergencies()
  CREATE TRIGGER drop_tokens AFTER UPDATE OF code_kind, tax_code, alias, surname ON registry.persons FOR EACH ROW WHEN (((((old.code_kind IS DISTINCT FROM new.code_kind) OR (old.tax_code IS DISTINCT FROM new.tax_code)) OR (old.alias IS DISTINCT FROM new.alias)) OR ((old.surname = ''::text) IS DISTINCT FROM (new.surname = ''::text)))) EXECUTE FUNCTION sharing.drop_tokens()
  CREATE TRIGGER drop_tokens_new AFTER INSERT ON registry.persons FOR EACH ROW WHEN (((new.alias <> ''::text) AND (new.tax_code <> ''::text))) EXECUTE FUNCTION sharing.drop_tokens()
  CREATE TRIGGER keep_registered BEFORE UPDATE ON registry.persons FOR EACH ROW WHEN ((CURRENT_USER = 'staffetta_app'::name)) EXECUTE FUNCTION onboarding.keep_registered()
  policy backup for select to staffetta_backup using true
  policy granted for select to staffetta_guest using ((EXISTS ( SELECT 1 FROM policies.case_subjects s WHERE ((s.tenant_id = persons.tenant_id) AND (s.person_id = persons.id) AND ((s.section)::text = 'identity'::text)))) OR ((ARRAY['household'::text, 'identity'::text] <@ app.sections()) AND registry.shows_household(tenant_id, id)))
  policy own for all to staffetta_app using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('identity'::text = ANY (( SELECT app.sections() AS sections)::text[]))) with check ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('identity'::text = ANY (( SELECT app.writable() AS writable)::text[])))
  policy reported for select to staffetta_report using ((tenant_id = ( SELECT app.tenant() AS tenant)) AND ('identity'::text = ANY (( SELECT app.sections() AS sections)::text[])))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table river.river_job -- family river, row security forced
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app, staffetta_guest using (((args ->> 'tenant_id'::text))::integer = ( SELECT app.tenant() AS tenant))
  policy platform for all to staffetta_platform using (((args ->> 'tenant_id'::text))::integer = 0)
  policy upkeep for all to owner using true
  policy work for all to staffetta_worker using true
  grant insert, select, update to staffetta_app
  grant insert, select, update to staffetta_guest
  grant insert, select, update to staffetta_platform
  grant delete, insert, select, update to staffetta_worker
  grant select to staffetta_backup

table river.river_leader -- family river
  grant delete, insert, select, update to staffetta_worker
  grant select to staffetta_backup

table river.river_migration -- family river
  grant select to staffetta_backup

table river.river_notification -- family river
  grant select to staffetta_backup

table river.river_queue -- family river
  grant delete, insert, select, update to staffetta_worker
  grant select to staffetta_backup

table sharing.agreement_drafts -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column id uuid not null
  column state text not null default 'open'::text
  column content jsonb not null
  column version integer not null default 1
  column updated_at timestamp with time zone not null default app.now()
  column updated_by uuid not null
  column updated_name text not null
  CHECK ((length(updated_name) <= 200))
  CHECK ((octet_length((content)::text) <= 65536))
  CHECK ((state = ANY (ARRAY['open'::text, 'proposed'::text, 'discarded'::text])))
  PRIMARY KEY (tenant_id, id)
  CREATE INDEX agreement_drafts_tenant_id_updated_at_idx ON sharing.agreement_drafts USING btree (tenant_id, updated_at) WHERE (state = 'open'::text)
  CREATE UNIQUE INDEX agreement_drafts_pkey ON sharing.agreement_drafts USING btree (tenant_id, id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.asks -- family between, row security forced
  column id uuid not null
  column state text not null default 'open'::text
  column asker_tenant integer not null
  column asked_tenant integer not null
  column agreement_id uuid not null
  column purpose text not null
  column legal_basis text not null
  column sections text[] not null
  column answer_by timestamp with time zone not null
  column asked_by uuid not null
  column asked_name text not null
  column asked_at timestamp with time zone not null
  column share_id uuid
  column ended_at timestamp with time zone
  CHECK (((state = 'answered'::text) = (share_id IS NOT NULL)))
  CHECK ((asker_tenant <> asked_tenant))
  CHECK ((cardinality(sections) > 0))
  CHECK ((legal_basis = ANY (ARRAY['public_task'::text, 'law'::text, 'vital_interest'::text, 'consent'::text])))
  CHECK ((length(asked_name) <= 120))
  CHECK ((purpose ~ '^[a-z][a-z0-9_]{0,63}$'::text))
  CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'refused'::text, 'withdrawn'::text])))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (asked_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (asker_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (share_id) REFERENCES sharing.shares(id)
  PRIMARY KEY (id)
  CREATE INDEX asks_asked_tenant_asked_at_id_idx ON sharing.asks USING btree (asked_tenant, asked_at DESC, id)
  CREATE INDEX asks_asker_tenant_asked_at_id_idx ON sharing.asks USING btree (asker_tenant, asked_at DESC, id)
  CREATE UNIQUE INDEX asks_pkey ON sharing.asks USING btree (id)
  CREATE TRIGGER limit_asks AFTER INSERT ON sharing.asks FOR EACH ROW WHEN ((app.tenant() IS NOT NULL)) EXECUTE FUNCTION sharing.limit_asks()
  CREATE TRIGGER live_only BEFORE INSERT ON sharing.asks FOR EACH ROW EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON sharing.asks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('asked_tenant')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (id IN ( SELECT sharing.asks_of_tenant() AS asks_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (id IN ( SELECT sharing.asks_of_tenant() AS asks_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.asks_parties -- family between, row security forced
  column ask_id uuid not null
  column tenant_id integer not null
  column side text not null
  CHECK ((side = ANY (ARRAY['asker'::text, 'asked'::text])))
  FOREIGN KEY (ask_id) REFERENCES sharing.asks(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (ask_id, tenant_id)
  CREATE INDEX asks_parties_tenant_id_ask_id_idx ON sharing.asks_parties USING btree (tenant_id, ask_id)
  CREATE UNIQUE INDEX asks_parties_pkey ON sharing.asks_parties USING btree (ask_id, tenant_id)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (ask_id IN ( SELECT sharing.asks_of_tenant() AS asks_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (ask_id IN ( SELECT sharing.asks_of_tenant() AS asks_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.asks_persons -- family between, row security forced
  column ask_id uuid not null
  column tax_code text not null
  column reason text not null
  CHECK (((length(reason) >= 5) AND (length(reason) <= 1000)))
  CHECK ((tax_code ~ '^[A-Z0-9]{16}$'::text))
  FOREIGN KEY (ask_id) REFERENCES sharing.asks(id)
  PRIMARY KEY (ask_id)
  CREATE UNIQUE INDEX asks_persons_pkey ON sharing.asks_persons USING btree (ask_id)
  policy backup for select to staffetta_backup using true
  policy identity as restrictive for select to staffetta_app, staffetta_report using ('identity'::text = ANY (( SELECT app.sections() AS sections)::text[]))
  policy party for all to staffetta_app using (ask_id IN ( SELECT sharing.asks_of_tenant() AS asks_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (ask_id IN ( SELECT sharing.asks_of_tenant() AS asks_of_tenant))
  policy standing as restrictive for select to staffetta_app, staffetta_report using (EXISTS ( SELECT 1 FROM sharing.asks a WHERE ((a.id = asks_persons.ask_id) AND ((a.asker_tenant = ( SELECT app.tenant() AS tenant)) OR (a.state = 'answered'::text) OR ((a.state = 'open'::text) AND (a.answer_by > ( SELECT app.now() AS now)))))))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.asks_refusals -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column ask_id uuid not null
  column words text not null default ''::text
  column refused_by uuid not null
  column refused_name text not null
  column refused_at timestamp with time zone not null default app.now()
  CHECK ((length(refused_name) <= 120))
  CHECK ((length(words) <= 1000))
  FOREIGN KEY (ask_id) REFERENCES sharing.asks(id)
  PRIMARY KEY (tenant_id, ask_id)
  CREATE UNIQUE INDEX asks_refusals_pkey ON sharing.asks_refusals USING btree (tenant_id, ask_id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.emergencies -- family between, row security forced
  column share_id uuid not null
  column owner_tenant integer not null
  column review_by timestamp with time zone not null
  column verdict text not null default ''::text
  column words text not null default ''::text
  column reviewed_by uuid
  column reviewed_name text not null default ''::text
  column reviewed_at timestamp with time zone
  column reason text not null default ''::text
  CHECK (((verdict = ''::text) = (reviewed_at IS NULL)))
  CHECK ((length(reason) <= 1000))
  CHECK ((length(reviewed_name) <= 120))
  CHECK ((length(words) <= 1000))
  CHECK ((verdict = ANY (ARRAY[''::text, 'justified'::text, 'unjustified'::text])))
  FOREIGN KEY (share_id, owner_tenant) REFERENCES sharing.shares(id, owner_tenant)
  PRIMARY KEY (share_id)
  CREATE INDEX emergencies_owner_tenant_review_by_idx ON sharing.emergencies USING btree (owner_tenant, review_by) WHERE (verdict = ''::text)
  CREATE UNIQUE INDEX emergencies_pkey ON sharing.emergencies USING btree (share_id)
  CREATE TRIGGER check_emergency AFTER INSERT ON sharing.emergencies FOR EACH ROW EXECUTE FUNCTION sharing.check_emergency()
  CREATE TRIGGER keep_reason BEFORE INSERT ON sharing.emergencies FOR EACH ROW EXECUTE FUNCTION sharing.keep_reason()
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON sharing.emergencies REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('owner_tenant')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE (s.id = emergencies.share_id)))
  policy seen for select to staffetta_guest, staffetta_report using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE (s.id = emergencies.share_id)))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.networks -- family between, row security forced
  column id uuid not null
  column title text not null
  column state text not null default 'proposed'::text
  column lead_tenant integer not null
  column next_lead_tenant integer
  column office_tenant integer
  column version integer not null default 1
  column created_at timestamp with time zone not null default app.now()
  CHECK (((length(title) >= 3) AND (length(title) <= 200)))
  CHECK ((state = ANY (ARRAY['proposed'::text, 'active'::text, 'ended'::text])))
  FOREIGN KEY (lead_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (next_lead_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (office_tenant) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  CREATE UNIQUE INDEX networks_pkey ON sharing.networks USING btree (id)
  CREATE TRIGGER live_only BEFORE INSERT ON sharing.networks FOR EACH ROW EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER live_only_lead BEFORE UPDATE OF lead_tenant ON sharing.networks FOR EACH ROW WHEN ((new.lead_tenant <> old.lead_tenant)) EXECUTE FUNCTION platform.live_only()
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (id IN ( SELECT sharing.networks_of_tenant() AS networks_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (id IN ( SELECT sharing.networks_of_tenant() AS networks_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.networks_parties -- family between, row security forced
  column network_id uuid not null
  column tenant_id integer not null default app.tenant()
  column side text not null
  column act_number text not null default ''::text
  column act_date date
  column joined_at timestamp with time zone
  column joined_by uuid
  column left_at timestamp with time zone
  CHECK ((length(act_number) <= 60))
  CHECK ((side = ANY (ARRAY['founder'::text, 'member'::text])))
  FOREIGN KEY (network_id) REFERENCES sharing.networks(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (network_id, tenant_id)
  CREATE INDEX networks_parties_tenant_id_network_id_idx ON sharing.networks_parties USING btree (tenant_id, network_id) WHERE (left_at IS NULL)
  CREATE UNIQUE INDEX networks_parties_pkey ON sharing.networks_parties USING btree (network_id, tenant_id)
  CREATE TRIGGER live_only BEFORE UPDATE OF joined_at ON sharing.networks_parties FOR EACH ROW WHEN (((new.joined_at IS NOT NULL) AND (old.joined_at IS NULL))) EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON sharing.networks_parties REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('tenant_id')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (network_id IN ( SELECT sharing.networks_of_tenant() AS networks_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (network_id IN ( SELECT sharing.networks_of_tenant() AS networks_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.relocations -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column share_id uuid not null
  column begun text not null
  column going uuid[] not null
  column manifest jsonb not null
  column digest text not null
  column signed_by uuid not null
  column signed_name text not null
  column signed_at timestamp with time zone not null
  column confirmed text not null default ''::text
  column confirmed_by uuid
  column confirmed_name text not null default ''::text
  column confirmed_at timestamp with time zone
  CHECK ((begun = ANY (ARRAY['operator'::text, 'register'::text])))
  CHECK ((length(confirmed_name) <= 120))
  CHECK ((length(signed_name) <= 120))
  FOREIGN KEY (share_id, tenant_id) REFERENCES sharing.shares(id, owner_tenant)
  PRIMARY KEY (tenant_id, share_id)
  CREATE UNIQUE INDEX relocations_pkey ON sharing.relocations USING btree (tenant_id, share_id)
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.shares -- family between, row security forced
  column id uuid not null
  column kind text not null
  column state text not null
  column owner_tenant integer not null
  column receiver_tenant integer not null
  column receiver_office integer
  column receiver_account uuid
  column agreement_id uuid not null
  column purpose text not null
  column purpose_label text not null
  column legal_basis text not null
  column sections text[] not null
  column writable text[] not null default '{}'::text[]
  column valid_to timestamp with time zone not null
  column preview jsonb not null
  column offered_tenant integer not null
  column offered_by uuid not null
  column offered_name text not null
  column offered_at timestamp with time zone not null
  column decided_tenant integer
  column decided_by uuid
  column decided_name text not null default ''::text
  column decided_at timestamp with time zone
  column decision_reason text not null default ''::text
  column ended_tenant integer
  column ended_by uuid
  column ended_name text not null default ''::text
  column ended_at timestamp with time zone
  column outcome text not null default ''::text
  column version integer not null default 1
  column answer_by timestamp with time zone not null
  column outcome_kind text not null default ''::text
  column moved_by uuid
  column moved_at timestamp with time zone
  CHECK (((cardinality(sections) > 0) AND (sections <@ ARRAY['identity'::text, 'household'::text, 'contacts'::text, 'intake'::text, 'assessment'::text, 'icf'::text, 'plan'::text, 'interventions'::text, 'school'::text, 'diary'::text, 'documents'::text, 'judicial'::text, 'health'::text])))
  CHECK (((kind <> 'break_glass'::text) OR (valid_to <= (offered_at + '03:00:00'::interval))))
  CHECK (((kind <> 'handover'::text) OR (state <> 'active'::text)))
  CHECK (((kind = 'joint_care'::text) = (writable <> '{}'::text[])))
  CHECK (((length(purpose_label) >= 1) AND (length(purpose_label) <= 200)))
  CHECK (((offered_tenant = owner_tenant) OR (offered_tenant = receiver_tenant)))
  CHECK (((outcome_kind <> ''::text) = ((kind = 'service_request'::text) AND (state = 'closed'::text))))
  CHECK ((answer_by <= valid_to))
  CHECK ((kind = ANY (ARRAY['consultation'::text, 'service_request'::text, 'joint_care'::text, 'handover'::text, 'ask'::text, 'break_glass'::text])))
  CHECK ((legal_basis = ANY (ARRAY['public_task'::text, 'law'::text, 'vital_interest'::text, 'consent'::text, 'override'::text])))
  CHECK ((length(decision_reason) <= 1000))
  CHECK ((length(offered_name) <= 120))
  CHECK ((length(outcome) <= 1000))
  CHECK ((outcome_kind = ANY (ARRAY[''::text, 'done'::text, 'partly'::text, 'not_done'::text])))
  CHECK ((owner_tenant <> receiver_tenant))
  CHECK ((purpose ~ '^[a-z][a-z0-9_]{0,63}$'::text))
  CHECK ((state = ANY (ARRAY['draft'::text, 'offered'::text, 'refused'::text, 'withdrawn'::text, 'lapsed'::text, 'active'::text, 'closed'::text, 'revoked'::text])))
  CHECK ((writable <@ sections))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (decided_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (ended_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (offered_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (owner_tenant) REFERENCES platform.tenants(id)
  FOREIGN KEY (receiver_tenant) REFERENCES platform.tenants(id)
  PRIMARY KEY (id)
  UNIQUE (id, owner_tenant)
  CREATE INDEX shares_owner_tenant_idx ON sharing.shares USING btree (owner_tenant) WHERE (legal_basis = 'override'::text)
  CREATE INDEX shares_owner_tenant_moved_at_idx ON sharing.shares USING btree (owner_tenant, moved_at) WHERE (moved_at IS NOT NULL)
  CREATE INDEX shares_owner_tenant_offered_at_id_idx ON sharing.shares USING btree (owner_tenant, offered_at DESC, id DESC)
  CREATE INDEX shares_owner_tenant_offered_by_moved_at_idx ON sharing.shares USING btree (owner_tenant, offered_by, moved_at) WHERE (moved_at IS NOT NULL)
  CREATE INDEX shares_owner_tenant_valid_to_idx ON sharing.shares USING btree (owner_tenant, valid_to) WHERE (state = 'active'::text)
  CREATE INDEX shares_receiver_tenant_moved_at_idx ON sharing.shares USING btree (receiver_tenant, moved_at) WHERE (moved_at IS NOT NULL)
  CREATE INDEX shares_receiver_tenant_offered_at_id_idx ON sharing.shares USING btree (receiver_tenant, offered_at DESC, id DESC)
  CREATE INDEX shares_receiver_tenant_state_valid_to_answer_by_idx ON sharing.shares USING btree (receiver_tenant, state, valid_to, answer_by) WHERE (state = ANY (ARRAY['offered'::text, 'active'::text]))
  CREATE UNIQUE INDEX shares_id_owner_tenant_key ON sharing.shares USING btree (id, owner_tenant)
  CREATE UNIQUE INDEX shares_pkey ON sharing.shares USING btree (id)
  CREATE TRIGGER end_single_agreement AFTER UPDATE OF state ON sharing.shares FOR EACH ROW WHEN (((new.kind = 'handover'::text) AND (old.state = 'offered'::text) AND (new.state <> 'offered'::text))) EXECUTE FUNCTION sharing.end_single_agreement()
  CREATE TRIGGER keep_closed BEFORE INSERT ON sharing.shares FOR EACH ROW WHEN (((new.state = 'offered'::text) AND (new.kind = ANY (ARRAY['consultation'::text, 'service_request'::text, 'joint_care'::text])))) EXECUTE FUNCTION sharing.keep_closed()
  CREATE TRIGGER keep_closed_amended BEFORE UPDATE OF sections ON sharing.shares FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['consultation'::text, 'service_request'::text, 'joint_care'::text]))) EXECUTE FUNCTION sharing.keep_closed()
  CREATE TRIGGER live_only BEFORE INSERT ON sharing.shares FOR EACH ROW EXECUTE FUNCTION platform.live_only()
  CREATE TRIGGER note_move BEFORE UPDATE ON sharing.shares FOR EACH ROW EXECUTE FUNCTION sharing.note_move()
  CREATE TRIGGER open_review AFTER UPDATE OF state ON sharing.shares FOR EACH ROW WHEN (((new.kind = 'handover'::text) AND (new.legal_basis = 'law'::text) AND (old.state = 'offered'::text) AND (new.state = 'refused'::text))) EXECUTE FUNCTION sharing.open_review()
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON sharing.shares REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('owner_tenant', 'receiver_tenant')
  CREATE TRIGGER signal_mail_update AFTER UPDATE ON sharing.shares REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('owner_tenant', 'receiver_tenant')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using COALESCE(((( SELECT app.tenant() AS tenant) = owner_tenant) OR (( SELECT app.tenant() AS tenant) = receiver_tenant)), false)
  policy seen for select to staffetta_guest, staffetta_report using COALESCE(((( SELECT app.tenant() AS tenant) = owner_tenant) OR (( SELECT app.tenant() AS tenant) = receiver_tenant)), false)
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.shares_amendments -- family between, row security forced
  column id uuid not null
  column share_id uuid not null
  column added text[] not null
  column removed text[] not null
  column valid_before timestamp with time zone not null
  column valid_after timestamp with time zone not null
  column reason text not null
  column amended_by uuid not null
  column amended_name text not null
  column amended_at timestamp with time zone not null
  column writes_added text[] not null default '{}'::text[]
  column writes_removed text[] not null default '{}'::text[]
  CHECK (((added <> '{}'::text[]) OR (removed <> '{}'::text[]) OR (writes_added <> '{}'::text[]) OR (writes_removed <> '{}'::text[]) OR (valid_before <> valid_after)))
  CHECK (((length(reason) >= 5) AND (length(reason) <= 1000)))
  CHECK ((length(amended_name) <= 120))
  FOREIGN KEY (share_id) REFERENCES sharing.shares(id)
  PRIMARY KEY (id)
  CREATE INDEX shares_amendments_share_id_amended_at_idx ON sharing.shares_amendments USING btree (share_id, amended_at)
  CREATE UNIQUE INDEX shares_amendments_pkey ON sharing.shares_amendments USING btree (id)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE ((s.id = shares_amendments.share_id) AND ((( SELECT app.tenant() AS tenant) = s.owner_tenant) OR ((s.state = 'active'::text) AND (s.valid_to > app.now()) AND ((s.receiver_account IS NULL) OR (s.receiver_account = ( SELECT app.account() AS account))) AND ((s.receiver_office IS NULL) OR (s.receiver_office = ANY (( SELECT app.offices() AS offices)::integer[]))) AND (s.agreement_id = ANY (( SELECT policies.live_agreement_ids() AS live_agreement_ids)::uuid[])))))))
  policy seen for select to staffetta_guest, staffetta_report using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE ((s.id = shares_amendments.share_id) AND ((( SELECT app.tenant() AS tenant) = s.owner_tenant) OR ((s.state = 'active'::text) AND (s.valid_to > app.now()) AND ((s.receiver_account IS NULL) OR (s.receiver_account = ( SELECT app.account() AS account))) AND ((s.receiver_office IS NULL) OR (s.receiver_office = ANY (( SELECT app.offices() AS offices)::integer[]))) AND (s.agreement_id = ANY (( SELECT policies.live_agreement_ids() AS live_agreement_ids)::uuid[])))))))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.shares_details -- family between, row security forced
  column share_id uuid not null
  column owner_tenant integer not null
  column case_id uuid
  column reason text not null
  column extra text[] not null default '{}'::text[]
  column extra_reason text not null default ''::text
  column basis_reason text not null default ''::text
  CHECK (((extra = '{}'::text[]) OR (extra_reason <> ''::text)))
  CHECK (((length(reason) >= 5) AND (length(reason) <= 1000)))
  CHECK ((length(basis_reason) <= 500))
  CHECK ((length(extra_reason) <= 500))
  FOREIGN KEY (owner_tenant, case_id) REFERENCES casefile.cases(tenant_id, id)
  FOREIGN KEY (share_id, owner_tenant) REFERENCES sharing.shares(id, owner_tenant)
  PRIMARY KEY (share_id)
  CREATE INDEX shares_details_owner_tenant_case_id_idx ON sharing.shares_details USING btree (owner_tenant, case_id)
  CREATE UNIQUE INDEX shares_details_pkey ON sharing.shares_details USING btree (share_id)
  CREATE TRIGGER answer_asks AFTER INSERT ON sharing.shares_details FOR EACH ROW EXECUTE FUNCTION sharing.answer_asks()
  CREATE TRIGGER keep_restricted BEFORE INSERT OR UPDATE ON sharing.shares_details FOR EACH ROW WHEN ((CURRENT_USER = ANY (ARRAY['staffetta_app'::name, 'staffetta_guest'::name]))) EXECUTE FUNCTION onboarding.keep_restricted()
  CREATE TRIGGER keep_restricted_offer BEFORE INSERT ON sharing.shares_details FOR EACH ROW WHEN ((app.account() IS NOT NULL)) EXECUTE FUNCTION onboarding.keep_restricted()
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE ((s.id = shares_details.share_id) AND ((( SELECT app.tenant() AS tenant) = s.owner_tenant) OR ((s.state = 'active'::text) AND (s.valid_to > app.now()) AND ((s.receiver_account IS NULL) OR (s.receiver_account = ( SELECT app.account() AS account))) AND ((s.receiver_office IS NULL) OR (s.receiver_office = ANY (( SELECT app.offices() AS offices)::integer[]))) AND (s.agreement_id = ANY (( SELECT policies.live_agreement_ids() AS live_agreement_ids)::uuid[])))))))
  policy seen for select to staffetta_guest, staffetta_report using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE ((s.id = shares_details.share_id) AND ((( SELECT app.tenant() AS tenant) = s.owner_tenant) OR ((s.state = 'active'::text) AND (s.valid_to > app.now()) AND ((s.receiver_account IS NULL) OR (s.receiver_account = ( SELECT app.account() AS account))) AND ((s.receiver_office IS NULL) OR (s.receiver_office = ANY (( SELECT app.offices() AS offices)::integer[]))) AND (s.agreement_id = ANY (( SELECT policies.live_agreement_ids() AS live_agreement_ids)::uuid[])))))))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.shares_handovers -- family between, row security forced
  column share_id uuid not null
  column owner_tenant integer not null
  column surname text not null
  column tax_code text not null default ''::text
  column birth_date date
  column case_number text not null
  column kept uuid[] not null default '{}'::uuid[]
  column taken_id uuid
  column taken_number text not null default ''::text
  column ended uuid[] not null default '{}'::uuid[]
  column name text not null default ''::text
  column reason text not null default ''::text
  column moved_on date
  CHECK ((length(name) <= 100))
  CHECK ((length(reason) <= 1000))
  CHECK ((length(surname) <= 220))
  CHECK ((length(tax_code) <= 16))
  FOREIGN KEY (share_id, owner_tenant) REFERENCES sharing.shares(id, owner_tenant)
  PRIMARY KEY (share_id)
  CREATE UNIQUE INDEX shares_handovers_pkey ON sharing.shares_handovers USING btree (share_id)
  policy backup for select to staffetta_backup using true
  policy identity as restrictive for select to staffetta_app, staffetta_report using ('identity'::text = ANY (( SELECT app.sections() AS sections)::text[]))
  policy party for all to staffetta_app using (share_id IN ( SELECT sharing.handovers_of_tenant() AS handovers_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (share_id IN ( SELECT sharing.handovers_of_tenant() AS handovers_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.shares_parties -- family between, row security forced
  column share_id uuid not null
  column tenant_id integer not null
  column side text not null
  CHECK ((side = ANY (ARRAY['owner'::text, 'receiver'::text])))
  FOREIGN KEY (share_id) REFERENCES sharing.shares(id)
  FOREIGN KEY (tenant_id) REFERENCES platform.tenants(id)
  PRIMARY KEY (share_id, tenant_id)
  CREATE INDEX shares_parties_tenant_id_share_id_idx ON sharing.shares_parties USING btree (tenant_id, share_id)
  CREATE UNIQUE INDEX shares_parties_pkey ON sharing.shares_parties USING btree (share_id, tenant_id)
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE (s.id = shares_parties.share_id)))
  policy seen for select to staffetta_guest, staffetta_report using (EXISTS ( SELECT 1 FROM sharing.shares s WHERE (s.id = shares_parties.share_id)))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.shares_reviews -- family between, row security forced
  column share_id uuid not null
  column supervisor integer not null
  column giver integer not null
  column taker integer not null
  column agreement_id uuid not null
  column refused_at timestamp with time zone not null
  column finding text not null default ''::text
  column words text not null default ''::text
  column decided_by uuid
  column decided_name text not null default ''::text
  column decided_at timestamp with time zone
  CHECK (((finding <> ''::text) = (decided_at IS NOT NULL)))
  CHECK ((finding = ANY (ARRAY[''::text, 'taker'::text, 'giver'::text])))
  CHECK ((length(decided_name) <= 120))
  CHECK ((length(words) <= 1000))
  FOREIGN KEY (agreement_id) REFERENCES policies.agreements(id)
  FOREIGN KEY (giver) REFERENCES platform.tenants(id)
  FOREIGN KEY (share_id) REFERENCES sharing.shares(id)
  FOREIGN KEY (supervisor) REFERENCES platform.tenants(id)
  FOREIGN KEY (taker) REFERENCES platform.tenants(id)
  PRIMARY KEY (share_id)
  CREATE INDEX shares_reviews_supervisor_idx ON sharing.shares_reviews USING btree (supervisor) WHERE (finding = ''::text)
  CREATE UNIQUE INDEX shares_reviews_pkey ON sharing.shares_reviews USING btree (share_id)
  CREATE TRIGGER signal_mail_insert AFTER INSERT ON sharing.shares_reviews REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION post.signal('supervisor')
  policy backup for select to staffetta_backup using true
  policy party for all to staffetta_app using (share_id IN ( SELECT sharing.reviews_of_tenant() AS reviews_of_tenant))
  policy seen for select to staffetta_guest, staffetta_report using (share_id IN ( SELECT sharing.reviews_of_tenant() AS reviews_of_tenant))
  policy upkeep for all to owner using true
  grant select to staffetta_app
  grant select to staffetta_guest
  grant select to staffetta_report
  grant select to staffetta_backup

table sharing.sights -- family own, row security forced
  column tenant_id integer not null default app.tenant()
  column account_id uuid not null
  column share_id uuid not null
  column version integer not null
  FOREIGN KEY (share_id) REFERENCES sharing.shares(id)
  PRIMARY KEY (tenant_id, account_id, share_id)
  CREATE UNIQUE INDEX sights_pkey ON sharing.sights USING btree (tenant_id, account_id, share_id)
  policy actor as restrictive for all to staffetta_app using (account_id = ( SELECT app.account() AS account))
  policy backup for select to staffetta_backup using true
  policy own for all to staffetta_app using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported for select to staffetta_report using (tenant_id = ( SELECT app.tenant() AS tenant))
  policy reported_actor as restrictive for select to staffetta_report using (account_id = ( SELECT app.account() AS account))
  policy upkeep for all to owner using true
  grant insert, select, update to staffetta_app
  grant select to staffetta_report
  grant select to staffetta_backup

function app.account() -- body a2afc4f98729, executed by owner, public
function app.agreements() -- body dacaf29d4988, executed by owner, public
function app.between_table(regclass,text) set search_path = '' -- body 72e96cbcc0c9, executed by owner, public
function app.care_table(regclass,text,text) set search_path = '' -- body 602e987c7034, executed by owner, public
function app.handover_obligation(text,regclass,text,text,text,text,text,boolean) set search_path = '' -- body 796f4aaafc1f, executed by owner, public
function app.handover_table(regclass,text,text,text,text,text,text,jsonb,boolean) set search_path = '' -- body 1c6ad06c30dc, executed by owner, public
function app.now() -- body 5f74afb409ab, executed by owner, public
function app.offices() -- body 9b1cd21b1465, executed by owner, public
function app.own_table(regclass,text) set search_path = '' -- body 4e93a4187d59, executed by owner, public
function app.purpose() -- body 192957c00a05, executed by owner, public
function app.sections() -- body 86c3c068e556, executed by owner, public
function app.secure(regclass) set search_path = '' -- body 03776b6cd9dc, executed by owner, public
function app.shareable_table(regclass,text) set search_path = '' -- body 822340746340, executed by owner, public
function app.tenant() -- body c378b3469a55, executed by owner, public
function app.writable() -- body 32cde980564e, executed by owner, public
function assessment.count_made_with(text) security definer set search_path = '' -- body 93cc1f5bbb87, executed by owner, staffetta_app
function assessment.keep_questions() set search_path = '' -- body 7e97fca2f6e6, executed by owner, public
function assessment.stored_answers(text) security definer set search_path = '' -- body 87f0fe4f8c4b, executed by owner, staffetta_app
function assessment.used() security definer set search_path = '' -- body 79e25e3f6f88, executed by owner, staffetta_app
function audit.countersigners() security definer set search_path = '' -- body 81d375806f2f, executed by owner, staffetta_auditor
function audit.make_partitions() security definer set search_path = '' -- body 8f41e56c1458, executed by owner, staffetta_auditor
function audit.own_event(uuid,timestamp with time zone,uuid,text) set search_path = '' -- body f4f43a225d38, executed by owner
function casefile.bodies_with_old_notices() security definer set search_path = '' -- body ee5f834cbb05, executed by owner, staffetta_app
function casefile.forget_notices() security definer set search_path = '' -- body a56f56dff580, executed by owner, staffetta_app
function casefile.keep_transferred() security definer set search_path = '' -- body 14f6ddb22d00, executed by owner
function casefile.next_number(timestamp with time zone) set search_path = '' -- body 35134b548164, executed by owner, staffetta_app
function casefile.restricted_since(uuid) security definer set search_path = '' -- body a692d0163100, executed by owner, staffetta_app, staffetta_guest
function casefile.tell_care() security definer set search_path = '' -- body 5f610195185b, executed by owner
function casefile.used_workflows() security definer set search_path = '' -- body e4f3922dca91, executed by owner, staffetta_app
function intake.keep_questions() set search_path = '' -- body bb8ad5197a47, executed by owner, public
function intake.link_case() set search_path = '' -- body e6d018646cf4, executed by owner, public
function intake.link_forms() security definer set search_path = '' -- body 97c27dc418d8, executed by owner
function intake.stored_answers(text) security definer set search_path = '' -- body 5bc8d7cec36e, executed by owner, staffetta_app
function intake.tell_closing() set search_path = '' -- body c6f61ecfaadd, executed by owner, public
function intake.used_contacts() security definer set search_path = '' -- body 29a27b787220, executed by owner, staffetta_app
function intake.used_forms() security definer set search_path = '' -- body 04dd9823ab90, executed by owner, staffetta_app
function ledger.offices_of(integer,uuid,timestamp with time zone) set search_path = '' -- body f157cb3fe525, executed by owner
function ledger.own_code() security definer set search_path = '' -- body 282b51dbac32, executed by owner, staffetta_app
function ledger.own_events(text,timestamp with time zone) security definer set search_path = '' -- body 9e416daad78d, executed by owner, staffetta_app
function ledger.own_files(text) set search_path = '' -- body e1aebb70adad, executed by owner
function ledger.own_lists(text,timestamp with time zone,timestamp with time zone) security definer set search_path = '' -- body 7869d69136a5, executed by owner, staffetta_app
function ledger.own_persons(text) set search_path = '' -- body 4c93bb1ee427, executed by owner
function onboarding.add_person(uuid,uuid,text) security definer set search_path = '' -- body a8b9faf8eeff, executed by owner, staffetta_app
function onboarding.answer_invitation(uuid,boolean) security definer set search_path = '' -- body 7d78325b2a56, executed by owner, staffetta_app
function onboarding.ask_review(uuid) security definer set search_path = '' -- body 114cc1ab82eb, executed by owner, staffetta_app
function onboarding.bodies_leaving() security definer set search_path = '' -- body 5d3cf6647f78, executed by owner, staffetta_app
function onboarding.check_hold() security definer set search_path = '' -- body 0517501bce4a, executed by owner
function onboarding.check_items() security definer set search_path = '' -- body df9f653661aa, executed by owner
function onboarding.children_first(oid[]) set search_path = '' -- body 1db3f356c4ea, executed by owner
function onboarding.claim_invitation(bytea,text) security definer set search_path = '' -- body e27a3217d1b2, executed by owner, staffetta_app
function onboarding.close_abandoned() security definer set search_path = '' -- body c8050e348c5c, executed by owner, staffetta_app
function onboarding.confirm_powers(uuid,text) security definer set search_path = '' -- body b98cc18ad354, executed by owner, staffetta_app
function onboarding.count_body() security definer set search_path = '' -- body 429380c451c0, executed by owner, staffetta_app
function onboarding.count_people(text[]) security definer set search_path = '' -- body 38e797c3f830, executed by owner, staffetta_app
function onboarding.create_entry(uuid,text) security definer set search_path = '' -- body b41a7a728e14, executed by owner, staffetta_app
function onboarding.disposable(text[],integer[]) security definer set search_path = '' -- body 124e0882c51a, executed by owner, staffetta_app
function onboarding.disposal_root(text) set search_path = '' -- body e58e160ef3ce, executed by owner
function onboarding.dispose(uuid,text[],text[],text[]) security definer set search_path = '' -- body adc7153629e1, executed by owner, staffetta_app
function onboarding.documents_of(integer,text[],text[]) set search_path = '' -- body 1efa94e53021, executed by owner
function onboarding.drop_payloads(uuid) security definer set search_path = '' -- body b482f584d4f6, executed by owner, staffetta_app
function onboarding.entry_contact() security definer set search_path = '' -- body bdbaac47b861, executed by owner, staffetta_app
function onboarding.exported_accounts() security definer set search_path = '' -- body cc4cc5b9e446, executed by owner, staffetta_report
function onboarding.exported_bodies(integer[]) security definer set search_path = '' -- body bdf48a97bb90, executed by owner, staffetta_report
function onboarding.exported_rows(text,text[]) security definer set search_path = '' -- body 7c88672e6ce7, executed by owner, staffetta_report
function onboarding.exported_signers() security definer set search_path = '' -- body d7987022c212, executed by owner, staffetta_report
function onboarding.exported_versions() security definer set search_path = '' -- body a9642eb66396, executed by owner, staffetta_report
function onboarding.exporting() set search_path = '' -- body cfa39cd3a7d3, executed by owner
function onboarding.find_held(text,uuid) security definer set search_path = '' -- body bda0f869940b, executed by owner, staffetta_app
function onboarding.find_subjects(text,text,text,date) security definer set search_path = '' -- body 490cb4106a1a, executed by owner, staffetta_app
function onboarding.forget_judgement() set search_path = '' -- body b62b810b92e4, executed by owner
function onboarding.fulfil_invitation(onboarding.invitations,uuid,text) set search_path = '' -- body c981f59942fb, executed by owner
function onboarding.goes_with(regclass,regclass,text,text) set search_path = '' -- body fd5fcc4da5ed, executed by owner, staffetta_report
function onboarding.held(integer,uuid,uuid) set search_path = '' -- body 62531864104a, executed by owner
function onboarding.held_in(integer,text) set search_path = '' -- body 321ad9c75fa5, executed by owner
function onboarding.hold_deeds(text[]) security definer set search_path = '' -- body b5ee070c95cc, executed by owner, staffetta_app
function onboarding.holding(integer) set search_path = '' -- body 5837e21062cd, executed by owner
function onboarding.issue_code(uuid,uuid,text,bytea,bytea,interval) security definer set search_path = '' -- body b4a660fc13d1, executed by owner, staffetta_app
function onboarding.keep_privacy_version() set search_path = '' -- body c2219c67ea76, executed by owner
function onboarding.keep_registered() security definer set search_path = '' -- body d8cc96456418, executed by owner
function onboarding.keep_restricted() security definer set search_path = '' -- body 85ea7f46ffe1, executed by owner
function onboarding.keep_restricted_person() security definer set search_path = '' -- body d678e8acec79, executed by owner
function onboarding.open_body(uuid,text) security definer set search_path = '' -- body 49ddc8a99f83, executed by owner, staffetta_app
function onboarding.own_entry() security definer set search_path = '' -- body 34fe13938031, executed by owner, staffetta_app
function onboarding.partners_leaving() security definer set search_path = '' -- body 481e702c87a5, executed by owner, staffetta_app
function onboarding.people(uuid) security definer set search_path = '' -- body 0d41982930f3, executed by owner, staffetta_app
function onboarding.powers_asked() security definer set search_path = '' -- body 4aff9d8c6b5f, executed by owner, staffetta_app
function onboarding.powers_confirmed() security definer set search_path = '' -- body 418950b72b1c, executed by owner, staffetta_app
function onboarding.purge_people(text[],text[],text[]) security definer set search_path = '' -- body ab9f06d7a707, executed by owner, staffetta_app
function onboarding.remove_accounts(uuid[]) set search_path = '' -- body 0c1a018f5bb3, executed by owner
function onboarding.remove_body() security definer set search_path = '' -- body 5453bad52b0c, executed by owner, staffetta_app
function onboarding.remove_person(uuid,uuid) security definer set search_path = '' -- body 65f8816c7c9f, executed by owner, staffetta_app
function onboarding.review_entry(uuid,text,text,text) security definer set search_path = '' -- body 5fc6e6a1e741, executed by owner, staffetta_app
function onboarding.shut_body() security definer set search_path = '' -- body 55786b0c8c5a, executed by owner, staffetta_app
function onboarding.signal_leaving() security definer set search_path = '' -- body 065ef6bf5b23, executed by owner
function onboarding.signal_powers() security definer set search_path = '' -- body 08065f08627d, executed by owner
function onboarding.stand_behind() set search_path = '' -- body 01d97eb4019f, executed by owner
function onboarding.stopped(integer,uuid,uuid) set search_path = '' -- body 54eb3fec26f4, executed by owner
function onboarding.subject_changes(uuid) security definer set search_path = '' -- body 25b607a013fd, executed by owner, staffetta_app
function onboarding.switch_modules(text[],boolean) security definer set search_path = '' -- body 4787f7f40076, executed by owner, staffetta_app
function onboarding.tables_of_body() set search_path = '' -- body a1792ed0d8ba, executed by owner
function onboarding.tables_of_people(text[]) set search_path = '' -- body a82ff56c0f0a, executed by owner
function onboarding.take_back_opening(uuid,text,text) security definer set search_path = '' -- body 07d0023696bf, executed by owner, staffetta_app
function onboarding.tell_body(uuid,uuid,timestamp with time zone) security definer set search_path = '' -- body ce9381a8a0c8, executed by owner, staffetta_app
function platform.add_role(uuid,uuid,text,text,integer,date,date) set search_path = '' -- body d0b334be1599, executed by owner
function platform.admit(bytea[],bytea[],text[],uuid[],text[],integer[],date[],date[]) security definer set search_path = '' -- body 0dc3fd1440da, executed by owner, staffetta_app
function platform.answer_support(uuid,boolean,text) security definer set search_path = '' -- body 6896a315a9fa, executed by owner, staffetta_app
function platform.ask_support(integer,integer,text,jsonb,text) security definer set search_path = '' -- body 4b5023e90f54, executed by owner, staffetta_app
function platform.begin_support() security definer set search_path = '' -- body 0e558aa9844e, executed by owner
function platform.block_domain(integer,text,jsonb,text) security definer set search_path = '' -- body 8a630275624f, executed by owner, staffetta_app
function platform.bodies_with_domains() security definer set search_path = '' -- body f0f94e5258b5, executed by owner, staffetta_app
function platform.body_support() security definer set search_path = '' -- body 6f03a94890a0, executed by owner, staffetta_app
function platform.body_usage(integer) security definer set search_path = '' -- body 447c1c410fbb, executed by owner, staffetta_app
function platform.bound_role(uuid,date) security definer set search_path = '' -- body befe8b5b4098, executed by owner, staffetta_app
function platform.close_office(integer,integer,date,integer) security definer set search_path = '' -- body 1f10407d78cc, executed by owner, staffetta_app
function platform.closed_into(integer,integer) security definer set search_path = '' -- body ea620191ffda, executed by owner, staffetta_platform
function platform.colleagues() security definer set search_path = '' -- body 23e8a62accd4, executed by owner, staffetta_app
function platform.current_incidents() security definer set search_path = '' -- body e97d5e003a8a, executed by owner, staffetta_app
function platform.drop_support(uuid) security definer set search_path = '' -- body b212dc7e70f5, executed by owner
function platform.end_role(uuid) security definer set search_path = '' -- body b18e6f4c9af9, executed by owner, staffetta_app
function platform.end_sessions() security definer set search_path = '' -- body b3ef97762643, executed by owner
function platform.end_support(uuid) security definer set search_path = '' -- body 71b330d8e1fd, executed by owner, staffetta_app
function platform.error_class(jsonb) set search_path = '' -- body 409ce37e876d, executed by owner
function platform.find_bodies(text[],text,integer) security definer set search_path = '' -- body 3f9710790e97, executed by owner, staffetta_app
function platform.find_domain(integer) security definer set search_path = '' -- body f0a3213bc4c6, executed by owner, staffetta_app
function platform.find_jobs(text,bigint) security definer set search_path = '' -- body 335bb9208227, executed by owner, staffetta_app
function platform.find_queues() security definer set search_path = '' -- body 9077feec82c4, executed by owner, staffetta_app
function platform.find_support() security definer set search_path = '' -- body 63cf6759f2d3, executed by owner, staffetta_app
function platform.find_suspensions(integer) security definer set search_path = '' -- body 5333f69b8ced, executed by owner, staffetta_app
function platform.former_colleagues() security definer set search_path = '' -- body 2147a451fae8, executed by owner, staffetta_app
function platform.found_problems() security definer set search_path = '' -- body 945c2af96c9f, executed by owner, staffetta_app
function platform.get_job(bigint) security definer set search_path = '' -- body f43bb1b91cbe, executed by owner, staffetta_app
function platform.give_role(uuid,uuid,text,date,date) security definer set search_path = '' -- body 7a3b83f7d3b2, executed by owner, staffetta_app
function platform.give_role(uuid,uuid,text,integer,date,date) security definer set search_path = '' -- body 921be23c52e1, executed by owner, staffetta_app
function platform.grant_support(uuid,integer,text,text) security definer set search_path = '' -- body 8f80350b499e, executed by owner, staffetta_app
function platform.held_roles() security definer set search_path = '' -- body e40dc5334c7f, executed by owner, staffetta_app
function platform.hold_rules() security definer set search_path = '' -- body b57964fef748, executed by owner, staffetta_app
function platform.job_counts() security definer set search_path = '' -- body 521e195a3c4a, executed by owner, staffetta_app
function platform.judge_domain(uuid,timestamp with time zone,text,text,text,integer,text,inet) security definer set search_path = '' -- body 92d6abad14dc, executed by owner, staffetta_app
function platform.keep_apart() security definer set search_path = '' -- body fafdb3643d58, executed by owner
function platform.keep_host() security definer set search_path = '' -- body ea10a874aa93, executed by owner
function platform.keep_membership() security definer set search_path = '' -- body b4550f17f451, executed by owner
function platform.keep_rule() security definer set search_path = '' -- body 6d7ca23ab773, executed by owner
function platform.known_colleagues(bytea[]) security definer set search_path = '' -- body 9a38a2cbe1d6, executed by owner, staffetta_app
function platform.leave_support(uuid,jsonb,text) security definer set search_path = '' -- body b52aeb2b937a, executed by owner, staffetta_app
function platform.line_versions() security definer set search_path = '' -- body baa3412b4f7b, executed by owner, staffetta_app
function platform.live_only() security definer set search_path = '' -- body e2d60a1862c0, executed by owner
function platform.note_incident(uuid,uuid,text,boolean) security definer set search_path = '' -- body 47ad2e711314, executed by owner, staffetta_app
function platform.office_shares(integer) security definer set search_path = '' -- body ee1f32fc32fe, executed by owner, staffetta_app
function platform.open_incident(uuid,uuid,text,text,text[]) security definer set search_path = '' -- body 0e81a278c058, executed by owner, staffetta_app
function platform.queue_mail(uuid,uuid,text,text,bytea,bytea,interval) security definer set search_path = '' -- body 75b280deafd0, executed by owner, staffetta_app
function platform.refuse_blocked() security definer set search_path = '' -- body 7fade5549b2c, executed by owner
function platform.release_gone() security definer set search_path = '' -- body 32930c6a7d8f, executed by owner
function platform.release_host(text) security definer set search_path = '' -- body 8fc8fd607d75, executed by owner
function platform.resume_body(integer,text,jsonb,text) security definer set search_path = '' -- body c16b4d36f368, executed by owner, staffetta_app
function platform.roles_exclude(text,text) set search_path = '' -- body 8f836ca0f6b1, executed by owner
function platform.save_profile(text) security definer set search_path = '' -- body 0a84f72cb8eb, executed by owner, staffetta_app
function platform.signal() security definer set search_path = '' -- body e2d8e2697d07, executed by owner
function platform.suspend_body(integer,text,jsonb,text) security definer set search_path = '' -- body bf589b5b1642, executed by owner, staffetta_app
function platform.take_support(uuid,jsonb,text) security definer set search_path = '' -- body 5bd8e5fd5f30, executed by owner, staffetta_app
function platform.tell() set search_path = '' -- body 9daf7df3d284, executed by owner, public
function platform.tell_body(integer,jsonb,text) security definer set search_path = '' -- body 78a83f101d79, executed by owner
function platform.tell_made(uuid[],text,text) security definer set search_path = '' -- body f630dca727dc, executed by owner, staffetta_platform
function platform.unblock_domain(integer,text,jsonb,text) security definer set search_path = '' -- body 17deb88bcb4d, executed by owner, staffetta_app
function platform.wants_administrator() security definer set search_path = '' -- body 5dee2f33fbf1, executed by owner
function platform.wants_steward(text[]) security definer set search_path = '' -- body ef0b1772b117, executed by owner
function platform.works_at(integer) security definer set search_path = '' -- body 315f94138811, executed by owner
function policies.add_agreement_key(uuid,bytea) security definer set search_path = '' -- body 1d8fce8662d5, executed by owner, staffetta_app
function policies.agreement_digest(uuid) set search_path = '' -- body 8cb1fdc27de8, executed by owner
function policies.agreements_of_tenant() security definer set search_path = '' -- body 980d5cc6bc02, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function policies.apply_rules(uuid,integer,integer,text) security definer set search_path = '' -- body 4647d47ec0e2, executed by owner, staffetta_app
function policies.change_agreement(uuid,text) security definer set search_path = '' -- body 097840d660e6, executed by owner, staffetta_app
function policies.copy_case(integer,integer,uuid,uuid[],uuid,uuid,text) set search_path = '' -- body 5fc9eeb3a72c, executed by owner
function policies.copying(platform.handover_tables) set search_path = '' -- body 1c893b19fe50, executed by owner
function policies.count_case(integer,uuid,uuid[]) set search_path = '' -- body a15116769da3, executed by owner
function policies.count_question(uuid) set search_path = '' -- body de22fa433da7, executed by owner
function policies.count_received() security definer set search_path = '' -- body eed1749386bb, executed by owner, staffetta_app
function policies.count_under(uuid) security definer set search_path = '' -- body 183a5ed973c4, executed by owner, staffetta_app
function policies.end_agreement(uuid,text) security definer set search_path = '' -- body 72a934e60462, executed by owner, staffetta_app
function policies.files_of_case(integer,uuid) set search_path = '' -- body 9c6fbb62e072, executed by owner
function policies.give_obligation(integer,integer,text,uuid,uuid,text,text) set search_path = '' -- body 1558be0ec002, executed by owner
function policies.has_asked(uuid,bytea) set search_path = '' -- body 161d6ed7b0fc, executed by owner
function policies.keep_live() security definer set search_path = '' -- body 1cf4cd90d621, executed by owner
function policies.key_in_use(uuid) set search_path = '' -- body f6fa23dd71b7, executed by owner, staffetta_app
function policies.known_elsewhere(uuid,bytea,uuid,timestamp with time zone) security definer set search_path = '' -- body 4b5c45c33dc8, executed by owner, staffetta_app
function policies.known_excesses() security definer set search_path = '' -- body fc0c80f5cbb6, executed by owner, staffetta_app
function policies.live_agreement_ids() -- body 69798b0ce5e4, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function policies.note_agreement_state() set search_path = '' -- body 9724d6e4c2ba, executed by owner
function policies.obligations_of_case(integer,uuid) set search_path = '' -- body c8e601341626, executed by owner
function policies.propose_agreement(jsonb) security definer set search_path = '' -- body a9a0150c4da2, executed by owner, staffetta_app
function policies.refresh_case(integer,integer,uuid) set search_path = '' -- body bd083e9b5dd5, executed by owner
function policies.refreshing(platform.handover_tables) set search_path = '' -- body 8f93504fb756, executed by owner
function policies.rows_of_case(integer,uuid,uuid[]) set search_path = '' -- body 73570d1e3e72, executed by owner
function policies.sign_agreement(uuid,text,date,text) security definer set search_path = '' -- body 94970f9a2a10, executed by owner, staffetta_app
function policies.tell_parties(uuid,uuid,timestamp with time zone) security definer set search_path = '' -- body 4b14be2d168b, executed by owner, staffetta_app
function policies.token_publishers() security definer set search_path = '' -- body 427874596069, executed by owner, staffetta_platform
function policies.write_care(jsonb) security definer set search_path = '' -- body 57cc03bc1823, executed by owner, staffetta_guest
function post.signal() security definer set search_path = '' -- body bcf2e5fe982c, executed by owner
function post.signal_adoption() security definer set search_path = '' -- body afeab2c49376, executed by owner
function practice.adoption_standing(uuid) security definer set search_path = '' -- body 5a665d8aee26, executed by owner, staffetta_app
function practice.adoptions_behind(uuid) security definer set search_path = '' -- body b2fd2e318a08, executed by owner
function practice.adoptions_of_tenant() security definer set search_path = '' -- body bde762f250bc, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function practice.asked(text[]) set search_path = '' -- body 9c6215a03fb4, executed by owner, staffetta_app
function practice.campaign_counts(uuid) security definer set search_path = '' -- body c6679551d010, executed by owner, staffetta_app
function practice.campaign_waiting(uuid,interval) security definer set search_path = '' -- body fc2ed0ce9a6a, executed by owner, staffetta_app
function practice.close_need(uuid,text) security definer set search_path = '' -- body 3b19bf4a5163, executed by owner, staffetta_app
function practice.close_proposal(uuid,integer,text,text,text,integer) security definer set search_path = '' -- body 5dad111c02c1, executed by owner, staffetta_app
function practice.coarsen_use() set search_path = '' -- body 76737102e6e7, executed by owner
function practice.count_adoptions() set search_path = '' -- body 4b94acaa4aa0, executed by owner
function practice.credit_proposals(uuid) security definer set search_path = '' -- body ef798b6abba7, executed by owner, staffetta_app
function practice.discuss_proposal(uuid,uuid,text,text) security definer set search_path = '' -- body 7eb3577c6374, executed by owner, staffetta_app
function practice.fold(text) set search_path = '' -- body 50e82d528a91, executed by owner
function practice.install_kit(text,text,text[],bytea,bytea) security definer set search_path = '' -- body 6e7db4a91e97, executed by owner, staffetta_app
function practice.item_uptake(uuid) security definer set search_path = '' -- body 52629e97c5aa, executed by owner, staffetta_app
function practice.led_of_tenant() security definer set search_path = '' -- body e34b16f34272, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function practice.measurers() security definer set search_path = '' -- body 7bf3acb593fe, executed by owner, staffetta_app
function practice.move_adoption(uuid,uuid,text,text,text) security definer set search_path = '' -- body 7a3c384bb47b, executed by owner, staffetta_app
function practice.name_lead(uuid,integer,integer,text,text) security definer set search_path = '' -- body ec2d2dcba177, executed by owner, staffetta_app
function practice.note_alarms(uuid,jsonb) security definer set search_path = '' -- body 6f44797c6b44, executed by owner, staffetta_app
function practice.note_in_journal(uuid,uuid,text,text) security definer set search_path = '' -- body 8b1976259cb8, executed by owner, staffetta_app
function practice.offer_kit() set search_path = '' -- body 9ac5aefca358, executed by owner
function practice.own_stage(uuid,integer,text,date) security definer set search_path = '' -- body 4e81fb69de4d, executed by owner, staffetta_app
function practice.part() security definer set search_path = '' -- body 816e980bdaf8, executed by owner, staffetta_app
function practice.proposals_of_tenant() security definer set search_path = '' -- body b75e00429319, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function practice.publish_kit(uuid) security definer set search_path = '' -- body c5bdfd675d37, executed by owner, staffetta_app
function practice.publish_need(uuid) security definer set search_path = '' -- body 00dad288cfec, executed by owner, staffetta_app
function practice.publish_use(uuid,jsonb) security definer set search_path = '' -- body dcf41be67211, executed by owner, staffetta_app
function practice.read_answer(uuid) security definer set search_path = '' -- body 96e50601a0af, executed by owner, staffetta_app
function practice.remind_other(uuid,integer,text,integer) security definer set search_path = '' -- body 90813f5ab66b, executed by owner, staffetta_app
function practice.reused_of_tenant() security definer set search_path = '' -- body ee41ec9d61e5, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function practice.send_proposal(uuid,integer,text) security definer set search_path = '' -- body c206a346bec1, executed by owner, staffetta_app
function practice.sign_kit(uuid,text,bytea,bytea) security definer set search_path = '' -- body 3fcc6d869a7e, executed by owner, staffetta_app
function practice.some_address(text[]) security definer set search_path = '' -- body d661c8d414dd, executed by owner, staffetta_app
function practice.some_registered(text[],text[]) security definer set search_path = '' -- body 964f7f1febb7, executed by owner, staffetta_app
function practice.start_adoption(uuid,uuid,text) security definer set search_path = '' -- body 3e99937dc8d3, executed by owner, staffetta_app
function practice.start_campaign(uuid,uuid,text) security definer set search_path = '' -- body 9d8a1fe6f271, executed by owner, staffetta_app
function practice.state_on_board(uuid,jsonb) security definer set search_path = '' -- body 2f4014581d45, executed by owner, staffetta_app
function practice.steer_campaign(uuid,text) security definer set search_path = '' -- body d115790b0a09, executed by owner, staffetta_app
function practice.step_adoption(uuid,integer,integer,text,text) security definer set search_path = '' -- body a054e3c7cf43, executed by owner, staffetta_app
function practice.taken(uuid) security definer set search_path = '' -- body 760a3ac84779, executed by owner, staffetta_app
function practice.tell_adopters() set search_path = '' -- body 3f2563bb025f, executed by owner
function practice.texts(jsonb) set search_path = '' -- body 8d5d04dc3f45, executed by owner
function practice.unsettled(jsonb) set search_path = '' -- body 813623b7728e, executed by owner, staffetta_app
function practice.upgradable() security definer set search_path = '' -- body 9a933164ec12, executed by owner, staffetta_app
function practice.withdraw_statement(uuid,uuid) security definer set search_path = '' -- body 9687a138fbac, executed by owner, staffetta_app
function practice.words(text) set search_path = '' -- body ff3310bd8fb9, executed by owner
function practice.working_side(uuid) security definer set search_path = '' -- body e8bfed06624e, executed by owner, staffetta_app
function practice.write_proposal(uuid,integer,jsonb) security definer set search_path = '' -- body db16855da052, executed by owner, staffetta_app
function registry.address_key(text) set search_path = '' -- body 9609f475971a, executed by owner, staffetta_app
function registry.shows_household(integer,uuid) -- body 41e2ea0d00d6, executed by owner, staffetta_guest
function registry.sound(text) -- body 0cf5ce4b75c3, executed by owner, public
function sharing.accept_share(uuid,uuid[],uuid,integer,text) security definer set search_path = '' -- body ecc4510990cb, executed by owner, staffetta_app
function sharing.agreement_for(sharing.shares,integer) set search_path = '' -- body 8793c7676042, executed by owner
function sharing.amend_share(uuid,integer,uuid,text[],text[],uuid[],timestamp with time zone,text[],text,text,text) security definer set search_path = '' -- body 804e4180f172, executed by owner, staffetta_app
function sharing.answer_asks() security definer set search_path = '' -- body 0ab6dd2bf470, executed by owner
function sharing.asks_of_tenant() security definer set search_path = '' -- body a51eccd27bcc, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function sharing.break_glass(jsonb,text,bytea,uuid,timestamp with time zone) security definer set search_path = '' -- body d1d9c0c49948, executed by owner, staffetta_app
function sharing.carries_offer(sharing.shares) set search_path = '' -- body a28a490934e6, executed by owner
function sharing.check_agreed(sharing.shares) set search_path = '' -- body 3413f45372a6, executed by owner
function sharing.check_emergency() set search_path = '' -- body f714336b1311, executed by owner
function sharing.check_handed(sharing.shares) set search_path = '' -- body 2611a2f1aa09, executed by owner
function sharing.check_obligations(integer,uuid,uuid[],jsonb) set search_path = '' -- body 688eeb49c136, executed by owner
function sharing.check_offered(sharing.shares) set search_path = '' -- body df147a13e9c6, executed by owner
function sharing.check_relocation(sharing.shares,uuid) set search_path = '' -- body ede9b4828d4e, executed by owner
function sharing.close_to(integer,uuid[]) set search_path = '' -- body 51f113045a68, executed by owner
function sharing.closed_sections(integer) set search_path = '' -- body ff0905511274, executed by owner
function sharing.confirm_relocation(uuid,text,text) security definer set search_path = '' -- body 83dfe5a737c5, executed by owner, staffetta_app
function sharing.create_office(uuid,text,text,text,date) security definer set search_path = '' -- body 5980d802e3dc, executed by owner, staffetta_app
function sharing.drop_tokens() security definer set search_path = '' -- body 379ec44891d6, executed by owner
function sharing.emergency_purposes(integer) set search_path = '' -- body 885371f9ad19, executed by owner
function sharing.emergency_ways(uuid[],integer[]) security definer set search_path = '' -- body 8cab1ae70a71, executed by owner, staffetta_app
function sharing.end_ask(uuid,text,text,text,uuid,timestamp with time zone) security definer set search_path = '' -- body 920e02b64b92, executed by owner, staffetta_app
function sharing.end_emergencies() security definer set search_path = '' -- body 73094e229b4d, executed by owner
function sharing.end_share(uuid,text,text,text,text) security definer set search_path = '' -- body 9de15d9e9ef3, executed by owner, staffetta_app
function sharing.end_single_agreement() set search_path = '' -- body e3a900770714, executed by owner
function sharing.findable_cases(integer) set search_path = '' -- body 9306f2975d17, executed by owner
function sharing.findable_shares(uuid[]) security definer set search_path = '' -- body 17bcc1125673, executed by owner, staffetta_app
function sharing.follow_role(text,uuid,text,text,jsonb) security definer set search_path = '' -- body 67961d0f134d, executed by owner, staffetta_app
function sharing.follow_shares(integer,integer,uuid,uuid,text) set search_path = '' -- body 3fe8318cc3d3, executed by owner
function sharing.found_network(uuid,text,integer[],integer,text,date) security definer set search_path = '' -- body 641f126fcb6c, executed by owner, staffetta_app
function sharing.govern_office(uuid) security definer set search_path = '' -- body 2a3330d7a892, executed by owner, staffetta_app
function sharing.governs_office(uuid) security definer set search_path = '' -- body c338283b9bc7, executed by owner, staffetta_app
function sharing.hand_network(uuid,integer) security definer set search_path = '' -- body a2905d526687, executed by owner, staffetta_app
function sharing.hand_over(uuid,uuid,jsonb,text) security definer set search_path = '' -- body 036358b5aaca, executed by owner, staffetta_app
function sharing.handovers_of_tenant() security definer set search_path = '' -- body 097537d53be6, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function sharing.hidden_persons(integer) set search_path = '' -- body ecdf2f505ff7, executed by owner
function sharing.invite_to_network(uuid,integer[]) security definer set search_path = '' -- body 0641fdf59922, executed by owner, staffetta_app
function sharing.is_sheltered(integer,uuid) set search_path = '' -- body b0acd62a2bba, executed by owner
function sharing.join_network(uuid,text,date) security definer set search_path = '' -- body 4a484deee547, executed by owner, staffetta_app
function sharing.keep_closed() set search_path = '' -- body 9d123d86dda1, executed by owner
function sharing.keep_reason() set search_path = '' -- body 3ae7f4f5b5d9, executed by owner, public
function sharing.keep_shelter(uuid,uuid) security definer set search_path = '' -- body d8cb0818d96a, executed by owner, staffetta_app
function sharing.leave_network(uuid) security definer set search_path = '' -- body f6acb9f4241e, executed by owner, staffetta_app
function sharing.limit_asks() set search_path = '' -- body a3b6e2dd24a6, executed by owner
function sharing.lock_share(uuid) set search_path = '' -- body b00907a61210, executed by owner
function sharing.lock_standing(uuid) set search_path = '' -- body 038267dfd948, executed by owner
function sharing.manifest(integer,uuid,uuid[]) set search_path = '' -- body bb05dfa450a5, executed by owner
function sharing.missing_tokens() security definer set search_path = '' -- body f969b3ae8770, executed by owner, staffetta_app
function sharing.name_network(uuid,uuid) security definer set search_path = '' -- body 99bee976e71e, executed by owner, staffetta_app
function sharing.networks_of_tenant() security definer set search_path = '' -- body 9fbcfd0c9f73, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function sharing.note_excess(uuid,uuid,timestamp with time zone) security definer set search_path = '' -- body 769c077c2460, executed by owner, staffetta_app
function sharing.note_move() set search_path = '' -- body a6737274db8c, executed by owner
function sharing.offer_handover(jsonb) security definer set search_path = '' -- body 3f251d5b1492, executed by owner, staffetta_app
function sharing.offer_share(jsonb) security definer set search_path = '' -- body 80eb1b443669, executed by owner, staffetta_app
function sharing.open_ask(jsonb,uuid,timestamp with time zone) security definer set search_path = '' -- body c2b2cd31c06f, executed by owner, staffetta_app
function sharing.open_obligations(uuid) security definer set search_path = '' -- body 2f6927ff5f60, executed by owner, staffetta_app
function sharing.open_relocation(sharing.shares,uuid,jsonb) set search_path = '' -- body afc7e76f281e, executed by owner
function sharing.open_review() set search_path = '' -- body 046a4c23aa4f, executed by owner
function sharing.own_purposes() set search_path = '' -- body 0e57164f75ed, executed by owner
function sharing.part() security definer set search_path = '' -- body ef935152c3c1, executed by owner, staffetta_app
function sharing.part_from_network(uuid) security definer set search_path = '' -- body 8aabdf2b98f0, executed by owner, staffetta_app
function sharing.preview_handover(uuid) security definer set search_path = '' -- body 05fac88d93f9, executed by owner, staffetta_app
function sharing.preview_relocation(uuid) security definer set search_path = '' -- body 55b912c64621, executed by owner, staffetta_app
function sharing.release_role(text) security definer set search_path = '' -- body e7b0651aafbb, executed by owner, staffetta_app
function sharing.relocation_changed(sharing.relocations,jsonb) set search_path = '' -- body 23bfa0689fff, executed by owner
function sharing.relocation_manifest(uuid,uuid[]) security definer set search_path = '' -- body db9cd8794e1e, executed by owner, staffetta_app
function sharing.renew_relocation(uuid,text,text) security definer set search_path = '' -- body fda3a8e9664b, executed by owner, staffetta_app
function sharing.review_emergency(uuid,text,text,text) security definer set search_path = '' -- body 618ed3d0a714, executed by owner, staffetta_app
function sharing.review_handover(uuid,text,text,text,uuid,timestamp with time zone) security definer set search_path = '' -- body 0a5fdc3c1a10, executed by owner, staffetta_app
function sharing.reviews_of_tenant() security definer set search_path = '' -- body 600a2fb16476, executed by owner, staffetta_app, staffetta_guest, staffetta_report
function sharing.role_follows(text) security definer set search_path = '' -- body 05d5fc2e4c46, executed by owner, staffetta_app
function sharing.roles_of_body(integer) security definer set search_path = '' -- body db494eaa5300, executed by owner, staffetta_app
function sharing.roles_of_partners() security definer set search_path = '' -- body 9dc8588f2746, executed by owner, staffetta_app
function sharing.rules_of_role(jsonb) set search_path = '' -- body d1198dd064a0, executed by owner
function sharing.settle_network(uuid) set search_path = '' -- body 84abdef5a911, executed by owner
function sharing.standing_shares(integer,uuid,uuid) set search_path = '' -- body 8ebbc1216ab5, executed by owner
function sharing.supervisor_of(uuid,integer,integer) set search_path = '' -- body 9f9b11a02de9, executed by owner
function sharing.take_network(uuid) security definer set search_path = '' -- body 5a857eae3cba, executed by owner, staffetta_app
function sharing.tell_ask(audit.events,uuid) set search_path = '' -- body cd73045ffa53, executed by owner
function sharing.tell_handover(uuid,uuid,timestamp with time zone) security definer set search_path = '' -- body 4689cdc4a641, executed by owner, staffetta_app
function sharing.tell_members(uuid,uuid,timestamp with time zone) security definer set search_path = '' -- body 37e583ccd18d, executed by owner, staffetta_app
function sharing.tell_other(uuid,uuid,timestamp with time zone) security definer set search_path = '' -- body 763063bcb8de, executed by owner, staffetta_app
function sharing.templates_of(integer) set search_path = '' -- body e9ed9f68b7ff, executed by owner
function sharing.used_purposes() security definer set search_path = '' -- body bc5bea83ccb5, executed by owner, staffetta_app
function sharing.was_ended(integer,uuid) set search_path = '' -- body 3cb8da1728f0, executed by owner
function sharing.write_tokens(uuid[],integer[],uuid[],text[],bytea[]) security definer set search_path = '' -- body abcf6d4eca7d, executed by owner, staffetta_app

domain app.section as text CHECK ((VALUE = ANY (ARRAY['identity'::text, 'household'::text, 'contacts'::text, 'intake'::text, 'assessment'::text, 'icf'::text, 'plan'::text, 'interventions'::text, 'school'::text, 'diary'::text, 'documents'::text, 'judicial'::text, 'health'::text])))
grant usage on schema app to staffetta_app
grant usage on schema app to staffetta_auditor
grant usage on schema app to staffetta_backup
grant usage on schema app to staffetta_guest
grant usage on schema app to staffetta_platform
grant usage on schema app to staffetta_report
grant usage on schema app to staffetta_worker
grant usage on schema assessment to staffetta_app
grant usage on schema assessment to staffetta_backup
grant usage on schema assessment to staffetta_guest
grant usage on schema assessment to staffetta_report
grant usage on schema audit to staffetta_app
grant usage on schema audit to staffetta_auditor
grant usage on schema audit to staffetta_backup
grant usage on schema casefile to staffetta_app
grant usage on schema casefile to staffetta_backup
grant usage on schema casefile to staffetta_guest
grant usage on schema casefile to staffetta_report
grant usage on schema commons to staffetta_app
grant usage on schema commons to staffetta_backup
grant usage on schema commons to staffetta_platform
grant usage on schema commons to staffetta_report
grant usage on schema intake to staffetta_app
grant usage on schema intake to staffetta_backup
grant usage on schema intake to staffetta_guest
grant usage on schema intake to staffetta_report
grant usage on schema kit to staffetta_app
grant usage on schema kit to staffetta_backup
grant usage on schema kit to staffetta_guest
grant usage on schema kit to staffetta_report
grant usage on schema ledger to staffetta_app
grant usage on schema ledger to staffetta_backup
grant usage on schema ledger to staffetta_guest
grant usage on schema ledger to staffetta_report
grant usage on schema onboarding to staffetta_app
grant usage on schema onboarding to staffetta_backup
grant usage on schema onboarding to staffetta_guest
grant usage on schema onboarding to staffetta_report
grant usage on schema platform to staffetta_app
grant usage on schema platform to staffetta_backup
grant usage on schema platform to staffetta_platform
grant usage on schema policies to staffetta_app
grant usage on schema policies to staffetta_auditor
grant usage on schema policies to staffetta_backup
grant usage on schema policies to staffetta_guest
grant usage on schema policies to staffetta_platform
grant usage on schema policies to staffetta_report
grant usage on schema policies to staffetta_worker
grant usage on schema post to staffetta_app
grant usage on schema post to staffetta_backup
grant usage on schema post to staffetta_guest
grant usage on schema post to staffetta_report
grant usage on schema practice to staffetta_app
grant usage on schema practice to staffetta_backup
grant usage on schema practice to staffetta_guest
grant usage on schema practice to staffetta_report
grant usage on schema registry to staffetta_app
grant usage on schema registry to staffetta_backup
grant usage on schema registry to staffetta_guest
grant usage on schema registry to staffetta_report
grant usage on schema river to staffetta_app
grant usage on schema river to staffetta_backup
grant usage on schema river to staffetta_guest
grant usage on schema river to staffetta_platform
grant usage on schema river to staffetta_worker
grant usage on schema sharing to staffetta_app
grant usage on schema sharing to staffetta_backup
grant usage on schema sharing to staffetta_guest
grant usage on schema sharing to staffetta_report
