package matching

import (
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"staffetta/internal/language"
	"staffetta/modules/kit"
	"staffetta/modules/practice/catalogue"
	"staffetta/modules/practice/fit"
)

// several is the area of what is for more than one group of people: half of what the same area gives.
const several = "multiutenza"

func judgeArea(w Want, p Practice) (share, language.Message) {
	switch {
	case w.Need == nil:
		return unknown, why(Area, "not_asked")
	case w.Need.Area == "":
		return unknown, why(Area, "not_said")
	case p.Offer.Area == "":
		return unknown, why(Area, "not_known")
	case w.Need.Area == p.Offer.Area:
		return share{2, 2}, why(Area, "same")
	case w.Need.Area == several || p.Offer.Area == several:
		return share{1, 2}, why(Area, "several")
	}
	return share{0, 2}, why(Area, "other")
}

func judgeWords(w Want, p Practice) (share, language.Message) {
	if w.Need == nil {
		return unknown, why(Words, "not_asked")
	}
	wanted := Stems(w.Need.Title + " " + w.Need.Purpose + " " + w.Need.Audience)
	if len(wanted) == 0 {
		return unknown, why(Words, "not_said")
	}
	has := map[string]bool{}
	for _, stem := range Stems(p.Offer.Title.It + " " + wording(p.Offer.Text)) {
		has[stem] = true
	}
	have := 0
	for _, stem := range wanted {
		if has[stem] {
			have++
		}
	}
	return share{have, len(wanted)}, why(Words, "found", "n", have, "of", len(wanted))
}

// wording is what a sheet says, without the names of its fields.
func wording(sheet []byte) string {
	var value any
	if json.Unmarshal(sheet, &value) != nil {
		return ""
	}
	var text strings.Builder
	var walk func(value any)
	walk = func(value any) {
		switch x := value.(type) {
		case string:
			text.WriteString(x + " ")
		case []any:
			for _, one := range x {
				walk(one)
			}
		case map[string]any:
			for _, one := range x {
				walk(one)
			}
		}
	}
	walk(value)
	return text.String()
}

// The words that are compared: shorter ones are grammar, and of longer ones the beginning is the stem.
const (
	shortestWord = 4
	stemLength   = 6
)

// common are words that every need and every sheet has.
var common = []string{
	"comune", "comuni", "della", "delle", "degli", "dello", "dell", "alla", "alle", "agli", "allo", "dalla", "dalle", "nella", "nelle", "nello", "sulla", "sulle",
	"sono", "come", "anche", "ogni", "altri", "altro", "altre", "altra", "loro", "essere", "quale", "quali", "questo", "questa", "dove", "quando", "perche", "senza", "dopo", "prima",
}

// Stems lists the words of a text that mean something, by how they begin and each once.
func Stems(text string) []string {
	var stems []string
	seen := map[string]bool{}
	for _, word := range strings.FieldsFunc(catalogue.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		letters := []rune(word)
		if len(letters) < shortestWord || slices.Contains(common, word) {
			continue
		}
		stem := string(letters[:min(len(letters), stemLength)])
		if !seen[stem] {
			seen[stem] = true
			stems = append(stems, stem)
		}
	}
	return stems
}

func judgeTerritory(w Want, p Practice) (share, language.Message) {
	from, known := p.Offer.Place()
	switch {
	case w.Place == nil || !known:
		return unknown, why(Territory, "not_known")
	case w.Place.Province == from.Province:
		return share{4, 4}, why(Territory, "province", "name", from.ProvinceName)
	case w.Place.RegionCode == from.RegionCode:
		return share{3, 4}, why(Territory, "region", "name", from.Region)
	}
	return share{0, 4}, why(Territory, "other", "name", from.Region)
}

func judgeSize(w Want, p Practice) (share, language.Message) {
	from, known := p.Offer.Place()
	if w.Place == nil || !known || catalogue.SizeOf(w.Place.Population) < 0 || catalogue.SizeOf(from.Population) < 0 {
		return unknown, why(Size, "not_known")
	}
	apart := catalogue.SizeOf(w.Place.Population) - catalogue.SizeOf(from.Population)
	said := []any{"ours", w.Place.Population, "theirs", from.Population}
	switch max(apart, -apart) {
	case 0:
		return share{2, 2}, why(Size, "same", said...)
	case 1:
		return share{1, 2}, why(Size, "near", said...)
	}
	return share{0, 2}, why(Size, "far", said...)
}

