// Package deed keeps the acts of bodies that enter: each once, and none that nothing names any more. It must not know what an entry
// asks, nor what a file says.
package deed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"staffetta/modules"
	"staffetta/tenants"
)

// Sum is how a file is found again.
func Sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// Keep stores an act that the transaction names; until its end nobody drops it.
func Keep(ctx context.Context, tx tenants.Tx, files modules.Files, s tenants.Scope, content []byte) error {
	if _, err := hold(ctx, tx, []string{Sum(content)}); err != nil {
		return err
	}
	_, err := files.Put(ctx, s.Tenant, content)
	return err
}

// DropAfter drops acts after the commit, where nothing else names them.
func DropAfter(tx tenants.Tx, deps modules.Deps, s tenants.Scope, sums ...string) {
	sums = slices.DeleteFunc(sums, func(sum string) bool { return sum == "" })
	if len(sums) == 0 {
		return
	}
	tenants.AfterCommit(tx, func(ctx context.Context) error {
		return deps.DB.InTx(ctx, s, func(tx tenants.Tx) error {
			unnamed, err := hold(ctx, tx, sums)
			for _, sum := range unnamed {
				err = errors.Join(err, deps.Platform.Folders.Drop(s.Tenant, sum))
			}
			return err
		})
	})
}
