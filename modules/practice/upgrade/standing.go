package upgrade

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/uuid"

	"staffetta/modules/kit"
)

// left is the decision about an item that has nothing to do with the kit any more.
const left = "left"

// taken is what the body last decided about an item of the practice, and the kit against which it did.
type taken struct {
	item     uuid.UUID
	decision string
	kit      uuid.UUID
	reason   string
	base     kit.Source // what that kit held
}

// standing is how an item and the decision about it stand at one moment, whole: what a run found and what it made. The zero
// one is that of an item that is not there.
type standing struct {
	Item       uuid.UUID      `json:"item"`
	State      kit.State      `json:"state"`
	Source     kit.Source     `json:"source"`
	Adaptation kit.Adaptation `json:"adaptation"`
	Reason     string         `json:"reason"`
	Origin     kit.Origin     `json:"origin"`
	Decision   string         `json:"decision"` // "" for none
	Kit        uuid.UUID      `json:"kit"`      // against which it was decided
	Why        string         `json:"why"`
}

// standing is how things stand before a run.
func (t trial) standing(place string) standing { return standingOf(t.ours[place], t.taken[place]) }

func standingOf(item kit.Item, decided taken) standing {
	if item.ID == uuid.Nil {
		return standing{}
	}
	return standing{
		Item: item.ID, State: item.State, Source: item.Source(), Adaptation: item.Adaptation, Reason: item.Reason, Origin: item.Origin,
		Decision: decided.decision, Kit: decided.kit, Why: decided.reason,
	}
}

// inUse is the content where the item is published, nil where it is not.
func (s standing) inUse() []byte {
	if s.State != kit.Published {
		return nil
	}
	return s.Source.Content
}

// text is the standing as it is kept.
func (s standing) text() (string, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("write how an item stands: %w", err)
	}
	canonical, err := kit.Canonical(raw)
	return string(canonical), err
}

// same compares what text would write, without writing it.
func (s standing) same(other standing) (bool, error) {
	one, two := s, other
	one.Source.Content, two.Source.Content, one.Origin.Base, two.Origin.Base = nil, nil, nil, nil
	if !reflect.DeepEqual(one, two) || !bytes.Equal(s.Origin.Base, other.Origin.Base) {
		return false, nil
	}
	content, err := canonicalOf(s.Source)
	if err != nil {
		return false, err
	}
	others, err := canonicalOf(other.Source)
	return bytes.Equal(content, others), err
}

// canonicalOf is the content of an item in canonical form; that of none is null, as it is kept.
func canonicalOf(source kit.Source) ([]byte, error) {
	if source.Content == nil {
		return []byte("null"), nil
	}
	return kit.Canonical(source.Content)
}
