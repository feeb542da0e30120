package canonical

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"keys sorted, no space": {`{ "b" : 1, "a" : [ true , null ] }`, `{"a":[true,null],"b":1}`},
		"numbers":               {`[1.0, 1e2, 0.50, -0, 1e21, 1e-7, 333333333.33333329]`, `[1,100,0.5,0,1e+21,1e-7,333333333.3333333]`},
		"escapes":               {`"\u00e8 <&> \u000f \/ \n"`, `"è <&> \u000f / \n"`},
		"utf-16 order":          {`{"\ufb33":1,"\ud83d\ude00":2,"\u00f6":3}`, "{\"ö\":3,\"😀\":2,\"\ufb33\":1}"}, // RFC 8785 §3.2.3
		"empty":                 {`{"a":{},"b":[]}`, `{"a":{},"b":[]}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Text([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	tests := map[string]struct{ in, why string }{
		"repeated key": {`{"a":1,"a":2}`, "repeated"},
		"lost digits":  {`9007199254740993`, "lose digits"},
		"out of range": {`1e999`, "out of range"},
		"broken utf-8": {"\"\xff\"", "UTF-8"},
		"two values":   {`1 2`, "after the value"},
		"cut short":    {`{"a":`, "read value"},
		"too deep":     {strings.Repeat("[", 80) + strings.Repeat("]", 80), "deeper"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Text([]byte(test.in))
			if err == nil || !strings.Contains(err.Error(), test.why) {
				t.Errorf("got %s, %v; want an error with %q", got, err, test.why)
			}
		})
	}
}

func anyJSON() *rapid.Generator[any] {
	return rapid.Deferred(func() *rapid.Generator[any] {
		return rapid.OneOf(
			rapid.Map(rapid.String(), func(s string) any { return s }),
			rapid.Map(rapid.Float64Range(-1e300, 1e300), func(f float64) any { return f }),
			rapid.Map(rapid.Int64Range(-largestExact, largestExact), func(n int64) any { return n }),
			rapid.Map(rapid.Bool(), func(b bool) any { return b }),
			rapid.Just[any](nil),
			rapid.Map(rapid.SliceOfN(anyJSON(), 0, 3), func(l []any) any { return l }),
			rapid.Map(rapid.MapOfN(rapid.String(), anyJSON(), 0, 3), func(m map[string]any) any { return m }),
		)
	})
}

func TestCanonicalIsIdempotentAndKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw, err := json.MarshalIndent(anyJSON().Draw(t, "value"), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		once, err := Text(raw)
		if err != nil {
			t.Fatal(err)
		}
		twice, err := Text(once)
		if err != nil || string(once) != string(twice) {
			t.Fatalf("once %s, twice %s, %v", once, twice, err)
		}
		var before, after any
		if json.Unmarshal(raw, &before) != nil || json.Unmarshal(once, &after) != nil {
			t.Fatal("canonical text is not JSON")
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestHashDoesNotDependOnTheWriting(t *testing.T) {
	a, errA := Hash([]byte(`{"x":1,"y":[1.50]}`))
	b, errB := Hash([]byte("{\"y\" : [1.5],\n\"x\" : 1.0}"))
	c, errC := Hash([]byte(`{"x":1,"y":[1.51]}`))
	if errA != nil || errB != nil || errC != nil || a != b || a == c || len(a) != 64 {
		t.Errorf("hashes %s %s %s, errors %v %v %v", a, b, c, errA, errB, errC)
	}
}

// What is left as it stands is what taking it apart would have made of it; most of what was written once is left so.
func TestWhatIsCanonicalIsLeft(t *testing.T) {
	left, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		value := anyJSON().Draw(t, "value")
		plain, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		written, err := rewrite(plain)
		if err != nil {
			t.Fatal(err)
		}
		spoiled := slices.Clone(written)
		if len(spoiled) > 0 {
			spoiled[rapid.IntRange(0, len(spoiled)-1).Draw(t, "place")] = rapid.SampledFrom([]byte(` "{}[],:\\0-.e1nu`)).Draw(t, "byte")
		}
		for _, raw := range [][]byte{plain, written, spoiled} {
			again, err := rewrite(raw)
			if isCanonical(raw) && utf8.Valid(raw) && (err != nil || string(again) != string(raw)) {
				t.Fatalf("%s is taken for canonical, and is %s, %v", raw, again, err)
			}
		}
		if all++; isCanonical(written) {
			left++
		}
	})
	if left < all/3 {
		t.Errorf("only %d of %d canonical texts are left as they stand", left, all)
	}
	for _, raw := range []string{`{"a":1,"a":2}`, `{"b":1,"a":2}`, `{"\\"z":1,"!":2}`, `-0`, `1.0`, `01`, `{"a" :1}`, `[1,]`, `{,}`, `"\u0041"`, `"\/"`, `1 2`, ``, `9007199254740993`, strings.Repeat("[", 80) + strings.Repeat("]", 80)} {
		if isCanonical([]byte(raw)) {
			t.Errorf("%s is taken for canonical", raw)
		}
	}
	for _, raw := range []string{`{"a":[1,-2.5,true,null,"à\\n"],"b":{}}`, `[]`, `"x"`, `0`} {
		if !isCanonical([]byte(raw)) {
			t.Errorf("%s is not taken for canonical", raw)
		}
	}
}
