package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"staffetta/api/web/component"
	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/internal/session"
	"staffetta/modules"
)

// park keeps what a person sent after their session had expired: the values in
// their order, not the files.
func (x *exchange) park() (uuid.UUID, error) {
	x.bound()
	form := session.Form{
		Tenant: x.body.ID, Account: x.expired.Account, Action: x.r.URL.RequestURI(), Multipart: isMultipart(x.r),
	}
	err := readForm(x.r, &form)
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return uuid.Nil, tooLarge(large.Limit)
	}
	if err != nil {
		return uuid.Nil, problem.New(problem.Invalid, "web.error.unreadable").Wrap(err)
	}
	return x.host.config.Stores.Forms.Park(x.r.Context(), form)
}

func readForm(r *http.Request, form *session.Form) error {
	if form.Multipart {
		return readMultipart(r, form)
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	for pair := range bytes.SplitSeq(raw, []byte("&")) {
		name, value, _ := strings.Cut(string(pair), "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if err := keep(form, name, value); err != nil {
			return err
		}
	}
	return nil
}

func readMultipart(r *http.Request, form *session.Form) error {
	reader, err := r.MultipartReader()
	if err != nil {
		return err
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if name := part.FileName(); name != "" {
			form.Files = append(form.Files, strings.ToValidUTF8(name, "?"))
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, defaultMaxBody))
		if err != nil {
			return err
		}
		if err := keep(form, part.FormName(), string(value)); err != nil {
			return err
		}
	}
}

func keep(form *session.Form, name, value string) error {
	if !utf8.ValidString(name) || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return errors.New("the form is not text")
	}
	if name != "" {
		form.Values = append(form.Values, session.Value{Name: name, Value: value})
	}
	return nil
}

// resumePage shows what was kept, and sends it where it was to go.
type resumePage struct {
	Summary   component.Summary
	Files     []string
	Action    string
	Multipart bool
	Hidden    []component.Hidden
	Button    component.Button
}

func (x *exchange) showParked() (modules.View, error) {
	id, err := uuid.Parse(x.r.PathValue("id"))
	if err != nil {
		return modules.View{}, problem.Missing()
	}
	form, err := x.host.config.Stores.Forms.Get(x.r.Context(), x.body.ID, x.session.Account, id)
	if err != nil {
		return modules.View{}, err
	}
	page := resumePage{
		Action: form.Action, Multipart: form.Multipart, Files: form.Files,
		Button: component.Button{Label: x.say("web.resume.send"), Emphasis: component.Primary},
	}
	rows := map[string]int{}
	for _, v := range form.Values {
		page.Hidden = append(page.Hidden, component.Hidden{Name: v.Name, Value: v.Value})
		if _, err := uuid.Parse(v.Value); err == nil || v.Value == "" || v.Name == "version" {
			continue // what the page itself had put there
		}
		if at, again := rows[v.Name]; again {
			page.Summary.Rows[at].Values = append(page.Summary.Rows[at].Values, v.Value)
			continue
		}
		rows[v.Name] = len(page.Summary.Rows)
		page.Summary.Rows = append(page.Summary.Rows, component.SummaryRow{Label: readable(v.Name), Values: []string{v.Value}})
	}
	return modules.Render("web/resume", language.M("web.resume.title"), page), nil
}

// readable makes words of the name of a field.
func readable(name string) string {
	words := strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }), " ")
	if words == "" {
		return name
	}
	first, size := utf8.DecodeRuneInString(words)
	return strings.ToUpper(string(first)) + words[size:]
}
