-- +goose Up
-- In joint care another body adds notes and documents of its own. Its notes are drafts until they are signed, as everybody's;
-- it keeps none to itself.
call app.care_table('casefile.notes', 'notes.section', 'notes.signed_at is null');
grant update (section, kind, visibility, happened_on, body, updated_at, signed_at, version) on casefile.notes to staffetta_guest;
create policy care_public on casefile.notes as restrictive for insert to staffetta_guest with check (visibility = 'public');
create policy care_stays_public on casefile.notes as restrictive for update to staffetta_guest using (true) with check (visibility = 'public');
alter policy drafts_stay on casefile.notes using ((signed_at is not null and visibility = 'public')
  or (author_tenant = (select app.tenant()) and author_account = (select app.account())));
call app.care_table('casefile.documents', 'documents.section');

-- Who works on a case is told what another body has signed or filed in it.
-- +goose StatementBegin
create function casefile.tell_care() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.author_tenant <> new.tenant_id and new.author_tenant = app.tenant() then
    insert into casefile.notices (tenant_id, id, account_id, topic, path, actor_name, reference)
      select new.tenant_id, gen_random_uuid(), a.account_id, 'case.care', '/cartelle/' || new.case_id || tg_argv[0], new.author_name, c.number
      from casefile.assignments a join casefile.cases c on c.tenant_id = a.tenant_id and c.id = a.case_id
      where a.tenant_id = new.tenant_id and a.case_id = new.case_id and a.valid_to is null;
  end if;
  return null;
end $$;
-- +goose StatementEnd
revoke all on function casefile.tell_care() from public;
create trigger tell_care_begun after insert on casefile.notes for each row when (new.signed_at is not null) execute function casefile.tell_care('/diario');
create trigger tell_care after update on casefile.notes for each row when (old.signed_at is null and new.signed_at is not null)
  execute function casefile.tell_care('/diario');
create trigger tell_care after insert on casefile.documents for each row execute function casefile.tell_care('/documenti');
