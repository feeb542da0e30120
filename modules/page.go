package modules

import (
	"io"
	"net/http"
	"time"

	"staffetta/internal/language"
	"staffetta/tenants"
)

// Site is the site on which a page stands.
type Site int

// The sites.
const (
	OnBody     Site = iota // below /{slug} of every body that has the module
	OnPlatform             // below no slug, on the platform's own host; the scope is the platform's body
)

// Page is a page of the web site. The host enforces permission, assurance, purpose,
// body and module switch before Handle is called; Handle never repeats it.
type Page struct {
	Pattern    string // "GET /cartelle/{case}"; as net/http's ServeMux
	Permission string // object:verb, policies.Public or policies.SignedIn
	Purpose    tenants.Purpose
	Site       Site
	Nav        *Nav
	Case       *CaseNav
	Handle     func(r *http.Request, s tenants.Scope) (View, error)
	MaxBody    int64 // bytes; 0 means 256 KiB
}

// Nav puts a page into the main navigation of those who hold its permission.
type Nav struct {
	Label string // message key
	Order int
	// About is the message key of what the page is for. With it the page stands in the console instead of in the menu; on the
	// platform, which has no console, on the first page, too.
	About string
}

// CaseNav puts a page into the navigation of a case. Its pattern names the case in
// its first wildcard: "GET /cartelle/{case}/diario".
type CaseNav struct {
	Label    string   // message key
	Sections []string // shown only to who reads one of them; nil for everybody
	Own      bool     // not shown to guests of another body
	Order    int
}

// View is what a page answers: a template with data, a redirect, or a file.
type View struct {
	Template string
	Title    language.Message
	Data     any
	Status   int // 0 means 200, or 303 for a redirect
	Public   bool
	About    string // what a search engine says of a public page; its help when empty
	// Case makes the host show the bar and the navigation of a case.
	Case *CaseBar

	Redirect string // path on the same site, without the slug; "" for none
	Flash    language.Message
	Refusal  bool // the flash says why something was not done
	File     *File
}

// CaseBar is what every page of a case shows above its content.
type CaseBar struct {
	Ref     string // as in the URL
	Number  string
	Name    string // "" where the identity is not shown
	Born    string // the day, as people write it; "" where the identity is not shown, as the next
	TaxCode string
	State   string
	Foreign string // the owning body, for a guest
	Until   string // when a guest's access ends, where it ends soon, as people write it
	// Restricted is the day since which the data of the person is restricted, as people write it; "" while it is not.
	Restricted string
	Relation   string
	Sections   []string // readable, for the navigation
	Current    string   // label key of the CaseNav that is open; found by the path when empty
}

// File is a download.
type File struct {
	Name      string
	MediaType string
	Content   []byte
	Stream    io.ReadSeekCloser // in place of Content, for what is too large for memory; the host closes it
	Modified  time.Time
	Inline    bool
}

// Render answers with a template.
func Render(template string, title language.Message, data any) View {
	return View{Template: template, Title: title, Data: data}
}

// Redirect answers 303 to a path of the same site; flash is shown on the next page.
func Redirect(path string, flash language.Message) View {
	return View{Redirect: path, Flash: flash}
}

// TurnBack answers 303 to a path of the same site, where the next page says why something was not done.
func TurnBack(path string, why language.Message) View {
	return View{Redirect: path, Flash: why, Refusal: true}
}

// Refused shows the view again with the status of a refused form.
func (v View) Refused() View {
	v.Status = http.StatusUnprocessableEntity
	return v
}

// On sets the case of the view.
func (v View) On(bar *CaseBar) View {
	v.Case = bar
	return v
}
