package catalogue

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// cataloguePath is the address of the public list.
const cataloguePath = "/buone-pratiche"

// CataloguePage is the public list of published practices.
type CataloguePage struct {
	Search  component.Field
	Filters []component.Field
	Open    bool // the filters are shown
	Order   component.Field
	Button  component.Button
	Cards   component.Cards
	Pager   *component.Pager
	Empty   component.Empty
}

// searchOf reads what somebody looks for from an address; what is no answer to a filter is left out.
func searchOf(values url.Values) Search {
	number := func(name string, accepted ...int) int {
		n, err := strconv.Atoi(values.Get(name))
		for _, one := range accepted {
			if err == nil && n == one {
				return n
			}
		}
		return 0
	}
	q := Search{
		Words: short(values.Get("q"), 100), Target: short(values.Get("destinatari"), 300), Sort: Sort(values.Get("ordine")), After: values.Get("dopo"),
		Adopters: number("adozioni", adopterSteps...), Alive: number("viva", aliveSteps...),
	}
	q.Area = among(values.Get("area"), kit.Areas())
	q.Maturity = Maturity(among(values.Get("maturita"), maturityCodes()))
	for _, region := range Regions() {
		if region.Code == values.Get("regione") {
			q.Region = region.Code
		}
	}
	for _, size := range Sizes {
		if size.Code == values.Get("classe") {
			q.Size = size.Code
		}
	}
	return q
}

// The steps by which people filter.
var (
	adopterSteps = []int{1, 3, 10}
	aliveSteps   = []int{12, 24}
)

func maturityCodes() []string {
	codes := make([]string, len(Maturities))
	for i, one := range Maturities {
		codes[i] = string(one)
	}
	return codes
}

func among(value string, accepted []string) string {
	if slices.Contains(accepted, value) {
		return value
	}
	return ""
}

// short is a text that PostgreSQL can be asked about: no zero byte, valid, and not longer than asked for.
func short(text string, most int) string {
	letters := make([]rune, 0, most)
	for _, r := range text {
		if r != 0 && r != '\uFFFD' && len(letters) < most {
			letters = append(letters, r)
		}
	}
	return string(letters)
}

// address is the list with what is looked for.
func (q Search) address() string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" && value != "0" {
			values.Set(name, value)
		}
	}
	set("q", q.Words)
	set("area", q.Area)
	set("destinatari", q.Target)
	set("regione", q.Region)
	set("classe", q.Size)
	set("maturita", string(q.Maturity))
	set("adozioni", strconv.Itoa(q.Adopters))
	set("viva", strconv.Itoa(q.Alive))
	set("ordine", string(q.Sort))
	set("dopo", q.After)
	if len(values) == 0 {
		return cataloguePath
	}
	return cataloguePath + "?" + values.Encode()
}

func (p pages) showCatalogue(r *http.Request, s tenants.Scope) (modules.View, error) {
	q := searchOf(r.URL.Query())
	found, err := p.service.FindOffers(r.Context(), s, q)
	if err != nil {
		return modules.View{}, err
	}
	targets, err := p.service.FindTargets(r.Context(), s)
	if err != nil {
		return modules.View{}, err
	}
	page := CataloguePage{
		Search:  component.Field{ID: "q", Label: modules.Say(r, "practice.catalogue.search"), Value: q.Words, MaxLength: 100, Width: component.Medium},
		Filters: filters(r, q, targets), Order: orderField(r, q),
		Button: component.Button{Label: modules.Say(r, "practice.catalogue.find"), Emphasis: component.Primary},
		Cards:  component.Cards{Level: 2},
		Empty:  component.Empty{Title: modules.Say(r, "practice.catalogue.empty"), Text: modules.Say(r, "practice.catalogue.empty_text")},
	}
	unfiltered := q
	unfiltered.Words = ""
	page.Open = !unfiltered.IsEmpty()
	if !q.IsEmpty() {
		page.Empty = component.Empty{
			Title: modules.Say(r, "practice.catalogue.none"), Text: modules.Say(r, "practice.catalogue.none_text"),
			Action: &component.Link{Label: modules.Say(r, "practice.catalogue.all"), URL: cataloguePath},
		}
	}
	if q.Alive > 0 {
		page.Empty.Text = modules.Say(r, "practice.catalogue.unmeasured_text")
	}
	for _, offer := range found.Offers {
		page.Cards.Items = append(page.Cards.Items, offerCard(r, offer))
	}
	if found.Next != "" {
		next := q
		next.After = found.Next
		page.Pager = &component.Pager{Next: next.address()}
	}
	view := modules.Render("practice/catalogue", language.M("practice.catalogue.heading"), page)
	view.Public = true
	return view, nil
}

