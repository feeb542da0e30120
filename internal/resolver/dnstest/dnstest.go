// Package dnstest is a DNS server on this machine, with the records that a test gives it and the faults that servers have. It must not be
// imported by anything but tests.
package dnstest

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"

	"staffetta/internal/resolver"
)

// Fault is how a name is answered badly.
type Fault int

// The faults.
const (
	Refuses Fault = iota + 1 // the server says that it failed
	Babbles                  // what comes is no answer
	Silent                   // nothing comes
)

// Server answers over UDP.
type Server struct {
	conn  *net.UDPConn
	mu    sync.Mutex
	names map[string]name
}

// name is what a name has.
type name struct {
	texts     []string
	alias     string
	addresses []netip.Addr
	fault     Fault
}

// Listen starts a server.
func Listen() (*Server, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("listen for questions: %w", err)
	}
	s := &Server{conn: conn, names: map[string]name{}}
	go s.serve()
	return s, nil
}

// Close ends the server.
func (s *Server) Close() { _ = s.conn.Close() }

// Address is where it is asked.
func (s *Server) Address() resolver.Server {
	return resolver.Server{AddrPort: s.conn.LocalAddr().(*net.UDPAddr).AddrPort()}
}

// Text gives a name its texts; none takes them away.
func (s *Server) Text(host string, texts ...string) {
	s.change(host, func(n *name) { n.texts = texts })
}

// Lead gives a name its addresses; none takes them away.
func (s *Server) Lead(host string, addresses ...string) {
	s.change(host, func(n *name) {
		n.addresses = nil
		for _, a := range addresses {
			n.addresses = append(n.addresses, netip.MustParseAddr(a))
		}
	})
}

// Alias makes a name another name of a host; "" ends it.
func (s *Server) Alias(host, target string) { s.change(host, func(n *name) { n.alias = target }) }

// Break answers a name with a fault; 0 mends it.
func (s *Server) Break(host string, fault Fault) { s.change(host, func(n *name) { n.fault = fault }) }

func (s *Server) change(host string, do func(*name)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.names[host]
	do(&n)
	s.names[host] = n
}

func (s *Server) serve() {
	packet := make([]byte, 1500)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(packet)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		if answer := s.answer(packet[:n]); answer != nil {
			_, _ = s.conn.WriteToUDPAddrPort(answer, from)
		}
	}
}

// answer is the packet for a question; nil for silence.
func (s *Server) answer(packet []byte) []byte {
	var question dnsmessage.Message
	if err := question.Unpack(packet); err != nil || len(question.Questions) != 1 {
		return nil
	}
	asked := question.Questions[0]
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.names[strings.ToLower(strings.TrimSuffix(asked.Name.String(), "."))]
	answer := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: question.ID, Response: true, RecursionAvailable: true, RecursionDesired: true},
		Questions: question.Questions,
	}
	switch found.fault {
	case Silent:
		return nil
	case Babbles:
		return []byte("nothing that anybody can read")
	case Refuses:
		answer.RCode = dnsmessage.RCodeServerFailure
	default:
		s.fill(&answer, asked, found)
	}
	out, err := answer.Pack()
	if err != nil {
		return nil
	}
	return out
}

func (s *Server) fill(answer *dnsmessage.Message, asked dnsmessage.Question, found name) {
	at := asked.Name
	add := func(kind dnsmessage.Type, body dnsmessage.ResourceBody) {
		answer.Answers = append(answer.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: at, Type: kind, Class: dnsmessage.ClassINET, TTL: 1}, Body: body,
		})
	}
	if found.alias != "" {
		target := dnsmessage.MustNewName(found.alias + ".")
		add(dnsmessage.TypeCNAME, &dnsmessage.CNAMEResource{CNAME: target})
		at, found = target, s.names[found.alias]
	}
	if len(answer.Answers) == 0 && len(found.texts) == 0 && len(found.addresses) == 0 {
		answer.RCode = dnsmessage.RCodeNameError
	}
	for _, text := range found.texts {
		if asked.Type == dnsmessage.TypeTXT {
			add(dnsmessage.TypeTXT, &dnsmessage.TXTResource{TXT: []string{text}})
		}
	}
	for _, address := range found.addresses {
		switch {
		case asked.Type == dnsmessage.TypeA && address.Is4():
			add(dnsmessage.TypeA, &dnsmessage.AResource{A: address.As4()})
		case asked.Type == dnsmessage.TypeAAAA && address.Is6():
			add(dnsmessage.TypeAAAA, &dnsmessage.AAAAResource{AAAA: address.As16()})
		}
	}
}
