package web

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"staffetta/api/web/component"
	"staffetta/internal/language"
)

const (
	flashCookie = "__Host-flash"
	maxFlash    = 3000 // bytes of the cookie that every browser keeps
)

// flash is a message for the next page: a key of the catalogue with its values.
type flash struct {
	Tenant int32
	Key    string
	Args   map[string]any `json:",omitempty"`
	Tone   component.Tone
}

var flashContext = []byte("flash message")

// setFlash keeps a message for the next page that is shown at this body.
func (x *exchange) setFlash(f flash) {
	f.Tenant = x.body.ID
	value, err := x.sealFlash(f)
	if err == nil && len(value) > maxFlash {
		f.Args = nil
		value, err = x.sealFlash(f)
	}
	if err != nil {
		return // the message is lost, what it tells of is not
	}
	http.SetCookie(x.w, flashCookieWith(value, 120))
}

func (x *exchange) sealFlash(f flash) (string, error) {
	plain, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	sealed, err := x.host.config.Key.Seal(plain, flashContext)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

func flashCookieWith(value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: flashCookie, Value: value, Path: "/", MaxAge: age,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// takeFlash returns the message that waits for this page, once.
func (x *exchange) takeFlash() *component.Alert {
	cookie, err := x.r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	f, ok := x.openFlash(cookie.Value)
	if ok && f.Tenant != x.body.ID {
		return nil // it waits for a page of another body, in another tab
	}
	http.SetCookie(x.w, flashCookieWith("", -1))
	if !ok {
		return nil
	}
	return &component.Alert{Tone: f.Tone, Text: x.host.config.Catalogue.Say(x.lang, language.Message{Key: f.Key, Args: f.Args})}
}

func (x *exchange) openFlash(value string) (flash, bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return flash{}, false
	}
	plain, err := x.host.config.Key.Open(sealed, flashContext)
	if err != nil {
		return flash{}, false
	}
	var f flash
	decoder := json.NewDecoder(bytes.NewReader(plain))
	decoder.UseNumber()
	if err := decoder.Decode(&f); err != nil {
		return flash{}, false
	}
	for name, value := range f.Args {
		f.Args[name] = plainNumber(value)
	}
	return f, true
}

// plainNumber gives back the type by which a plural form is chosen.
func plainNumber(value any) any {
	number, ok := value.(json.Number)
	if !ok {
		return value
	}
	if whole, err := number.Int64(); err == nil {
		return whole
	}
	return strings.ReplaceAll(number.String(), ".", ",")
}
