package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit in which the kernel counts the CPU time of processes in /proc (USER_HZ).
const tick = 10 * time.Millisecond

// process is a running program, seen through /proc.
type process int

// fields are those of /proc/PID/stat after the name, which may hold anything.
func (p process) fields() ([]string, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", int(p)))
	if err != nil {
		return nil, fmt.Errorf("read the times of process %d: %w", int(p), err)
	}
	at := bytes.LastIndexByte(raw, ')')
	fields := strings.Fields(string(raw[at+1:]))
	if at < 0 || len(fields) < 15 {
		return nil, fmt.Errorf("the times of process %d are in a form of their own", int(p))
	}
	return fields, nil
}

// cpu is user and system time of the process itself, without its children.
func (p process) cpu() (time.Duration, error) { return p.times(11, 12) }

func (p process) times(at ...int) (time.Duration, error) {
	fields, err := p.fields()
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, i := range at {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the times of process %d: %w", int(p), err)
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// family is user and system time of the process, of its children that live and of those that have ended.
func (p process) family() (time.Duration, error) {
	sum, err := p.times(11, 12, 13, 14)
	if err != nil {
		return 0, err
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, name := range stats {
		pid, _ := strconv.Atoi(strings.Split(name, "/")[2]) // the pattern has found digits
		fields, err := process(pid).fields()
		if err != nil || fields[1] != strconv.Itoa(int(p)) {
			continue // another family, or it has just ended and its parent counts it
		}
		if own, err := process(pid).cpu(); err == nil {
			sum += own
		}
	}
	return sum, nil
}

// resident is the memory that the process holds, and the most it has held, in bytes.
func (p process) resident() (now, peak int64, err error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", int(p)))
	if err != nil {
		return 0, 0, fmt.Errorf("read the memory of process %d: %w", int(p), err)
	}
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(line, ":")
		number, _, _ := strings.Cut(strings.TrimSpace(value), " ")
		kib, _ := strconv.ParseInt(number, 10, 64) // other lines are no numbers
		switch name {
		case "VmRSS":
			now = kib << 10
		case "VmHWM":
			peak = kib << 10
		}
	}
	return now, peak, nil
}

// postmaster is the process of the server in a data directory.
func postmaster(dir string) (process, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		return 0, fmt.Errorf("find the database's process: %w", err)
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return 0, fmt.Errorf("find the database's process: %w", err)
	}
	return process(pid), nil
}
