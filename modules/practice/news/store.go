package news

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// unreadNews is a kit that is newer than what the body took, and that nobody of the body has read about.
type unreadNews struct {
	adoption uuid.UUID
	release  string
	title    language.Text
	at       time.Time
}

// findUnread lists the newest unread kit of each adoption of the body.
func (v *Service) findUnread(ctx context.Context, s tenants.Scope) ([]unreadNews, error) {
	var b pgx.Batch
	var found []unreadNews
	b.Queue(`select distinct on (n.adoption_id) n.adoption_id, k.release, k.title_it, k.title_en, n.at
		from practice.adoption_news n join practice.adoptions a on a.id = n.adoption_id
		join commons.kits k on k.id = n.kit_id join commons.kits t on t.id = a.kit_id
		where n.tenant_id = $1 and n.read_at is null and a.state <> 'ended' and k.number > t.number
		order by n.adoption_id, k.number desc limit 500`, s.Tenant).Query(func(rows pgx.Rows) (err error) {
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (unreadNews, error) {
			var one unreadNews
			return one, row.Scan(&one.adoption, &one.release, &one.title.It, &one.title.En, &one.at)
		})
		return err
	})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find newer kits: %w", err)
	}
	return found, nil
}

// findTold lists the bodies that publishing a release of the body's own practice tells, as the trigger on published kits does.
func (v *Service) findTold(ctx context.Context, s tenants.Scope, practice uuid.UUID, number string) (found []Told, err error) {
	var b pgx.Batch
	b.Queue(`select r.tenant_id, k.release from practice.adoptions a
			join practice.adoptions_parties m on m.adoption_id = a.id and m.tenant_id = $1 and m.side = 'ceding'
			join practice.adoptions_parties r on r.adoption_id = a.id and r.side = 'reusing'
			join commons.kits k on k.id = a.kit_id
		where a.practice_id = $2 and a.state <> 'ended' and k.number < string_to_array($3, '.')::int[] order by a.created_at, a.id limit 1000`, s.Tenant, practice, number).
		Query(func(rows pgx.Rows) error {
			found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Told])
			return err
		})
	if err := v.deps.DB.Read(ctx, s, &b); err != nil {
		return nil, fmt.Errorf("find whom a release tells: %w", err)
	}
	return found, nil
}

// markRead tells whether something was unread.
func markRead(ctx context.Context, tx tenants.Tx, of uuid.UUID) (bool, error) {
	tag, err := tx.Exec(ctx, `update practice.adoption_news n set read_at = app.now()
		where n.tenant_id = app.tenant() and n.adoption_id = $1 and n.read_at is null`, of)
	if err != nil {
		return false, fmt.Errorf("mark news as read: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

// Duties tell the bodies that adopted a practice of a newer kit, until they take it or have read what changed.
func (v *Service) Duties() []modules.DutySource {
	return []modules.DutySource{{Permission: "adoption:write", Topics: []string{"practice.adoption_news"}, Choices: []string{"practice.duty.news"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
		unread, err := v.findUnread(ctx, s)
		var duties []modules.Duty
		for _, one := range unread {
			duties = append(duties, modules.Duty{
				Label: language.M("practice.duty.news", "release", one.release), Title: language.SayText(ctx, one.title),
				Path: "/adozioni/" + one.adoption.String() + "/novita", Since: one.at,
			})
		}
		return duties, err
	}}}
}
