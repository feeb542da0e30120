-- +goose Up
-- Forms of the body that were filled in about a contact, each with the version that it was begun with. A form belongs to
-- the case that its contact belongs to, and is shown with it.
create table intake.forms (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  contact_id uuid not null,
  case_id uuid,
  item_version_id uuid not null, -- the form as it was when it was begun
  form text not null, -- its key and title are copied, so that a list needs no content
  title_it text not null,
  title_en text not null default '',
  answers text not null default '{}' check (jsonb_typeof(answers::jsonb) = 'object'), -- canonical
  state text not null default 'draft' check (state in ('draft', 'final')),
  author_account uuid not null,
  author_name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finalised_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, contact_id) references intake.contacts (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id),
  foreign key (tenant_id, item_version_id) references kit.item_versions (tenant_id, id),
  check ((state = 'final') = (finalised_at is not null))
);
create index on intake.forms (tenant_id, contact_id, id desc);
create index on intake.forms (tenant_id, case_id);
create index on intake.forms (tenant_id, item_version_id);
call app.own_table('intake.forms', '''intake''');
call app.shareable_table('intake.forms', '''intake''');

-- The questions, the contact and the author of a form never change.
revoke update on intake.forms from staffetta_app;
grant update (answers, state, updated_at, finalised_at, version) on intake.forms to staffetta_app;
-- A draft is changed by its author, a final one by nobody. Without a check of its own the policy would refuse the
-- very change that makes a draft final.
create policy locked on intake.forms as restrictive for update to staffetta_app
  using (state = 'draft' and author_account = (select app.account()))
  with check (author_account = (select app.account()));
create policy drafts_stay on intake.forms as restrictive for select to staffetta_guest using (state = 'final');

-- A guest reads the questions of each form that it may see, to show it with the owner's words.
create policy pinned_by_forms on kit.item_versions for select to staffetta_guest using (
  exists (select 1 from intake.forms f
    where f.tenant_id = item_versions.tenant_id and f.item_version_id = item_versions.id));
grant select on kit.item_versions to staffetta_guest;

-- The forms of a contact follow it into the case, the final ones and those of other authors too: hence with the rights
-- of the owner. Nobody may call it but the trigger.
-- +goose StatementBegin
create function intake.link_forms() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update intake.forms f set case_id = new.case_id
    where f.tenant_id = app.tenant() and f.tenant_id = new.tenant_id and f.contact_id = new.id and f.case_id is null;
  return null;
end $$;
-- +goose StatementEnd
revoke all on function intake.link_forms() from public;
create trigger link_forms after update of case_id on intake.contacts
  for each row when (old.case_id is null and new.case_id is not null) execute function intake.link_forms();
