package notice

import (
	"context"
	"fmt"
	"time"

	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/tenants"
)

// Duties are the notices that somebody has not read, for who tells people that are not looking: the desk lists them itself.
// What is about a case counts while the actor may open it.
func Duties(deps modules.Deps) []modules.DutySource {
	return []modules.DutySource{{Permission: "desk:read", Quiet: true, Topics: []string{"casefile.notices"}, Find: func(ctx context.Context, s tenants.Scope) ([]modules.Duty, error) {
		every := deps.Permits(s, "case:open")
		n, newest, err := countUnread(ctx, deps.DB, s, every)
		if err != nil {
			return nil, fmt.Errorf("count unread notices: %w", err)
		}
		if n == 0 {
			return nil, nil
		}
		return []modules.Duty{{Label: language.M("casefile.duty.notices", "n", n), Path: "/scrivania", Since: newest}}, nil
	}}}
}

// unread is how far back a notice that nobody read is told of.
const unread = 30 * 24 * time.Hour
