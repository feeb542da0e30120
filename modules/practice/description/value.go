package description

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/release"
	"staffetta/modules/practice/sheet"
)

// decimal is a number that is kept as text, with a point.
type decimal string

var decimalPattern = regexp.MustCompile(`^[0-9]{1,12}([.,][0-9]{1,6})?$`)

// values are the fields of a page that say what a practice says.
func values(p release.Practice) url.Values {
	out := url.Values{}
	for _, part := range parts {
		for _, f := range part.fields {
			show(f, &p, out)
		}
	}
	return out
}

// show writes a field as it stands on the page.
func show(f field, p *release.Practice, out url.Values) {
	switch v := f.of(p).(type) {
	case *string:
		out.Set(f.name, *v)
	case *decimal:
		out.Set(f.name, strings.Replace(string(*v), ".", ",", 1))
	case *int:
		if *v != 0 {
			out.Set(f.name, strconv.Itoa(*v))
		}
	case *[]string:
		if f.kind != "" {
			out[f.name] = *v
			return
		}
		out.Set(f.name, strings.Join(*v, "\n"))
	case *language.Text:
		out.Set(f.name+".it", v.It)
		out.Set(f.name+".en", v.En)
	case *kit.Text:
		out.Set(f.name+".it", v.IT)
		out.Set(f.name+".en", v.EN)
	case *[]kit.Text:
		showTexts(f.name, *v, out)
	case evidence:
		var texts []kit.Text
		for _, one := range *v.list {
			if one.Kind == v.kind {
				texts = append(texts, one.Label)
			}
		}
		showTexts(f.name, texts, out)
	case *[]sheet.Figure:
		lines := make([]string, len(*v))
		for i, one := range *v {
			lines[i] = figureLine(one)
		}
		out.Set(f.name, strings.Join(lines, "\n"))
	case *[]sheet.Contact:
		lines := make([]string, len(*v))
		for i, one := range *v {
			lines[i] = contactLine(one)
		}
		out.Set(f.name, strings.Join(lines, "\n"))
	}
}

