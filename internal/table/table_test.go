package table_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/table"
)

func TestReadsWhatSpreadsheetsSave(t *testing.T) {
	t.Parallel()
	want := [][]string{{"codice", "città"}, {"SV-01", "Mazara, del Vallo"}}
	for name, content := range map[string]string{
		"semicolons": "codice;città\r\nSV-01;Mazara, del Vallo\r\n",
		"commas":     "codice,città\nSV-01,\"Mazara, del Vallo\"\n",
		"marked":     "\ufeffcodice;città\nSV-01;Mazara, del Vallo",
		"windows":    "codice;citt\xe0\nSV-01;Mazara, del Vallo",
	} {
		got, err := table.NewReader([]byte(content)).ReadAll()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestWritesNoFormula(t *testing.T) {
	t.Parallel()
	got := string(table.Write([]string{"a", "b"}, [][]string{{"=1+1", "-2"}, {"@x", "A2.07"}}))
	if want := "\ufeffa;b\r\n'=1+1;'-2\r\n'@x;A2.07\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, text := range []string{"=", "+39", "-", "@", "\tx", "\rx", "\nx", "|", "＝1+1", "＋39", "－", "＠x", "｜x"} {
		if !table.IsFormula(text) || !strings.HasPrefix(table.Harmless(text), "'") {
			t.Errorf("%q is no formula", text)
		}
	}
	for _, text := range []string{"", "A1", "è", "Ａ1", "\xff"} {
		if table.IsFormula(text) || table.Harmless(text) != text {
			t.Errorf("%q is a formula", text)
		}
	}
}
