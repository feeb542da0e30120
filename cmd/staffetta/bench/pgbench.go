package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"staffetta/cmd/staffetta/bench/yardstick"
	"staffetta/policies"
)

// pgbenchScript is the transaction of the list as a door sends it: settings and query in one pipeline.
func pgbenchScript(w operator) string {
	query := strings.NewReplacer("$1", strconv.Itoa(int(w.tenant))+"::int", "$2", "'"+w.account.String()+"'::uuid").Replace(yardstick.ListSQL)
	sections := strings.Join(policies.SectionIDs(), ",")
	return fmt.Sprintf(`\startpipeline
select set_config('app.tenant', '%d', true), set_config('app.account', '%s', true), set_config('app.offices', '', true), set_config('app.sections', '%s', true), set_config('app.writable', '%s', true), set_config('app.purpose', 'operator', true), set_config('transaction_read_only', 'on', true);
%s;
\endpipeline
`, w.tenant, w.account, sections, sections, strings.Join(strings.Fields(query), " "))
}

// findPgbench looks beside the server's binaries and on the path.
func findPgbench() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench") // the pattern is right
	if len(found) > 0 {
		return found[len(found)-1], nil
	}
	path, err := exec.LookPath("pgbench")
	if err != nil {
		return "", fmt.Errorf("pgbench is needed (Debian: postgresql-contrib or postgresql): %w", err)
	}
	return path, nil
}

var tps = regexp.MustCompile(`tps = ([0-9.]+) \(without`)

// pgbench runs the scripts of some workers as the serving role and returns transactions per second.
func (st *stage) pgbench(ctx context.Context, url string) (perSecond float64, err error) {
	program, err := findPgbench()
	if err != nil {
		return 0, err
	}
	args := []string{"-n", "-M", "prepared", "-c", strconv.Itoa(st.Clients), "-j", "2", "-T", strconv.Itoa(int(st.Length.Seconds()))}
	for i, w := range st.workers[:min(len(st.workers), 64)] {
		name := filepath.Join(st.Dir, fmt.Sprintf("list%02d.sql", i))
		if err := os.WriteFile(name, []byte(pgbenchScript(w)), 0o600); err != nil {
			return 0, fmt.Errorf("write a script: %w", err)
		}
		args = append(args, "-f", name)
	}
	output, err := exec.CommandContext(ctx, program, append(args, url)...).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("run pgbench: %w: %.400s", err, output)
	}
	found := tps.FindSubmatch(output)
	if found == nil {
		return 0, fmt.Errorf("pgbench says nothing of transactions: %.400s", output)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
