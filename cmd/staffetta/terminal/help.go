package terminal

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"staffetta/internal/language"
)

// Help gives the help of commands in a language. Italian stands beside the English help, in the tag it.
func Help(lang string) []kong.Option {
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
