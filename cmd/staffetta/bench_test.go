package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"staffetta/cmd/staffetta/bench"
	"staffetta/internal/postgres"
)

// number is a setting of the bench from the environment.
func number(b *testing.B, name string, otherwise int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s=%q is no number of things", name, text)
	}
	return n
}

// BenchmarkHouse compares the running program with the least that could answer the same and writes the table of
// docs/BENCHMARKS.md. STAFFETTA_BENCH_TENANTS=1000 with STAFFETTA_BENCH_SHARES=100000, STAFFETTA_BENCH_LARGE=100000,
// STAFFETTA_BENCH_PRACTICES=5000 and STAFFETTA_BENCH_ADOPTERS=1000 (of 1001 bodies) is the full size; the data are kept between runs.
func BenchmarkHouse(b *testing.B) {
	program, err := filepath.Abs("../../bin/staffetta")
	if err != nil {
		b.Fatal(err)
	}
	dir := os.Getenv("STAFFETTA_BENCH_DATA")
	if dir == "" {
		state, err := postgres.StateDir()
		if err != nil {
			b.Fatal(err)
		}
		dir = filepath.Join(state, "bench")
	}
	report, err := bench.Run(b.Context(), bench.Options{
		Program: program, Dir: dir, Log: os.Stderr,
		Tenants: number(b, "STAFFETTA_BENCH_TENANTS", 100), Cases: number(b, "STAFFETTA_BENCH_CASES", 1000),
		Circle: min(50, number(b, "STAFFETTA_BENCH_TENANTS", 100)), Shares: number(b, "STAFFETTA_BENCH_SHARES", 10_000),
		Large: number(b, "STAFFETTA_BENCH_LARGE", 10_000), Spread: number(b, "STAFFETTA_BENCH_PRACTICES", 1000),
		Adopt:   number(b, "STAFFETTA_BENCH_ADOPTERS", min(90, number(b, "STAFFETTA_BENCH_TENANTS", 100)-1)),
		Clients: 16, Rounds: number(b, "STAFFETTA_BENCH_ROUNDS", 5), Length: time.Duration(number(b, "STAFFETTA_BENCH_SECONDS", 5)) * time.Second,
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, goal := range report.Goals() {
		b.Logf("%-70s %-8s %s", goal.What, goal.Wanted, goal.Measured)
	}
	if err := report.Write("../../docs/BENCHMARKS.md"); err != nil {
		b.Fatal(err)
	}
}
