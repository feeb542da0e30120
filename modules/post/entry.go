package post

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"staffetta/internal/problem"
)

// Entry is a mail as the platform's people see it. What it says and to whom is there in a demo only, until it is deleted.
type Entry struct {
	Mail
	To, Subject, Text string
}

// FindMails lists the newest mails of all bodies, first the last.
func (s *Service) FindMails(ctx context.Context) ([]Entry, error) {
	mails, err := s.listMails(ctx)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(mails))
	for i, m := range mails {
		entries[i].Mail = m
		if !s.deps.Platform.Mail.Open {
			continue
		}
		letter, err := s.letter(m)
		if err != nil {
			return nil, err
		}
		entries[i].Subject, entries[i].Text = letter.Subject, letter.Text
		if m.address != nil {
			plain, err := s.deps.Platform.Seal.Open(m.address, addressContext(m.ID))
			if err != nil {
				return nil, err
			}
			entries[i].To = string(plain)
		}
	}
	return entries, nil
}

// slugOf is how addresses name the body of a mail. Error: problem.NotFound.
func (s *Service) slugOf(ctx context.Context, mail uuid.UUID) (string, error) {
	tenant, err := s.tenantOf(ctx, mail)
	if err != nil {
		return "", err
	}
	slug := s.deps.Bodies.Slug(tenant)
	if slug == "" {
		return "", problem.Missing()
	}
	return slug, nil
}

func paragraphs(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// cutPrefix is the path of an address of this deployment.
func cutPrefix(text, base string) (path string, own bool) {
	path, own = strings.CutPrefix(text, base)
	return path, own && base != "" && strings.HasPrefix(path, "/")
}
