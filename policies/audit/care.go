package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"staffetta/tenants"
)

// WriteCare is Write for what the actor's body writes into a case of another one, in the transaction of a guest: the event
// joins both chains, under the share that lets the actor write in its one section. The payload of the event is dropped: what
// a guest says does not go into the owner's chain.
func WriteCare(ctx context.Context, tx tenants.Tx, s tenants.Scope, e Event) error {
	if len(e.Sections) != 1 {
		return errors.New("what a guest writes stands in one section")
	}
	event, err := json.Marshal(map[string]any{
		"share": e.Share, "section": e.Sections[0], "action": e.Action, "object": e.Object,
		"actor": s.Name, "assurance": s.Assurance, "request": s.RequestID,
	})
	if err != nil {
		return fmt.Errorf("write an event of joint care: %w", err)
	}
	_, err = tx.Exec(ctx, `select policies.write_care($1)`, string(event))
	return refused(e.Action, err)
}
