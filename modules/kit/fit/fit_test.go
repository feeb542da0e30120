package fit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/modules/kit/fit"
	"staffetta/modules/kit/part"
)

const schema = `{"type":"object","additionalProperties":false,"required":["name"],"properties":{
	"name":{"type":"string","minLength":2,"maxLength":4},
	"code":{"$ref":"urn:staffetta:kit:common#/$defs/code"},
	"hour":{"type":"string","pattern":"^[0-9]{2}$","examples":["09"]},
	"day":{"type":"string","format":"date"},
	"share":{"type":"number","minimum":0.5,"maximum":100},
	"gap":{"type":"number","exclusiveMinimum":0},
	"tone":{"enum":["high","low"]},
	"list":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"type":"integer"}}}}`

const common = `{"$defs":{"code":{"type":"string","pattern":"^[A-Z]+$","examples":["AB"]}}}`

// Each way not to fit has words of its own, with what is wanted and, where a form is, an example of it.
func TestCheck(t *testing.T) {
	t.Parallel()
	check := fit.Lazy("one", []byte(schema), []byte(common))()
	for name, c := range map[string]struct {
		content string
		want    []part.Fault
	}{
		"fits":            {`{"name":"abc","code":"X","hour":"10","day":"2026-01-31","share":0.5,"gap":1,"tone":"low","list":[1,2]}`, nil},
		"missing":         {`{}`, []part.Fault{part.Wrong("", "kit.schema.required", "names", "name")}},
		"more":            {`{"name":"abc","other":1}`, []part.Fault{part.Wrong("", "kit.schema.additional", "names", "other")}},
		"type":            {`{"name":7}`, []part.Fault{part.Wrong("name", "kit.schema.type", "want", "string", "got", "number")}},
		"short":           {`{"name":"a"}`, []part.Fault{part.Wrong("name", "kit.schema.too_short", "want", "2")}},
		"long":            {`{"name":"abcde"}`, []part.Fault{part.Wrong("name", "kit.schema.too_long", "want", "4")}},
		"form":            {`{"name":"abc","hour":"x"}`, []part.Fault{part.Wrong("hour", "kit.schema.pattern", "example", "09", "got", "x")}},
		"form of another": {`{"name":"abc","code":"x"}`, []part.Fault{part.Wrong("code", "kit.schema.pattern", "example", "AB", "got", "x")}},
		"day":             {`{"name":"abc","day":"31/01/2026"}`, []part.Fault{part.Wrong("day", "kit.schema.format.date", "got", "31/01/2026")}},
		"small":           {`{"name":"abc","share":0.25}`, []part.Fault{part.Wrong("share", "kit.schema.too_small", "want", "0.5")}},
		"large":           {`{"name":"abc","share":101}`, []part.Fault{part.Wrong("share", "kit.schema.too_large", "want", "100")}},
		"not above":       {`{"name":"abc","gap":0}`, []part.Fault{part.Wrong("gap", "kit.schema.not_above", "want", "0")}},
		"other value":     {`{"name":"abc","tone":"mid"}`, []part.Fault{part.Wrong("tone", "kit.schema.enum", "want", `["high","low"]`, "got", `"mid"`)}},
		"few":             {`{"name":"abc","list":[]}`, []part.Fault{part.Wrong("list", "kit.schema.too_few", "want", "1")}},
		"many":            {`{"name":"abc","list":[1,2,3]}`, []part.Fault{part.Wrong("list", "kit.schema.too_many", "want", "2")}},
		"twice":           {`{"name":"abc","list":[4,4]}`, []part.Fault{part.Wrong("list", "kit.schema.twice", "first", "1", "second", "2")}},
	} {
		if diff := cmp.Diff(c.want, check.Check([]byte(c.content))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
