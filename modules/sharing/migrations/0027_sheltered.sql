-- +goose Up
-- A household that was protected where a case comes from is protected where it goes: who takes the case over protects it by a
-- function that the program calls, and writes the event of it. Who takes it over may take that back, with a reason.
drop trigger keep_shelter on sharing.shares;
drop function sharing.keep_shelter();
-- +goose StatementBegin
create function sharing.keep_shelter(share uuid, mark uuid) returns boolean
  language plpgsql security definer set search_path = '' as $body$
begin
  insert into casefile.marks (tenant_id, id, case_id, kind, reason, set_by, set_name)
    select t.tenant_id, mark, t.id, 'sealed', 'Era protetta nell''ente di provenienza', s.decided_by, s.decided_name
    from sharing.shares s join sharing.shares_handovers h on h.share_id = s.id
    join casefile.cases g on g.tenant_id = s.owner_tenant and g.id = h.taken_id
    join casefile.cases t on t.tenant_id = s.receiver_tenant and t.id = h.taken_id
    where s.id = keep_shelter.share and s.receiver_tenant = app.tenant() and s.decided_by = app.account() and s.kind = 'handover' and s.state = 'closed'
      and sharing.is_sheltered(g.tenant_id, g.person_id) and not sharing.is_sheltered(t.tenant_id, t.person_id);
  return found;
end $body$;
-- +goose StatementEnd

-- Whom nobody may find any more, nobody reads in an emergency either: what makes a person one of these ends, in its own transaction,
-- the emergencies in their cases. The other body reads who ended it, as of any that the owner ends, and not why. The event is
-- that of what was done, which is written after it, hence at the end.
-- +goose StatementBegin
create function sharing.end_emergencies() returns trigger language plpgsql security definer set search_path = '' as $body$
declare
  s record;
  e audit.events;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('sharing.emergencies', new.tenant_id));
  for s in select x.id, x.receiver_tenant, x.sections, d.case_id from sharing.shares x join sharing.shares_details d on d.share_id = x.id
      join casefile.cases c on c.tenant_id = d.owner_tenant and c.id = d.case_id
      where x.owner_tenant = new.tenant_id and x.kind = 'break_glass' and x.state = 'active' and x.valid_to > app.now()
        and sharing.is_sheltered(c.tenant_id, c.person_id) for update of x loop
    select x.* into e from audit.events x
      where x.tenant_id = new.tenant_id and x.txid = pg_current_xact_id() and x.actor_tenant = new.tenant_id order by x.at desc limit 1;
    if not found then
      raise exception 'an emergency ends without an event of what ends it' using errcode = 'insufficient_privilege';
    end if;
    update sharing.shares x set state = 'revoked', version = x.version + 1, outcome = 'Chiuso dall''ente che segue la persona',
        ended_tenant = new.tenant_id, ended_by = e.account_id, ended_name = e.actor_name, ended_at = app.now() where x.id = s.id;
    update policies.case_grants g set valid = tstzrange(lower(g.valid), greatest(lower(g.valid), app.now()))
      where g.tenant_id = new.tenant_id and g.share_id = s.id and upper(g.valid) > app.now();
    insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id,
        action, object_id, case_id, sections, share_id, payload, payload_hash)
      select b, gen_random_uuid(), clock_timestamp(), e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id,
        'share.revoke', s.id, s.case_id, s.sections, s.id, '{}', sha256('{}')
      from unnest(array[new.tenant_id, s.receiver_tenant]) b;
  end loop;
  return null;
end $body$;
-- +goose StatementEnd
create constraint trigger end_emergencies after insert on casefile.marks deferrable initially deferred
  for each row execute function sharing.end_emergencies();
create constraint trigger end_emergencies after update of person_id on casefile.cases deferrable initially deferred
  for each row when (old.person_id <> new.person_id) execute function sharing.end_emergencies();
create constraint trigger end_emergencies after update of tax_code, alias on registry.persons deferrable initially deferred
  for each row when ((old.tax_code, old.alias) is distinct from (new.tax_code, new.alias)) execute function sharing.end_emergencies();
create constraint trigger end_emergencies_new after insert on registry.persons deferrable initially deferred
  for each row when (new.alias <> '' and new.tax_code <> '') execute function sharing.end_emergencies();
create constraint trigger end_emergencies after insert or update of household_id, person_id, valid_to on registry.members deferrable initially deferred
  for each row execute function sharing.end_emergencies();

-- Whoever opens a case waits for whoever is protecting somebody, and looks again.
-- +goose StatementBegin
create function sharing.check_emergency() returns trigger language plpgsql set search_path = '' as $body$
begin
  perform pg_advisory_xact_lock(hashtextextended('sharing.emergencies', new.owner_tenant));
  if exists (select 1 from sharing.shares_details d join casefile.cases c on c.tenant_id = d.owner_tenant and c.id = d.case_id
      where d.share_id = new.share_id and sharing.is_sheltered(c.tenant_id, c.person_id)) then
    raise exception 'no such case' using errcode = 'no_data_found';
  end if;
  return null;
end $body$;
-- +goose StatementEnd
create trigger check_emergency after insert on sharing.emergencies for each row execute function sharing.check_emergency();

-- An ask counts as a question under its agreement does (policies.known_elsewhere). Who asks too much asks nothing, and the bodies
-- of the agreement are told of it by what note_excess counts.
-- +goose StatementBegin
create function sharing.limit_asks() returns trigger language plpgsql set search_path = '' as $body$
begin
  if not policies.count_question(new.agreement_id) then
    raise exception 'too much is asked' using errcode = 'program_limit_exceeded';
  end if;
  return null;
end $body$;
-- +goose StatementEnd
create trigger limit_asks after insert on sharing.asks for each row execute function sharing.limit_asks();
-- +goose StatementBegin
create function sharing.note_excess(agreement uuid, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
begin
  perform audit.own_event(event, written, agreement, 'ask.limit');
  if app.account() is null or not agreement = any (policies.live_agreement_ids()) then
    raise exception 'no such agreement' using errcode = 'no_data_found';
  end if;
  perform policies.count_question(agreement);
end $body$;
-- +goose StatementEnd
revoke all on function sharing.keep_shelter(uuid, uuid), sharing.end_emergencies(), sharing.check_emergency(), sharing.limit_asks(),
  sharing.note_excess(uuid, uuid, timestamptz) from public;
grant execute on function sharing.keep_shelter(uuid, uuid), sharing.note_excess(uuid, uuid, timestamptz) to staffetta_app;
