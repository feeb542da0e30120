package part

import "staffetta/internal/language"

// areas are the groups of people that services and cases are for: the ISTAT areas, and the adults of the local list. This
// is the one place that words them.
var areas = map[string]language.Text{
	"famiglia_minori": {It: "Famiglia e minori", En: "Families and children"},
	"disabili":        {It: "Persone con disabilità", En: "People with disabilities"},
	"adulti":          {It: "Adulti", En: "Adults"},
	"anziani":         {It: "Anziani", En: "Older people"},
	"dipendenze":      {It: "Persone con dipendenze", En: "People with addictions"},
	"immigrati_rsc":   {It: "Immigrati, Rom, Sinti e Caminanti", En: "Migrants, Roma, Sinti and Caminanti"},
	"poverta":         {It: "Povertà e persone senza dimora", En: "Poverty and homelessness"},
	"multiutenza":     {It: "Più gruppi di persone", En: "Several groups of people"},
}

// AreaLabel words the code of an area; empty for a code that there is not.
func AreaLabel(code string) language.Text { return areas[code] }

// Areas are the codes, in the order in which people read them.
func Areas() []string {
	return []string{"famiglia_minori", "disabili", "adulti", "anziani", "dipendenze", "immigrati_rsc", "poverta", "multiutenza"}
}
