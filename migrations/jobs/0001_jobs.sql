-- +goose Up
-- River's jobs carry the body in their arguments; a body sees and makes its own jobs only, and the platform those of
-- tenant 0. River's worker sees all and reaches no other data with its role.
call app.secure('river.river_job');
create policy work on river.river_job to staffetta_worker using (true) with check (true);
create policy own on river.river_job to staffetta_app, staffetta_guest
  using ((args ->> 'tenant_id')::int = (select app.tenant())) with check ((args ->> 'tenant_id')::int = (select app.tenant()));
create policy platform on river.river_job to staffetta_platform
  using ((args ->> 'tenant_id')::int = 0) with check ((args ->> 'tenant_id')::int = 0);
grant usage on schema river to staffetta_app, staffetta_guest, staffetta_platform, staffetta_worker, staffetta_backup;
grant select, insert, update, delete on river.river_job, river.river_leader, river.river_queue to staffetta_worker;
-- An enqueued job returns its row, and meets an equal unique job by an update.
grant select, insert, update on river.river_job to staffetta_app, staffetta_guest, staffetta_platform;
grant usage on sequence river.river_job_id_seq to staffetta_app, staffetta_guest, staffetta_platform, staffetta_worker;
grant select on all tables in schema river to staffetta_backup;
