// Package planted makes identifiers of invented persons and puts them into contents, for tests of the check that finds
// them. Everything follows from a seed. It must not be used by the program.
package planted

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"staffetta/modules/practice/personal"
	"staffetta/tenants/taxcode"
)

// Maker makes identifiers by chance.
type Maker struct{ *rand.Rand }

// NewMaker makes the same identifiers for the same seed.
func NewMaker(seed uint64) Maker {
	return Maker{rand.New(rand.NewPCG(seed, seed))} //nolint:gosec // invented data must be the same again, not secret
}

// Rules are those whose identifiers are known by their form alone.
var Rules = []string{
	personal.FiscalCode, personal.TaxNumber, personal.IBAN, personal.Card, personal.Email, personal.Phone, personal.Plate,
	personal.Document, personal.HealthCard, personal.BirthDate,
}

var (
	surnames = strings.Fields("Genna Pipitone Angileri Culcasi Rallo Bonomo Gabriele Giacalone Sammartano Licari Asaro Quinci Marino Bianco Salerno Valenza")
	given    = strings.Fields("Rosa Mario Giuseppe Maria Antonino Francesca Vito Anna Salvatore Giulia Calogero Caterina")
	towns    = strings.Fields("Marsala Pantelleria Petrosino Salemi Trapani Alcamo")
)

func (m Maker) pick(list ...string) string { return list[m.IntN(len(list))] }

func (m Maker) digits(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('0' + m.IntN(10)))
	}
	return b.String()
}

func (m Maker) letters(from string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(from[m.IntN(len(from))])
	}
	return b.String()
}

const (
	anyLetter   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	plateLetter = "ABCDEFGHJKLMNPRSTVWXYZ"
)

// grouped is a code with something between groups of its characters.
func (m Maker) grouped(code, between string, size int) string {
	var groups []string
	for part := range slices.Chunk([]byte(code), size) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, between)
}

// person is the name of somebody.
func (m Maker) person() string { return m.pick(given...) + " " + m.pick(surnames...) }

func (m Maker) birth() time.Time {
	return time.Date(1930+m.IntN(90), time.Month(1+m.IntN(12)), 1+m.IntN(28), 0, 0, 0, 0, time.UTC)
}

// Identifier makes one of a rule, in one of the ways in which people write it.
func (m Maker) Identifier(rule string) string {
	switch rule {
	case personal.FiscalCode:
		return m.fiscalCode()
	case personal.TaxNumber:
		return m.pick("", "IT", "IT ") + m.checked(m.digits(10), "0123456789", isTaxNumber)
	case personal.IBAN:
		return m.iban()
	case personal.Card:
		number := m.checked(m.pick("4"+m.digits(14), "5"+m.pick("1", "3", "5")+m.digits(13), "37"+m.digits(12)), "0123456789", luhn)
		return m.pick(number, m.grouped(number, " ", 4), m.grouped(number, "-", 4))
	case personal.Email:
		return m.email()
	case personal.Phone:
		return m.phone()
	case personal.Plate:
		a, b, n := m.letters(plateLetter, 2), m.letters(plateLetter, 2), m.digits(3)
		return m.pick(a+n+b, a+" "+n+" "+b, a+"-"+n+"-"+b, strings.ToLower(a+n+b), a+m.digits(5))
	case personal.Document:
		a := m.letters(anyLetter, 1)
		return m.pick("C"+a+m.digits(5)+m.letters(anyLetter, 2), "A"+a+m.digits(7), "Y"+a+" "+m.digits(7), "TP"+m.digits(7)+a,
			"U1"+m.digits(7)+a, strings.ToLower("C"+a+m.digits(5)+m.letters(anyLetter, 2)), "I"+m.digits(8))
	case personal.HealthCard:
		card := "80380" + m.digits(15)
		return m.pick(card, m.grouped(card, " ", 5), m.grouped(card, " ", 4), "STP"+m.digits(13), "ENI "+m.digits(13))
	case personal.BirthDate:
		return m.birthDate()
	}
	panic("no identifier of " + rule)
}

func (m Maker) fiscalCode() string {
	code := []byte(taxcode.Build(m.pick(surnames...), m.pick(given...), m.birth(), m.pick(taxcode.Female, taxcode.Male), m.pick("E974", "G315", "F061", "Z330")))
	places := []int{14, 13, 12, 10, 9, 7, 6}
	for _, at := range places[:m.pickOmocodia(len(places))] {
		code[at] = "LMNPQRSTUV"[code[at]-'0']
	}
	text := m.checked(string(code[:15]), anyLetter, isTaxNumber)
	if strings.ContainsAny(text[6:], "0123456789") && m.IntN(3) == 0 {
		if n := len(strings.Map(onlyDigit, text)); n >= 2 {
			return m.pick(text[:3]+" "+text[3:6]+" "+text[6:11]+" "+text[11:], text[:6]+"-"+text[6:11]+"-"+text[11:])
		}
	}
	return m.pick(text, strings.ToLower(text))
}

// pickOmocodia is none for most codes.
func (m Maker) pickOmocodia(most int) int { return max(0, m.IntN(2*most)-most+1) }

func onlyDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// checked adds the character that makes a code right.
func (m Maker) checked(code, from string, right func(string) bool) string {
	for _, c := range from {
		if right(code + string(c)) {
			return code + string(c)
		}
	}
	panic("no character makes it right: " + code)
}

