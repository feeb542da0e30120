package intake

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// terms are how long what the module keeps is proposed to be kept.
var terms = []modules.Term{
	{
		Kind: "contact", Years: 5, Label: language.Text{It: "Accessi che non hanno portato a una cartella", En: "Contacts that led to no case file"},
		From:   language.Text{It: "dalla conclusione dell’accesso", En: "from the end of the contact"},
		Source: language.Text{It: "Limitazione della conservazione (GDPR, art. 5, par. 1, lett. e); lo scarto è autorizzato dalla Soprintendenza", En: "Storage limitation (GDPR, art. 5(1)(e)); disposal is authorised by the Soprintendenza"},
	},
	{
		Kind: "draft", Years: 1, Label: language.Text{It: "Bozze di accessi mai registrati", En: "Drafts of contacts that were never recorded"},
		From:   language.Text{It: "dall’ultima modifica", En: "from the last change"},
		Source: language.Text{It: "Limitazione della conservazione (GDPR, art. 5, par. 1, lett. e)", En: "Storage limitation (GDPR, art. 5(1)(e))"},
	},
}
