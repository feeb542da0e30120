package language

import "context"

type spokenKey struct{}

type spoken struct {
	catalogue *Catalogue
	lang      string
}

// WithLanguage keeps in a context the language that a request is answered in.
func WithLanguage(ctx context.Context, c *Catalogue, lang string) context.Context {
	return context.WithValue(ctx, spokenKey{}, spoken{catalogue: c, lang: lang})
}

// Of is the language of the request, Italian by default.
func Of(ctx context.Context) string {
	if s, ok := ctx.Value(spokenKey{}).(spoken); ok && s.lang != "" {
		return s.lang
	}
	return Italian
}

// Say renders a message in the language of the request.
func Say(ctx context.Context, m Message) string {
	s, ok := ctx.Value(spokenKey{}).(spoken)
	if !ok || s.catalogue == nil {
		return m.Key
	}
	return s.catalogue.Say(s.lang, m)
}

// SayText chooses the language of the request in a bilingual text.
func SayText(ctx context.Context, t Text) string { return t.In(Of(ctx)) }
