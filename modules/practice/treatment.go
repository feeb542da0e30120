package practice

import (
	"staffetta/internal/language"
	"staffetta/modules"
)

// treatments are what the module does with data about people, as privacy documents tell it. Of the persons whom a service follows
// a practice holds nothing.
var treatments = []modules.Treatment{{
	Key: "practice", Area: modules.StaffArea,
	Title:   language.Text{It: "Buone pratiche e formazione di chi le adotta", En: "Good practices, and training of who adopts them"},
	Purpose: "sapere chi lavora all’adozione di una pratica e chi è stato formato",
	Bases:   []modules.Basis{modules.PublicTask},
	Laws:    "art. 15 L. 241/1990; art. 2-ter d.lgs. 196/2003",
	People:  []string{"operatori e referenti dell’ente"},
	Data:    []string{"nome, corso seguito e giorno", "note di lavoro firmate"},
	Terms:   []string{modules.AsTheBody},
}}
