package login

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	clientTimeout = 5 * time.Second
	maxBody       = 1 << 20
)

var errTooLarge = errors.New("answer larger than 1 MiB")

// bounded gives a client that follows no redirect, waits at most 5 s for a
// whole answer and reads at most 1 MiB of it. A nil client means a fresh
// transport; another one keeps its transport.
func bounded(client *http.Client) *http.Client {
	var transport http.RoundTripper = &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: clientTimeout}).DialContext,
		TLSHandshakeTimeout:    clientTimeout,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        time.Minute,
		DisableCompression:     true,
	}
	timeout := clientTimeout
	if client != nil {
		if client.Transport != nil {
			transport = client.Transport
		}
		if client.Timeout > 0 {
			timeout = min(timeout, client.Timeout)
		}
	}
	return &http.Client{
		Transport:     limited{transport},
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type limited struct{ next http.RoundTripper }

// RoundTrip meets http.RoundTripper; the body it returns fails after 1 MiB.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &limitedBody{ReadCloser: response.Body, left: maxBody}
	return response, nil
}

type limitedBody struct {
	io.ReadCloser
	left int64
}

// Read meets io.Reader.
func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
