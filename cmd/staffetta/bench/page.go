package bench

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The load of the case page: an open loop.
const (
	pageRate   = 50
	pageLength = 20 * time.Second
)

// weight is what a page brings over the wire with an empty cache, in bytes.
type weight struct {
	address     string
	page, total int
}

// pages measures the page of a case under load, and the weight of what an operator can reach from there.
func (st *stage) pages(ctx context.Context, r *Report) error {
	var requests []request
	for _, w := range st.workers {
		requests = append(requests, newRequest("/"+w.slug+"/cartelle/"+w.file.String(), w.cookie))
	}
	var err error
	if r.Page, err = st.underLoad(ctx, requests, pageRate); err != nil {
		return err
	}
	r.Weights, err = st.weigh(ctx, st.workers[0])
	return err
}

// latency is what an open loop came to, with the CPU times of a request.
type latency struct {
	p50, p95, p99   time.Duration
	program, engine time.Duration
}

// underLoad asks at a fixed rate, after a quarter of the time to warm up.
func (st *stage) underLoad(ctx context.Context, requests []request, rate int) (l latency, err error) {
	if _, err := openLoop(ctx, st.addr, requests, rate, pageLength/4); err != nil {
		return l, err
	}
	program, engine, err := times(process(st.program.Process.Pid), st.engine)
	if err != nil {
		return l, err
	}
	load, err := openLoop(ctx, st.addr, requests, rate, pageLength)
	if err != nil {
		return l, err
	}
	programAfter, engineAfter, err := times(process(st.program.Process.Pid), st.engine)
	n := time.Duration(len(load.latencies))
	return latency{load.quantile(0.5), load.quantile(0.95), load.quantile(0.99), (programAfter - program) / n, (engineAfter - engine) / n}, err
}

var (
	links  = regexp.MustCompile(`href="(/[^"#]*)"`)
	assets = regexp.MustCompile(`(?:href|src)="(/s/[^"#]*)`)
	inCSS  = regexp.MustCompile(`url\(["']?([^"')]+)`)
)

// maxPages bounds how many pages are weighed.
const maxPages = 60

// weigh follows the links of an operator's pages, two steps from the list and the case.
func (st *stage) weigh(ctx context.Context, w operator) ([]weight, error) {
	prefix := "/" + w.slug + "/"
	queue := []string{prefix + "cartelle", prefix + "cartelle/" + w.file.String()}
	begun := len(queue)
	var weights []weight
	sizes := map[string]int{}
	for at := 0; at < len(queue) && at < maxPages; at++ {
		page, wire, err := st.get(ctx, queue[at], w.cookie)
		if err != nil {
			return nil, err
		}
		if page == nil {
			continue // not a page, or not for this operator
		}
		total := wire
		loaded, err := st.assetsOf(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, asset := range loaded {
			size, err := st.assetSize(ctx, asset, sizes)
			if err != nil {
				return nil, err
			}
			total += size
		}
		weights = append(weights, weight{strings.TrimPrefix(queue[at], "/"+w.slug), wire, total})
		for _, found := range links.FindAllSubmatch(page, -1) {
			link := strings.ReplaceAll(string(found[1]), "&amp;", "&")
			if at < begun+20 && strings.HasPrefix(link, prefix) && !slices.Contains(queue, link) && !strings.Contains(link, "esci") {
				queue = append(queue, link)
			}
		}
	}
	slices.SortFunc(weights, func(a, b weight) int { return b.total - a.total })
	return weights, nil
}

// get returns a page in the clear with its size on the wire; nil for anything that is not a page.
func (st *stage) get(ctx context.Context, address, cookie string) (page []byte, wire int, err error) {
	body, told, err := fetch(ctx, "http://"+st.addr+address, cookie, "Accept-Encoding", "gzip")
	if told == nil {
		return nil, 0, err
	}
	if err != nil || !strings.HasPrefix(told.Get("Content-Type"), "text/") {
		return nil, 0, nil
	}
	page = body
	if told.Get("Content-Encoding") == "gzip" {
		reader, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, 0, fmt.Errorf("read %s: %w", address, err)
		}
		if page, err = io.ReadAll(reader); err != nil {
			return nil, 0, fmt.Errorf("read %s: %w", address, err)
		}
	}
	return page, len(body), nil
}

// assetsOf lists what a browser loads for a page: what it links, and what its style sheets name.
func (st *stage) assetsOf(ctx context.Context, page []byte) ([]string, error) {
	var all []string
	add := func(name string) {
		if !slices.Contains(all, name) && !strings.HasSuffix(name, ".txt") {
			all = append(all, name)
		}
	}
	for _, found := range assets.FindAllSubmatch(page, -1) {
		add(string(found[1]))
	}
	for _, sheet := range slices.Clone(all) {
		if !strings.HasSuffix(sheet, ".css") {
			continue
		}
		text, _, err := st.get(ctx, sheet, "")
		if err != nil {
			return nil, err
		}
		for _, found := range inCSS.FindAllSubmatch(text, -1) {
			if name := string(found[1]); !strings.HasPrefix(name, "data:") {
				add(path.Join(path.Dir(sheet), name))
			}
		}
	}
	return all, nil
}

// assetSize is the size on the wire, asked for once.
func (st *stage) assetSize(ctx context.Context, name string, sizes map[string]int) (int, error) {
	if size, known := sizes[name]; known {
		return size, nil
	}
	body, _, err := fetch(ctx, "http://"+st.addr+name, "", "Accept-Encoding", "gzip")
	sizes[name] = len(body)
	return len(body), err
}
