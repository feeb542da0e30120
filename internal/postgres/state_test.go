package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStateDir(t *testing.T) {
	byUser := map[bool]string{true: "/var/lib/staffetta", false: "/state/staffetta"}[os.Geteuid() == 0]
	byHome := map[bool]string{true: "/var/lib/staffetta", false: "/home/u/.local/state/staffetta"}[os.Geteuid() == 0]
	for name, c := range map[string]struct{ data, xdg, want string }{
		"named":                {"/srv/x", "/state", "/srv/x"},
		"by convention":        {"", "/state", byUser},
		"relative is ignored":  {"", "state", byHome},
		"nothing but the home": {"", "", byHome},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("STAFFETTA_DATA", c.data)
			t.Setenv("XDG_STATE_HOME", c.xdg)
			t.Setenv("HOME", "/home/u")
			if got, err := StateDir(); err != nil || got != c.want {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestSocketDirFits(t *testing.T) {
	for name, state := range map[string]string{
		"exactly":     "/" + strings.Repeat("a", longestSocketPath-len("//run/.s.PGSQL.5432")),
		"one too far": "/" + strings.Repeat("a", longestSocketPath-len("//run/.s.PGSQL.5432")+1),
		"comma":       "/srv/a,b",
		"accent":      "/srv/città",
	} {
		dir := chooseSocketDir(state, account{uid: 7})
		if socket := filepath.Join(dir, ".s.PGSQL.5432"); len(socket) > longestSocketPath {
			t.Errorf("%s: %s has %d bytes", name, socket, len(socket))
		}
		if inside := dir == filepath.Join(state, "run"); inside != (name == "exactly") {
			t.Errorf("%s: chose %s", name, dir)
		}
	}
	if chooseSocketDir("/srv/a,b", account{}) == chooseSocketDir("/srv/a,c", account{}) {
		t.Error("two state directories share a socket directory")
	}
}

func TestSocketDirOfSomebodyElseIsRefused(t *testing.T) {
	dir := openDir(t)
	me := account{uid: uint32(os.Geteuid()), name: "me"}
	if err := makeSocketDir(dir, me); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("mode %v, %v, want 0700", info.Mode(), err)
	}
	if err := makeSocketDir(dir, account{uid: me.uid + 1, name: "other"}); err == nil {
		t.Error("a directory of another user was accepted")
	}
	link := filepath.Join(openDir(t), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := makeSocketDir(link, me); err == nil {
		t.Error("a link was accepted as socket directory")
	}
}