func isTaxNumber(code string) bool {
	_, err := taxcode.Parse(code)
	return err == nil
}

func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		value := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			value *= 2
		}
		sum += value/10 + value%10
	}
	return sum%10 == 0
}

func (m Maker) iban() string {
	account := m.pick("IT"+m.letters(anyLetter, 1)+m.digits(22), "DE"+m.digits(18), "ES"+m.digits(20), "FR"+m.digits(23), "MT"+m.letters(anyLetter, 4)+m.digits(23))
	country, rest := account[:2], account[2:]
	for check := 2; check < 99; check++ {
		code := country + fmt.Sprintf("%02d", check) + rest
		if mod97(code) == 1 {
			return m.pick(code, m.grouped(code, " ", 4), strings.ToLower(code), m.grouped(code, "\u00a0", 4))
		}
	}
	panic("no check digits of " + account)
}

func mod97(code string) int64 {
	var number strings.Builder
	for _, r := range code[4:] + code[:4] {
		if r >= 'A' {
			fmt.Fprint(&number, r-'A'+10)
		} else {
			number.WriteRune(r)
		}
	}
	n, _ := new(big.Int).SetString(number.String(), 10)
	return n.Mod(n, big.NewInt(97)).Int64()
}

func (m Maker) email() string {
	name, surname := strings.ToLower(m.pick(given...)), strings.ToLower(m.pick(surnames...))
	host := m.pick("esempio.it", "posta.example.com", "pec.esempio.it", "città.example")
	return m.pick(name+"."+surname+"@"+host, name+"_"+surname+"@"+host, name[:1]+surname+m.digits(2)+"@"+host, strings.ToUpper(name+"@esempio.it"),
		name+"-"+surname+"+casa@"+host, name+"."+surname+" [at] "+host, name+"(chiocciola)esempio.it")
}

func (m Maker) phone() string {
	mobile := "3" + m.pick("20", "33", "47", "89", "91") + m.digits(7)
	area, house := m.pick("0923", "06", "091", "02"), "7"+m.digits(5)
	for isTaxNumber(area + house + "1") { // eleven digits may be either, and are told as what has a check digit
		house = "7" + m.digits(5)
	}
	return m.pick(mobile, mobile[:3]+" "+mobile[3:], mobile[:3]+"-"+mobile[3:6]+"-"+mobile[6:], mobile[:3]+" "+mobile[3:6]+" "+mobile[6:8]+" "+mobile[8:],
		"+39"+mobile, "+39 "+mobile[:3]+" "+mobile[3:], "0039 "+mobile, "+39-"+mobile[:3]+"."+mobile[3:], mobile[:3]+"\u00a0"+mobile[3:6]+"\u00a0"+mobile[6:],
		area+" "+house+"1", area+house+"1", area+"/"+house+"1", "("+area+") "+house+"1", "+39 "+area+" "+house+"1", "0923 7"+m.digits(1)+" "+m.digits(2)+" "+m.digits(2),
		"+41 79 "+m.digits(3)+" "+m.digits(2)+" "+m.digits(2), "+216 2"+m.digits(7))
}

func (m Maker) birthDate() string {
	at := m.birth()
	months := strings.Fields("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre")
	day := m.pick(at.Format("02/01/2006"), at.Format("2.1.2006"), at.Format("2006-01-02"), at.Format("02-01-2006"), fmt.Sprintf("%d %s %d", at.Day(), months[at.Month()-1], at.Year()))
	english := m.pick(at.Format("2 January 2006"), at.Format("January 2, 2006"))
	return m.pick("nata a "+m.pick(towns...)+" il "+day, "nato il "+day, "data di nascita: "+day, "born on "+english, "date of birth "+english,
		m.person()+", "+day, m.person()+" ("+day+")", m.pick(surnames...)+" "+m.pick(given...)+" "+day)
}

// Put puts a text into a content at a place that follows from the maker: into a text that free allows, by its path. It
// gives the changed content and the path, and false where no text of the content is free.
func (m Maker) Put(content []byte, text string, free func(path string) bool) (changed []byte, path string, ok bool) {
	var paths []string
	if err := personal.Walk(content, func(path, _ string) {
		if free(path) {
			paths = append(paths, path)
		}
	}); err != nil || len(paths) == 0 {
		return content, "", false
	}
	path = paths[m.IntN(len(paths))]
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		return content, "", false
	}
	value = m.insert(value, "", path, text)
	changed, err := json.Marshal(value)
	return changed, path, err == nil
}

// insert rebuilds a value with the text inside the string at a path.
func (m Maker) insert(value any, here, path, text string) any {
	switch x := value.(type) {
	case string:
		if here == path {
			return m.within(x, text)
		}
	case map[string]any:
		for name := range x {
			x[name] = m.insert(x[name], strings.TrimPrefix(here+"."+name, "."), path, text)
		}
	case []any:
		for at := range x {
			x[at] = m.insert(x[at], here+"["+personal.EntryName(x[at], at)+"]", path, text)
		}
	}
	return value
}

// within puts a text between two words of another, or at one of its ends.
func (m Maker) within(around, text string) string {
	words := strings.Split(around, " ")
	at := m.IntN(len(words) + 1)
	return strings.Join(slices.Insert(words, at, m.pick("", "(")+text+m.pick(",", ".", ";", "")), " ")
}
