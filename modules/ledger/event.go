package ledger

import (
	"context"
	"maps"

	"staffetta/internal/language"
)

// events names what the module writes into the audit, and what the host, the audit itself and the commands write.
var events = map[string]language.Text{
	"audit.search":     {It: "Ha cercato nel registro", En: "Searched the audit log"},
	"audit.export":     {It: "Ha esportato dal registro", En: "Exported from the audit log"},
	"audit.drop":       {It: "Ha cancellato i dettagli scaduti del registro", En: "Dropped details of the audit log that were due"},
	"audit.term":       {It: "Ha cambiato la durata del registro", En: "Changed how long the audit log is kept"},
	"accesses.read":    {It: "Ha guardato chi ha aperto la propria cartella", En: "Looked at who opened the own file"},
	"contest.create":   {It: "Ha contestato un accesso", En: "Contested an access"},
	"contest.list":     {It: "Ha guardato le contestazioni", En: "Looked at what is contested"},
	"contest.read":     {It: "Ha letto una contestazione", En: "Read what is contested"},
	"contest.answer":   {It: "Ha risposto a una contestazione", En: "Answered what was contested"},
	"exemption.create": {It: "Ha differito la vista degli accessi al cittadino", En: "Delayed what the citizen sees of accesses"},
	"exemption.end":    {It: "Ha concluso il differimento", En: "Ended the delay"},
	"exemption.list":   {It: "Ha guardato i differimenti", En: "Looked at the delays"},
	"body.populate":    {It: "Ha creato i dati dimostrativi", En: "Made the data of the demo"},
	"session.login":    {It: "Ha effettuato l’accesso", En: "Signed in"},
	"session.logout":   {It: "È uscito", En: "Signed out"},
}

// ActionText says an action as its module calls it, or the action itself where no module does.
func (s *Service) ActionText(ctx context.Context, action string) string {
	for _, m := range s.deps.Platform.Modules {
		if text, ok := m.Events[action]; ok {
			return language.SayText(ctx, text)
		}
	}
	return action
}

// Actions lists what modules write into the audit, by id.
func (s *Service) Actions() map[string]language.Text {
	all := map[string]language.Text{}
	for _, m := range s.deps.Platform.Modules {
		maps.Copy(all, m.Events)
	}
	return all
}
