-- +goose Up
-- A household that was protected where a case comes from is protected where it goes, also by what stays behind: another case of
-- it. Who takes the case over may take that back, with a reason, as any protection.
-- +goose StatementBegin
create function sharing.keep_shelter() returns trigger language plpgsql set search_path = '' as $body$
begin
  insert into casefile.marks (tenant_id, id, case_id, kind, reason, set_by, set_name)
    select t.tenant_id, gen_random_uuid(), t.id, 'sealed', 'Era protetta nell''ente di provenienza', new.decided_by, new.decided_name
    from sharing.shares_handovers h join casefile.cases g on g.tenant_id = new.owner_tenant and g.id = h.taken_id
    join casefile.cases t on t.tenant_id = new.receiver_tenant and t.id = h.taken_id
    where h.share_id = new.id and sharing.is_sheltered(g.tenant_id, g.person_id) and not sharing.is_sheltered(t.tenant_id, t.person_id);
  return null;
end $body$;
-- +goose StatementEnd
create trigger keep_shelter after update of state on sharing.shares for each row
  when (new.kind = 'handover' and old.state = 'offered' and new.state = 'closed') execute function sharing.keep_shelter();
revoke all on function sharing.keep_shelter() from public;
