package main

import (
	"context"
	"errors"

	"staffetta/api/web"
	"staffetta/internal/mail"
	"staffetta/modules"
	"staffetta/modules/post"
)

// correspondence is how this deployment writes to people. Without a mail server letters stay in the outbox.
func (p *Program) correspondence() (modules.Correspondence, error) {
	words, err := web.Catalogue(p.list)
	if err != nil {
		return modules.Correspondence{}, err
	}
	c := modules.Correspondence{Post: post.NewOutbox(p.key), Base: p.config.BaseURL, Words: words, Open: p.config.Demo != ""}
	if p.config.SMTP.Host == "" {
		return c, nil
	}
	sender, err := mail.NewSender(p.config.SMTP, nil)
	if err != nil {
		return modules.Correspondence{}, err
	}
	c.Mailer = counted{sender, p.metrics}
	return c, nil
}

// counted counts what becomes of letters.
type counted struct {
	sender  *mail.Sender
	metrics *metrics
}

// Send meets modules.Mailer.
func (c counted) Send(ctx context.Context, l mail.Letter) error {
	err := c.sender.Send(ctx, l)
	var failure *mail.Failure
	switch {
	case err == nil:
		c.metrics.letters.WithLabelValues("sent").Inc()
	case errors.As(err, &failure) && failure.Refused:
		c.metrics.letters.WithLabelValues("refused").Inc()
	default:
		c.metrics.letters.WithLabelValues("delayed").Inc()
	}
	return err
}
