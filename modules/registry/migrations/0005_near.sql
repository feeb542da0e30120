-- +goose Up
-- Who searches for a name with a letter wrong is offered the near ones: found by the sound of either name, with the
-- beginning of the other.
create index on registry.persons (tenant_id, name_sound, surname_sound);
