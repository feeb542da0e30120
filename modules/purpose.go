package modules

import (
	"strconv"
	"strings"

	"staffetta/internal/language"
)

// What a purpose is used for, and for how long, as Shown.May names it.
const (
	purposeKind = "purpose.kind:"
	purposeDays = "purpose.days:"
)

// UseOf names how a purpose is used: for kinds of shares, and for how many days at most.
func UseOf(kinds []string, days int) []string {
	names := []string{purposeDays + strconv.Itoa(days)}
	for _, kind := range kinds {
		names = append(names, purposeKind+kind)
	}
	return names
}

// purposeKinds are the words for what purposes serve.
var purposeKinds = map[string]language.Text{
	"consultation":    {It: "Per consulenze", En: "For consultations"},
	"service_request": {It: "Per richieste di intervento", En: "For service requests"},
	"joint_care":      {It: "Per prese in carico condivise", En: "For joint care"},
	"handover":        {It: "Per passaggi di competenza", En: "For handovers"},
	"ask":             {It: "Per richieste di accesso", En: "For access requests"},
	"break_glass":     {It: "Per accessi in emergenza", En: "For accesses in an emergency"},
}

// purposeUse are the words for one name of UseOf.
func purposeUse(name string) (language.Text, bool) {
	if days, found := strings.CutPrefix(name, purposeDays); found {
		if days == "1" {
			return language.Text{It: "Per un giorno", En: "For one day"}, true
		}
		return language.Text{It: "Fino a " + days + " giorni", En: "Up to " + days + " days"}, true
	}
	kind, found := strings.CutPrefix(name, purposeKind)
	label, known := purposeKinds[kind]
	return label, found && known
}
