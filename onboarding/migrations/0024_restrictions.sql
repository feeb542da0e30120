-- +goose Up
-- While the data of a person is restricted (GDPR art. 18) their case files are read and not written.
create table onboarding.restrictions (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  request_id uuid not null,
  person_id uuid not null,
  reason text not null check (length(reason) between 5 and 1000),
  set_by uuid not null,
  set_name text not null,
  set_at timestamptz not null default app.now(),
  lifted_name text not null default '',
  lifted_at timestamptz,
  lift_reason text not null default '' check (length(lift_reason) <= 1000),
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references onboarding.subject_requests (tenant_id, id),
  check ((lifted_at is null) = (lift_reason = ''))
);
call app.own_table('onboarding.restrictions');
create policy signed on onboarding.restrictions as restrictive for insert to staffetta_app with check (set_by = (select app.account()) and lifted_at is null);
create policy lifting on onboarding.restrictions as restrictive for update to staffetta_app using (lifted_at is null) with check (true);
revoke update on onboarding.restrictions from staffetta_app;
grant update (lifted_name, lifted_at, lift_reason) on onboarding.restrictions to staffetta_app;
create unique index on onboarding.restrictions (tenant_id, person_id) where lifted_at is null;

-- Nobody writes into a case file of somebody whose data is restricted. Protecting it, and who follows it, stay possible.
-- +goose StatementBegin
create function onboarding.keep_restricted() returns trigger language plpgsql security definer set search_path = '' as $body$
declare
  r jsonb := to_jsonb(new);
begin
  if exists (select from onboarding.restrictions x join casefile.cases c on c.tenant_id = x.tenant_id and c.person_id = x.person_id
      where x.lifted_at is null and x.tenant_id = coalesce(r ->> 'tenant_id', r ->> 'owner_tenant')::int and c.id = coalesce(r ->> 'case_id', r ->> 'id')::uuid) then
    raise exception 'the data of the person is restricted' using errcode = 'SF418';
  end if;
  return new;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.keep_restricted() from public;
-- +goose StatementBegin
do $body$
declare
  t text;
begin
  foreach t in array array['casefile.cases', 'casefile.steps', 'casefile.reasons', 'casefile.notes', 'casefile.documents', 'assessment.assessments',
      'intake.contacts', 'intake.forms', 'sharing.shares_details'] loop
    if to_regclass(t) is not null then
      execute format($q$create trigger keep_restricted before %s on %s for each row when (current_user in ('staffetta_app', 'staffetta_guest'))
        execute function onboarding.keep_restricted()$q$, case t when 'casefile.cases' then 'update' else 'insert or update' end, t);
    end if;
  end loop;
end $body$;
-- +goose StatementEnd

-- What was changed in the registry of the person of a request since it came; what it was and is, for who may see that.
-- +goose StatementBegin
create function onboarding.subject_changes(request uuid) returns table (field text, old_value text, new_value text, at timestamptz, by text)
  language plpgsql stable security definer set search_path = '' as $body$
begin
  return query select c.field, case when s.sees then c.old_value else '' end, case when s.sees then c.new_value else '' end, c.changed_at, c.changed_name
  from onboarding.subject_requests r join registry.changes c on c.tenant_id = r.tenant_id and c.person_id = r.person_id
  cross join (select coalesce('identity' = any ((app.sections())::text[]), false) as sees) s
  where r.tenant_id = app.tenant() and r.id = request and app.purpose() is distinct from 'citizen'
    and c.changed_at >= (r.received_on::timestamp at time zone 'Europe/Rome') and (r.ended_at is null or c.changed_at <= r.ended_at + interval '1 month')
  order by c.changed_at desc, c.id desc limit 100;
end $body$;
-- +goose StatementEnd
revoke all on function onboarding.subject_changes(uuid) from public;
grant execute on function onboarding.subject_changes(uuid) to staffetta_app;
