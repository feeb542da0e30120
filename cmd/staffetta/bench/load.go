package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// request is what one client asks for again and again.
type request struct {
	path, cookie string
	raw          []byte
}

func newRequest(path, cookie string) request {
	raw := "GET " + path + " HTTP/1.1\r\nHost: bench\r\nAccept-Language: it\r\n"
	if cookie != "" {
		raw += "Cookie: " + cookie + "\r\n"
	}
	return request{path: path, cookie: cookie, raw: []byte(raw + "\r\n")}
}

// run is what a load came to.
type run struct {
	took      time.Duration
	latencies []time.Duration
}

func (r run) perSecond() float64 { return float64(len(r.latencies)) / r.took.Seconds() }

// quantile sorts the latencies once.
func (r run) quantile(q float64) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	sorted := slices.Clone(r.latencies)
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// client is one connection that is kept open. It reads answers without the client of net/http, which would cost as
// much as what is measured.
type client struct {
	conn   net.Conn
	reader *bufio.Reader
}

func dial(addr string) (*client, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", addr, err)
	}
	return &client{conn, bufio.NewReaderSize(conn, 32<<10)}, nil
}

// do sends a request and reads the answer to its end; anything but 200 is an error.
func (c *client) do(r request) error {
	if _, err := c.conn.Write(r.raw); err != nil {
		return err
	}
	answer, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s answered %s", r.path, answer.Status)
	}
	return nil
}

// closedLoop has clients that ask again as soon as they are answered. Each begins elsewhere among the requests.
func closedLoop(ctx context.Context, addr string, requests []request, clients int, length time.Duration) (run, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	began := time.Now()
	latencies, errs := make([][]time.Duration, clients), make([]error, clients)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			c, err := dial(addr)
			if err != nil {
				errs[i] = err
				return
			}
			defer c.conn.Close()
			for at := i * len(requests) / clients; ctx.Err() == nil; at++ {
				sent := time.Now()
				if err := c.do(requests[at%len(requests)]); err != nil {
					errs[i] = err
					return
				}
				latencies[i] = append(latencies[i], time.Since(sent))
			}
		})
	}
	all.Wait()
	return run{time.Since(began), slices.Concat(latencies...)}, errors.Join(errs...)
}

// openLoop sends requests at fixed instants, whether or not earlier ones are answered, and counts from the instant at
// which each was due: a slow answer cannot hide the wait of those behind it.
func openLoop(ctx context.Context, addr string, requests []request, rate int, length time.Duration) (run, error) {
	began := time.Now()
	n := int(length.Seconds() * float64(rate))
	latencies, errs := make([]time.Duration, n), make([]error, n)
	idle := make(chan *client, n)
	var all sync.WaitGroup
	for i := range n {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		timer := time.NewTimer(time.Until(due))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return run{}, ctx.Err()
		}
		all.Go(func() {
			var c *client
			select {
			case c = <-idle:
			default:
				if c, errs[i] = dial(addr); errs[i] != nil {
					return
				}
			}
			errs[i] = c.do(requests[i%len(requests)])
			latencies[i] = time.Since(due)
			idle <- c
		})
	}
	all.Wait()
	for len(idle) > 0 {
		_ = (<-idle).conn.Close() // it was for reading only
	}
	return run{time.Since(began), latencies}, errors.Join(errs...)
}
