package post_test

import (
	"slices"
	"strings"
	"testing"

	"staffetta/internal/language"
)

// Practices reach people by what happens: each of these tables begins a duty, and whoever gets a letter of it reads in both languages
// that something awaits them: nothing fills a letter in but the link.
func TestWhatPracticesAskIsToldAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	topics := s.deps.Platform.Duties.Topics()
	for _, topic := range []string{"practice.kits", "practice.proposals", "practice.adoption_news", "practice.campaign_entries"} {
		if !slices.Contains(topics, topic) {
			t.Errorf("nothing begins by %s", topic)
		}
	}
	for _, lang := range []string{language.Italian, language.English} {
		for _, template := range []string{"post.mail.awaits", "post.mail.daily"} {
			for _, part := range []string{".subject", ".text"} {
				text := s.deps.Platform.Mail.Words.Say(lang, language.M(template+part, "link", "https://a.example"))
				if text == "" || strings.Contains(text, template) || strings.Contains(text, "{{") || strings.Contains(text, "<no value>") {
					t.Errorf("%s %s%s: %q", lang, template, part, text)
				}
			}
		}
	}
}
