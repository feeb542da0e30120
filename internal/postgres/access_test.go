package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// asRoot skips what only root meets.
func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("dropping to another user needs root")
	}
}

func TestStateBelowAClosedDirectory(t *testing.T) {
	asRoot(t)
	closed := filepath.Join(openDir(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(testContext(t), Options{Dir: filepath.Join(closed, "state"), Throwaway: true})
	if err == nil || !strings.Contains(err.Error(), "directory "+closed+" is closed") {
		t.Errorf("error %v does not name %s", err, closed)
	}
	if exists(filepath.Join(closed, "state", "data.init")) {
		t.Error("something was created all the same")
	}
}

func TestBinariesBelowAClosedDirectory(t *testing.T) {
	asRoot(t)
	closed := filepath.Join(openDir(t), "closed")
	fakeBinaries(t, filepath.Join(closed, "bin"), "15.18")
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("STAFFETTA_PG_BINDIR", filepath.Join(closed, "bin"))
	_, err := Start(testContext(t), Options{Dir: openDir(t), Throwaway: true})
	if err == nil || !strings.Contains(err.Error(), "directory "+closed+" is closed") {
		t.Errorf("error %v does not name %s", err, closed)
	}
}

func TestUserWithoutPasswdEntry(t *testing.T) {
	asRoot(t)
	s, err := newServer(Options{Dir: openDir(t), Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	s.account = account{uid: 61234, gid: 61234, name: "61234", drop: true}
	_, err = s.prepareAndBring(testContext(t))
	if err == nil || !strings.Contains(err.Error(), "61234 has no entry in /etc/passwd") {
		t.Errorf("error %v", err)
	}
}

func TestOwnerOfTheDataRunsTheServer(t *testing.T) {
	asRoot(t)
	data := fakeData(t, "15")
	for uid, fails := range map[int]bool{65534: false, 61234: false, 0: true} {
		if err := os.Chown(data, uid, uid); err != nil {
			t.Fatal(err)
		}
		a, err := chooseAccount(data)
		if (err != nil) != fails || (!fails && int(a.uid) != uid) {
			t.Errorf("data of %d: account %+v, error %v", uid, a, err)
		}
	}
	if a, err := chooseAccount(filepath.Join(openDir(t), "none")); err != nil || a.uid == 0 || !a.drop {
		t.Errorf("new data: account %+v, error %v", a, err)
	}
}
