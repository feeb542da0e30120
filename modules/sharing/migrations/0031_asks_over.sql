-- +goose Up
-- Whose case an ask was about, the asked body reads while it can answer and where it has answered: an ask that was taken back,
-- refused or has lapsed leaves there between which bodies it was, and what was done in the audit.
create policy standing on sharing.asks_persons as restrictive for select to staffetta_app, staffetta_report
  using (exists (select 1 from sharing.asks a where a.id = ask_id
    and (a.asker_tenant = (select app.tenant()) or a.state = 'answered' or a.state = 'open' and a.answer_by > (select app.now()))));

-- Which of the shares that the actor's body received are about somebody whom one may find from outside. A share says to those whom
-- it is for what it shows, also of somebody who was protected since; a page on which others meet the person does not lead there.
create function sharing.findable_shares(shares uuid[]) returns setof uuid language sql stable security definer set search_path = '' as $$
  select s.id from sharing.shares s
    join sharing.shares_details d on d.share_id = s.id
    join casefile.cases c on c.tenant_id = s.owner_tenant and c.id = d.case_id
  where s.id = any (shares) and s.receiver_tenant = app.tenant() and not sharing.is_sheltered(s.owner_tenant, c.person_id)
$$;
revoke all on function sharing.findable_shares(uuid[]) from public;
grant execute on function sharing.findable_shares(uuid[]) to staffetta_app;
