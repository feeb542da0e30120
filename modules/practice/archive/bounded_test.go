package archive_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"runtime"
	"strings"
	"testing"

	"staffetta/internal/problem"
	"staffetta/modules/kit"
	"staffetta/modules/practice/archive"
)

// cost is what looking at a file took, counted and not timed, so that it is the same on every machine.
type cost struct {
	read      int64  // bytes of the file
	allocated uint64 // bytes in all, of which no more can have been held at a time
	objects   uint64
}

// counted gives a file, and counts what is read of it.
type counted struct {
	io.ReaderAt
	read int64
}

// ReadAt meets io.ReaderAt.
func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, at)
	c.read += int64(n)
	return n, err
}

// measured looks at a file. Memory is counted for the whole program: nothing else may run.
func measured(r archive.Reader, file io.ReaderAt, size int64) (took cost, err error) {
	in := &counted{ReaderAt: file}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = r.Verify(context.Background(), in, size)
	runtime.ReadMemStats(&after)
	return cost{in.read, after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs}, err
}

// What a file may take: so much in any case, and so much for each of its bytes.
var (
	least   = cost{1 << 10, 4 << 20, 40_000} // the dearest condition makes 27,000 objects before it is stopped
	perByte = cost{4, 60, 2}                 // a condition is read, checked and compiled
)

// bounded tells whether a cost is within what a file of a size may take.
func (c cost) bounded(size int) bool {
	n := int64(size)
	return c.read <= least.read+perByte.read*n && c.allocated <= least.allocated+perByte.allocated*uint64(n) && c.objects <= least.objects+perByte.objects*uint64(n)
}

// Every hostile file is refused within memory and work that its own size bounds.
func TestHostileFilesCostLittle(t *testing.T) {
	all := containers(t)
	maps.Copy(all, manifests(t))
	maps.Copy(all, items(t))
	maps.Copy(all, directories())
	r := reader(t)
	for _, first := range all { // what is made once for all files is not theirs
		_, _ = measured(r, bytes.NewReader(first.file), int64(len(first.file)))
	}
	for name, test := range all {
		took, err := measured(r, bytes.NewReader(test.file), int64(len(test.file)))
		if problem.Of(err).Message.Key != test.key {
			t.Errorf("%s: got %v, want %s", name, err, test.key)
		}
		t.Logf("%s: %d bytes, %+v", name, len(test.file), took)
		if !took.bounded(len(test.file)) {
			t.Errorf("%s: a file of %d bytes takes %+v", name, len(test.file), took)
		}
	}
}

// endless gives as many bytes as somebody asks for.
type endless struct{}

// ReadAt meets io.ReaderAt.
func (endless) ReadAt(p []byte, _ int64) (int, error) { return len(p), nil }

// A gigabyte is refused before anything is read of it.
func TestALargeFileIsNotRead(t *testing.T) {
	took, err := measured(reader(t), endless{}, 1<<30)
	if problem.Of(err).Message.Key != "practice.file.too_large" || took.read > 0 || !took.bounded(0) {
		t.Errorf("%+v: %v", took, err)
	}
}

// directories are files that say they have more entries than anybody would look at.
func directories() map[string]hostile {
	header := make([]byte, 46)
	copy(header, "PK\x01\x02")
	directory := bytes.Repeat(header, 200_000)
	with := func(count int) []byte {
		end := []byte("PK\x05\x06\x00\x00\x00\x00")
		for range 2 {
			end = append(end, byte(count), byte(count>>8))
		}
		length := len(directory)
		end = append(end, byte(length), byte(length>>8), byte(length>>16), byte(length>>24), 0, 0, 0, 0, 0, 0)
		return append(bytes.Clone(directory), end...)
	}
	return map[string]hostile{
		"directory says how many": {with(65535), "practice.file.too_many"}, "directory says few": {with(3), "practice.file.damaged"},
	}
}

// The most that a file may hold of what costs most to look at is bounded like any other.
func TestTheWorstFilesAreBounded(t *testing.T) {
	var conditions, texts []kit.Source
	for n := range 40 {
		form := expressions(t, 100, "answers.first != null && [1, 2, 3].exists(x, x == N) && 'kN' != '"+strings.Repeat("y", 200)+"'")
		form.Key = fmt.Sprintf("FO-%02d", n)
		conditions = append(conditions, form)
	}
	for n := range 1200 {
		texts = append(texts, question(fmt.Sprintf("QU-%04d", n), strings.Repeat("\"à", 2000)))
	}
	for name, file := range map[string][]byte{
		"4,000 conditions": written(t, signed(t, conditions...)), "1,200 long texts": written(t, signed(t, texts...)),
	} {
		took, err := measured(reader(t), bytes.NewReader(file), int64(len(file)))
		if must(t, err); len(file) < 1<<20 {
			t.Errorf("%s: %d bytes are not the most", name, len(file))
		}
		t.Logf("%s: %d bytes, %+v", name, len(file), took)
		if !took.bounded(len(file)) {
			t.Errorf("%s: a file of %d bytes takes %+v", name, len(file), took)
		}
	}
}
