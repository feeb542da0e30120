-- +goose Up
-- A handover that the law asks for and that is refused is reviewed by the supervisor of its agreement: the lead of its network,
-- else its proposer; a body that is neither side goes first. The supervisor learns which bodies, when and on what basis, and
-- nothing of the case.
create table sharing.shares_reviews (
  share_id uuid primary key references sharing.shares (id),
  supervisor int not null references platform.tenants (id),
  giver int not null references platform.tenants (id),
  taker int not null references platform.tenants (id),
  agreement_id uuid not null references policies.agreements (id),
  refused_at timestamptz not null,
  finding text not null default '' check (finding in ('', 'taker', 'giver')), -- who is competent
  words text not null default '' check (length(words) <= 1000),
  decided_by uuid,
  decided_name text not null default '' check (length(decided_name) <= 120),
  decided_at timestamptz,
  check ((finding <> '') = (decided_at is not null))
);
create index on sharing.shares_reviews (supervisor) where finding = '';
-- +goose StatementBegin
create function sharing.reviews_of_tenant() returns setof uuid
  language sql stable security definer set search_path = '' rows 20 as
  $$ select r.share_id from sharing.shares_reviews r where app.tenant() in (r.supervisor, r.giver, r.taker) $$;
-- +goose StatementEnd
revoke all on function sharing.reviews_of_tenant() from public;
grant execute on function sharing.reviews_of_tenant() to staffetta_app, staffetta_guest, staffetta_report;
call app.between_table('sharing.shares_reviews', 'share_id in (select sharing.reviews_of_tenant())');
revoke insert, update on sharing.shares_reviews from staffetta_app;

-- Who supervises an agreement, where two of its bodies do not agree.
create function sharing.supervisor_of(agreement uuid, giver int, taker int) returns int language sql stable set search_path = '' as $$
  select c.body from (
    select n.lead_tenant as body, 1 as place from policies.agreements a join sharing.networks n on n.id = a.network_id and n.state = 'active' where a.id = agreement
    union all
    select p.tenant_id, case p.side when 'proposer' then 2 else 3 end from policies.agreements_parties p where p.agreement_id = agreement) c
  where c.place < 3 or c.body not in (giver, taker)
  order by c.body in (giver, taker), c.place, c.body limit 1
$$;

-- +goose StatementBegin
create function sharing.open_review() returns trigger language plpgsql set search_path = '' as $body$
begin
  insert into sharing.shares_reviews (share_id, supervisor, giver, taker, agreement_id, refused_at)
    values (new.id, sharing.supervisor_of(new.agreement_id, new.owner_tenant, new.receiver_tenant), new.owner_tenant, new.receiver_tenant,
      new.agreement_id, coalesce(new.decided_at, app.now()));
  return null;
end $body$;
-- +goose StatementEnd
create trigger open_review after update of state on sharing.shares for each row
  when (new.kind = 'handover' and new.legal_basis = 'law' and old.state = 'offered' and new.state = 'refused') execute function sharing.open_review();

-- The supervisor says, once, who is competent; both bodies are told in the same transaction.
-- +goose StatementBegin
create function sharing.review_handover(share uuid, answer text, said text, actor text, event uuid, written timestamptz) returns void
  language plpgsql security definer set search_path = '' as $body$
declare
  e audit.events := audit.own_event(event, written, share, 'share.review');
  r sharing.shares_reviews;
begin
  select x.* into r from sharing.shares_reviews x where x.share_id = share and app.tenant() in (x.supervisor, x.giver, x.taker) for update;
  if not found then
    raise exception 'no such review' using errcode = 'no_data_found';
  end if;
  if r.supervisor <> app.tenant() then
    raise exception 'not the supervisor' using errcode = 'insufficient_privilege';
  end if;
  if r.finding <> '' then
    raise exception 'reviewed already' using errcode = 'object_not_in_prerequisite_state';
  end if;
  update sharing.shares_reviews x set finding = answer, words = said, decided_by = app.account(), decided_name = actor, decided_at = app.now()
    where x.share_id = share;
  insert into audit.events (tenant_id, id, at, actor_tenant, account_id, actor_name, assurance, purpose, request_id, action, relation, object_id,
      share_id, payload, payload_hash)
    select b, e.id, e.at, e.actor_tenant, e.account_id, e.actor_name, e.assurance, e.purpose, e.request_id, e.action, e.relation, share,
      share, '{}', sha256('{}')
    from unnest(array[r.giver, r.taker]) b where b <> app.tenant();
end $body$;
-- +goose StatementEnd
revoke all on function sharing.supervisor_of(uuid, int, int), sharing.open_review(), sharing.review_handover(uuid, text, text, text, uuid, timestamptz) from public;
grant execute on function sharing.review_handover(uuid, text, text, text, uuid, timestamptz) to staffetta_app;
