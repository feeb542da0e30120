// Package control is how a body proves that somebody enters in its name: a code goes to its certified mail, and comes back.
// It knows codes and addresses; it must not know what an entry asks, nor make a body.
package control

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"staffetta/internal/problem"
	"staffetta/tenants"
)

const (
	// alphabet has no characters that are taken for each other: B and 8, S and 5, Z and 2, I, L and 1, O and 0, U and V.
	alphabet = "ACDEFGHJKMNPQRTUWXY34679"
	// length makes 41 bits of 24 characters, written in three groups.
	length = 9
	// Life is for how long a code holds.
	Life = 24 * time.Hour
	// Tries is how many wrong codes end the one that was sent.
	Tries = 5
)

// Sealer makes keyed tokens: without the deployment's key nobody finds a code by trying all.
type Sealer interface {
	Token(value string) []byte
}

// Asked is what a code proves: that who reads a mailbox stands behind the answers of an entry as they were read.
type Asked struct {
	Entry   uuid.UUID
	Answers string // stands for all of them
	Address string
}

// Code is one that was sent and holds (it: codice di controllo).
type Code struct {
	Answers  string
	IssuedAt time.Time
	Until    time.Time
	Left     int // how many tries
}

// Verdict is what a code that somebody wrote is.
type Verdict string

// The verdicts. Only Proved is no refusal.
const (
	Proved  Verdict = "proved"
	Wrong   Verdict = "wrong"
	Guessed Verdict = "guessed" // wrong, and the last try
	Used    Verdict = "used"
	Newer   Verdict = "newer" // another one was sent since
	Expired Verdict = "expired"
	Changed Verdict = "changed" // it was sent for other answers
	None    Verdict = "none"    // none was sent, or it has ended
	Cut     Verdict = "cut"     // no code looks like this: it is not counted
)

// Issue makes a code and keeps what finds it again; the one before ends. Error: problem.TooMany when an entry, an address or an
// account has had its codes of the day.
func Issue(ctx context.Context, tx tenants.Tx, seal Sealer, a Asked) (code string, until time.Time, err error) {
	code, err = random()
	if err != nil {
		return "", time.Time{}, err
	}
	bound, err := issue(ctx, tx, a, kept{code: tokenOf(seal, a.Entry, code), address: seal.Token("onboarding.pec " + strings.ToLower(a.Address))})
	if err != nil {
		return "", time.Time{}, err
	}
	if bound != "" {
		return "", time.Time{}, problem.New(problem.TooMany, "onboarding.code.many_"+bound)
	}
	current, err := Get(ctx, tx, a.Entry)
	return code, current.Until, err
}

// Prove judges what somebody wrote and, where it looks like a code, counts it: five wrong ones end the code that was sent. The caller commits whatever the
// verdict is, or nothing would be counted.
func Prove(ctx context.Context, tx tenants.Tx, seal Sealer, a Asked, text string) (Verdict, error) {
	if !isWhole(text) {
		return Cut, nil
	}
	sent, err := findSent(ctx, tx, a.Entry)
	if err != nil {
		return "", err
	}
	verdict, id := judge(sent, tokenOf(seal, a.Entry, Normal(text)), a.Answers)
	if id == uuid.Nil {
		return verdict, nil
	}
	return verdict, count(ctx, tx, id, verdict)
}

// judge compares a token with all that were sent, in constant time, and returns the code on which the try counts.
func judge(sent []sentCode, token []byte, answers string) (Verdict, uuid.UUID) {
	var open *sentCode
	verdict := None
	for i := range sent {
		c := &sent[i]
		if c.holds() {
			open = c
		}
		if subtle.ConstantTimeCompare(c.Token, token) == 1 {
			verdict = c.verdict(answers)
		}
	}
	switch {
	case open == nil:
		return verdict, uuid.Nil
	case verdict == Proved, verdict == Changed:
		return verdict, open.ID
	case open.Tries+1 >= Tries:
		return Guessed, open.ID
	case verdict == None:
		return Wrong, open.ID
	}
	return verdict, open.ID
}

// verdict is what a code that was written rightly is.
func (c *sentCode) verdict(answers string) Verdict {
	switch {
	case c.EndedAs == "guessed":
		return None
	case c.EndedAs != "":
		return Verdict(c.EndedAs)
	case c.Over:
		return Expired
	case c.Answers != answers:
		return Changed
	}
	return Proved
}

// holds tells whether the code is the one that is waited for.
func (c *sentCode) holds() bool { return c.EndedAs == "" && !c.Over }

// Normal is a code as it is compared: who writes it puts spaces and small letters where they like.
func Normal(text string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToUpper(r)
		}
		return -1
	}, text[:min(len(text), 100)])
}

// isWhole tells whether a text has as many characters as a code, and none that codes do not have.
func isWhole(text string) bool {
	code := Normal(text)
	return len(code) == length && strings.Trim(code, alphabet) == ""
}

// random is a new code in groups of three.
func random() (string, error) {
	var code strings.Builder
	for i := range length {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", fmt.Errorf("make a code: %w", err)
		}
		if i > 0 && i%3 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(alphabet[n.Int64()])
	}
	return code.String(), nil
}

func tokenOf(seal Sealer, entry uuid.UUID, code string) []byte {
	return seal.Token("onboarding.code " + entry.String() + " " + Normal(code))
}
