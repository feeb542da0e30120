-- +goose Up
-- Bodies that are no municipality: no register knows them, so they are declared, with the act that makes them.
alter table onboarding.entries
  add column kind text not null default 'municipality' check (kind in ('municipality', 'union', 'district', 'other')),
  add column name text not null default '' check (length(name) <= 200),
  add column tax_code text not null default '' check (length(tax_code) <= 16),
  add column deed_sha256 text check (deed_sha256 ~ '^[0-9a-f]{64}$'),
  add column deed_name text not null default '' check (length(deed_name) <= 120),
  add column deed_type text not null default '' check (deed_type in ('', 'application/pdf', 'image/png', 'image/jpeg')),
  add check (kind = 'municipality' or belfiore = '');
grant update (kind, name, tax_code, deed_sha256, deed_name, deed_type) on onboarding.entries to staffetta_app;

-- +goose StatementBegin
create or replace function onboarding.forget_judgement() returns trigger language plpgsql set search_path = '' as $body$
begin
  if row(new.belfiore, new.ipa, new.kind, new.name, new.tax_code, new.deed_sha256, new.contact_name, new.contact_position, new.contact_email,
        new.contact_phone, new.act_number, new.act_date, new.pec)
      is distinct from row(old.belfiore, old.ipa, old.kind, old.name, old.tax_code, old.deed_sha256, old.contact_name, old.contact_position,
        old.contact_email, old.contact_phone, old.act_number, old.act_date, old.pec) then
    new.confirmed_by := null; new.confirmed_name := ''; new.confirmed_at := null;
    new.review := ''; new.review_asked_at := null; new.review_reason := '';
    new.reviewed_by := null; new.reviewed_name := ''; new.reviewed_at := null;
  end if;
  return new;
end $body$;

create or replace function onboarding.close_abandoned() returns setof uuid
  language plpgsql security definer set search_path = '' as $body$
declare
  closed uuid[];
begin
  with done as (
    update onboarding.entries e set state = 'closed', contact_name = '', contact_position = '', contact_email = '', contact_phone = '',
        act_number = '', act_date = null, pec = '', contact_version = 0, name = '', tax_code = '', deed_sha256 = null, deed_name = '', deed_type = '',
        ipa = case when e.kind = 'municipality' then e.ipa else '' end
      where e.tenant_id = app.tenant() and e.state = 'open' and e.review <> 'asked' and e.updated_at <= app.now() - interval '30 days'
      returning e.id)
    select array_agg(d.id) into closed from done d;
  update onboarding.entry_people p set name = '', removed_at = case when p.starter then null else coalesce(p.removed_at, app.now()) end
    where p.tenant_id = app.tenant() and p.entry_id = any (closed);
  return query select unnest(closed);
end $body$;
-- +goose StatementEnd
