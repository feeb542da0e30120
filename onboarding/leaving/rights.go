package leaving

import "staffetta/internal/language"

// Events is what events are called.
var Events = map[string]language.Text{
	"body.purge": {It: "Ha cancellato le persone di prova", En: "Removed the invented people of the trial"},
}
