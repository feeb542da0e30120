-- +goose Up
-- What two ways of writing an address have in common: small letters without accents, the street in full, up to the number
-- of the house. "Via Roma, n. 12/B int. 3" and "VIA ROMA 12" have the same key; an address without a number is its words.
-- +goose StatementBegin
create function registry.address_key(address text) returns text language plpgsql immutable strict parallel safe set search_path = '' as $body$
declare
  short constant text[] := array['v le ', 'v lo ', 'p zza ', 'p za ', 'p le ', 'c so ', 'c da ', 'cda ', 'l go ', 'loc ', 'trav ', 'fraz '];
  full_ constant text[] := array['viale ', 'vicolo ', 'piazza ', 'piazza ', 'piazzale ', 'corso ', 'contrada ', 'contrada ', 'largo ', 'localita ',
    'traversa ', 'frazione '];
  t text := btrim(regexp_replace(translate(lower(address collate "C"), 'àáâäèéêëìíîïòóôöùúûüçñÀÁÂÄÈÉÊËÌÍÎÏÒÓÔÖÙÚÛÜÇÑ',
    'aaaaeeeeiiiioooouuuucnaaaaeeeeiiiioooouuuucn'), '[^a-z0-9]+', ' ', 'g'));
begin
  for i in 1 .. cardinality(short) loop
    if starts_with(t, short[i]) then
      t := full_[i] || substr(t, length(short[i]) + 1);
      exit;
    end if;
  end loop;
  t := regexp_replace(t || ' ', ' (n|nr|num|numero|civico|snc)(?= )', '', 'g');
  t := regexp_replace(btrim(t), ' [0-9]{5}( .*)?$', ''); -- the postal code and what follows
  return regexp_replace(t, '^(\S+ \S+( [a-z]\S*)* [0-9]{1,4})([ a-z].*)?$', '\1');
end $body$;
-- +goose StatementEnd
revoke all on function registry.address_key(text) from public;
grant execute on function registry.address_key(text) to staffetta_app;
create index on registry.contacts (tenant_id, registry.address_key(address)) where address <> '';
