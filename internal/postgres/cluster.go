package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const accessRules = "# Written once by staffetta: every role needs its password, nobody comes over the network.\n" +
	"local all all scram-sha-256\n"

// prepareCluster makes sure that data/ and the passwords are there. A new cluster is made complete (roles,
// database, access rules) under the name data.init and then renamed, so that what is called data is always whole,
// and an interrupted creation starts over without touching anything else.
func (s *Server) prepareCluster(ctx context.Context) error {
	if _, err := os.Lstat(s.dataDir()); err == nil {
		return s.preparePasswords(ctx)
	}
	draft := filepath.Join(s.options.Dir, "data.init")
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("remove an interrupted creation: %w", err)
	}
	if err := os.Mkdir(draft, 0o700); err != nil {
		return fmt.Errorf("create data directory: %w", err)
	}
	if err := s.account.take(draft); err != nil {
		return err
	}
	if err := s.create(ctx, draft); err != nil {
		return errors.Join(err, os.RemoveAll(draft))
	}
	return renameSynced(draft, s.dataDir())
}

// create fills an empty directory. Trust holds only here, where no server listens.
func (s *Server) create(ctx context.Context, dir string) error {
	var err error
	if s.passwords, err = createPasswords(s.options.Dir); err != nil {
		return err
	}
	args := []string{
		"-D", dir, "-U", superuser, "--auth-local=trust", "--auth-host=scram-sha-256",
		"-E", "UTF8", "--locale=C.UTF-8", "-k",
	}
	if s.options.Throwaway {
		args = append(args, "--no-sync")
	}
	if out, err := s.run(ctx, s.command("initdb", args...)); err != nil {
		return s.explain("create the database with initdb", out, err)
	}
	err = s.single(ctx, dir,
		fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", superuser, s.passwords.get(superuser)),
		fmt.Sprintf("CREATE ROLE %s LOGIN CREATEROLE CREATEDB PASSWORD '%s'", Owner, s.passwords.get(Owner)),
		fmt.Sprintf("CREATE DATABASE %s OWNER %s", Database, Owner))
	if err != nil {
		return err
	}
	if err := writeSynced(filepath.Join(dir, "pg_hba.conf"), []byte(accessRules)); err != nil {
		return fmt.Errorf("write access rules: %w", err)
	}
	return nil
}

// preparePasswords reads the passwords of an existing cluster. When their file is lost (data restored without it),
// new ones are set; whoever may do that can read the data anyway.
func (s *Server) preparePasswords(ctx context.Context) error {
	var err error
	s.passwords, err = loadPasswords(s.options.Dir)
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if pid, status := s.postmaster(); status != "" {
		return fmt.Errorf("the passwords of the running postgresql (pid %d) are lost: stop it, then start again to get new ones: %w", pid, err)
	}
	if s.passwords, err = createPasswords(s.options.Dir); err != nil {
		return err
	}
	err = s.single(ctx, s.dataDir(),
		fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", superuser, s.passwords.get(superuser)),
		fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", Owner, s.passwords.get(Owner)))
	if err != nil {
		return errors.Join(err, os.Remove(s.passwords.path))
	}
	s.log.Warn("the passwords file was missing: new passwords are set", "file", s.passwords.path)
	return nil
}

// single runs statements in single-user mode, to which nobody can connect. Each is one line.
func (s *Server) single(ctx context.Context, dir string, statements ...string) error {
	args := []string{"--single", "-D", dir, "-c", "exit_on_error=on", "-c", "log_min_error_statement=panic"}
	if s.options.Throwaway {
		args = append(args, "-F")
	}
	cmd := s.command("postgres", append(args, "postgres")...)
	cmd.Stdin = strings.NewReader(strings.Join(statements, "\n") + "\n")
	if out, err := s.run(ctx, cmd); err != nil {
		return s.explain("prepare the database", out, err)
	}
	return nil
}

// serverArgs is the command line of the server. Settings live here and not in postgresql.conf, so that a new
// version of the program changes them everywhere.
func (s *Server) serverArgs() []string {
	settings := map[string]string{
		"listen_addresses":        "",
		"port":                    socketPort,
		"unix_socket_directories": s.socketDir,
		"unix_socket_permissions": "0700",
		"max_connections":         "100",
		"shared_buffers":          "256MB",
		"jit":                     "off",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"log_checkpoints":         "off",
		// Statement errors go to the program, which reports them without the values; a log would keep personal data.
		"log_min_messages":        "log",
		"log_min_error_statement": "panic",
		"log_error_verbosity":     "terse",
	}
	if s.options.Throwaway {
		for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
			settings[name] = "off"
		}
	}
	maps.Copy(settings, s.options.Settings)
	names := make([]string, 0, len(settings))
	for name := range settings {
		names = append(names, name)
	}
	sort.Strings(names)
	args := []string{"-D", s.dataDir()}
	for _, name := range names {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}
