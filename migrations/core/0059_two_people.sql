-- +goose Up
-- Whether nobody may hold two roles of a body at once: who configures sees no case, and what the administrator and the data protection
-- officer decide as two is decided by two people. The program says the same (member.Exclude), and a test compares both.
-- +goose StatementBegin
create function platform.roles_exclude(a text, b text) returns boolean language sql immutable set search_path = '' as $body$
  select exists (select from (values (a, b), (b, a)) r (one, other)
    where r.one in ('tenant_admin', 'dpo', 'platform_operator', 'platform_reviewer', 'support') and (r.other like 'item:%' or r.other in
        ('access_desk', 'social_worker', 'educator', 'psychologist', 'coordinator', 'admin_officer', 'uvm_member', 'provider'))
      or r.one = 'tenant_admin' and r.other = 'dpo')
$body$;
-- Refuses such roles of one person where somebody gives them, at the end of the transaction: who writes them down may say before what
-- is wrong. What has ended stays, what stood before this rule can be given an end, and what is read in from an archive, where nobody acts,
-- stays too.
create function platform.keep_apart() returns trigger language plpgsql security definer set search_path = '' as $body$
begin
  if tg_op = 'UPDATE' and (new.tenant_id, new.account_id, new.role) = (old.tenant_id, old.account_id, old.role)
      and daterange(new.valid_from, case when new.valid_to is not null then greatest(new.valid_to + 1, new.valid_from) end)
        <@ daterange(old.valid_from, case when old.valid_to is not null then greatest(old.valid_to + 1, old.valid_from) end) then
    return null;
  end if;
  if exists (select from platform.memberships n join platform.memberships m on m.tenant_id = n.tenant_id and m.account_id = n.account_id
      where n.id = new.id and platform.roles_exclude(m.role, n.role) and daterange(m.valid_from, case when m.valid_to is not null then greatest(m.valid_to + 1, m.valid_from) end)
          && daterange(n.valid_from, case when n.valid_to is not null then greatest(n.valid_to + 1, n.valid_from) end)
        and coalesce(least(m.valid_to, n.valid_to), 'infinity') >= app.now()::date) then
    raise exception 'one person may not hold % with another role of theirs', new.role using errcode = 'SF424', constraint = 'two_people';
  end if;
  return null;
end $body$;
-- +goose StatementEnd
revoke all on function platform.roles_exclude(text, text), platform.keep_apart() from public;
create constraint trigger keep_apart after insert or update on platform.memberships deferrable initially deferred
  for each row when (app.account() is not null) execute function platform.keep_apart();
