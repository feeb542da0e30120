-- +goose Up
-- What a body asks is counted; who is no body (the owner of the tables, who makes data to try things with) asks nobody.
drop trigger limit_asks on sharing.asks;
create trigger limit_asks after insert on sharing.asks for each row when (app.tenant() is not null) execute function sharing.limit_asks();
