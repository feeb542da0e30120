// Package proxy tells whose request comes through the proxies of a deployment. It must not believe anybody else.
package proxy

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Trusted are the networks of proxies whose X-Forwarded-For is believed; none believes nobody.
type Trusted []netip.Prefix

// UnmarshalText reads addresses and networks, separated by commas.
func (t *Trusted) UnmarshalText(text []byte) error {
	*t = nil
	for one := range strings.SplitSeq(string(text), ",") {
		one = strings.TrimSpace(one)
		if one == "" {
			continue
		}
		network, err := netip.ParsePrefix(one)
		if address, wrong := netip.ParseAddr(one); wrong == nil {
			network, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", one)
		}
		*t = append(*t, network.Masked())
	}
	return nil
}

func (t Trusted) holds(address netip.Addr) bool {
	for _, network := range t {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// ClientIP is the address of who asks: the connection's, or, where that is a trusted proxy's, the last one in X-Forwarded-For
// that is not. What stands before it, anybody may have written.
func (t Trusted) ClientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	client, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	client = client.Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for at := len(hops) - 1; at >= 0 && t.holds(client); at-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[at]))
		if err != nil {
			break
		}
		client = hop.Unmap()
	}
	return client.WithZone("").String()
}
