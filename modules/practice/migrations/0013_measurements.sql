-- +goose Up
-- The quantities from which the value of an indicator was computed. They stay with the body that counted them; the board shows the
-- value alone, or that it is withheld.
create table practice.measurements (
  tenant_id int not null default app.tenant(),
  id uuid not null, -- of the statement
  adoption_id uuid not null references practice.adoptions (id),
  quantities jsonb not null check (jsonb_typeof(quantities) = 'object'),
  at timestamptz not null default app.now(),
  primary key (tenant_id, id),
  foreign key (adoption_id, id) references practice.adoptions_statements (adoption_id, id)
);
create index on practice.measurements (tenant_id, adoption_id);
call app.own_table('practice.measurements');
revoke update on practice.measurements from staffetta_app;
