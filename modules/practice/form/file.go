package form

import (
	"bytes"
	"encoding/csv"
	"strings"
)

// CSV is a table as comma separated values that a spreadsheet opens, and takes no text of for a formula.
func CSV(rows [][]string) []byte {
	b := bytes.NewBufferString("\ufeff") // spreadsheets take it for UTF-8
	w := csv.NewWriter(b)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, text := range row {
			if cells[i] = text; text != "" && strings.ContainsAny(text[:1], "=+-@\t\r") {
				cells[i] = "'" + text
			}
		}
		_ = w.Write(cells) // to memory
	}
	w.Flush()
	return b.Bytes()
}
