package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"staffetta/api/web/component"
	"staffetta/internal/problem"
	"staffetta/modules"
)

// show answers with what a page gave.
func (x *exchange) show(view modules.View) {
	switch {
	case view.Redirect != "":
		x.redirect(view)
	case view.File != nil:
		x.download(view.File, view.Status)
	default:
		x.page(view)
	}
}

func (x *exchange) redirect(view modules.View) {
	if !strings.HasPrefix(view.Redirect, "/") || strings.HasPrefix(view.Redirect, "//") || strings.Contains(view.Redirect, `\`) {
		x.fail(fmt.Errorf("page redirects to %q, which is no path of the site", view.Redirect))
		return
	}
	if !view.Flash.IsZero() {
		tone := component.Success
		if view.Refusal {
			tone = component.Warning
		}
		x.setFlash(flash{Key: view.Flash.Key, Args: view.Flash.Args, Tone: tone})
	}
	status := view.Status
	if status == 0 {
		status = http.StatusSeeOther
	}
	x.see(carry(x.prefix()+view.Redirect, x.kept()), status)
}

// download sends a file; a status other than 0 is of an answer without which there would be an error page.
func (x *exchange) download(file *modules.File, status int) {
	disposition := "attachment"
	if file.Inline {
		disposition = "inline"
	}
	header := x.w.Header()
	header.Set("Content-Type", file.MediaType)
	header.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": file.Name}))
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'")
	if status != 0 {
		x.w.WriteHeader(status)
		_, _ = x.w.Write(file.Content) // the browser is gone: nothing left to do
		return
	}
	if file.Stream == nil {
		http.ServeContent(x.w, x.r, "", file.Modified, bytes.NewReader(file.Content))
		return
	}
	x.stream(file)
}

// stream sends a large file for as long as that takes; who loses the connection goes on where it was.
func (x *exchange) stream(file *modules.File) {
	defer file.Stream.Close()
	if err := http.NewResponseController(x.w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		x.fail(fmt.Errorf("lift the deadline of a download: %w", err))
		return
	}
	http.ServeContent(x.w, x.r, "", file.Modified, file.Stream)
}

// page renders the template first and the shell around it, and sends only what is whole.
func (x *exchange) page(view modules.View) {
	status := view.Status
	if status == 0 {
		status = http.StatusOK
	}
	main, err := x.render(view.Template, view.Data)
	if err == nil && view.Case != nil {
		main, err = x.aroundCase(view.Case, main)
	}
	if err == nil && x.r.Header.Get("HX-Request-Type") != "partial" {
		title := x.host.config.Catalogue.Say(x.lang, view.Title)
		main, err = x.render("layout", x.shell(view, title, main))
	}
	if err != nil {
		x.fail(err)
		return
	}
	x.send(status, main)
}

func (x *exchange) render(name string, data any) (template.HTML, error) {
	return x.host.views.render(name, data, speech{lang: x.lang, prefix: x.prefix(), kept: x.kept()})
}

func (x *exchange) send(status int, markup template.HTML) {
	header := x.w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(markup)))
	header.Add("Vary", "Cookie")
	header.Add("Vary", "HX-Request-Type")
	if x.session == nil && status == http.StatusOK && header.Get("Set-Cookie") == "" {
		header.Set("Cache-Control", "no-cache")
	}
	x.w.WriteHeader(status)
	if x.r.Method != http.MethodHead {
		_, _ = x.w.Write([]byte(markup)) // the browser is gone: nothing left to do
	}
}

// fail answers with the page of an error, which names the code to quote.
func (x *exchange) fail(err error) {
	p := problem.Of(err)
	x.failAs(p, p.Kind.Status())
}

func (x *exchange) notAllowed(allow string) {
	x.w.Header().Set("Allow", allow)
	x.failAs(problem.New(problem.NotFound, "web.error.method"), http.StatusMethodNotAllowed)
}

func (x *exchange) failAs(p *problem.Error, status int) {
	x.fault = p
	if x.w.status != 0 {
		return // it was answered before it failed
	}
	if x.identify() != nil {
		x.sessions, x.session = nil, nil
	}
	view := modules.View{Template: "web/error", Data: x.errorPage(p), Status: status}
	main, err := x.render(view.Template, view.Data)
	if err == nil {
		main, err = x.render("layout", x.shell(view, x.errorTitle(p), main))
	}
	if err != nil {
		x.host.config.Log.ErrorContext(x.r.Context(), "the page of an error cannot be shown", "request", x.id, "error", err)
		http.Error(x.w, x.say("web.error.internal")+"\n"+x.id, status)
		return
	}
	x.send(status, main)
}
