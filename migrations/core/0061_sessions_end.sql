-- +goose Up
-- A session or a token is of somebody who has worked in the body without a break since it was made: who comes back signs in anew. Those
-- of who holds no role today end with any change of their roles, as with the first role that they are given; a token that would outlast
-- a break between two roles ends where that begins. That a last day has passed changes nothing here: whoever reads them looks at the roles.
-- +goose StatementBegin
create function platform.end_sessions() returns trigger language plpgsql security definer set search_path = '' as $body$
declare
  today date := app.now()::date;
  held datemultirange;
  gap date;
begin
  select coalesce(range_agg(daterange(m.valid_from, m.valid_to + 1)), '{}') into held from platform.memberships m
    where m.tenant_id = new.tenant_id and m.account_id = new.account_id and (m.id <> new.id or tg_op = 'UPDATE');
  if not held @> today then
    update platform.sessions s set ended_at = app.now()
      where s.tenant_id = new.tenant_id and s.account_id = new.account_id and s.purpose = 'operator' and s.ended_at is null;
    update platform.tokens t set revoked_at = app.now() where t.tenant_id = new.tenant_id and t.account_id = new.account_id and t.revoked_at is null;
    return null;
  end if;
  held := held + daterange(new.valid_from, new.valid_to + 1)::datemultirange;
  select upper(h) into gap from unnest(held) h where h @> today and exists (select from unnest(held) l where lower(l) > upper(h));
  update platform.tokens t set expires_at = least(t.expires_at, gap::timestamp at time zone 'Europe/Rome')
    where t.tenant_id = new.tenant_id and t.account_id = new.account_id and t.revoked_at is null and gap is not null;
  return null;
end $body$;

-- Who comes again as support comes anew, too.
create function platform.begin_support() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  perform platform.drop_support(new.id);
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function platform.end_sessions(), platform.begin_support() from public;
create trigger end_sessions after insert or update on platform.memberships for each row execute function platform.end_sessions();
create trigger begin_support after insert or update of state, account_id on platform.support_accesses for each row
  when (new.state = 'granted' and new.account_id is not null) execute function platform.begin_support();
