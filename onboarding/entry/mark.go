package entry

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// Mark stands for the answers of an entry as somebody has read them: one digest for each
// step, so that a later mark tells which steps have changed. It holds nothing of them.
type Mark string

// changedKey is the message that answers have changed since the actor read them.
const changedKey = "onboarding.error.changed"

// Mark returns the mark of the answers as they are now.
func (e Entry) Mark() Mark {
	parts := make([]string, len(Steps))
	for i, answers := range []any{[]any{e.Belfiore, e.IPA(), e.Other}, e.Contact} {
		text, err := json.Marshal(answers)
		if err != nil {
			panic(err) // plain texts
		}
		sum := sha256.Sum256(text)
		parts[i] = base64.RawURLEncoding.EncodeToString(sum[:16])
	}
	return Mark(strings.Join(parts, "."))
}

// Since lists the steps in which m differs from an earlier mark; all of them if that is no mark.
func (m Mark) Since(earlier Mark) []Step {
	now, then := strings.Split(string(m), "."), strings.Split(string(earlier), ".")
	if len(now) != len(Steps) || len(then) != len(Steps) {
		return Steps
	}
	var changed []Step
	for i, step := range Steps {
		if now[i] != then[i] {
			changed = append(changed, step)
		}
	}
	return changed
}
