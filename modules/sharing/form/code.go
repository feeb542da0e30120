package form

import (
	"strings"

	"staffetta/tenants/taxcode"
)

// CodeFault says what is wrong with the fiscal code of a person that somebody typed; "" for nothing. Where all the characters
// are there, one of them is mistaken.
func CodeFault(text string) string {
	code, err := taxcode.Parse(text)
	switch {
	case err == nil && code.Kind() == taxcode.Person:
		return ""
	case len([]rune(strings.Join(strings.Fields(text), ""))) == 16:
		return "sharing.error.tax_code_mistaken"
	}
	return "sharing.error.tax_code"
}
