// Package smtptest runs a real SMTP server inside a test. It must not be imported by anything else.
package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"staffetta/internal/mail"
)

// The one login that the server takes.
const (
	User     = "avvisi"
	Password = "una parola lunga"
)

// Taken is a letter that the server took.
type Taken struct {
	From, To, Content string
}

// Server takes letters after a login over an encrypted connection.
type Server struct {
	t        testing.TB
	server   *smtp.Server
	addr     string
	listener net.Listener
	trust    *tls.Config

	mu     sync.Mutex
	taken  []Taken
	answer func(to string) error
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	certificate, roots := certify(t)
	s := &Server{t: t, trust: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.server.Domain, s.server.ReadTimeout, s.server.WriteTimeout = "localhost", 10*time.Second, 10*time.Second
	s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr, s.listener = listener.Addr().String(), listener
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.server.Serve(listener) // until it is stopped, which it says as an error
	}()
	t.Cleanup(func() {
		s.Stop()
		<-ended
	})
	return s
}

// Settings are how to reach the server with STARTTLS and its login.
func (s *Server) Settings() mail.Settings {
	return mail.Settings{
		Host: "127.0.0.1", Port: s.port(), Encryption: mail.StartTLS, User: User, Password: Password, From: "Staffetta <avvisi@staffetta.example>",
	}
}

// Sender sends to the server.
func (s *Server) Sender() *mail.Sender {
	s.t.Helper()
	sender, err := mail.NewSender(s.Settings(), s.trust)
	if err != nil {
		s.t.Fatal(err)
	}
	return sender
}

// Trust believes the server's certificate.
func (s *Server) Trust() *tls.Config { return s.trust }

// Stop ends the server; its address answers nothing any more.
func (s *Server) Stop() {
	_ = s.listener.Close() // the server may not know it yet, or be stopped already
	_ = s.server.Close()
}

// Answer makes the server answer a recipient as fn says; nil takes everybody.
func (s *Server) Answer(fn func(to string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = fn
}

// Taken lists the letters that the server took, in order.
func (s *Server) Taken() []Taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Taken(nil), s.taken...)
}

// Refused is a permanent answer, and Busy one that passes.
var (
	Refused = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"}
	Busy    = &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "Try later"}
)

func (s *Server) port() int {
	address, err := net.ResolveTCPAddr("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	return address.Port
}

// session is one conversation.
type session struct {
	server   *Server
	loggedIn bool
	from, to string
}

// AuthMechanisms meets smtp.AuthSession.
func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth meets smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return errors.New("wrong user or password")
		}
		s.loggedIn = true
		return nil
	}), nil
}

// Mail meets smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.loggedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

// Rcpt meets smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if s.server.answer != nil {
		if err := s.server.answer(to); err != nil {
			return err
		}
	}
	s.to = to
	return nil
}

// Data meets smtp.Session.
func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	text := strings.ReplaceAll(string(content), "=\r\n", "") // soft breaks of quoted-printable
	s.server.taken = append(s.server.taken, Taken{From: s.from, To: s.to, Content: strings.ReplaceAll(text, "=3D", "=")})
	return nil
}

// Reset meets smtp.Session.
func (s *session) Reset() { s.from, s.to = "", "" }

// Logout meets smtp.Session.
func (*session) Logout() error { return nil }

// certify makes a certificate for this machine and the roots that believe it.
func certify(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
