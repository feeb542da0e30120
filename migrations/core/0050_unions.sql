-- +goose Up
-- Unions of municipalities are bodies, too (d.lgs. 267/2000 art. 32).
alter table platform.tenants drop constraint tenants_kind_check,
  add constraint tenants_kind_check check (kind in ('municipality', 'union', 'district', 'joint_office', 'other', 'platform'));
