package form

import (
	"net/http"

	"staffetta/modules"
	"staffetta/modules/kit"
)

// Drawing is an item that is read with a drawing, with the tables that say the same in words. Template "practice/drawings".
type Drawing struct {
	Title  string
	Lang   string
	Blocks []modules.Block
}

// Drawings are those of the items whose kind has them; a content that the kind cannot read has none.
func Drawings(r *http.Request, kinds *modules.Kinds, items []kit.Source) (drawings []Drawing) {
	for _, item := range items {
		kind, _, _ := kinds.Get(item.Kind)
		if !kind.Drawn {
			continue
		}
		blocks, read := kind.Read(r.Context(), item.Content)
		if !read {
			continue
		}
		title, lang := Said(r, item.Title)
		drawings = append(drawings, Drawing{Title: item.Key + " " + title, Lang: lang, Blocks: apart(blocks, item.Key)})
	}
	return drawings
}

// apart makes the blocks of one item stand on a page beside those of others: below its title, and with ids and names of their own.
func apart(blocks []modules.Block, key string) []modules.Block {
	for i := range blocks {
		b := &blocks[i]
		b.Level = min(b.Level+1, 4)
		if b.Picture != nil {
			b.Picture.ID += "-" + key
			b.Picture.Title += " (" + key + ")"
		}
		if b.Table != nil {
			b.Table.ID = b.Table.RegionID() + "-" + key
			b.Table.Caption += " (" + key + ")"
		}
		apart(b.Blocks, key)
	}
	return blocks
}
