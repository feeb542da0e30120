package editor

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"staffetta/modules/kit/shape"
)

// maxKey is how long a name that is made for an entry may be.
const maxKey = 40

// nameEntries gives a key to the entries that must have one and have none yet, made from what they are called, or from what
// they are about.
func nameEntries(entry *shape.Node, entries []any) {
	member := keyMember(entry)
	if member == "" {
		return
	}
	taken := map[string]bool{}
	for _, one := range entries {
		if object, ok := one.(map[string]any); ok {
			taken[plain(object[member])] = true
		}
	}
	for _, one := range entries {
		object, ok := one.(map[string]any)
		if !ok || plain(object[member]) != "" {
			continue
		}
		base := slug(cmp.Or(title(object), subject(entry, object, member)))
		if base == "" {
			continue
		}
		key := base
		for n := 2; taken[key]; n++ {
			key = fmt.Sprintf("%s_%d", base, n)
		}
		object[member], taken[key] = key, true
	}
}

// subject is the name that an entry without a title is about: that of the question whose earlier answers it reads.
func subject(entry *shape.Node, object map[string]any, own string) string {
	for _, member := range entry.Members {
		if name := plain(object[member.Name]); member.Def == "key" && member.Name != own && name != "" {
			return name
		}
	}
	return ""
}

// keyMember is the member by which entries of a list are told apart, "" if they are not.
func keyMember(entry *shape.Node) string {
	for _, name := range []string{"key", "value"} {
		if member := entry.Member(name); member != nil && member.Required && member.Type == shape.Text && entry.Member("label") != nil {
			return name
		}
	}
	if member := entry.Member("key"); member != nil && member.Required {
		return "key"
	}
	return ""
}

// titles are the members that say what an entry is called; the first one present does.
var titles = []string{"label", "title", "heading", "question", "name"}

// title is what an entry is called in Italian.
func title(object map[string]any) string {
	for _, name := range titles {
		switch v := object[name].(type) {
		case map[string]any:
			if text := plain(v["it"]); text != "" {
				return text
			}
		case string:
			return v
		}
	}
	return plain(object["it"])
}

// slug makes a name of letters, digits and underscores that begins with a letter.
func slug(text string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(norm.NFD.String(text)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && out.Len() > 0:
			out.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "_"):
			out.WriteByte('_')
		}
		if out.Len() >= maxKey {
			break
		}
	}
	return strings.Trim(out.String(), "_")
}
