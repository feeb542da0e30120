package release

import (
	"context"
	"fmt"
	"time"

	"staffetta/internal/problem"
	"staffetta/modules/practice/finding"
	"staffetta/modules/practice/personal"
	"staffetta/modules/registry"
	"staffetta/policies/audit"
	"staffetta/tenants"
)

// maxComparisons is how often an account may have names compared within an hour.
const maxComparisons = 30

// separate gives names and addresses apart.
func separate(clues []finding.Clue) (names []registry.NameKey, addresses []string) {
	addresses = []string{} // none is not unknown
	for _, c := range clues {
		if c.Rule == personal.Address {
			addresses = append(addresses, c.Address)
		} else {
			names = append(names, c.NameKey)
		}
	}
	return names, addresses
}

// knownClues keeps those that are of a registered person, as the registry tells who may see persons.
func (v *Service) knownClues(ctx context.Context, s tenants.Scope, clues []finding.Clue) ([]finding.Clue, error) {
	names, addresses := separate(clues)
	knownNames, err := v.persons.KnownNames(ctx, s, names)
	if err != nil {
		return nil, err
	}
	knownAddresses, err := v.persons.KnownAddresses(ctx, s, addresses)
	if err != nil {
		return nil, err
	}
	var known []finding.Clue
	for _, name := range knownNames {
		known = append(known, finding.Clue{Rule: personal.Name, NameKey: name})
	}
	for _, address := range knownAddresses {
		known = append(known, finding.Clue{Rule: personal.Address, Address: address})
	}
	return known, nil
}

// someRegistered tells whether any of the names and addresses is that of a registered person of the body. That it was asked
// stands in the audit before it is told. Its error is problem.TooMany for who has asked too often.
func (v *Service) someRegistered(ctx context.Context, s tenants.Scope, clues []finding.Clue, event audit.Event) (bool, error) {
	names, addresses := separate(clues)
	surnames, given := make([]string, len(names)), make([]string, len(names))
	for i, n := range names {
		surnames[i], given[i] = n.Surname, n.Name
	}
	var some bool
	err := v.deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
		if err := limitComparisons(ctx, tx, s); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, s, event); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `select practice.some_registered($1, $2) or practice.some_address($3)`,
			surnames, given, addresses).Scan(&some); err != nil {
			return fmt.Errorf("compare names and addresses with the registry: %w", err)
		}
		return nil
	})
	return some && err == nil, err
}

// limitComparisons counts those of the account in the audit, one check after the other.
func limitComparisons(ctx context.Context, tx tenants.Tx, s tenants.Scope) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('practice.names ' || $1::uuid::text, app.tenant()))`, s.Account); err != nil {
		return fmt.Errorf("wait for another comparison: %w", err)
	}
	var made int
	if err := tx.QueryRow(ctx, `select count(*) from audit.events e
		where e.tenant_id = app.tenant() and e.account_id = $1 and e.action = 'kit.names' and e.at > $2`,
		s.Account, time.Now().Add(-time.Hour)).Scan(&made); err != nil {
		return fmt.Errorf("count the comparisons of an account: %w", err)
	}
	if made >= maxComparisons {
		return problem.New(problem.TooMany, "practice.error.names_often")
	}
	return nil
}
