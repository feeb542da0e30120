-- +goose Up
-- Whichever side starts a practice, from then on citizens see the services that its kit brought to the reusing body, and its
-- audit tells so. A move back takes nothing away.
-- +goose StatementBegin
create or replace function practice.step_adoption(adoption uuid, seen int, target int, author text, why text) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform practice.working_side(adoption);
  if target not between 1 and 10 or target = seen or target < seen and why = '' then
    raise exception 'no such step' using errcode = 'check_violation';
  end if;
  update practice.adoptions a set stage = target, updated_at = app.now(), version = version + 1 where a.id = adoption and a.stage = seen;
  if not found then
    raise exception 'the adoption has moved' using errcode = 'serialization_failure';
  end if;
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
    select adoption, target, case when target > seen then 'moved' else 'returned' end, a.release, author, why
    from practice.adoptions a where a.id = adoption;
  if seen < 7 and target >= 7 then
    with opened as (
      update kit.items i set shown = true from practice.adoptions a
        join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
        where a.id = adoption and i.tenant_id = p.tenant_id and i.origin_practice = a.practice_id and i.kind = 'service' and not i.shown
        returning i.tenant_id)
    insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, action, object_id, payload, payload_hash)
      select distinct on (o.tenant_id) o.tenant_id, gen_random_uuid(), app.now(), app.tenant(), app.account(), author, 'guide.show', adoption,
        '{}'::jsonb, sha256('{}')
      from opened o;
  end if;
end $body$;
-- +goose StatementEnd
