-- +goose Up
-- Why a case must not be found from outside: it is sealed, protects a minor, is about violence, or serves a court alone
-- (it: protezione della cartella). Who works on the case says so and takes it back, each with a reason; what was said stays.
create table casefile.marks (
  tenant_id int not null default app.tenant(),
  id uuid not null,
  case_id uuid not null,
  kind text not null check (kind in ('sealed', 'protected_minor', 'violence', 'judicial')),
  reason text not null check (length(reason) between 5 and 500),
  set_by uuid not null,
  set_name text not null check (length(set_name) <= 120),
  set_at timestamptz not null default app.now(),
  ended_by uuid,
  ended_name text not null default '' check (length(ended_name) <= 120),
  ended_at timestamptz,
  end_reason text not null default '' check (length(end_reason) <= 500),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id),
  check ((ended_at is null) = (end_reason = ''))
);
create unique index on casefile.marks (tenant_id, case_id, kind) where ended_at is null;
call app.own_table('casefile.marks', '''diary''');
create trigger keep_transferred before insert or update on casefile.marks for each row execute function casefile.keep_transferred();
-- Whoever takes a case over protects it as it was.
call app.handover_table('casefile.marks', 't.case_id = $2', case_column => 'case_id', section => '''diary''');
