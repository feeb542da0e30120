-- +goose Up
-- What somebody has typed about an arrival and not recorded yet, so that it is there again after the person has been
-- registered on the way. A draft is its author's alone. What it held goes when the contact is recorded, or when its author
-- throws it away.
create table intake.drafts (
  tenant_id int not null default app.tenant(),
  id uuid not null, -- the contact will have it
  author_account uuid not null,
  typed text not null check (length(typed) <= 1000000), -- the values of the form as they were sent, by name
  state text not null default 'open' check (state in ('open', 'over')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (state = 'open' or typed = '')
);
create index on intake.drafts (tenant_id, author_account, updated_at desc) where state = 'open';
call app.own_table('intake.drafts', '''intake''');
create policy authored on intake.drafts as restrictive to staffetta_app, staffetta_report
  using (author_account = (select app.account())) with check (author_account = (select app.account()));
