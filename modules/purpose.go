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
	"consultation":    {It: "Serve per consulenze", En: "Serves consultations"},
	"service_request": {It: "Serve per richieste di intervento", En: "Serves service requests"},
	"joint_care":      {It: "Serve per prese in carico condivise", En: "Serves joint care"},
	"handover":        {It: "Serve per passaggi di competenza", En: "Serves handovers"},
	"ask":             {It: "Serve per richieste di accesso", En: "Serves access requests"},
	"break_glass":     {It: "Serve per accessi in emergenza", En: "Serves accesses in an emergency"},
}

// purposeUse are the words for one name of UseOf.
func purposeUse(name string) (language.Text, bool) {
	if days, found := strings.CutPrefix(name, purposeDays); found {
		if days == "1" {
			return language.Text{It: "Vale al massimo un giorno", En: "Lasts one day at most"}, true
		}
		return language.Text{It: "Vale al massimo " + days + " giorni", En: "Lasts " + days + " days at most"}, true
	}
	kind, found := strings.CutPrefix(name, purposeKind)
	label, known := purposeKinds[kind]
	return label, found && known
}
