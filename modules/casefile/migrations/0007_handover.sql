-- +goose Up
-- A case that passed to another body stays here as what was done until then, and nobody writes it any more.
alter table casefile.cases add column transferred_to int references platform.tenants (id),
  add constraint transferred check (transferred_to is null or closed_at is not null),
  add foreign key (origin_tenant) references platform.tenants (id);
create policy transferred on casefile.cases as restrictive for update to staffetta_app using (transferred_to is null);

-- Whoever writes a row of a case waits for a handover that is under way, and is refused after it. It acts with the owner's
-- rights because a guest that writes cannot lock the case.
-- +goose StatementBegin
create function casefile.keep_transferred() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform 1 from casefile.cases c where c.tenant_id = new.tenant_id and c.id = new.case_id and c.transferred_to is null for key share;
  if not found and exists (select 1 from casefile.cases c where c.tenant_id = new.tenant_id and c.id = new.case_id) then
    raise exception 'the case has passed to another body' using errcode = 'object_not_in_prerequisite_state', constraint = 'transferred';
  end if;
  return new;
end $$;
-- +goose StatementEnd
revoke all on function casefile.keep_transferred() from public;
create trigger keep_transferred before insert or update on casefile.steps for each row execute function casefile.keep_transferred();
create trigger keep_transferred before insert or update on casefile.reasons for each row execute function casefile.keep_transferred();
create trigger keep_transferred before insert or update on casefile.notes for each row execute function casefile.keep_transferred();
create trigger keep_transferred before insert or update on casefile.documents for each row execute function casefile.keep_transferred();
create trigger keep_transferred before insert or update on casefile.assignments for each row execute function casefile.keep_transferred();

-- Numbers are given per body and year, as 2026/000012.
create function casefile.next_number(at timestamptz) returns text language sql set search_path = '' as $$
  insert into casefile.counters (id, last) values (extract(year from at at time zone 'Europe/Rome')::int, 1)
  on conflict (tenant_id, id) do update set last = counters.last + 1
  returning id || '/' || lpad(last::text, greatest(6, length(last::text)), '0')
$$;
revoke all on function casefile.next_number(timestamptz) from public;
grant execute on function casefile.next_number(timestamptz) to staffetta_app;

-- What of a case goes along with it: all but what its authors have not signed or keep to themselves.
call app.handover_table('casefile.cases', 't.id = $2', case_column => 'id', person_column => 'person_id', used_item => 'workflow_version',
  sets => '{"number": "$8", "office_id": "null::int", "origin_tenant": "$1"}');
call app.handover_table('casefile.steps', 't.case_id = $2', case_column => 'case_id');
call app.handover_table('casefile.reasons', 't.case_id = $2', case_column => 'case_id', section => '''diary''');
call app.handover_table('casefile.notes', $$t.case_id = $2 and t.signed_at is not null and t.visibility = 'public'$$,
  case_column => 'case_id', section => 't.section',
  sets => jsonb_build_object('addendum_to', $$case when exists (select 1 from casefile.notes o
    where o.tenant_id = t.tenant_id and o.id = t.addendum_to and o.signed_at is not null and o.visibility = 'public') then t.addendum_to end$$));
call app.handover_table('casefile.documents', 't.case_id = $2', case_column => 'case_id', section => 't.section', file => 'sha256');
call app.handover_obligation('note_draft', 'casefile.notes', 't.case_id = $2 and t.signed_at is null', due => 't.happened_on');
