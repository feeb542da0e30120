package component

import (
	"html/template"
	"net/url"
)

// Audience says for whom a page is laid out.
type Audience string

// The two layouts: citizens get the official header, large text and cards; operators a dense header and rows.
const (
	Citizen  Audience = "citizen"
	Operator Audience = "operator"
)

// Shell is the page around the content: head, header, navigation, flash, footer. Template "layout".
type Shell struct {
	Title      string // of the page, without the name of the body
	HasErrors  bool   // the form on the page was refused: the title starts with "Errore: "
	Lang       string // "it" or "en"
	Audience   Audience
	TenantName string // "Pantelleria"; empty on pages of the platform
	TenantKind string // "Comune di", shown before the name
	Crest      string // picture of the body; empty shows a common icon
	Tagline    string // under its name; empty shows the common one
	Theme      string // class of the colour of the header; empty is blue
	Contact    Contact
	Authority  string // the body above it in the slim bar: "Regione Siciliana"

	UserName  string // empty for a guest
	RoleNames []string
	Accounts  string // page where a person with several roles or bodies switches; empty if there is nothing to switch

	Nav       []NavItem // main navigation
	SearchURL string    // GET target of the search box (parameter q); empty hides it
	SignIn    string    // login page, offered to guests
	SignOut   string    // POST target, offered to users
	Legal     Legal

	Help         *Help // nil for none
	Flash        *Alert
	Demo         bool
	Trial        bool   // the body is not live yet
	Notices      []Link // what everybody who works here should know now, and where more of it stands, if anywhere
	UsesHTMX     bool   // the page carries data-hx-* attributes
	NoIndex      bool
	About        string // what a search engine says of the page
	ShortcutsOff bool   // the account has switched the keyboard shortcuts off
	Path         string // of this page with its query, as requested
	Canonical    string // the one address of a page that stands at several; "" for none
	RequestID    string

	Main template.HTML // the rendered page
}

// Help says what a page is for (it: aiuto). First shows it open, with a way to have no more of it.
type Help struct {
	Title, Text string
	Manual      string // where the manual is
	Page        string // where to come back to
	First       bool
}

// HasMenu tells whether there is a main navigation to open.
func (s Shell) HasMenu() bool { return len(s.Nav) > 0 }

// IsOperator chooses between the two layouts.
func (s Shell) IsOperator() bool { return s.Audience == Operator }

// LanguageURL is this page in another language: the same path and query with lang replaced.
func (s Shell) LanguageURL(lang string) string {
	address, err := url.Parse(s.Path)
	if err != nil || address.IsAbs() || address.Host != "" {
		address = &url.URL{Path: "/"}
	}
	query := address.Query()
	query.Set("lang", lang)
	address.RawQuery = query.Encode()
	return address.String()
}

// Contact is where citizens find the body; empty parts are not shown.
type Contact struct {
	Address, Phone, Email, Website string
}

// Legal names the pages that every footer links. An empty address hides its link;
// the licences of the software inside are always linked.
type Legal struct {
	Manual        string
	Privacy       string
	Notes         string
	Accessibility string // the declaration at form.agid.gov.it, or the page of the body
	Questions     string // frequently asked questions
	Report        string // report an inefficiency
}

// NavItem is one entry of a navigation.
type NavItem struct {
	Label    string
	URL      string
	Current  bool
	Count    int    // shown as a badge when above zero
	CountOf  string // what is counted, for those who do not see the badge: "da leggere"
	Shortcut string // keys that open it: "g c"
	Element  string // data-element of the official model: "all-services"
}

// Sections is a second level of navigation: the parts of a case ("case-nav", at the side) or of a page ("tabs").
type Sections struct {
	Label string // name of the navigation: "Sezioni della cartella"
	Items []NavItem
}

// Current is the label of the open section, or the name of the navigation when none is.
func (s Sections) Current() string {
	for _, item := range s.Items {
		if item.Current {
			return item.Label
		}
	}
	return s.Label
}

// Breadcrumb is the way from the start to this page. Template "breadcrumb".
type Breadcrumb struct {
	Items []Crumb
}

// Crumb is one step of a breadcrumb; the last one has no URL and is this page.
type Crumb struct {
	Label string
	URL   string
}
