package sharing

import "staffetta/internal/language"

// events names what the module writes into the audit.
var events = map[string]language.Text{
	"share.offer":       {It: "Ha proposto una condivisione", En: "Offered a share"},
	"share.accept":      {It: "Ha accettato la condivisione", En: "Accepted the share"},
	"share.refuse":      {It: "Ha rifiutato la condivisione", En: "Refused the share"},
	"share.withdraw":    {It: "Ha ritirato la proposta", En: "Withdrew the offer"},
	"share.revoke":      {It: "Ha revocato la condivisione", En: "Revoked the share"},
	"share.close":       {It: "Ha concluso la condivisione", En: "Closed the share"},
	"share.amend":       {It: "Ha modificato la condivisione", En: "Amended the share"},
	"share.review":      {It: "Ha riesaminato un passaggio rifiutato", En: "Reviewed a refused handover"},
	"share.break":       {It: "Ha aperto la cartella in emergenza", En: "Opened the case file in an emergency"},
	"share.judge":       {It: "Ha valutato l'accesso in emergenza", En: "Reviewed the emergency access"},
	"ask.open":          {It: "Ha chiesto l'accesso a una cartella", En: "Asked for access to a case file"},
	"ask.refuse":        {It: "Ha rifiutato la richiesta di accesso", En: "Refused the request for access"},
	"ask.withdraw":      {It: "Ha ritirato la richiesta di accesso", En: "Withdrew the request for access"},
	"known.ask":         {It: "Ha chiesto se una persona è già seguita altrove", En: "Asked whether a person is followed elsewhere"},
	"known.key":         {It: "Ha rinnovato la chiave di un accordo", En: "Renewed the key of an agreement"},
	"known.publish":     {It: "Ha pubblicato i segni delle cartelle aperte", En: "Published the tokens of open case files"},
	"share.read":        {It: "Ha letto la condivisione", En: "Read the share"},
	"share.list":        {It: "Ha visto un elenco di condivisioni", En: "Saw a list of shares"},
	"shared_case.list":  {It: "Ha visto le cartelle condivise da altri enti", En: "Saw the case files that other bodies share"},
	"agreement.draft":   {It: "Ha salvato la bozza di un accordo", En: "Saved a draft of an agreement"},
	"agreement.discard": {It: "Ha scartato la bozza di un accordo", En: "Discarded a draft of an agreement"},
	"agreement.propose": {It: "Ha proposto un accordo", En: "Proposed an agreement"},
	"agreement.sign":    {It: "Ha firmato un accordo", En: "Signed an agreement"},
	"agreement.refuse":  {It: "Ha rifiutato un accordo", En: "Refused an agreement"},
	"agreement.suspend": {It: "Ha sospeso un accordo", En: "Suspended an agreement"},
	"agreement.resume":  {It: "Ha riattivato un accordo", En: "Resumed an agreement"},
	"agreement.end":     {It: "Ha concluso un accordo", En: "Ended an agreement"},
	"network.found":     {It: "Ha costituito una rete", En: "Founded a network"},
	"network.join":      {It: "È entrato in una rete", En: "Joined a network"},
	"network.leave":     {It: "Ha lasciato una rete", En: "Left a network"},
	"network.hand":      {It: "Ha proposto un nuovo capofila", En: "Asked a member to take the lead"},
	"network.take":      {It: "È diventato capofila", En: "Took the lead"},
}
