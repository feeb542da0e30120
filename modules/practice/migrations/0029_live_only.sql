-- +goose Up
-- A body on trial publishes no practice, kit or need, and proposes no improvement.
create trigger live_only before insert on commons.practices for each row execute function platform.live_only();
create trigger live_only before insert on commons.kits for each row execute function platform.live_only();
create trigger live_only before insert or update of state on commons.needs for each row when (new.state = 'published') execute function platform.live_only();
create trigger live_only before update of state on practice.proposals for each row when (new.state = 'sent' and old.state <> 'sent') execute function platform.live_only();