func judgeServices(w Want, p Practice) (share, language.Message) {
	if w.Body == nil {
		return unknown, why(Services, "not_ours")
	}
	have, all := 0, 0
	for _, item := range p.Items {
		if item.Kind == kit.KindService {
			all++
			if w.Body.Services[item.Key] {
				have++
			}
		}
	}
	if all == 0 {
		return unknown, why(Services, "none")
	}
	return share{have, all}, why(Services, "found", "n", have, "of", all)
}

func judgeRoles(w Want, p Practice) (share, language.Message) {
	if w.Body == nil {
		return unknown, why(Roles, "not_ours")
	}
	roles := fit.Roles(w.kinds, p.Items)
	if len(roles) == 0 {
		return unknown, why(Roles, "none")
	}
	have := 0
	for _, role := range roles {
		if w.Body.Held[role] {
			have++
		}
	}
	return share{have, len(roles)}, why(Roles, "found", "n", have, "of", len(roles))
}

func judgeStaff(w Want, p Practice) (share, language.Message) {
	if w.Need == nil {
		return unknown, why(Staff, "not_asked")
	}
	if w.Need.Staff == nil {
		return unknown, why(Staff, "not_said")
	}
	wanted, known := headcount(p.Items)
	if !known {
		return unknown, why(Staff, "not_known")
	}
	return share{*w.Need.Staff, max(wanted, 1)}, why(Staff, "found", "n", *w.Need.Staff, "of", wanted)
}

// headcount sums the posts of a kit; false where it says nothing of them.
func headcount(items []kit.Source) (int, bool) {
	sum, known := 0.0, false
	for _, item := range items {
		var content struct {
			Posts []struct {
				Headcount float64 `json:"headcount"`
			} `json:"posts"`
		}
		if item.Kind != kit.KindStaffing || json.Unmarshal(item.Content, &content) != nil {
			continue
		}
		known = true
		for _, post := range content.Posts {
			sum += post.Headcount
		}
	}
	return int(math.Ceil(sum)), known
}

func judgeBudget(w Want, p Practice) (share, language.Message) {
	if w.Need == nil {
		return unknown, why(Budget, "not_asked")
	}
	if w.Need.Budget == "" {
		return unknown, why(Budget, "not_said")
	}
	cost, answer := firstYear(p.Items)
	if answer != "" {
		return unknown, why(Budget, answer)
	}
	most, err := strconv.Atoi(w.Need.Budget)
	switch {
	case err != nil || cost <= most: // "more" has no limit
		return share{2, 2}, why(Budget, "within", "cost", cost)
	case cost <= 2*most:
		return share{1, 2}, why(Budget, "near", "cost", cost)
	}
	return share{0, 2}, why(Budget, "above", "cost", cost)
}

// maxCost bounds what a kit may be read to cost, in euro.
const maxCost = 1_000_000_000

// firstYear sums what a kit costs in its first year, in whole euro; the answer says why that is not known.
func firstYear(items []kit.Source) (euro int, answer string) {
	sum, found := new(big.Rat), false
	for _, item := range items {
		var content struct {
			Demo bool `json:"demo"`
			Rows []struct {
				Quantity json.Number `json:"quantity"`
				UnitCost string      `json:"unitCost"`
			} `json:"rows"`
		}
		if item.Kind != kit.KindCost || json.Unmarshal(item.Content, &content) != nil {
			continue
		}
		if content.Demo {
			return 0, "demo"
		}
		for _, row := range content.Rows {
			quantity, okQuantity := new(big.Rat).SetString(row.Quantity.String())
			cost, okCost := new(big.Rat).SetString(row.UnitCost)
			if !okQuantity || !okCost {
				return 0, "incomplete"
			}
			found = true
			sum.Add(sum, quantity.Mul(quantity, cost))
		}
	}
	value, _ := sum.Float64()
	if !found || value < 0 || value > maxCost {
		return 0, "not_known"
	}
	return int(math.Ceil(value)), ""
}

func judgeTime(w Want, p Practice) (share, language.Message) {
	months := p.Offer.Sheet.Transfer.Months
	switch {
	case w.Need == nil:
		return unknown, why(Time, "not_asked")
	case w.Need.Deadline.IsZero():
		return unknown, why(Time, "not_said")
	case months <= 0:
		return unknown, why(Time, "not_known")
	}
	left := monthsUntil(w.Today, w.Need.Deadline)
	return share{left, months}, why(Time, "found", "n", left, "of", months)
}

// monthsUntil counts whole months; none for a day that is over.
func monthsUntil(today, day time.Time) int {
	months := 0
	for months < 1200 && !today.AddDate(0, months+1, 0).After(day) {
		months++
	}
	return months
}
