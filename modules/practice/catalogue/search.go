package catalogue

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/google/uuid"

	"staffetta/tenants"
	"staffetta/tenants/register"
)

// Sort is the order of a list of offers.
type Sort string

// The orders. The zero value is what fits the words best, or the title where there are none.
const (
	ByFit      Sort = ""
	ByTitle    Sort = "title"
	ByNewest   Sort = "newest"
	ByAdopters Sort = "adopters"
)

// Sorts are the orders as people choose them.
var Sorts = []Sort{ByTitle, ByNewest, ByAdopters}

// Maturity says how far a practice has been proven elsewhere, from what adoptions say (it: maturità).
type Maturity string

// The steps of maturity.
const (
	Offered     Maturity = "offered"     // published, and live nowhere else yet
	Transferred Maturity = "transferred" // live in another body
	Proven      Maturity = "proven"      // known to be in use in another body for a year or longer
)

// Maturities are the steps, in order.
var Maturities = []Maturity{Offered, Transferred, Proven}

// Search is what somebody looks for; the zero value is everything.
type Search struct {
	Words    string // in Italian, stems and beginnings of words
	Area     string // ISTAT area
	Target   string // as sheets word it
	Region   string // two digits of ISTAT
	Size     string // of the ceding body, a code of Sizes
	Maturity Maturity
	Adopters int // at least
	Alive    int // months after going live for which it is known to be in use: 12 or 24
	Sort     Sort
	After    string // cursor of the page before
	Limit    int    // 0 means PageSize
}

// PageSize is how many offers stand on a page; MaxPage how many a caller may ask for.
const (
	PageSize = 24
	MaxPage  = 200
)

// IsEmpty tells whether nothing is looked for; order and page do not count.
func (q Search) IsEmpty() bool {
	q.Sort, q.After, q.Limit = "", "", 0
	return q == Search{}
}

// Found is a page of offers.
type Found struct {
	Offers []Offer
	Next   string // cursor; empty on the last page
}

// FindOffers lists the newest kit of each published practice that fits. Any scope with a body may ask, also the
// platform's. A cursor that is none begins with the first page.
func (v *Service) FindOffers(ctx context.Context, s tenants.Scope, q Search) (Found, error) {
	if q.Limit <= 0 || q.Limit > MaxPage {
		q.Limit = PageSize
	}
	offers, err := v.findOffers(ctx, s, q)
	if err != nil || len(offers) <= q.Limit {
		return Found{Offers: offers}, err
	}
	offers = offers[:q.Limit]
	return Found{Offers: offers, Next: offers[q.Limit-1].at.String()}, nil
}

// maxWords bounds how many words of a search count.
const maxWords = 8

// words are those that are looked for, folded as practice.fold does.
func (q Search) words() []string {
	list := strings.FieldsFunc(Fold(q.Words), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return list[:min(len(list), maxWords)]
}

// folder writes letters without the accents of Italian.
var folder = strings.NewReplacer("à", "a", "á", "a", "â", "a", "ä", "a", "è", "e", "é", "e", "ê", "e", "ë", "e", "ì", "i", "í", "i", "î", "i", "ï", "i",
	"ò", "o", "ó", "o", "ô", "o", "ö", "o", "ù", "u", "ú", "u", "û", "u", "ü", "u", "'", " ", "’", " ")

// Fold writes a text in small letters without the accents of Italian, as the catalogue compares it.
func Fold(text string) string { return folder.Replace(strings.ToLower(text)) }

// position is where a row stands in its order: rank, then title, then id.
type position struct {
	rank  int64
	title string
	id    uuid.UUID
}

// String is the cursor of what follows.
func (p position) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.rank, 10) + "\n" + p.id.String() + "\n" + p.title))
}

// parsePosition reads a cursor; false for what is none.
func parsePosition(cursor string) (position, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || cursor == "" {
		return position{}, false
	}
	parts := strings.SplitN(string(raw), "\n", 3)
	if len(parts) < 3 || strings.ContainsRune(parts[2], 0) || !isText(parts[2]) {
		return position{}, false
	}
	rank, err := strconv.ParseInt(parts[0], 10, 64)
	id, errID := uuid.Parse(parts[1])
	return position{rank, parts[2], id}, err == nil && errID == nil
}

func isText(text string) bool { return strings.ToValidUTF8(text, "") == text }

// Size is a class of municipalities by their residents (it: classe demografica).
type Size struct {
	Code string
	Most int // residents; 0 for no limit
}

// Sizes are the classes, the smallest first. 5,000 and 15,000 residents are the steps of Italian law on municipalities.
var Sizes = []Size{{"5000", 5_000}, {"15000", 15_000}, {"50000", 50_000}, {"100000", 100_000}, {"more", 0}}

// SizeOf is the place in Sizes of a municipality with so many residents; -1 where they are not known.
func SizeOf(residents int) int {
	for at, size := range Sizes {
		if residents > 0 && (size.Most == 0 || residents <= size.Most) {
			return at
		}
	}
	return -1
}

// Region is one of the twenty regions.
type Region struct{ Code, Name string }

// Regions are those of the register, by code.
var Regions = sync.OnceValue(func() []Region {
	var list []Region
	known := map[string]bool{}
	for _, m := range register.All() {
		if !known[m.RegionCode] {
			known[m.RegionCode] = true
			list = append(list, Region{m.RegionCode, m.Region})
		}
	}
	return list
})

// places are the ISTAT codes of the municipalities that fit region and size; nil where neither is looked for.
func (q Search) places() []string {
	if q.Region == "" && q.Size == "" {
		return nil
	}
	codes := []string{}
	for _, m := range register.All() {
		at := SizeOf(m.Population)
		if (q.Region == "" || m.RegionCode == q.Region) && (q.Size == "" || at >= 0 && Sizes[at].Code == q.Size) {
			codes = append(codes, m.ISTAT)
		}
	}
	return codes
}

// Maturity is how far the offer has been proven.
func (o Offer) Maturity() Maturity {
	switch {
	case o.IsAlive(12):
		return Proven
	case o.Live > 0:
		return Transferred
	default:
		return Offered
	}
}

// IsAlive tells whether it is known to be in use so many months after going live. Where nobody has measured it, Measured
// is false and this is too.
func (o Offer) IsAlive(months int) bool {
	return !o.AliveSince.IsZero() && !o.AliveSince.AddDate(0, months, 0).After(o.readAt)
}

// Place is the municipality of the ceding body, as the register has it; false where the code is unknown.
func (o Offer) Place() (register.Municipality, bool) {
	m, err := register.ByISTAT(o.ISTAT)
	return m, err == nil
}
