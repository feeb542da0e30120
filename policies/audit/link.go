package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// The forms in which a link covers its event. A column that the events gain needs a form of its own; what is sealed
// keeps the form it was sealed in.
const (
	joinedForm = 1 // the columns joined by bars, in which a null leaves no trace
	namedForm  = 2 // the columns by name, and the instant of sealing
)

// joinedSQL and namedSQL write what a hash covers of an event besides sequence, previous hash and payload hash.
const (
	joinedSQL = `concat_ws('|', e.tenant_id, e.id, extract(epoch from e.at)::numeric, e.actor_tenant, e.account_id, e.actor_name,
		e.assurance, e.purpose, e.request_id, e.action, e.relation, e.object_id, e.case_id, array_to_string(e.sections, ','), e.share_id,
		array_to_string(e.cases, ','))`
	namedSQL = `json_build_object('tenant_id', e.tenant_id, 'id', e.id, 'at', extract(epoch from e.at)::numeric,
		'actor_tenant', e.actor_tenant, 'account_id', e.account_id, 'actor_name', e.actor_name, 'assurance', e.assurance,
		'purpose', e.purpose, 'request_id', e.request_id, 'action', e.action, 'relation', e.relation, 'object_id', e.object_id,
		'case_id', e.case_id, 'sections', e.sections, 'share_id', e.share_id, 'cases', e.cases)::text`
)

// link is a place in the chain of a body with the event that stands there.
type link struct {
	Seq         int64           `json:"seq"`
	ID          uuid.UUID       `json:"id"`
	At          time.Time       `json:"at"`
	Form        int             `json:"form"`
	SealedAt    *time.Time      `json:"sealed_at,omitempty"`
	Event       *string         `json:"event"` // what the hash covers of the event, as PostgreSQL writes it; nil if it is not there
	PayloadHash []byte          `json:"payload_hash"`
	Payload     json.RawMessage `json:"payload,omitempty"` // absent once retention has dropped it
	Hash        []byte          `json:"hash"`
}

// sum is the hash that the link has after the one before.
func (l link) sum(previous []byte) []byte {
	h := sha256.New()
	if l.Form == namedForm && l.SealedAt != nil {
		h.Write([]byte("staffetta audit link 2\n"))
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(l.SealedAt.UnixMicro())))
	}
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(l.Seq)))
	h.Write(previous)
	h.Write(l.PayloadHash)
	h.Write([]byte(*l.Event))
	return h.Sum(nil)
}

// follows tells whether the link is what was sealed for the body after the one before.
func (l link) follows(body int32, previous []byte) bool {
	known := l.Form == joinedForm && l.SealedAt == nil || l.Form == namedForm && l.SealedAt != nil
	return known && strings.HasPrefix(*l.Event, l.name(body)) && len(l.PayloadHash) == sha256.Size && bytes.Equal(l.sum(previous), l.Hash)
}

// name is how the text of the event begins: whose it is, which one and of when.
func (l link) name(body int32) string {
	format := `{"tenant_id" : %d, "id" : "%s", "at" : %d.%06d, `
	if l.Form == joinedForm {
		format = `%d|%s|%d.%06d|`
	}
	return fmt.Sprintf(format, body, l.ID, l.At.Unix(), l.At.Nanosecond()/1000)
}

// samePayload compares the stored payload with its hash. PostgreSQL keeps jsonb in a form of its own, so it is written
// again as Go writes it.
func (l link) samePayload() bool {
	again, err := canonical(string(l.Payload))
	if err != nil {
		return false
	}
	sum := sha256.Sum256(again)
	return bytes.Equal(sum[:], l.PayloadHash)
}
