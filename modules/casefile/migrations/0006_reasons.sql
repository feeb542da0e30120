-- +goose Up
-- Why a case was opened and why it took a step are words about the person. They are for who reads the diary, where a
-- change of state belongs, and stand in a table of their own, so that SQL hides them from everybody else.
create table casefile.reasons (
  tenant_id int not null default app.tenant(),
  id uuid not null, -- of the step, or of the case itself for why it was opened
  case_id uuid not null,
  body text not null check (length(body) between 1 and 2000),
  primary key (tenant_id, id),
  foreign key (tenant_id, case_id) references casefile.cases (tenant_id, id)
);
create index on casefile.reasons (tenant_id, case_id);
call app.own_table('casefile.reasons', '''diary''');
revoke update on casefile.reasons from staffetta_app;

insert into casefile.reasons (tenant_id, id, case_id, body)
  select c.tenant_id, c.id, c.id, c.summary from casefile.cases c where c.summary <> ''
  union all
  select t.tenant_id, t.id, t.case_id, t.reason from casefile.steps t where t.reason <> '';
-- The columns go at once and not a release later: as long as they were there, they would show what they hold.
alter table casefile.cases drop column summary, drop column closing_reason;
alter table casefile.steps drop column reason;
