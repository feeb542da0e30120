-- +goose Up
-- Either side names the body that leads the project, or another one in its place: from then the new one looks on, and the one
-- before no longer. Only who saw the present lead names the next. What the one before prepared for others in a campaign, and they
-- have not applied, goes with it. The journal keeps the change.
drop function practice.name_lead(uuid, int);
-- +goose StatementBegin
create function practice.name_lead(adoption uuid, seen int, lead int, author text, why text) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  named text;
begin
  perform practice.working_side(adoption);
  if seen <> coalesce((select p.tenant_id from practice.adoptions_parties p where p.adoption_id = name_lead.adoption and p.side = 'lead'), 0) then
    raise exception 'the adoption has another lead' using errcode = 'check_violation', constraint = 'led';
  end if;
  select t.name into named from platform.tenants t where t.id = name_lead.lead and t.state = 'active' and t.kind <> 'platform';
  if not found or name_lead.lead = seen or seen <> 0 and why = ''
      or exists (select from practice.adoptions_parties p where p.adoption_id = name_lead.adoption and p.side <> 'lead' and p.tenant_id = name_lead.lead) then
    raise exception 'no such lead' using errcode = 'check_violation', constraint = 'lead';
  end if;
  delete from practice.adoptions_parties p where p.adoption_id = name_lead.adoption and p.side = 'lead';
  insert into practice.adoptions_parties (adoption_id, tenant_id, side) values (adoption, name_lead.lead, 'lead');
  update practice.campaign_entries e set state = 'cancelled', asked_at = null
    where e.adoption_id = name_lead.adoption and e.leader = seen and e.state in ('waiting', 'paused', 'prepared', 'failed');
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
    select a.id, a.stage, case when seen = 0 then 'lead_named' else 'lead_changed' end, a.release, author, left(concat_ws(': ', named, nullif(why, '')), 500)
      from practice.adoptions a where a.id = name_lead.adoption;
  update practice.adoptions a set updated_at = app.now() where a.id = name_lead.adoption;
end $body$;
-- +goose StatementEnd
revoke all on function practice.name_lead(uuid, int, int, text, text) from public;
grant execute on function practice.name_lead(uuid, int, int, text, text) to staffetta_app;
