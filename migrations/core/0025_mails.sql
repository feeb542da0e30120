-- +goose Up
-- What leaves by e-mail: written in the transaction of what it tells, sent later. A text is never kept: only its template, and
-- sealed what the template is filled in with. Without an address of its own a mail goes to the account's at the moment of sending.
create table platform.mails (
  id uuid primary key,
  tenant_id int not null references platform.tenants (id),
  account_id uuid not null references platform.accounts (id),
  template text not null check (template ~ '^[a-z]+\.mail\.[a-z_]+$'),
  language text not null check (language in ('it', 'en')),
  values_sealed bytea,
  address_sealed bytea,
  state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'dropped')),
  reason text not null default '' check (reason in ('', 'busy', 'unreachable', 'refused', 'expired', 'left', 'settled', 'no_address')),
  attempts int not null default 0,
  created_at timestamptz not null default app.now(),
  due_at timestamptz not null,
  ended_at timestamptz,
  check ((state in ('queued', 'sending')) = (ended_at is null))
);
create index on platform.mails (due_at) where state in ('queued', 'sending');
create index on platform.mails (created_at desc, id desc);
create index on platform.mails (tenant_id, account_id, template) where state = 'queued';

-- A body in which something happened that somebody may want to hear of; who, is found out afterwards.
create table platform.mail_signals (
  id bigint generated always as identity primary key,
  tenant_id int not null references platform.tenants (id),
  daily boolean not null default false, -- the moment of the day at which terms and summaries are told
  at timestamptz not null default app.now(),
  told_at timestamptz
);
create index on platform.mail_signals (tenant_id, id) where told_at is null;
grant select, insert, update, delete on platform.mails, platform.mail_signals to staffetta_platform;
grant select on platform.mails, platform.mail_signals to staffetta_backup;

-- Queues a mail of the actor's body. One that waits already for the same account with the same template and no address of its
-- own takes the new one in: ten events within minutes are one mail.
-- +goose StatementBegin
create function platform.queue_mail(mail uuid, account uuid, form text, lang text, filling bytea, address bytea, wait interval) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  due timestamptz := app.now() + greatest(wait, interval '0');
  waiting uuid;
begin
  if app.tenant() is null then
    raise exception 'no body' using errcode = 'insufficient_privilege';
  end if;
  if address is null then
    update platform.mails m set due_at = least(m.due_at, due)
      where m.id = (select w.id from platform.mails w where w.tenant_id = app.tenant() and w.account_id = account and w.template = form
        and w.state = 'queued' and w.attempts = 0 and w.address_sealed is null limit 1 for update)
        and m.state = 'queued'
      returning m.id into waiting;
    if waiting is not null then
      return waiting;
    end if;
  end if;
  insert into platform.mails (id, tenant_id, account_id, template, language, values_sealed, address_sealed, due_at)
    values (mail, app.tenant(), account, form, lang, filling, address, due);
  return mail;
end $$;
-- +goose StatementEnd
revoke all on function platform.queue_mail(uuid, uuid, text, text, bytea, bytea, interval) from public;
grant execute on function platform.queue_mail(uuid, uuid, text, text, bytea, bytea, interval) to staffetta_app;
