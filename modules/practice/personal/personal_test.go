package personal_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/modules/practice/personal"
	"staffetta/modules/practice/personal/planted"
)

func TestEachRuleFindsItsForms(t *testing.T) {
	t.Parallel()
	for rule, texts := range map[string][]string{
		personal.FiscalCode: {
			"RSSMRA85T10A562S", "rssmra85t10a562s", "RSS MRA 85T10 A562S", "RSSMRA85T10A56NH", "x_RSSMRA85T10A562S", "RSSMRA85T10A562X mistyped", "RSSMRA85T10A562S.",
		},
		personal.TaxNumber:  {"00139550818", "IT00139550818", "P.IVA 00139550818."},
		personal.IBAN:       {"IT60 X054 2811 1010 0000 0123 456 entro maggio", "it60x0542811101000000123456", "ES91 2100 0418 4502 0005 1332 come detto", "IT99X0542811101000000123456"},
		personal.Card:       {"4111 1111 1111 1111", "4111-1111-1111-1111", "5500005555555559", "378282246310005"},
		personal.Email:      {"rosa.bianco@esempio.it", "ROSA@ESEMPIO.IT", "rosa [at] esempio.it", "rosa(chiocciola)esempio.it", "Scrivi a d'anna@esempio.it!"},
		personal.Phone:      {"347 1234567", "+39 0923 716111", "0923/716111", "(0923) 71 61 11", "347\u00a0123\u00a04567", "３４７ 1234567", "347\u200b1234567", "0039 347 1234567", "+41 79 123 45 67", "tel.0923716111"},
		personal.Plate:      {"AB123CD", "AB 123 CD", "AB–123–CD", "ab123cd", "AB12345"},
		personal.Document:   {"CA12345BC", "AX1234567", "AX 1234567", "AX n. 1234567", "YA1234567", "U1A23B45CD", "TP1234567X", "ca12345bc"},
		personal.HealthCard: {"80380000301234567890", "80380 00030 12345 67890", "STP1902060000123", "ENI 1902060000123"},
		personal.BirthDate: {
			"nata a Marsala il 3 marzo 1980", "nato il 03/03/1980", "data di nascita: 1980-03-03", "born on 3 March 1980", "date of birth March 3, 1980",
			"Rosa Lo Bianco (3.3.1980)", "Bianco Rosa, 03-03-1980", "il 3/3/1980, Mario Rossi",
		},
	} {
		for _, text := range texts {
			if got := personal.Rules(text); !slices.Equal(got, []string{rule}) {
				t.Errorf("%q: %v, want %s", text, got, rule)
			}
		}
	}
}

