-- +goose Up
-- A lead body reads the board of both sides: it leads once both have named it. The one who names it first proposes it; where the
-- other side is not in this installation, there is nobody to ask.
alter table practice.adoptions
  add column lead_proposed int references platform.tenants (id),
  add column lead_proposed_by int references platform.tenants (id),
  add column lead_proposed_at timestamptz,
  add constraint lead_proposed check (num_nulls(lead_proposed, lead_proposed_by, lead_proposed_at) in (0, 3));

drop function practice.name_lead(uuid, int, int, text, text);
-- True once the body leads, false while the other side has not named it.
-- +goose StatementBegin
create function practice.name_lead(adoption uuid, seen int, lead int, author text, why text) returns boolean
  language plpgsql security definer set search_path = '' as $body$
declare
  me int := app.tenant();
  named text;
  proposed int;
  proposer int;
  agrees boolean;
begin
  perform practice.working_side(adoption);
  select a.lead_proposed, a.lead_proposed_by into proposed, proposer from practice.adoptions a where a.id = name_lead.adoption;
  agrees := coalesce(proposed = name_lead.lead and proposer <> me, false);
  if seen <> coalesce((select p.tenant_id from practice.adoptions_parties p where p.adoption_id = name_lead.adoption and p.side = 'lead'), 0) then
    raise exception 'the adoption has another lead' using errcode = 'check_violation', constraint = 'led';
  end if;
  select t.name into named from platform.tenants t where t.id = name_lead.lead and t.state = 'active' and t.kind <> 'platform';
  if not found or name_lead.lead = seen or seen <> 0 and why = '' and not agrees
      or exists (select from practice.adoptions_parties p where p.adoption_id = name_lead.adoption and p.side <> 'lead' and p.tenant_id = name_lead.lead) then
    raise exception 'no such lead' using errcode = 'check_violation', constraint = 'lead';
  end if;
  if proposed = name_lead.lead and proposer = me then
    return false; -- it was proposed before
  end if;
  if not agrees and exists (select from practice.adoptions_parties p where p.adoption_id = name_lead.adoption and p.side <> 'lead' and p.tenant_id <> me) then
    update practice.adoptions a set lead_proposed = name_lead.lead, lead_proposed_by = me, lead_proposed_at = app.now(), updated_at = app.now()
      where a.id = name_lead.adoption;
    insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
      select a.id, a.stage, 'lead_proposed', a.release, author, left(concat_ws(': ', named, nullif(why, '')), 500)
        from practice.adoptions a where a.id = name_lead.adoption;
    return false;
  end if;
  delete from practice.adoptions_parties p where p.adoption_id = name_lead.adoption and p.side = 'lead';
  insert into practice.adoptions_parties (adoption_id, tenant_id, side) values (adoption, name_lead.lead, 'lead');
  update practice.campaign_entries e set state = 'cancelled', asked_at = null
    where e.adoption_id = name_lead.adoption and e.leader = seen and e.state in ('waiting', 'paused', 'prepared', 'failed');
  insert into practice.adoptions_journal (adoption_id, stage, event, release, author_name, note)
    select a.id, a.stage, case when seen = 0 then 'lead_named' else 'lead_changed' end, a.release, author, left(concat_ws(': ', named, nullif(why, '')), 500)
      from practice.adoptions a where a.id = name_lead.adoption;
  update practice.adoptions a set lead_proposed = null, lead_proposed_by = null, lead_proposed_at = null, updated_at = app.now() where a.id = name_lead.adoption;
  return true;
end $body$;
-- +goose StatementEnd
revoke all on function practice.name_lead(uuid, int, int, text, text) from public;
grant execute on function practice.name_lead(uuid, int, int, text, text) to staffetta_app;
