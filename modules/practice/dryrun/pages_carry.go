package dryrun

import (
	"net/http"
	"strconv"

	"staffetta/api/web/component"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/form"
	"staffetta/modules/practice/upgrade"
)

// carryingText says in one line what becomes of stored answers; "" where none are.
func carryingText(r *http.Request, c *upgrade.Carrying) string {
	switch {
	case c == nil:
		return ""
	case c.Open == 0:
		return modules.Say(r, "practice.plan.closed", "n", c.Closed)
	}
	text := modules.Say(r, "practice.plan.open", "n", c.Open)
	if c.Closed > 0 {
		text += ". " + modules.Say(r, "practice.plan.closed", "n", c.Closed)
	}
	if len(c.Lost) == 0 {
		text += ". " + modules.Say(r, "practice.plan.all_placed")
	}
	return text
}

// lostTable lists the answers of open records without a sure place.
func lostTable(r *http.Request, plan upgrade.Plan) component.Table {
	table := component.Table{
		ID: "risposte", Caption: modules.Say(r, "practice.plan.lost"), Hidden: true, Cards: true,
		Columns: form.Columns(r, "practice.item.title", "practice.plan.lost_question", "practice.plan.lost_answer", "practice.plan.lost_records"),
	}
	for _, line := range plan.Lines {
		for _, cells := range lostRows(r, line) {
			row := component.Row{}
			for _, text := range cells {
				row.Cells = append(row.Cells, component.Cell{Text: text})
			}
			table.Rows = append(table.Rows, row)
		}
	}
	return table
}

// lostRows are the answers of one item without a sure place: item, question, answer, how many records.
func lostRows(r *http.Request, line upgrade.Line) (rows [][]string) {
	if line.Carried == nil {
		return nil
	}
	title, _ := form.Said(r, line.Source().Title)
	for _, lost := range line.Carried.Lost {
		records := modules.Say(r, "practice.plan.lost_few")
		if n, shown := lost.Told(); shown {
			records = strconv.Itoa(n)
		}
		label, _ := form.Said(r, lost.Question.Label)
		rows = append(rows, []string{line.Key + " " + title, label, lostAnswer(r, lost), records})
	}
	return rows
}

// lostAnswer is the answer that is about to have no place, in the words of its question.
func lostAnswer(r *http.Request, l upgrade.LostAnswers) string {
	switch {
	case l.Narrow:
		return modules.Say(r, "practice.plan.lost_narrow")
	case l.Value == "":
		return modules.Say(r, "practice.plan.lost_any")
	case l.Question.Type == kit.TypeBoolean:
		return l.Question.AnswerText(r.Context(), l.Value == "true")
	}
	return l.Question.AnswerText(r.Context(), l.Value)
}
