-- +goose Up
-- A body on trial offers and opens no share, asks nobody, founds, joins and leads no network.
create trigger live_only before insert on sharing.shares for each row execute function platform.live_only();
create trigger live_only before insert on sharing.asks for each row execute function platform.live_only();
create trigger live_only before insert on sharing.networks for each row execute function platform.live_only();
create trigger live_only_lead before update of lead_tenant on sharing.networks for each row
  when (new.lead_tenant <> old.lead_tenant) execute function platform.live_only();
create trigger live_only before update of joined_at on sharing.networks_parties for each row
  when (new.joined_at is not null and old.joined_at is null) execute function platform.live_only();
