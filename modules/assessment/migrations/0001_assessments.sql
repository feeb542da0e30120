-- +goose Up
create schema assessment;
grant usage on schema assessment to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

create table assessment.assessments (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  section app.section not null default 'assessment',
  item_version_id uuid not null, -- the instrument as it was when the assessment was begun
  instrument text not null, -- its key, title, range and band are copied, so that a list needs no content
  title_it text not null,
  title_en text not null default '',
  answers jsonb not null default '{}' check (jsonb_typeof(answers) = 'object'),
  score numeric,
  score_min numeric not null,
  score_max numeric not null,
  band text,
  band_it text not null default '',
  band_en text not null default '',
  state text not null default 'draft' check (state in ('draft', 'final')),
  done_on date not null,
  author_tenant int not null,
  author_account uuid not null,
  author_name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finalised_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id),
  foreign key (tenant_id, item_version_id) references kit.item_versions (tenant_id, id),
  check ((state = 'final') = (finalised_at is not null)),
  check (score is null or (state = 'final' and score between score_min and score_max)),
  check (band is null or score is not null)
);
create index on assessment.assessments (tenant_id, case_id, done_on desc, id desc);
create index on assessment.assessments (tenant_id, item_version_id);
create index on assessment.assessments (tenant_id, instrument);
call app.own_table('assessment.assessments', 'section');
call app.shareable_table('assessment.assessments', 'assessments.section');

-- The instrument, the case and the author of an assessment never change.
revoke update on assessment.assessments from staffetta_app;
grant update (answers, score, band, band_it, band_en, state, done_on, updated_at, finalised_at, version)
  on assessment.assessments to staffetta_app;
-- A draft is changed by its author, a final one by nobody. Without a check of its own the policy would refuse the
-- very change that makes a draft final.
create policy locked on assessment.assessments as restrictive for update to staffetta_app
  using (state = 'draft' and author_account = (select app.account()))
  with check (author_account = (select app.account()));
create policy drafts_stay on assessment.assessments as restrictive for select to staffetta_guest using (state = 'final');

-- A guest reads the instrument of each assessment that it may see, to show it with the owner's questions and scores.
create policy pinned_by_assessments on kit.item_versions for select to staffetta_guest using (
  exists (select 1 from assessment.assessments a
    where a.tenant_id = item_versions.tenant_id and a.item_version_id = item_versions.id));
grant select on kit.item_versions to staffetta_guest;

-- How many assessments an instrument has, for those who look after the instruments and read no case.
create function assessment.count_made_with(instrument text) returns int
  language sql stable security definer set search_path = '' as
  $$ select count(*)::int from assessment.assessments a where a.tenant_id = app.tenant() and a.instrument = count_made_with.instrument $$;
revoke all on function assessment.count_made_with(text) from public;
grant execute on function assessment.count_made_with(text) to staffetta_app;
