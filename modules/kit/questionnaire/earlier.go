package questionnaire

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"staffetta/internal/carry"
	"staffetta/internal/language"
	"staffetta/modules/kit/news"
)

// Earlier is what was answered to an older version of a form before the record went on in a newer one.
type Earlier struct {
	Edition uuid.UUID    `json:"version"`
	Number  int          `json:"number"`
	Answers Answers      `json:"answers"` // all of them
	Left    []LeftAnswer `json:"left"`    // those without a place in the newer one
}

// LeftAnswer is an answer without a place, with its question as it was asked.
type LeftAnswer struct {
	Question FormItem `json:"question"`
	Answer   any      `json:"answer"`
}

// CarryOn reads the answers to an older version in this one, and tells what they were. A question that comes back, as after a
// release that was taken back, has the answer again that it had before, of all that are the last one.
func (f *Form) CarryOn(older *Form, stored Answers, all []Earlier) (Answers, Earlier) {
	given, _ := older.CheckDraft(stored) // typed again after JSON
	answers, left := f.Carry(older, given)
	back := Answers{}
	for _, was := range all {
		maps.Copy(back, was.Answers)
	}
	maps.DeleteFunc(back, func(key string, _ any) bool { _, asked := older.Item(key); return asked })
	if len(back) > 0 {
		maps.Copy(back, answers)
		answers, _ = f.CheckDraft(back)
		forth, _ := older.Carry(f, answers)
		left = slices.DeleteFunc(left, func(l carry.Left) bool { return reflect.DeepEqual(forth[l.Key], l.Answer) })
	}
	was := Earlier{Answers: given, Left: []LeftAnswer{}}
	for _, one := range left {
		question, _ := older.Item(one.Key)
		was.Left = append(was.Left, LeftAnswer{Question: question, Answer: one.Answer})
	}
	return answers, was
}

// LeftOf are all answers without a place, the oldest first.
func LeftOf(all []Earlier) (left []LeftAnswer) {
	for _, was := range all {
		left = append(left, was.Left...)
	}
	return left
}

// News says what this version asks otherwise than an older one.
func (f *Form) News(ctx context.Context, older *Form) string {
	return news.Say(ctx, f.Changes, older.worded(ctx), f.worded(ctx))
}

func (f *Form) worded(ctx context.Context) (all []news.Question) {
	for i, item := range f.Items() {
		all = append(all, news.Question{Key: item.Key, Label: item.Label.In(language.Of(ctx))})
		for _, o := range item.Options {
			all[i].Answers = append(all[i].Answers, news.Answer{Value: o.Value, Label: o.Label.In(language.Of(ctx))})
		}
	}
	return all
}

// ParseEarlier reads what is stored of older versions.
func ParseEarlier(raw string) ([]Earlier, error) {
	var all []Earlier
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		return nil, fmt.Errorf("read what was answered to older versions: %w", err)
	}
	for _, was := range all {
		for i, one := range was.Left {
			if list, ok := carry.Texts(one.Answer); ok {
				was.Left[i].Answer = list
			}
		}
	}
	return all, nil
}

// Text is the answer in the words of the question, whatever its condition said and however many answers it wanted.
func (l LeftAnswer) Text(ctx context.Context) string {
	question := l.Question
	question.Visible, question.Min, question.Max = "", nil, nil
	typed, _ := (&Form{Sections: []FormSection{{Items: []FormItem{question}}}}).CheckDraft(Answers{question.Key: l.Answer})
	return question.AnswerText(ctx, typed[question.Key])
}
