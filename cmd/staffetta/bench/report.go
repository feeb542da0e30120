package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"staffetta/cmd/staffetta/bench/many"
)

// Report is what a run came to.
type Report struct {
	Options
	contenders []contender

	Remembered, Fresh, Confined time.Duration // a decision of the rules
	Page                        latency       // of a case, at pageRate
	Circle                      circle
	Adopted                     adopted
	Bodies                      many.Result
	Resident, Peak              int64    // memory of the program, bytes
	Weights                     []weight // heaviest first

	machine, engine, size string
	bodies, cases         int
}

// describe says where it was measured.
func (st *stage) describe(ctx context.Context, r *Report) error {
	err := st.owner.QueryRow(ctx, `
		select split_part(version(), ' on ', 1) || ', shared_buffers ' || current_setting('shared_buffers') || ', fsync ' || current_setting('fsync'),
			pg_size_pretty(pg_database_size(current_database())),
			(select count(distinct tenant_id) from casefile.cases), (select count(*) from casefile.cases)`).
		Scan(&r.engine, &r.size, &r.bodies, &r.cases)
	if err != nil {
		return fmt.Errorf("describe the database: %w", err)
	}
	r.machine = fmt.Sprintf("%d cores (%s), %s, %s/%s", runtime.NumCPU(), processor(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}

func processor() string {
	raw, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(raw)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func (r *Report) of(name string) contender {
	return r.contenders[slices.IndexFunc(r.contenders, func(c contender) bool { return c.name == name })]
}

// ratio is the median of the ratios of the rounds: neighbours in time are compared.
func (r *Report) ratio(of, to string) float64 {
	a, b := r.of(of).samples, r.of(to).samples
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i].perSecond / b[i].perSecond
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

// Goal is something that the report holds against what is wanted.
type Goal struct {
	What, Wanted, Measured string
	Met                    bool
}

// Goals lists what is wanted and what was measured.
func (r *Report) Goals() []Goal {
	own, shared, one := r.ratio(ownList, bareList50), r.ratio(sharedList, ownList), r.ratio(sharedCase, ownCase)
	heaviest, a, b := r.Weights[0], r.Adopted, r.Bodies
	return []Goal{
		{"own list beside the bare handler with audit, requests per second", "≥ 0.7", fmt.Sprintf("%.2f", own), own >= 0.7},
		{"shared list beside the own list, requests per second", "≥ 0.8", fmt.Sprintf("%.2f", shared), shared >= 0.8},
		{"shared case beside an own one, requests per second", "≥ 0.8", fmt.Sprintf("%.2f", one), one >= 0.8},
		{"CPU of the audit in the page of a case", "≤ 15 %", fmt.Sprintf("%.0f %%", r.auditOfPage()*100), r.auditOfPage() <= 0.15},
		{"decision of the rules", "≤ 15 µs", fmt.Sprintf("%.2f µs remembered, %.1f µs fresh", micros(r.Remembered), micros(r.Fresh)), max(micros(r.Remembered), micros(r.Fresh)) <= 15},
		{"page of a case, 95th percentile at 50 requests per second", "≤ 25 ms", millis(r.Page.p95), r.Page.p95 <= 25*time.Millisecond},
		{"inbox of the network, 95th percentile", "≤ 50 ms", millis(r.Circle.inbox.p95), r.Circle.inbox.p95 <= 50*time.Millisecond},
		{"why somebody of another body may read, 95th percentile", "≤ 30 ms", millis(r.Circle.explain.p95), r.Circle.explain.p95 <= 30*time.Millisecond},
		{fmt.Sprintf("search among %d practices, 95th percentile", a.practices), "≤ 30 ms", millis(a.search.p95), a.search.p95 <= 30*time.Millisecond},
		{fmt.Sprintf("dry run of a kit of %d items against %d cases", a.items, a.cases), "≤ 2 s", millis(a.plan.took), a.plan.took <= 2*time.Second},
		{"applying it", "≤ 2 s", millis(a.apply.took), a.apply.took <= 2*time.Second},
		{fmt.Sprintf("campaign over %d adopters, one of which fails", a.adopters), "the others are upgraded", fmt.Sprintf("%d upgraded, %d failed", a.upgraded, a.failed), a.failed == 1 && a.upgraded == a.adopters-1},
		{fmt.Sprintf("making %d bodies", b.Bodies), "≤ 5 min", fmt.Sprintf("%.1f s", b.Made.Seconds()), b.Made <= 5*time.Minute},
		{fmt.Sprintf("start of the program with %d bodies, beside ten", b.Bodies), "≤ 1.2", fmt.Sprintf("%.2f", b.Start.Ratio()), b.Start.Ratio() <= 1.2},
		{"login with so many, beside ten", "≤ 1.2", fmt.Sprintf("%.2f", b.Login.Ratio()), b.Login.Ratio() <= 1.2},
		{"first page, list of cases and console with so many, beside ten", "≤ 1.2", fmt.Sprintf("%.2f", b.Slowest()), b.Slowest() <= 1.2},
		{"console with so many, 95th percentile", "≤ 50 ms", millis(b.Page(many.Console).High), b.Page(many.Console).High <= 50*time.Millisecond},
		{"memory of the program after the runs", "≤ 150 MB", fmt.Sprintf("%.0f MB (peak %.0f)", megabytes(r.Resident), megabytes(r.Peak)), r.Resident <= 150e6},
		{"heaviest page with all it loads, on the wire", "≤ 150 KB", fmt.Sprintf("%.0f KB (%s)", float64(heaviest.total)/1e3, heaviest.shape()), heaviest.total <= 150e3},
	}
}

// auditOfPage is the part of the CPU of a case page, of program and database, that its event takes: what the audit adds to the bare
// handler, which writes one too.
func (r *Report) auditOfPage() float64 {
	return (r.difference(programCPU) + r.difference(engineCPU)) / (micros(r.Page.program) + micros(r.Page.engine))
}

// shape is the address without ids.
func (w weight) shape() string {
	parts := strings.Split(w.address, "/")
	for i, part := range parts {
		if len(part) == 36 && strings.Count(part, "-") == 4 {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
func millis(d time.Duration) string  { return fmt.Sprintf("%.1f ms", d.Seconds()*1e3) }
func megabytes(n int64) float64      { return float64(n) / 1e6 }

// Markdown is the report as the documentation has it.
func (r *Report) Markdown() string {
	var out bytes.Buffer
	fmt.Fprintf(&out, "Measured on %s with %s, on %d cases of %d bodies (%s): %d connections, %d rounds of %.0f s in turns, medians.\n\n",
		time.Now().UTC().Format(time.DateOnly), r.machine, r.cases, r.bodies, r.size, r.Clients, r.Rounds, r.Length.Seconds())
	fmt.Fprintf(&out, "Database: %s.\n\n", r.engine)
	out.WriteString("| wanted | goal | measured | |\n|---|---|---|---|\n")
	for _, g := range r.Goals() {
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", g.What, g.Wanted, g.Measured, map[bool]string{true: "met", false: "**missed**"}[g.Met])
	}
	out.WriteString("\n| 50 cases, or one | requests/s | program, CPU µs | database, CPU µs | median | 95 % |\n|---|--:|--:|--:|--:|--:|\n")
	for _, c := range r.contenders {
		row(&out, c)
	}
	audit := 1 - r.of(bareList50).median(perSecond)/r.of(unaudited).median(perSecond)
	fmt.Fprintf(&out, "\nThe audit takes %.0f %% of the bare handler's requests per second, %.0f CPU µs of its program and %.0f of the database. "+
		"The API reaches %.2f of pgbench.\n", audit*100, r.difference(programCPU), r.difference(engineCPU), r.ratio(ownList, sqlOnly))
	fmt.Fprintf(&out, "\nThe sections of a relation (26 decisions, remembered) take %.1f µs. The page of a case: %s.\n", micros(r.Confined), r.Page)
	out.WriteString(r.Adopted.String())
	out.WriteString(r.Bodies.String())
	fmt.Fprintf(&out, "\nIn a network of %d bodies with %d live shares under one agreement: the inbox %s; why another body may read %s. "+
		"Suspending the agreement took %s; the next request for a case that it showed was refused.\n",
		r.Circle.bodies, r.Circle.shares, r.Circle.inbox, r.Circle.explain, millis(r.Circle.suspended))
	fmt.Fprintf(&out, "\n| heaviest of %d pages | HTML, KB | with styles, scripts and fonts, KB |\n|---|--:|--:|\n", len(r.Weights))
	for _, w := range r.Weights[:min(5, len(r.Weights))] {
		fmt.Fprintf(&out, "| %s | %.1f | %.1f |\n", w.shape(), float64(w.page)/1e3, float64(w.total)/1e3)
	}
	return out.String()
}

func perSecond(s sample) float64  { return s.perSecond }
func programCPU(s sample) float64 { return float64(s.programCPU.Microseconds()) }
func engineCPU(s sample) float64  { return float64(s.engineCPU.Microseconds()) }

func (l latency) String() string {
	return fmt.Sprintf("median %s, 95 %% %s, 99 %% %s; %.0f CPU µs of the program, %.0f of the database",
		millis(l.p50), millis(l.p95), millis(l.p99), micros(l.program), micros(l.engine))
}

// difference is what the audit adds to the bare handler.
func (r *Report) difference(f func(sample) float64) float64 {
	return r.of(bareList50).median(f) - r.of(unaudited).median(f)
}

func row(out *bytes.Buffer, c contender) {
	p50 := c.median(func(s sample) float64 { return s.p50.Seconds() * 1e3 })
	p95 := c.median(func(s sample) float64 { return s.p95.Seconds() * 1e3 })
	program, middle, high := fmt.Sprintf("%.0f", c.median(programCPU)), fmt.Sprintf("%.1f ms", p50), fmt.Sprintf("%.1f ms", p95)
	if c.name == sqlOnly {
		program, middle, high = "", "", ""
	}
	fmt.Fprintf(out, "| %s | %.0f | %s | %.0f | %s | %s |\n", c.name, c.median(perSecond), program, c.median(engineCPU), middle, high)
}

// The marks between which the documentation holds the report.
const (
	beginMark = "<!-- bench:begin -->"
	endMark   = "<!-- bench:end -->"
)

// Write puts the report between the marks of a file.
func (r *Report) Write(name string) error {
	raw, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the benchmarks: %w", err)
	}
	before, rest, begun := strings.Cut(string(raw), beginMark)
	_, after, ended := strings.Cut(rest, endMark)
	if !begun || !ended {
		return errors.New("the file of the benchmarks has no marks to write between")
	}
	text := before + beginMark + "\n" + r.Markdown() + endMark + after
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write the benchmarks: %w", err)
	}
	return nil
}