func offerCard(r *http.Request, offer Offer) component.Card {
	solution, _ := form.Said(r, offer.Sheet.Characteristics.Solution)
	title, lang := form.Said(r, kit.Text{IT: offer.Title.It, EN: offer.Title.En})
	card := component.Card{
		Title: title, Lang: lang, URL: cataloguePath + "/" + offer.Practice.String(), Category: offer.Body, Text: solution,
		Tags: []component.Tag{
			{Label: modules.Say(r, "practice.offer.release", "release", offer.Release), Tone: component.Info},
			{Label: modules.Say(r, "practice.offer.adopters", "n", offer.Adopters)},
			{Label: modules.Say(r, "practice.maturity."+string(offer.Maturity()))},
		},
	}
	if area := kit.AreaLabel(offer.Area); area.It != "" {
		card.Tags = append(card.Tags, component.Tag{Label: language.SayText(r.Context(), area)})
	}
	return card
}

// filters are the questions beside the words.
func filters(r *http.Request, q Search, targets []string) []component.Field {
	choice := func(id, value string, options []component.Option) component.Field {
		return component.Field{
			ID: id, Kind: component.Select, Label: modules.Say(r, "practice.filter."+id), Value: value, Options: options, Width: component.Medium,
		}
	}
	var areas, groups, regions, sizes, steps, adopters, alive []component.Option
	for _, code := range kit.Areas() {
		areas = append(areas, component.Option{Value: code, Label: language.SayText(r.Context(), kit.AreaLabel(code))})
	}
	for _, target := range targets {
		groups = append(groups, component.Option{Value: target, Label: target})
	}
	for _, region := range Regions() {
		regions = append(regions, component.Option{Value: region.Code, Label: region.Name})
	}
	for _, size := range Sizes {
		sizes = append(sizes, component.Option{Value: size.Code, Label: SizeLabel(r, size)})
	}
	for _, maturity := range Maturities {
		steps = append(steps, component.Option{Value: string(maturity), Label: modules.Say(r, "practice.maturity."+string(maturity))})
	}
	for _, n := range adopterSteps {
		adopters = append(adopters, component.Option{Value: strconv.Itoa(n), Label: modules.Say(r, "practice.filter.adopters_from", "n", n)})
	}
	for _, n := range aliveSteps {
		alive = append(alive, component.Option{Value: strconv.Itoa(n), Label: modules.Say(r, "practice.filter.alive_after", "n", n)})
	}
	life := choice("viva", text(q.Alive), alive)
	life.Hint = modules.Say(r, "practice.filter.alive_hint")
	return []component.Field{
		choice("area", q.Area, areas), choice("destinatari", q.Target, groups), choice("regione", q.Region, regions), choice("classe", q.Size, sizes),
		choice("maturita", string(q.Maturity), steps), choice("adozioni", text(q.Adopters), adopters), life,
	}
}

// SizeLabel words a class of municipalities.
func SizeLabel(r *http.Request, size Size) string { return modules.Say(r, "practice.size."+size.Code) }

func orderField(r *http.Request, q Search) component.Field {
	field := component.Field{ID: "ordine", Kind: component.Select, Label: modules.Say(r, "practice.filter.ordine"), Value: string(q.Sort), Width: component.Medium}
	for _, sort := range Sorts {
		field.Options = append(field.Options, component.Option{Value: string(sort), Label: modules.Say(r, "practice.sort."+string(sort))})
	}
	return field
}

// text writes a number, and nothing for none.
func text(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
