package tenants

// Profile is how a body shows itself to whoever opens its pages (it: profilo dell'ente). Empty parts show what every body shows.
type Profile struct {
	Version       int    `json:"version"`       // 0 before anybody saved one
	Subtitle      string `json:"subtitle"`      // under its name
	Theme         string `json:"theme"`         // one of Themes
	Crest         string `json:"crest"`         // SHA-256 of a picture among the body's files
	Address       string `json:"address"`       // where people find it
	Phone         string `json:"phone"`         // that citizens call
	Email         string `json:"email"`         // that citizens write to
	Website       string `json:"website"`       // https
	Accessibility string `json:"accessibility"` // its declaration at form.agid.gov.it, https
}

// Themes are the colours of the header that a body can choose, each with white on it at a contrast of seven to one or more (WCAG 1.4.6).
var Themes = []string{"", "verde", "bordeaux", "viola", "petrolio", "grafite"}
