package catalogue

import (
	_ "embed" // the codes
	"strings"
	"sync"

	"staffetta/internal/table"
)

// codes are the benefits of the SIUSS (CodicePrestazione), of INPS: INPS-it/NDC, tipo_categoria_siuss, version 1.0 of 5 May 2025, reduced
// to code and name, licence CC BY 4.0.
//
//go:embed siuss.csv
var codes []byte

// Code is a benefit as the SIUSS calls it.
type Code struct{ ID, Name string }

// Benefits lists the codes in their order.
var Benefits = sync.OnceValue(func() (list []Code) {
	rows, err := table.NewReader(codes).ReadAll()
	if err != nil {
		panic(err) // the file is embedded above
	}
	for _, row := range rows[1:] {
		list = append(list, Code{row[0], strings.TrimSpace(row[1])})
	}
	return list
})

// Benefit is the name of a code; "" for one that there is not.
func Benefit(id string) string {
	for _, code := range Benefits() {
		if code.ID == id {
			return code.Name
		}
	}
	return ""
}
