// Package terminal is where commands answer: in the language of who asks, with their help, and what they do with kit files
// without a database. It must not start the program.
package terminal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"staffetta/api/web"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/all"
	"staffetta/tenants"
)

// Terminal is where a command answers.
type Terminal struct {
	Language string
	words    *language.Catalogue
	out      io.Writer
}

// New makes a terminal in the language of the locale.
func New(out io.Writer) (Terminal, error) {
	words, err := web.Catalogue(all.Modules())
	return Terminal{Language(os.Getenv), words, out}, err
}

// Run runs a command that answers on standard output.
func Run(ctx context.Context, do func(context.Context, Terminal) error) error {
	t, err := New(os.Stdout)
	if err != nil {
		return err
	}
	return do(ctx, t)
}

// PlatformCommand is what somebody does at the server for the platform's own body.
type PlatformCommand func(context.Context, Terminal, modules.Deps, tenants.Scope) error

// AsPlatform starts the program and has it do a command, with the scope of the platform's own body.
type AsPlatform func(context.Context, PlatformCommand) error

// Say writes a message.
func (t Terminal) Say(key string, pairs ...any) {
	fmt.Fprintln(t.out, t.Text(language.M(key, pairs...)))
}

// Text is a message in the language of who asks.
func (t Terminal) Text(m language.Message) string { return t.words.Say(t.Language, m) }

// To is the same terminal that answers elsewhere.
func (t Terminal) To(out io.Writer) Terminal {
	t.out = out
	return t
}

// Refusal is an error in the words that pages have for it.
func (t Terminal) Refusal(err error) error {
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Kind == problem.Internal {
		return err
	}
	text := []string{t.words.Say(t.Language, refused.Message)}
	for _, f := range refused.Fields {
		text = append(text, "  "+f.Name+": "+t.words.Say(t.Language, f.Message))
	}
	return errors.New(strings.Join(text, "\n"))
}

// Language is that of the locale, by the variables of POSIX in their order: Italian, or else English.
func Language(env func(string) string) string {
	if strings.HasPrefix(cmp.Or(env("LC_ALL"), env("LC_MESSAGES"), env("LANG")), language.Italian) {
		return language.Italian
	}
	return language.English
}
