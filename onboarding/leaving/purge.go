// Package leaving is how what a body has goes away: the invented people of its trial, when it goes live, and the body itself with
// all that it owns, when two people decided that it leaves. What proves that things happened stays. It must not know which tables
// there are (the catalogue and the modules' records do), nor what other bodies were given: that is theirs.
package leaving

import (
	"context"
	"errors"

	"staffetta/modules"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// PurgeTrial removes from a body on trial all that is about people: every table whose record has a case or a person, or is declared
// to be about people, and what hangs from them; then their documents. The people of the trial are invented: going live calls it, in its
// own transaction, before the body is live. Configuration, colleagues, agreements and the audit stay. It returns how many rows went
// from which table. The error is problem.Conflict where the body is not on trial any more; nothing is removed then.
func PurgeTrial(ctx context.Context, deps modules.Deps, tx tenants.Tx, s tenants.Scope) (map[string]int64, error) {
	gone, documents, err := purgePeople(ctx, tx, declaredBy(deps.Platform.Modules))
	if err != nil {
		return nil, err
	}
	payload := map[string]any{"documents": len(documents)}
	for table, n := range gone {
		payload[table] = n
	}
	if err := audit.Write(ctx, tx, s, audit.Event{Action: "body.purge", Payload: payload}); err != nil {
		return nil, err
	}
	tenants.AfterCommit(tx, func(context.Context) error {
		var faults []error
		for _, sum := range documents {
			faults = append(faults, deps.Platform.Folders.Drop(s.Tenant, sum))
		}
		return errors.Join(faults...)
	})
	return gone, nil
}

// CountTrial tells how many rows PurgeTrial would remove from which table; none of a body that is not on trial.
func CountTrial(ctx context.Context, deps modules.Deps, tx tenants.Tx) (map[string]int64, error) {
	return countPeople(ctx, tx, declaredBy(deps.Platform.Modules))
}

// declared is what modules say of their tables, for whoever removes rows.
type declared struct {
	people          []string // about people
	tables, columns []string // that name documents
}

func declaredBy(list []modules.Module) declared {
	d := declared{people: []string{}, tables: []string{}, columns: []string{}}
	for _, m := range list {
		for _, r := range m.Records {
			if r.CaseColumn != "" || r.PersonColumn != "" || r.People {
				d.people = append(d.people, r.Table)
			}
			if r.File != "" {
				d.tables, d.columns = append(d.tables, r.Table), append(d.columns, r.File)
			}
		}
	}
	return d
}
