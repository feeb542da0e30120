package population

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// epoch is the last day of the population's life: it is fixed, so that the same seed makes the same rows on any day.
var epoch = time.Date(2026, 9, 30, 17, 0, 0, 0, time.UTC)

// seed is where everything random about one body comes from.
type seed struct {
	number   uint64
	belfiore string
	*rand.Rand
}

func newSeed(number uint64, belfiore string) *seed {
	s := &seed{number: number, belfiore: belfiore}
	sum := s.digest("rows", 0)
	s.Rand = rand.New(rand.NewPCG(number, binary.BigEndian.Uint64(sum[:8]))) //nolint:gosec // the same seed makes the same population
	return s
}

func (s *seed) digest(of string, index int) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s %s %d", s.number, s.belfiore, of, index))
}

// id is a version 7 UUID of the instant; what follows its time is made of the seed, and not of chance.
func (s *seed) id(of string, index int, at time.Time) uuid.UUID {
	sum := s.digest(of, index)
	id := uuid.UUID(sum[:16])
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

func pick[T any](s *seed, from []T) T { return from[s.IntN(len(from))] }

// between is a number within the bounds.
func (s *seed) between(least, most int) int { return least + s.IntN(most-least+1) }

// office is an instant of the day, or of the Friday before a weekend, at which offices in Italy are open.
func (s *seed) office(at time.Time) time.Time {
	d := day(at)
	switch d.Weekday() {
	case time.Saturday:
		d = d.AddDate(0, 0, -1)
	case time.Sunday:
		d = d.AddDate(0, 0, -2)
	}
	return d.Add(7*time.Hour + time.Duration(s.IntN(6*60*60))*time.Second) // 8 to 15 in Rome, in summer and winter
}

// day is the instant's day.
func day(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}
