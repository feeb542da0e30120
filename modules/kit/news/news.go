// Package news says what a version of a form asks otherwise than an older one.
package news

import (
	"context"
	"slices"
	"strings"

	"staffetta/internal/carry"
	"staffetta/internal/language"
)

// Question is one of a form, in the language of the reader.
type Question struct {
	Key, Label string
	Answers    []Answer // that are offered
}

// Answer is one of those that a question offers.
type Answer struct{ Value, Label string }

// told are the names of what is new, gone or in other words.
type told struct{ added, gone, reworded, more, fewer []string }

// Say names the questions and answers that are new, gone or in other words; "" where none is. A question that has another key by
// one of the changes is the same one.
func Say(ctx context.Context, changes []carry.Change, older, newer []Question) string {
	var said []string
	all := compare(renamed(changes, older), newer)
	for _, part := range []struct {
		key   string
		names []string
	}{
		{"kit.news.added", all.added}, {"kit.news.gone", all.gone}, {"kit.news.reworded", all.reworded}, {"kit.news.more", all.more}, {"kit.news.fewer", all.fewer},
	} {
		if n := len(part.names); n > 0 {
			said = append(said, language.Say(ctx, language.M(part.key, "n", n, "names", "«"+strings.Join(part.names, "», «")+"»")))
		}
	}
	return strings.Join(said, " ")
}

// renamed are the older questions by their keys of today.
func renamed(changes []carry.Change, older []Question) map[string]Question {
	all := map[string]Question{}
	for _, question := range older {
		all[question.Key] = question
	}
	for _, change := range changes {
		question, asked := all[change.From]
		if _, taken := all[change.To]; change.To != "" && asked && !taken {
			delete(all, change.From)
			all[change.To] = question
		}
	}
	return all
}

func compare(before map[string]Question, newer []Question) (all told) {
	for _, question := range newer {
		was, asked := before[question.Key]
		delete(before, question.Key)
		switch {
		case !asked:
			all.added = append(all.added, question.Label)
			continue
		case was.Label != question.Label:
			all.reworded = append(all.reworded, question.Label)
		}
		all.more, all.fewer = append(all.more, question.without(was)...), append(all.fewer, was.without(question)...)
	}
	for _, question := range before {
		all.gone = append(all.gone, question.Label)
	}
	slices.Sort(all.gone)
	return all
}

// without are the answers that the question offers and another does not.
func (q Question) without(other Question) (labels []string) {
	for _, answer := range q.Answers {
		if !slices.ContainsFunc(other.Answers, func(o Answer) bool { return o.Value == answer.Value }) {
			labels = append(labels, answer.Label)
		}
	}
	return labels
}
