package tell

import (
	"context"
	"strings"

	"staffetta/internal/language"
	"staffetta/modules/kit/shape"
	"staffetta/policies"
)

// Words are what the parts of contents are called, in the language of a context.
type Words struct {
	ctx context.Context
	// Area words the code of a group of people; empty for a code that there is not.
	Area func(code string) language.Text
}

// Say is a message of the program.
func (w Words) Say(key string, pairs ...any) string {
	return language.Say(w.ctx, language.M(key, pairs...))
}

// Label is what a member is called: as its schema says, or else as the program does; "" for the entry of a list.
func (w Words) Label(member *shape.Node) string {
	switch {
	case member.Word.Label.It != "":
		return language.SayText(w.ctx, member.Word.Label)
	case member.Name == "":
		return ""
	}
	return w.Say("kit.part." + strings.ToLower(member.Name))
}

// Help is what whoever writes a member should know, as its schema says; "" for nothing.
func (w Words) Help(member *shape.Node) string { return language.SayText(w.ctx, member.Word.Help) }

// Choice is what a value that can be chosen is called.
func (w Words) Choice(member *shape.Node, v string) string {
	switch {
	case member.Word.Values[v].It != "":
		return language.SayText(w.ctx, member.Word.Values[v])
	case member.Def == "role":
		return Role(w.ctx, v)
	case member.Def == "section":
		return language.SayText(w.ctx, policies.SectionLabel(v))
	case w.Area(v).It != "":
		return language.SayText(w.ctx, w.Area(v))
	}
	return w.Say("kit.value." + v)
}

// Role is what a role is called; of who takes part without one, as a citizen does, what they are.
func Role(ctx context.Context, id string) string {
	if label := policies.RoleLabel(id); label.It != id {
		return language.SayText(ctx, label)
	}
	return Words{ctx: ctx}.or("kit.value."+id, id)
}

// Group is what the terms of a group of a vocabulary are about, which only the workflow that asks for them names by its own words.
func Group(ctx context.Context, key string) string { return Words{ctx: ctx}.or("kit.group."+key, key) }

// or is a message of the program, or another text where there is none.
func (w Words) or(key, otherwise string) string {
	if said := w.Say(key); !strings.Contains(said, key) {
		return said
	}
	return otherwise
}
