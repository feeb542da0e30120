package casefile

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// help is what the pages of the module say of themselves, in the order of the manual.
var help = []modules.Topic{
	{At: "/scrivania", Title: language.Text{It: "Scrivania", En: "Desk"}, Text: language.Text{
		It: "Che cosa ti aspetta oggi, le bozze da finire e le cartelle che segui. In alto quello che scade prima.",
		En: "What waits for you today, drafts to finish, and your cases. What is due first stands on top.",
	}},
	{At: "/scrivania/bozze", Title: language.Text{It: "Bozze", En: "Drafts"}, Text: language.Text{
		It: "Quello che hai iniziato e non finito. Lo vedi solo tu.",
		En: "What you began and did not end. Only you see it.",
	}},
	{At: "/cartelle", Title: language.Text{It: "Cartelle", En: "Cases"}, Text: language.Text{
		It: "Vedi le cartelle affidate a te o alla tua équipe. Aprirne una lascia una traccia che la persona può leggere.",
		En: "You see the cases of yourself and your team. Opening one leaves a trace that the person may read.",
	}},
	{At: "/cartelle/nuova", Title: language.Text{It: "Aprire una cartella", En: "Opening a case"}, Text: language.Text{
		It: "Scegli l’area e il percorso: i passi e i tempi arrivano dal percorso.",
		En: "Choose area and path: steps and terms come with the path.",
	}},
	{At: "/cartelle/{case}", Title: language.Text{It: "La cartella", En: "The case"}, Text: language.Text{
		It: "In alto chi è e a che titolo la stai leggendo. Le schede a fianco sono le parti che ti sono aperte.",
		En: "On top who it is and why you may read it. Beside are the parts that are open to you.",
	}},
	{At: "/cartelle/{case}/diario", Title: language.Text{It: "Diario", En: "Diary"}, Text: language.Text{
		It: "Un’annotazione è tua finché non la firmi; firmata, non si cambia più. Scegli chi la vede prima di salvare.",
		En: "A note is yours until you sign it; then it does not change. Choose who sees it before you save.",
	}},
	{At: "/cartelle/{case}/documenti", Title: language.Text{It: "Documenti", En: "Documents"}, Text: language.Text{
		It: "Ogni documento sta in una sezione: lo vede chi può leggere quella sezione.",
		En: "Each document stands in a section, and is seen by who reads that.",
	}},
	{At: "/cartelle/{case}/equipe", Title: language.Text{It: "Équipe", En: "Team"}, Text: language.Text{
		It: "Chi lavora alla cartella, da quando e perché. Chi ne esce non vede più la cartella, da subito.",
		En: "Who works on the case, since when and why. Who leaves it sees the case no more, at once.",
	}},
	{At: "/cartelle/{case}/responsabile", Title: language.Text{It: "Responsabile", En: "Case manager"}, Text: language.Text{
		It: "Passa la cartella a un collega: chi la riceve lo trova sulla scrivania.",
		En: "Hand the case to a colleague, who finds it on the desk.",
	}},
	{At: "/cartelle/{case}/nucleo", Title: language.Text{It: "Nucleo della cartella", En: "Household of the case"}, Text: language.Text{
		It: "Le persone del nucleo e le cartelle che le riguardano, se puoi vederle.",
		En: "The people of the household, and their cases where you may see them.",
	}},
	{At: "/cartelle/{case}/accessi", Title: language.Text{It: "Chi ha letto", En: "Who has read"}, Text: language.Text{
		It: "Chi ha aperto la cartella, quando e a che titolo. Anche la persona può chiederlo.",
		En: "Who opened the case, when and why. The person may ask for it, too.",
	}},
	{At: "/cartelle/{case}/perche", Title: language.Text{It: "Perché la vedo", En: "Why I see it"}, Text: language.Text{
		It: "Da quale ruolo, équipe, condivisione o accordo viene il tuo accesso, parte per parte.",
		En: "From which role, team, share or agreement your access comes, part by part.",
	}},
	{At: "/cartelle/{case}/protezione", Title: language.Text{It: "Protezione", En: "Protection"}, Text: language.Text{
		It: "Una cartella protetta non si trova dalle ricerche di altri enti e mostra l’indirizzo a pochi. Usala per chi è in pericolo.",
		En: "A protected case is not found by other bodies and shows addresses to few. Use it for who is in danger.",
	}},
	{At: "/console/accessi/{case}", Title: language.Text{It: "Accessi a una cartella", En: "Access to a case"}, Text: language.Text{
		It: "Spieghi chi poteva leggere una cartella e perché, senza aprirla.",
		En: "You explain who could read a case and why, without opening it.",
	}},
}
