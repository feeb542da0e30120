package release

import (
	"net/http"

	"staffetta/modules/practice/form"
	"staffetta/tenants"
)

// Outlook shows what a draft release changes and who is told of it, before it goes out.
type Outlook func(r *http.Request, s tenants.Scope, report Report) (form.OutlookView, error)
