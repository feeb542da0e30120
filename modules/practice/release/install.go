package release

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"staffetta/internal/language"
	"staffetta/internal/problem"
	"staffetta/modules"
	"staffetta/modules/kit"
	"staffetta/modules/practice/cid"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// Source is a practice as somebody wrote it down: its sheet and its items, without a body.
type Source struct {
	Practice Practice // without id and state
	Items    []kit.Source
}

// CID is the demonstration practice of package cid.
func CID() (Source, error) {
	items, err := cid.Items()
	if err != nil {
		return Source{}, err
	}
	written, err := cid.Sheet()
	if err != nil {
		return Source{}, err
	}
	raw, err := json.Marshal(map[string]any{
		"registry": written.Registry, "characteristics": written.Characteristics, "results": written.Results, "transfer": written.Transfer,
	})
	if err != nil {
		return Source{}, fmt.Errorf("write the sheet of the CID: %w", err)
	}
	sheet, err := ParseSheet(raw)
	return Source{Items: items, Practice: Practice{
		Key: written.Key, Title: language.Text{It: written.Title.IT, En: written.Title.EN}, Owner: written.Owner, Licence: written.Licence, Sheet: sheet,
	}}, err
}

// InstallSource makes the items of a source live items of the scope's body and its sheet a draft practice, in one
// transaction. Items and practice that are there already stay as they are, so that it may run again.
func InstallSource(ctx context.Context, deps modules.Deps, s tenants.Scope, source Source) (Practice, error) {
	v := NewService(deps)
	if err := source.Practice.check(); err != nil {
		return Practice{}, err
	}
	known, err := v.getPracticeBy(ctx, s, "key", source.Practice.Key)
	if !problem.Is(err, problem.NotFound) {
		return known, err
	}
	p := source.Practice
	if p.ID, err = uuid.NewV7(); err != nil {
		return Practice{}, err
	}
	err = deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		present, err := v.items.Current(ctx, tx, s, source.Items)
		if err != nil {
			return err
		}
		var changes []kit.Change
		for _, item := range source.Items {
			if _, there := present[kit.Place(item.Kind, item.Key)]; !there {
				changes = append(changes, kit.Change{Source: item, Adaptation: kit.Local, Reason: "Prima versione"})
			}
		}
		if _, err := v.items.Put(ctx, tx, s, changes); err != nil {
			return err
		}
		if err := createPractice(ctx, tx, s, p); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s, audit.Event{Action: "practice.install", Object: p.ID, Payload: map[string]any{"items": len(changes)}})
	})
	if err != nil {
		return Practice{}, err
	}
	return v.Get(ctx, s, p.ID)
}
