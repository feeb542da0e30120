package proxy_test

import (
	"net/http"
	"testing"

	"staffetta/internal/proxy"
)

func TestClientIPBelievesTrustedProxiesOnly(t *testing.T) {
	for name, c := range map[string]struct {
		trusted, remote string
		forwarded       []string
		want            string
	}{
		"nobody trusted":          {"", "127.0.0.1:9", []string{"203.0.113.7"}, "127.0.0.1"},
		"a proxy":                 {"127.0.0.1", "127.0.0.1:9", []string{"203.0.113.7"}, "203.0.113.7"},
		"a forged first hop":      {"127.0.0.1", "127.0.0.1:9", []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7"},
		"a forged header of it":   {"127.0.0.1", "127.0.0.1:9", []string{"198.51.100.1", "203.0.113.7"}, "203.0.113.7"},
		"two proxies":             {"127.0.0.1, 10.0.0.0/8", "127.0.0.1:9", []string{"198.51.100.1, 203.0.113.7, 10.1.2.3"}, "203.0.113.7"},
		"a stranger who forwards": {"10.0.0.0/8", "203.0.113.9:9", []string{"198.51.100.1"}, "203.0.113.9"},
		"no header":               {"127.0.0.1", "127.0.0.1:9", nil, "127.0.0.1"},
		"not an address":          {"127.0.0.1,10.0.0.0/8", "127.0.0.1:9", []string{"198.51.100.1, unknown, 10.0.0.2"}, "10.0.0.2"},
		"mapped into version 6":   {"127.0.0.0/8", "[::ffff:127.0.0.1]:9", []string{"2001:db8::1"}, "2001:db8::1"},
	} {
		t.Run(name, func(t *testing.T) {
			var trusted proxy.Trusted
			if err := trusted.UnmarshalText([]byte(c.trusted)); err != nil {
				t.Fatal(err)
			}
			r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.forwarded}}
			if got := trusted.ClientIP(r); got != c.want {
				t.Errorf("the client is %s, want %s", got, c.want)
			}
		})
	}
	var trusted proxy.Trusted
	if err := trusted.UnmarshalText([]byte("10.0.0.0/8, proxy.example.it")); err == nil {
		t.Error("a name is taken for a network")
	}
}
