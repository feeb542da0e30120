package kit

import (
	"context"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/modules"
)

// testBlocks shows how the tests that a content carries went; nothing where it carries none.
func testBlocks(ctx context.Context, tests []modules.Test) []Block {
	if len(tests) == 0 {
		return nil
	}
	r := newReader(ctx)
	block := Block{Level: 2, Heading: r.say("kit.try.tests"), Text: []string{r.say("kit.try.tests_text")}}
	block.Table = r.table("prove", block.Heading, "kit.try.test", "kit.try.want", "kit.try.got")
	block.Table.Cards = true
	for _, one := range tests {
		got := component.Cell{Text: one.Got, Tags: []component.Tag{testTag(ctx, one)}}
		if one.Passed {
			got.Text = "" // what it must give stands beside
		}
		block.Table.Rows = append(block.Table.Rows, component.Row{Cells: []component.Cell{{Text: one.Name}, {Text: one.Want}, got}})
	}
	return []Block{block}
}

func testTag(ctx context.Context, test modules.Test) component.Tag {
	if test.Passed {
		return component.Tag{Label: language.Say(ctx, language.M("kit.try.passed")), Tone: component.Success}
	}
	return component.Tag{Label: language.Say(ctx, language.M("kit.try.failed")), Tone: component.Danger}
}
