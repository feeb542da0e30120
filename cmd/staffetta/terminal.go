package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"staffetta/api/web"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules/all"
)

// terminal is where a command answers, in the language of who asks.
type terminal struct {
	words *language.Catalogue
	lang  string
	out   io.Writer
}

func newTerminal(out io.Writer) (terminal, error) {
	words, err := web.Catalogue(all.Modules())
	return terminal{words, terminalLanguage(os.Getenv), out}, err
}

// say writes a message.
func (t terminal) say(key string, pairs ...any) {
	fmt.Fprintln(t.out, t.words.Say(t.lang, language.M(key, pairs...)))
}

// refusal is an error in the words that pages have for it.
func (t terminal) refusal(err error) error {
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Kind == problem.Internal {
		return err
	}
	text := []string{t.words.Say(t.lang, refused.Message)}
	for _, f := range refused.Fields {
		text = append(text, "  "+f.Name+": "+t.words.Say(t.lang, f.Message))
	}
	return errors.New(strings.Join(text, "\n"))
}

// terminalLanguage is that of the locale, by the variables of POSIX in their order: Italian, or else English.
func terminalLanguage(env func(string) string) string {
	if strings.HasPrefix(cmp.Or(env("LC_ALL"), env("LC_MESSAGES"), env("LANG")), language.Italian) {
		return language.Italian
	}
	return language.English
}

// inLanguage gives the help of commands in a language. Italian stands beside the English help, in the tag it.
func inLanguage(lang string) []kong.Option {
	if lang != language.Italian {
		return []kong.Option{kong.Description("Good practice handed over, cases worked, cases shared.")}
	}
	return []kong.Option{
		kong.Description("Buone pratiche che passano di mano, cartelle lavorate, cartelle condivise."),
		kong.PostBuild(func(k *kong.Kong) error { return kong.Visit(k.Model, translate) }),
		kong.Help(helpInItalian),
	}
}

// translate puts the Italian help in the place of the English one.
func translate(node kong.Visitable, next kong.Next) error {
	switch x := node.(type) {
	case *kong.Node:
		if x.Tag != nil && x.Tag.Has("it") {
			x.Help = x.Tag.Get("it")
		}
	case *kong.Value:
		x.Help = italianHelp(x)
	case *kong.Flag:
		x.Help = italianHelp(x.Value)
	}
	return next(nil)
}

func italianHelp(v *kong.Value) string {
	if v.Name == "help" {
		return "Mostra questo aiuto."
	}
	return cmp.Or(v.Tag.Get("it"), v.Help)
}

// helpWords are those that the printer of the help has in English.
var helpWords = strings.NewReplacer("Usage: ", "Uso: ", "\nArguments:\n", "\nArgomenti:\n", "\nFlags:\n", "\nOpzioni:\n", "\nCommands:\n", "\nComandi:\n",
	`Run "`, `Scrivi "`, `" for more information on a command.`, `" per sapere di più di un comando.`, "[flags]", "[opzioni]", "<command>", "<comando>")

func helpInItalian(options kong.HelpOptions, ctx *kong.Context) error {
	var text bytes.Buffer
	out := ctx.Stdout
	ctx.Stdout = &text
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	return errors.Join(err, errOnly(io.WriteString(out, helpWords.Replace(text.String()))))
}

func errOnly(_ int, err error) error { return err }
