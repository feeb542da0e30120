package audit

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"
)

// maxCountersigners is how many bodies countersign one root.
const maxCountersigners = 3

// Root is where the chain of a body stood at the end of a day, UTC (it: radice del giorno). The head's hash commits to
// every link up to it, as the head of any hash chain does, and with the sequences it says which ones are new. Each root
// holds the hash of the one before.
type Root struct {
	Body           int32     `json:"body"`
	Day            string    `json:"day"` // 2026-11-21
	First          int64     `json:"first_seq"`
	Last           int64     `json:"last_seq"`
	Head           []byte    `json:"head"`
	Previous       []byte    `json:"previous"`
	Countersigners []int32   `json:"countersigners"`
	MadeAt         time.Time `json:"made_at"`
	Hash           []byte    `json:"hash"`
}

// sum is the hash of what the root says.
func (r Root) sum() []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "staffetta audit root 1\nbody %d\nday %s\nsequences %d to %d\nhead %x\nprevious %x\ncountersigners %d\nmade %s\n",
		r.Body, r.Day, r.First, r.Last, r.Head, r.Previous, r.Countersigners, r.MadeAt.UTC().Format(time.RFC3339Nano)))
	return sum[:]
}

// holds tells whether the root's hash is that of what it says.
func (r Root) holds() bool { return bytes.Equal(r.sum(), r.Hash) }

// choose picks who countersigns a body's root of a day: the same for everybody who asks, another choice every day.
func choose(body int32, day string, candidates []int32) []int32 {
	rank := func(candidate int32) []byte {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", day, body, candidate))
		return sum[:]
	}
	chosen := slices.Clone(candidates)
	slices.SortFunc(chosen, func(a, b int32) int { return bytes.Compare(rank(a), rank(b)) })
	chosen = chosen[:min(len(chosen), maxCountersigners)]
	slices.Sort(chosen)
	return chosen
}
