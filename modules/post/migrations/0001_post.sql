-- +goose Up
create schema post;
grant usage on schema post to staffetta_app, staffetta_guest, staffetta_report, staffetta_backup;

-- Where somebody of a body wants to be told, and how often. It counts once it is confirmed by a link that was sent there.
create table post.addresses (
  tenant_id int not null default app.tenant(),
  account_id uuid not null,
  address_sealed bytea,
  confirmed_at timestamptz,
  pending_sealed bytea,
  pending_hash bytea, -- of the token in the link
  pending_until timestamptz,
  asked_on date, -- how many links were asked for that day
  asked int not null default 0,
  rhythm text not null default 'at_once' check (rhythm in ('at_once', 'daily', 'never')),
  language text not null default 'it' check (language in ('it', 'en')),
  version int not null default 1,
  primary key (tenant_id, account_id),
  check ((address_sealed is null) = (confirmed_at is null)),
  check ((pending_sealed is null) = (pending_hash is null) and (pending_sealed is null) = (pending_until is null))
);
create unique index on post.addresses (tenant_id, pending_hash);
call app.own_table('post.addresses');
-- What somebody has been told of, so that nothing is told twice, and what became of the last mail.
create table post.told (
  tenant_id int not null default app.tenant(),
  account_id uuid not null,
  things jsonb not null default '{}', -- by what it asks: how many, the newest, the term that was told
  daily_on date, -- the last day on which terms and summaries were told
  failure text not null default '' check (failure in ('', 'address', 'pending')), -- which address did not take a mail
  primary key (tenant_id, account_id)
);
call app.own_table('post.told');
-- An address is its person's alone; the body's jobs, which have no purpose, work with it.
create policy own_address on post.addresses as restrictive to staffetta_app
  using (account_id = (select app.account()) or app.purpose() is null)
  with check (account_id = (select app.account()) or app.purpose() is null);
create policy own_told on post.told as restrictive to staffetta_app
  using (account_id = (select app.account()) or app.purpose() is null)
  with check (account_id = (select app.account()) or app.purpose() is null);
create policy reported_address on post.addresses as restrictive for select to staffetta_report using (account_id = (select app.account()));
create policy reported_told on post.told as restrictive for select to staffetta_report using (account_id = (select app.account()));

-- Notes, in the transaction of what happened, that the bodies in the named columns have something to tell. Where nobody has an
-- address nothing is noted.
-- +goose StatementBegin
create function post.signal() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into platform.mail_signals (tenant_id)
    select body.id from (select distinct (to_jsonb(n) ->> c)::int as id from changed n, unnest(tg_argv) c) body
    where exists (select 1 from post.addresses a where a.tenant_id = body.id and a.address_sealed is not null);
  return null;
end $$;
create procedure post.signal_of(t regclass, event text, columns text[]) language plpgsql set search_path = '' as $$
begin
  execute format('create trigger signal_mail_%1$s after %1$s on %2$s referencing new table as changed for each statement execute function post.signal(%3$s)',
    event, t, (select string_agg(quote_literal(c), ', ') from unnest(columns) c));
end $$;
-- +goose StatementEnd
revoke all on function post.signal() from public;
call post.signal_of('casefile.notices', 'insert', array['tenant_id']);
call post.signal_of('sharing.shares', 'insert', array['owner_tenant', 'receiver_tenant']);
call post.signal_of('sharing.shares', 'update', array['owner_tenant', 'receiver_tenant']);
call post.signal_of('sharing.shares_reviews', 'insert', array['supervisor']);
call post.signal_of('sharing.emergencies', 'insert', array['owner_tenant']);
call post.signal_of('sharing.asks', 'insert', array['asked_tenant']);
call post.signal_of('sharing.networks_parties', 'insert', array['tenant_id']);
call post.signal_of('policies.agreements_parties', 'insert', array['tenant_id']);
call post.signal_of('ledger.contests', 'insert', array['tenant_id']);
drop procedure post.signal_of(regclass, text, text[]);
