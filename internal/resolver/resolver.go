// Package resolver asks the DNS, at the server that a deployment names or at the system's. It must not know what is asked.
package resolver

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Server is the address of a DNS server, as 9.9.9.9:53; the zero Server is the system's.
type Server struct{ netip.AddrPort }

// UnmarshalText reads an address, with its port or without.
func (s *Server) UnmarshalText(text []byte) error {
	if address, err := netip.ParseAddr(string(text)); err == nil {
		s.AddrPort = netip.AddrPortFrom(address, 53)
		return nil
	}
	parsed, err := netip.ParseAddrPort(string(text))
	if err != nil {
		return fmt.Errorf("%q is no address such as 9.9.9.9 or 127.0.0.1:5353", text)
	}
	s.AddrPort = parsed
	return nil
}

// Resolver asks the server. Questions that are answered in more than a packet go over TCP.
func (s Server) Resolver() *net.Resolver {
	if !s.IsValid() {
		return net.DefaultResolver
	}
	dialer := net.Dialer{Timeout: 5 * time.Second}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, s.String())
	}}
}
