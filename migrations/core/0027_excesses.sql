-- +goose Up
-- Who asks too much is told on the desk of every body of the agreement: found by the agreement and the last days. Older counts
-- are nobody's business any more.
create index on policies.known_questions (agreement_id, hour);
create index on platform.mails (ended_at) where ended_at is not null;
-- +goose StatementBegin
create or replace function policies.count_question(agreement uuid) returns boolean language plpgsql set search_path = '' as $body$
declare
  this_hour int;
  this_day bigint;
begin
  delete from policies.known_questions q where q.tenant_id = app.tenant() and q.hour < app.now() - interval '8 days';
  insert into policies.known_questions as q (tenant_id, agreement_id, account_id, hour, asked)
    values (app.tenant(), agreement, app.account(), date_trunc('hour', app.now()), 1)
    on conflict (tenant_id, agreement_id, account_id, hour) do update set asked = q.asked + 1
    returning asked into this_hour;
  select sum(q.asked) into this_day from policies.known_questions q
    where q.tenant_id = app.tenant() and q.agreement_id = agreement and q.account_id = app.account() and q.hour > app.now() - interval '1 day';
  return this_hour <= 60 and this_day <= 300;
end $body$;
-- +goose StatementEnd
