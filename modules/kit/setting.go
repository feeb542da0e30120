package kit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/tenants"
)

// SettingsKey is the key of the one item of a kind of settings.
const SettingsKey = "settings"

// DeclareSettings declares how a body changes a module: as an item, with draft, publication, history and kits. Each property of
// the schema has a label, a help and a default, which holds until the body publishes its own (it: impostazioni).
func DeclareSettings(module modules.ID, title language.Text, schema []byte) modules.Kind {
	return Declare(modules.Kind{
		ID: string(module) + "-settings", Order: settingsOrder, Live: true, Schema: schema, Defaults: defaultsOf(schema),
		Label: language.Text{It: "Impostazioni: " + title.It, En: "Settings: " + title.En},
	}, func([]byte) []Fault { return nil })
}

// settingsOrder puts settings behind what people work with.
const settingsOrder = 90

// defaultsOf gathers what the properties of a schema are by default; an empty text is left out, as where nobody writes one. One
// that is no JSON has none, which its kind refuses.
func defaultsOf(schema []byte) []byte {
	var read struct {
		Properties map[string]struct {
			Default json.RawMessage `json:"default"`
		} `json:"properties"`
	}
	defaults := map[string]json.RawMessage{}
	if err := json.Unmarshal(schema, &read); err == nil {
		for name, property := range read.Properties {
			if text := string(property.Default); text != "" && text != `""` {
				defaults[name] = property.Default
			}
		}
	}
	content, _ := json.Marshal(defaults) // values of a valid JSON
	return content
}

// untouched are settings that a body has not changed; otherwise what was missing is.
func (i *Items) untouched(s tenants.Scope, kind, key string, missing error) (Item, error) {
	declared, _, _ := i.deps.Platform.Kinds.Get(kind)
	if !isSettings(declared, key) {
		return Item{}, missing
	}
	body, err := i.deps.Bodies.ByID(s.Tenant)
	if err != nil {
		return Item{}, err
	}
	item, err := newItem(Source{Kind: kind, Key: key})
	item.Title, item.Owner, item.Licence, item.Current.Content = declared.Label, body.Name, ownLicence, declared.Defaults
	return item, err
}

// ReadSettings reads into a struct what the settings of a module say: as the body has published them, or the defaults. What was
// published before a setting came has its default.
func (i *Items) ReadSettings(ctx context.Context, s tenants.Scope, module modules.ID, into any) error {
	kind, _, _ := i.deps.Platform.Kinds.Get(string(module) + "-settings")
	contents := [][]byte{kind.Defaults}
	published, err := i.Get(ctx, s, kind.ID, SettingsKey)
	switch {
	case err == nil:
		contents = append(contents, published.Content)
	case !problem.Is(err, problem.NotFound):
		return err
	}
	for _, content := range contents {
		if err := json.Unmarshal(content, into); err != nil {
			return fmt.Errorf("read the settings of module %s: %w", module, err)
		}
	}
	return nil
}

// isSettings tells whether an item is how a body changes a module.
func isSettings(kind modules.Kind, key string) bool {
	return kind.Defaults != nil && key == SettingsKey
}

// initial are the settings with which every body begins: version 0 of them, to read and to go back to.
func initial(kind modules.Kind) Version {
	return Version{Kind: kind.ID, Key: SettingsKey, Title: kind.Label, Content: kind.Defaults}
}

// spelled are settings with those that nobody filled in, so that who reads them sees what there is to set.
func spelled(schema, content []byte) []byte {
	var read struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	all := map[string]json.RawMessage{}
	if json.Unmarshal(schema, &read) != nil || json.Unmarshal(content, &all) != nil {
		return content
	}
	for name := range read.Properties {
		if all[name] == nil {
			all[name] = json.RawMessage(`""`)
		}
	}
	content, _ = json.Marshal(all) // members that were read as JSON
	return content
}

// code is the key of an item as people know it: settings have none.
func (i Item) code() string {
	if i.Key == SettingsKey {
		return ""
	}
	return i.Key
}

// called is an item by its code and title.
func (i Item) called(ctx context.Context) string {
	return strings.TrimSpace(i.code() + " " + i.Title.In(language.Of(ctx)))
}
