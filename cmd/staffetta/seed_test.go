package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"

	"staffetta/internal/testdb"
)

// seeds make, once each, what the stages of a demo begin with: the directory of a program that has migrated its database, loaded the
// demo and ended. To copy it takes a small part of the time that this does.
var seeds = map[string]func() (string, error){
	"": sync.OnceValues(seeded("")), demoStart: sync.OnceValues(seeded(demoStart)), demoComplete: sync.OnceValues(seeded(demoComplete)),
}

var seedDirs []string

// seeded makes the seed of a demo, in a database in which changes without an event are noticed. No job of it has run.
func seeded(demo string) func() (string, error) {
	return func() (_ string, err error) {
		st, config, err := newStage(demo)
		if err != nil {
			return "", err
		}
		seedDirs = append(seedDirs, st.dir)
		ctx := context.Background()
		if err := st.bring(ctx, config); err != nil {
			return "", err
		}
		err = errors.Join(testdb.Watch(ctx, st.owner), st.loadDemo(ctx))
		st.owner.Close()
		return st.dir, errors.Join(err, st.Close(ctx))
	}
}

// copyInto copies what is in a directory, with the account that it belongs to: the data of PostgreSQL is not ours.
func copyInto(ctx context.Context, dir, from string) error {
	cmd := exec.CommandContext(ctx, "cp", "-a", from+"/.", dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return nil
}
