package board

import (
	"encoding/json"
	"fmt"
	"slices"

	"staffetta/modules/kit"
)

// checklist is the content of a checklist item.
type checklist struct {
	Areas []struct {
		Key   string   `json:"key"`
		Label kit.Text `json:"label"`
	} `json:"areas"`
	Questions []struct {
		Key      string   `json:"key"`
		Area     string   `json:"area"`
		Question kit.Text `json:"question"`
		Evidence kit.Text `json:"evidence"`
		IfNo     kit.Text `json:"ifNo"`
		Blocking bool     `json:"blocking"`
		Items    []string `json:"items"`
	} `json:"questions"`
}

// programmeOf reads what the items of a kit ask, in the order of their keys.
func programmeOf(items []kit.Source) (Programme, error) {
	var p Programme
	for _, item := range items {
		switch item.Kind {
		case kit.KindChecklist:
			var list checklist
			if err := json.Unmarshal(item.Content, &list); err != nil {
				return Programme{}, fmt.Errorf("read the checklist %s: %w", item.Key, err)
			}
			p.Questions = append(p.Questions, list.questions(item.Key)...)
		case kit.KindTraining:
			var course struct {
				Format string  `json:"format"`
				Hours  float64 `json:"hours"`
			}
			if err := json.Unmarshal(item.Content, &course); err != nil {
				return Programme{}, fmt.Errorf("read the course %s: %w", item.Key, err)
			}
			p.Courses = append(p.Courses, Course{Key: item.Key, Title: item.Title, Hours: course.Hours, Coaching: course.Format == "coaching"})
		case kit.KindIndicator:
			rule, err := kit.ParseIndicator(item.Content)
			if err != nil {
				return Programme{}, fmt.Errorf("read the indicator %s: %w", item.Key, err)
			}
			p.Indicators = append(p.Indicators, Indicator{Key: item.Key, Title: item.Title, Unit: rule.Unit, Rule: rule})
		}
	}
	return p, nil
}

// questions are those of a list, area by area.
func (l checklist) questions(key string) []Question {
	var all []Question
	for _, area := range l.Areas {
		for _, q := range l.Questions {
			if q.Area == area.Key {
				all = append(all, Question{
					Place: key + "/" + q.Key, Area: area.Label, Text: q.Question, Evidence: q.Evidence, IfNo: q.IfNo, Blocking: q.Blocking,
					Items: slices.Clone(q.Items),
				})
			}
		}
	}
	return all
}
