package language

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	xlanguage "golang.org/x/text/language"
)

// Catalogue is the sum of the messages of all modules in both languages.
type Catalogue struct {
	bundle *i18n.Bundle
	keys   map[string]map[string]bool
	said   map[string]*i18n.Localizer
}

// NewCatalogue reads it.json and en.json from each source. A key that is in one
// language and not in the other, or that two sources define, is an error.
func NewCatalogue(sources ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{
		bundle: i18n.NewBundle(xlanguage.Italian),
		keys:   map[string]map[string]bool{Italian: {}, English: {}},
		said:   map[string]*i18n.Localizer{},
	}
	c.bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, source := range sources {
		if source == nil {
			continue
		}
		for lang := range c.keys {
			if err := c.load(source, lang); err != nil {
				return nil, err
			}
		}
	}
	for lang := range c.keys {
		c.said[lang] = i18n.NewLocalizer(c.bundle, lang)
	}
	return c, c.complete()
}

// Keys lists every key of the catalogue in order.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.keys[Italian]))
	for key := range c.keys[Italian] {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// Has tells whether the key is in the catalogue.
func (c *Catalogue) Has(key string) bool { return c.keys[Italian][key] }

// Say renders a message. A number named "n" or "Count" chooses the plural form.
// An unknown key is rendered as itself between angle quotes, so that it is seen.
func (c *Catalogue) Say(lang string, m Message) string {
	if m.Key == "" {
		return ""
	}
	localizer, ok := c.said[lang]
	if !ok {
		localizer = c.said[Italian]
	}
	config := &i18n.LocalizeConfig{MessageID: m.Key}
	if len(m.Args) > 0 {
		config.TemplateData = m.Args
		for _, name := range []string{"n", "Count"} {
			if n, ok := m.Args[name]; ok {
				config.PluralCount = n
			}
		}
	}
	text, err := localizer.Localize(config)
	if err != nil && config.PluralCount != nil { // a wording that is the same for one and for many
		config.PluralCount = nil
		text, err = localizer.Localize(config)
	}
	if err != nil {
		return "«" + m.Key + "»"
	}
	if lang != English {
		return articled(text, m.Args)
	}
	return text
}

func (c *Catalogue) load(source fs.FS, lang string) error {
	name := lang + ".json"
	raw, err := fs.ReadFile(source, name)
	if err != nil {
		return fmt.Errorf("read messages %s: %w", name, err)
	}
	file, err := c.bundle.ParseMessageFileBytes(raw, name)
	if err != nil {
		return fmt.Errorf("parse messages %s: %w", name, err)
	}
	for _, m := range file.Messages {
		if c.keys[lang][m.ID] {
			return fmt.Errorf("message %q is defined twice in %s", m.ID, lang)
		}
		c.keys[lang][m.ID] = true
	}
	return nil
}

func (c *Catalogue) complete() error {
	for lang, other := range map[string]string{Italian: English, English: Italian} {
		for key := range c.keys[lang] {
			if !c.keys[other][key] {
				return fmt.Errorf("message %q is in %s and not in %s", key, lang, other)
			}
		}
	}
	return nil
}
