package format

import (
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
)

// asking are the kinds whose records hold answers.
var asking = []string{kit.KindForm, kit.KindAssessment}

// QueueEarlier reads how forms and assessments of a kit of the body were published before: in earlier releases of its practice
// in the practice that they come from and, without a release, in the body itself.
func QueueEarlier(b *pgx.Batch, tenant int32, of uuid.UUID, into *[]Earlier) {
	read := func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Earlier, err error) {
			var content string
			err = row.Scan(&e.Kind, &e.Key, &content, &e.Release, &e.Own)
			e.Content = []byte(content)
			return e, err
		})
		*into = slices.Concat(*into, found)
		return err
	}
	const chosen = `with chosen as (select v.kind, v.key, v.item_id, i.origin_practice, v.id as version_id, p.practice_id, string_to_array(p.release, '.')::int[] as number
			from practice.kits p join kit.item_versions v on v.tenant_id = p.tenant_id and v.id = any (p.versions) and v.kind = any ($3)
			join kit.items i on i.tenant_id = v.tenant_id and i.id = v.item_id
			where p.tenant_id = $1 and p.id = $2) `
	b.Queue(chosen+`select e.kind, e.key, e.content, e.release, true from (
			select distinct on (i.kind, i.key, i.sha256) i.kind, i.key, i.content, k.release, k.number from chosen c
			join commons.kits k on k.practice_id = c.practice_id and k.number < c.number
			join commons.kit_items i on i.kit_id = k.id and i.kind = c.kind and i.key = c.key
			order by i.kind, i.key, i.sha256, k.number desc) e order by e.number desc, e.kind, e.key`, tenant, of, asking).Query(read)
	b.Queue(chosen+`select distinct i.kind, i.key, i.content, k.release, false from chosen c
			join commons.kits k on k.practice_id = c.origin_practice and k.practice_id <> c.practice_id
			join commons.kit_items i on i.kit_id = k.id and i.kind = c.kind and i.key = c.key
		union select v.kind, v.key, v.content, '', false from chosen c
			join kit.item_versions v on v.tenant_id = $1 and v.item_id = c.item_id and v.id <> c.version_id`, tenant, of, asking).Query(read)
}
