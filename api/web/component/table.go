package component

import (
	"slices"
	"time"
)

// Table shows records in rows. Template "table". Sorting, filtering and paging are links: the query says it all.
type Table struct {
	ID      string // of the region that htmx may swap; empty means "risultati"
	Caption string
	Hidden  bool // the caption is only heard
	Columns []Column
	Rows    []Row
	Cards   bool // rows become cards on phones, however many columns there are
	Empty   Empty
	Pager   *Pager
}

// RegionID is the id of the element around the table.
func (t Table) RegionID() string {
	if t.ID != "" {
		return t.ID
	}
	return "risultati"
}

// mostOfCard is how many values a card holds that can still be read as one.
const mostOfCard = 6

// IsCards tells whether rows become cards on phones, so that no value is off the screen. A table that compares many columns, or is
// sorted by its heads, scrolls sideways in its region instead.
func (t Table) IsCards() bool {
	sorted := slices.ContainsFunc(t.Columns, func(c Column) bool { return c.SortURL != "" })
	return t.Cards || len(t.Columns) <= mostOfCard && !sorted
}

// Order is the direction a column is sorted in, as aria-sort says it.
type Order string

// The orders. The zero value is not sorted by this column.
const (
	Unsorted   Order = ""
	Ascending  Order = "ascending"
	Descending Order = "descending"
)

// Column is the head of a column.
type Column struct {
	Label   string
	Hidden  bool   // the label is only heard, for a column of actions
	SortURL string // this list sorted by the column; empty if it cannot be
	Order   Order
	Numeric bool
}

// Row is one record. Its first cell names it.
type Row struct {
	Cells []Cell
}

// Cell is one value: a link if it has a URL, then text or date, tags, note, what is folded, actions and a button in this order.
type Cell struct {
	Text    string
	URL     string
	Date    time.Time // a day
	Instant time.Time // day and time
	Note    string    // smaller, below
	Fold    Fold
	Tags    []Tag
	Actions []Link
	Button  *Button // submits the form around the table
	Numeric bool
	Lang    string
}

// Fold is a list that opens when it is asked for; nothing where the list is empty.
type Fold struct {
	Label string
	Items []string
}

// IsBlank tells whether there is nothing to show.
func (c Cell) IsBlank() bool {
	return c.Text == "" && c.Date.IsZero() && c.Instant.IsZero() && c.Note == "" && len(c.Tags) == 0 && len(c.Fold.Items) == 0 && len(c.Actions) == 0 && c.Button == nil
}

// Head is the head of the column at the given place; a row longer than the heads gets an empty one.
func (t Table) Head(index int) Column {
	if index < len(t.Columns) {
		return t.Columns[index]
	}
	return Column{}
}

// Pager leads to the neighbouring pages of a list in keyset order. Template "pager".
type Pager struct {
	Label    string // name of the navigation; empty means "Pagine dei risultati"
	Shown    string // "50 cartelle in questa pagina"
	Previous string // URL; empty on the first page
	Next     string // URL; empty on the last page
}
