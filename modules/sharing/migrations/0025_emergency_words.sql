-- +goose Up
-- Why a case was opened in an emergency is read by who reviews or oversees it in either body, after its end too: it stands with
-- the emergency, not with what the share shows of the case.
alter table sharing.emergencies add column reason text not null default '' check (length(reason) <= 1000);
update sharing.emergencies e set reason = d.reason from sharing.shares_details d where d.share_id = e.share_id;

-- +goose StatementBegin
create function sharing.keep_reason() returns trigger language plpgsql set search_path = '' as $body$
begin
  new.reason := (select d.reason from sharing.shares_details d where d.share_id = new.share_id);
  return new;
end $body$;
-- +goose StatementEnd
create trigger keep_reason before insert on sharing.emergencies for each row execute function sharing.keep_reason();
