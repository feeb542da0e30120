package kit

import (
	"context"
	"slices"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
)

// asSettings makes the page of an item that of settings, which have no owner and no licence: every one that there is, as it holds now, with
// the values of the beginning to go back to.
func (page *ItemPage) asSettings(ctx context.Context, kinds *modules.Kinds, kind modules.Kind, item Item) {
	say := func(key string) string { return language.Say(ctx, language.M(key)) }
	page.Kind, page.Facts = "", component.Summary{}
	page.Breadcrumb.Items = slices.Delete(page.Breadcrumb.Items, 1, 2) // of which there is one item
	page.Blocks = Readable(ctx, kinds, kind.ID, spelled(kind.Schema, item.Current.Content))
	if item.Current.Number == 0 {
		return
	}
	page.History.Events = append(page.History.Events, component.Event{
		Title: say("kit.settings.initial"), Link: &component.Link{Label: say("kit.version.read"), URL: itemPath(kind.ID, item.Key) + "/versioni/0"},
	})
}

// tagOf says where an item stands; settings hold before anybody has published them.
func tagOf(say func(string) string, kind modules.Kind, item Item) component.Tag {
	if isSettings(kind, item.Key) && item.Current.Number == 0 {
		return component.Tag{Label: say("kit.settings.initial"), Tone: component.Neutral}
	}
	return stateTag(say, item.State)
}
