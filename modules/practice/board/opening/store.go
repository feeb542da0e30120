package opening

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/modules/kit"
	"staffetta/modules/practice/adoption"
)

// Queue reads in a batch the services that wait for the start of an adoption, where the actor's body is the reusing one.
func Queue(b *pgx.Batch, of uuid.UUID, into *[]kit.Source) {
	b.Queue(`select i.key, i.title_it, i.title_en from practice.adoptions a
		join practice.adoptions_parties p on p.adoption_id = a.id and p.side = 'reusing'
		join kit.items i on i.tenant_id = p.tenant_id and i.origin_practice = a.practice_id
		where a.id = $1 and a.stage < $2 and p.tenant_id = app.tenant() and i.kind = $3 and i.state = 'published' and not i.shown
		order by i.key collate "C"`, of, adoption.StageGoLive, kit.KindService).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (kit.Source, error) {
			source := kit.Source{Kind: kit.KindService}
			return source, row.Scan(&source.Key, &source.Title.IT, &source.Title.EN)
		})
		return err
	})
}
