package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// second starts another instance of the program over the database of the stage, as a deployment with two servers has it.
func (st *stage) second(t *testing.T) string {
	t.Helper()
	addr, err := freeAddr()
	must(t, err)
	config, err := Config{Addr: addr, Data: t.TempDir(), DatabaseURL: st.database.ownerURL, KeyFile: st.keyFile(t), Demo: demoStart}.complete()
	must(t, err)
	ctx, end := context.WithCancel(context.Background())
	program, err := NewProgram(ctx, config)
	if err != nil {
		end()
		t.Fatal(err)
	}
	must(t, program.Listen())
	ended := make(chan error, 1)
	go func() { ended <- program.Run(ctx) }()
	<-program.ready
	t.Cleanup(func() {
		end()
		must(t, <-ended)
		closing, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		must(t, program.Close(closing))
	})
	return config.BaseURL
}

// keyFile is the master key of the stage.
func (st *stage) keyFile(t *testing.T) string {
	t.Helper()
	key, err := filepath.Abs(st.config.keyPath())
	must(t, err)
	return key
}

// What ends a share in one instance is felt at the very next request to another: nothing of it is remembered there.
func TestTheEndOfAShareIsFeltInASecondInstance(t *testing.T) {
	tr := travel(t)
	agreement := tr.chiara.propose(t, "Accordo per due istanze")
	tr.elena.step(t, "/c_f061/agreements/"+agreement, "signature", "active", object{"number": "DD 32", "day": time.Now().Format(time.DateOnly)})
	there := *tr.luca
	there.base = tr.st.second(t)
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	revoke := func(share string, want int) {
		t.Helper()
		at := "/c_g315/case-files/" + tr.caseFile + "/shares/" + share + "/revocation"
		if got := tr.davide.send(t, "POST", "/api/v1"+at, strings.NewReader(`{"reason": "La valutazione è finita"}`), "Content-Type", "application/json"); want != 0 && got.Status != want {
			t.Fatalf("the revocation answers %d: %s", got.Status, got.Body)
		}
	}
	revoke(tr.share, 0) // the share of the journey, if it stands still
	var shares [2]string
	for i := range shares {
		shares[i] = idIn(t, tr.davide.call(t, 201, "POST", "/c_g315/case-files/"+tr.caseFile+"/shares", object{
			"agreement_id": agreement, "receiver": mazara, "purpose": "assessment", "sections": []string{"identity", "assessment"},
			"legal_basis": "public_task", "until": day(20), "reason": tr.reason,
		}))
		tr.elena.call(t, 200, "POST", "/c_f061/shares/"+shares[i]+"/acceptance", object{})
	}
	wants := func(when string, status int) {
		t.Helper()
		for _, part := range []string{"", "/assessments", "/explanation"} {
			path := "/api/v1/c_f061/case-files/" + pantelleria + "~" + tr.caseFile + part
			if got := there.send(t, "GET", path, nil); got.Status != status {
				t.Errorf("%s, the second instance answers %d to %s, want %d", when, got.Status, path, status)
			}
		}
	}
	move := func(state string) {
		t.Helper()
		tr.chiara.step(t, "/c_g315/agreements/"+agreement, "state", state, object{"state": state})
	}
	wants("accepted", 200)
	move("suspended")
	wants("suspended", 404)
	move("active")
	wants("resumed", 200)
	clock := func(ahead string) {
		t.Helper()
		_, err := tr.st.owner.Exec(context.WithoutCancel(t.Context()), `create or replace function app.now() returns timestamptz language sql stable parallel safe as
			'select statement_timestamp() + interval ''`+ahead+`'''`)
		must(t, err)
	}
	defer clock("0")
	clock("21 days") // and no job has run since
	wants("past the day of its end", 404)
	there.call(t, 200, "GET", "/c_f061/case-files", nil) // and nothing else is over
	clock("0")
	wants("before the day of its end", 200)
	revoke(shares[0], 200)
	wants("with one of two revoked", 200)
	revoke(shares[1], 200)
	wants("with both revoked", 404)
}