func TestOrdinaryTextsAreLeftAlone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"legge 5 febbraio 1992, n. 104", "D.Lgs. 3 maggio 2024, n. 62", "art. 3 c. 1", "A2.07, A9.02.01", "468.997,68 euro", "320.000.000 di euro",
		"dal 01/02/2018 al 03/04/2019", "05/02/1992 10:30", "2018-2019", "orario 09.00-13.00", "codice ISTAT 081011", "91025 Marsala", "n. 1234567 del registro",
		"i nati dal 1° gennaio 2018", "children born after 1 January 2018", "nato entro il 31/12/2020", "Consiglio Comunale 12/03/2024", "Gazzetta Ufficiale 3 maggio 2024",
		"numero verde 800 123456", "112", "KP-01 AA-09", "WHODAS 12", "1 2 3 4 5 6 7 8 9", "RSSMRA", "due di due", "0,5 per cento", "CUP G39F18000210007",
		"01900000-0000-7000-8000-000000000002", "1234567890", "4111 1111 1111 1112",
	} {
		if got := personal.Find(text); len(got) > 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func items(t testing.TB) []kit.Source {
	t.Helper()
	list, err := cid.Items()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// texts are those of an item, as the check of a kit looks at them.
func texts(t testing.TB, item kit.Source) map[string][]string {
	t.Helper()
	found := map[string][]string{"key": personal.Rules(item.Key), "title.it": personal.Rules(item.Title.IT), "title.en": personal.Rules(item.Title.EN)}
	if err := personal.Walk(item.Content, func(path, text string) { found[path] = append(found[path], personal.Rules(text)...) }); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTheKitOfTheCIDRaisesNoAlarm(t *testing.T) {
	t.Parallel()
	for _, item := range items(t) {
		for path, rules := range texts(t, item) {
			if len(rules) > 0 {
				t.Errorf("%s %s: %v", item.Key, path, rules)
			}
		}
	}
	sheet, err := cid.Sheet()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if err := personal.Walk(raw, func(path, text string) {
		if found := personal.Find(text); len(found) > 0 {
			t.Errorf("sheet %s: %+v", path, found)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// Two hundred identifiers, one after the other, at places by chance: in texts of both languages, lists, keys, examples,
// tests, titles, in the names of members and as numbers.
func TestPlantedIdentifiersAreFound(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2, 3, 20261122, uint64(time.Now().UnixNano())} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			m, all := planted.NewMaker(seed), items(t)
			for n := range 200 {
				rule := planted.Rules[n%len(planted.Rules)]
				text, item := m.Identifier(rule), all[m.IntN(len(all))]
				path := plant(t, m, &item, text)
				if !slices.Contains(texts(t, item)[path], rule) {
					t.Errorf("%s %q at %s %s is not found: %v", rule, text, item.Key, path, texts(t, item)[path])
				}
			}
		})
	}
}

// plant puts a text somewhere into an item and gives the place.
func plant(t testing.TB, m planted.Maker, item *kit.Source, text string) string {
	t.Helper()
	compact := !strings.ContainsAny(text, " ()[]@/+,\u00a0")
	switch where := m.IntN(10); {
	case where == 0:
		item.Title.EN += " " + text
		return "title.en"
	case where == 1 && compact:
		item.Key += "_" + text
		return "key"
	case where == 2:
		var object map[string]any
		if err := json.Unmarshal(item.Content, &object); err != nil {
			t.Fatal(err)
		}
		object["about "+text], object["z"] = "x", 1
		item.Content, _ = json.Marshal(object)
		return "about " + text
	case where == 3 && strings.Trim(text, "0123456789") == "" && text[0] != '0' && len(text) < 16:
		var object map[string]any
		if err := json.Unmarshal(item.Content, &object); err != nil {
			t.Fatal(err)
		}
		object["example"] = json.Number(text)
		item.Content, _ = json.Marshal(object)
		return "example"
	}
	changed, _, ok := m.Put(item.Content, text, func(string) bool { return true })
	if !ok {
		t.Fatalf("%s has no text", item.Key)
	}
	item.Content = changed
	place := "" // the place has the planted text in its name where that is the key of an entry
	if err := personal.Walk(changed, func(path, there string) {
		if strings.Contains(there, text) {
			place = path
		}
	}); err != nil {
		t.Fatal(err)
	}
	return place
}

// A megabyte of text is looked at in bounded time, and an eighth of it of whatever costs most.
func TestLongTextsTakeBoundedTime(t *testing.T) {
	t.Parallel()
	var prose strings.Builder
	for _, item := range items(t) {
		prose.Write(item.Content)
	}
	for name, piece := range map[string]string{
		"prose": prose.String(), "digits": "3", "zeros": "0", "groups": "12 ", "capitals": "A", "names": "Mario Rossi ", "births": "nato ", "streets": "via ",
		"mails": "a@", "points": "a.", "codes": "RSSMRA85T10A562", "ibans": "IT60X05428 ", "days": "3/3/1980 ", "spaces": " ", "dashes": "3-", "brackets": "(0",
	} {
		t.Run(name, func(t *testing.T) {
			size := 1 << 20
			if name != "prose" {
				size /= 8
			}
			text, began := strings.Repeat(piece, size/len(piece)+1)[:size], time.Now()
			personal.Find(text)
			personal.Names(text, func(string, string) {})
			personal.Addresses(text)
			took := time.Since(began)
			t.Log(took)
			if took > 30*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestAddressesAreReadWithAndWithoutNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Abita in via Garibaldi, n. 12, 91025 Marsala": "via Garibaldi, n. 12", "in Via Roma 5/B": "Via Roma 5/B", "c.da Scauri Basso 3": "c.da Scauri Basso 3",
		"contrada Scauri Alta": "contrada Scauri Alta", "P.zza 4 Novembre 7": "P.zza 4 Novembre 7", "corso Umberto I civico 10": "corso Umberto I civico 10",
		"lives at via\u00a0Mazzini 3": "via Mazzini 3",
	} {
		if got := personal.Addresses(text); !slices.Contains(got, want) {
			t.Errorf("%q: %q, want %q among them", text, got, want)
		}
	}
	if got := personal.Addresses("nothing like that, deviare 12"); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}