// showTexts writes texts a line each, in two languages.
func showTexts(name string, texts []kit.Text, out url.Values) {
	it, en, told := make([]string, len(texts)), make([]string, len(texts)), 0
	for i, text := range texts {
		it[i], en[i] = oneLine(text.IT), oneLine(text.EN)
		if en[i] == "" {
			en[i] = untold
		} else {
			told = i + 1
		}
	}
	out.Set(name+".it", strings.Join(it, "\n"))
	out.Set(name+".en", strings.Join(en[:told], "\n"))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func figureLine(f sheet.Figure) string {
	line := f.Indicator + " = " + strings.Replace(f.Value, ".", ",", 1)
	if f.Note.IT != "" {
		line += " = " + oneLine(f.Note.IT)
	}
	return line
}

func contactLine(c sheet.Contact) string {
	if c.Role.IT == "" {
		return c.Name
	}
	return c.Name + " = " + oneLine(c.Role.IT)
}

// read makes a practice of what was typed. What a page cannot show of the one before stays as it was.
func read(typed url.Values, before release.Practice) (release.Practice, error) {
	p := before
	p.Sheet.Results.Evidence = slices.Clone(before.Sheet.Results.Evidence)
	var wrong problem.Fields
	for _, part := range parts {
		for _, f := range part.fields {
			if f.name == "key" && before.Key != "" {
				continue // others know the practice by it
			}
			take(f, &p, typed, &wrong)
		}
	}
	return p, wrong.Err()
}

// take reads one field.
func take(f field, p *release.Practice, typed url.Values, wrong *problem.Fields) {
	text := strings.TrimSpace(strings.ReplaceAll(typed.Get(f.name), "\r\n", "\n"))
	switch v := f.of(p).(type) {
	case *string:
		*v = text
	case *decimal:
		if text != "" && !decimalPattern.MatchString(text) {
			wrong.Add(f.name, "practice.write.error.amount")
			return
		}
		*v = decimal(strings.Replace(text, ",", ".", 1))
	case *int:
		*v = 0
		if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < 10000 {
			*v = n
		} else if text != "" {
			wrong.Add(f.name, "practice.write.error.number")
		}
	case *[]string:
		*v = lines(text)
		if f.kind != "" {
			*v = slices.DeleteFunc(append([]string{}, typed[f.name]...), func(key string) bool { return key == "" })
		}
	case *language.Text:
		v.It, v.En = oneLine(typed.Get(f.name+".it")), oneLine(typed.Get(f.name+".en"))
	case *kit.Text:
		*v = wording(typed, f.name)
		if v.IT == "" && v.EN != "" {
			wrong.Add(f.name, "practice.write.error.italian")
		}
	case *[]kit.Text:
		*v = wordings(typed, f.name, wrong)
	case evidence:
		*v.list = takeEvidence(v, wordings(typed, f.name, wrong))
	case *[]sheet.Figure:
		*v = takeFigures(f.name, text, *v, wrong)
	case *[]sheet.Contact:
		*v = takeContacts(text, *v)
	}
}

func wording(typed url.Values, name string) kit.Text {
	say := func(lang string) string {
		return strings.TrimSpace(strings.ReplaceAll(typed.Get(name+lang), "\r\n", "\n"))
	}
	return kit.Text{IT: say(".it"), EN: say(".en")}
}

// lines are those in which something stands.
func lines(text string) []string {
	list := []string{}
	for line := range strings.SplitSeq(text, "\n") {
		if line = oneLine(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// untold stands where an Italian line has no English one.
const untold = "-"

// wordings pairs the lines of both languages, the first with the first; English may be missing, Italian may not.
func wordings(typed url.Values, name string, wrong *problem.Fields) []kit.Text {
	it, en := lines(typed.Get(name+".it")), lines(typed.Get(name+".en"))
	texts := make([]kit.Text, len(it))
	for i := range it {
		texts[i].IT = it[i]
		if i < len(en) && en[i] != untold {
			texts[i].EN = en[i]
		}
	}
	if len(en) > len(it) {
		wrong.Add(name, "practice.write.error.lines")
	}
	return texts
}

// takeEvidence puts texts in the place of the evidence of a kind; what says the same in Italian keeps its key.
func takeEvidence(v evidence, texts []kit.Text) []sheet.Evidence {
	list := []sheet.Evidence{}
	keys, taken := map[string]string{}, map[string]bool{}
	for _, one := range *v.list {
		taken[one.Key] = true
		if one.Kind == v.kind {
			keys[oneLine(one.Label.IT)] = one.Key
		} else {
			list = append(list, one)
		}
	}
	for _, text := range texts {
		key := keys[text.IT]
		delete(keys, text.IT)
		for n := 1; key == ""; n++ {
			if made := v.kind + "_" + strconv.Itoa(n); !taken[made] {
				key = made
			}
		}
		taken[key] = true
		list = append(list, sheet.Evidence{Key: key, Label: text, Kind: v.kind})
	}
	return list
}

// takeFigures reads a value of an indicator from each line. One that nobody touched stays what it was.
func takeFigures(name, text string, before []sheet.Figure, wrong *problem.Fields) []sheet.Figure {
	list := []sheet.Figure{}
	for _, line := range lines(text) {
		if at := slices.IndexFunc(before, func(f sheet.Figure) bool { return oneLine(figureLine(f)) == line }); at >= 0 {
			list = append(list, before[at])
			continue
		}
		said := strings.SplitN(line, "=", 3)
		if len(said) < 2 || strings.TrimSpace(said[0]) == "" || !decimalPattern.MatchString(strings.TrimSpace(said[1])) {
			wrong.Add(name, "practice.write.error.figures", "line", line)
			return before
		}
		figure := sheet.Figure{Indicator: strings.TrimSpace(said[0]), Value: strings.Replace(strings.TrimSpace(said[1]), ",", ".", 1)}
		if len(said) == 3 {
			figure.Note.IT = strings.TrimSpace(said[2])
		}
		list = append(list, figure)
	}
	return list
}

func takeContacts(text string, before []sheet.Contact) []sheet.Contact {
	list := []sheet.Contact{}
	for _, line := range lines(text) {
		if at := slices.IndexFunc(before, func(c sheet.Contact) bool { return oneLine(contactLine(c)) == line }); at >= 0 {
			list = append(list, before[at])
			continue
		}
		name, role, _ := strings.Cut(line, "=")
		list = append(list, sheet.Contact{Name: strings.TrimSpace(name), Role: kit.Text{IT: strings.TrimSpace(role)}})
	}
	return list
}
