-- +goose Up
-- Who the person of a handover is, is identity: for who reads that at either body, not for everybody of it.
create policy identity on sharing.shares_handovers as restrictive for select to staffetta_app, staffetta_report
  using ('identity' = any ((select app.sections())::text[]));
revoke select on sharing.shares_handovers from staffetta_guest;
