package mail

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"strings"
)

// The ways to reach a server. StartTLS and TLS refuse a server that does not prove who it is.
const (
	StartTLS = "starttls" // plain at first, encrypted before anything is said
	TLS      = "tls"      // encrypted from the first byte
	NoTLS    = "none"     // on this very machine only
)

// Settings are how mail leaves the deployment. Without a host it does not.
type Settings struct {
	Host         string `env:"HOST"`
	Port         int    `env:"PORT"` // 0 is the usual one of the encryption
	Encryption   string `env:"TLS" envDefault:"starttls"`
	User         string `env:"USER"`
	Password     string `env:"PASSWORD"`
	PasswordFile string `env:"PASSWORD_FILE"`
	From         string `env:"FROM"`
}

// Check refuses settings that would not work or would send a password or an address in the clear. Names of variables
// stand in the errors, values do not.
func (s Settings) Check() error {
	if s.Host == "" {
		if s.From != "" || s.User != "" || s.Password != "" || s.PasswordFile != "" {
			return errors.New("STAFFETTA_SMTP_HOST is not set, other settings of SMTP are")
		}
		return nil
	}
	return errors.Join(s.checkEncryption(), s.checkSender(), s.checkUser())
}

func (s Settings) checkEncryption() error {
	switch s.Encryption {
	case StartTLS, TLS:
	case NoTLS:
		if !loopback(s.Host) {
			return errors.New("STAFFETTA_SMTP_TLS is none: mail leaves without encryption towards a server on this machine only")
		}
	default:
		return fmt.Errorf("STAFFETTA_SMTP_TLS %q is none of %s, %s, %s", s.Encryption, StartTLS, TLS, NoTLS)
	}
	if s.Port < 0 || s.Port > 65535 {
		return fmt.Errorf("STAFFETTA_SMTP_PORT %d is no port", s.Port)
	}
	return nil
}

func (s Settings) checkSender() error {
	if _, err := netmail.ParseAddress(s.From); err != nil {
		return errors.New("STAFFETTA_SMTP_FROM must be an address such as Staffetta <avvisi@example.it>")
	}
	return nil
}

func (s Settings) checkUser() error {
	if s.Password != "" && s.PasswordFile != "" {
		return errors.New("STAFFETTA_SMTP_PASSWORD and STAFFETTA_SMTP_PASSWORD_FILE are both set")
	}
	if (s.User == "") != (s.Password == "" && s.PasswordFile == "") {
		return errors.New("STAFFETTA_SMTP_USER needs a password, and a password a user")
	}
	return nil
}

// secret is the password, from the file if it is kept in one.
func (s Settings) secret() (string, error) {
	if s.PasswordFile == "" {
		return s.Password, nil
	}
	raw, err := os.ReadFile(s.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("read STAFFETTA_SMTP_PASSWORD_FILE: %w", err)
	}
	return strings.TrimRight(string(raw), "\r\n"), nil
}

func (s Settings) port() int {
	switch {
	case s.Port != 0:
		return s.Port
	case s.Encryption == TLS:
		return 465
	case s.Encryption == NoTLS:
		return 25
	}
	return 587
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
