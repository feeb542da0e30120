package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/caarlos0/env/v11"

	"staffetta/cmd/staffetta/terminal"
	"staffetta/internal/mail"
	"staffetta/internal/postgres"
	"staffetta/internal/proxy"
	"staffetta/internal/resolver"
)

// Config is what the environment says of a deployment.
type Config struct {
	Addr        string          `env:"STAFFETTA_ADDR" envDefault:"127.0.0.1:8080"`
	BaseURL     string          `env:"STAFFETTA_BASE_URL"`
	Data        string          `env:"STAFFETTA_DATA"`
	DatabaseURL string          `env:"DATABASE_URL"`
	Key         string          `env:"STAFFETTA_KEY"`
	KeyFile     string          `env:"STAFFETTA_KEY_FILE"`
	Production  bool            `env:"STAFFETTA_PRODUCTION"`
	Demo        string          `env:"STAFFETTA_DEMO"`
	Proxies     proxy.Trusted   `env:"STAFFETTA_PROXIES"`
	DNS         resolver.Server `env:"STAFFETTA_DNS"`
	LogLevel    slog.Level      `env:"STAFFETTA_LOG_LEVEL" envDefault:"INFO"`

	SMTP mail.Settings `envPrefix:"STAFFETTA_SMTP_"`

	found bool // the installation is there: nothing of it is made
}

// The demos: bodies ready for the journey, or the journey done.
const (
	demoStart    = "start"
	demoComplete = "complete"
)

// loadConfig reads and checks the environment.
func loadConfig() (Config, error) {
	var c Config
	if err := env.Parse(&c); err != nil {
		return c, named(err)
	}
	return c.complete()
}

// named tells which variable cannot be read, not which field.
func named(err error) error {
	var wrong env.ParseError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("read the environment: %w", err)
	}
	field, _ := reflect.TypeFor[Config]().FieldByName(wrong.Name)
	return fmt.Errorf("%s cannot be read: %w", cmp.Or(field.Tag.Get("env"), wrong.Name), wrong.Err)
}

// loadExisting is loadConfig for commands that look after an installation and must not make another one.
func loadExisting() (Config, error) {
	c, err := loadConfig()
	if err != nil {
		return c, err
	}
	c.found = true
	if c.DatabaseURL == "" {
		err = terminal.WantInstallation(c.Data, demoComplete)
	}
	return c, err
}

// complete fills what follows from the rest and refuses what is unsafe.
func (c Config) complete() (Config, error) {
	if c.Data == "" {
		dir, err := postgres.StateDir()
		if err != nil {
			return c, err
		}
		c.Data = dir
		if c.Demo == demoComplete {
			c.Data = filepath.Join(dir, "complete") // the finished journey never touches the other data
		}
	}
	if c.BaseURL == "" && !c.Production {
		c.BaseURL = "http://" + c.Addr
	}
	return c, errors.Join(c.checkAddress(), c.checkDemo(), c.checkKey(), c.SMTP.Check())
}

func (c Config) checkAddress() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("STAFFETTA_ADDR %q is not host:port: %w", c.Addr, err)
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || base.Path != "" || base.RawQuery != "" {
		return fmt.Errorf("STAFFETTA_BASE_URL %q must be an address such as https://servizi.example.it", c.BaseURL)
	}
	if c.Production && base.Scheme != "https" {
		return fmt.Errorf("STAFFETTA_BASE_URL %q must begin with https:// in production", c.BaseURL)
	}
	return nil
}

func (c Config) checkDemo() error {
	switch {
	case c.Demo != "" && c.Demo != demoStart && c.Demo != demoComplete:
		return fmt.Errorf("STAFFETTA_DEMO %q is neither %s nor %s", c.Demo, demoStart, demoComplete)
	case c.Demo != "" && c.Production:
		return errors.New("STAFFETTA_DEMO is set: the demo and its identity provider do not exist in production")
	case c.Demo != "" && !isLoopback(c.Addr):
		return fmt.Errorf("STAFFETTA_ADDR %q: the demo serves on a loopback address only", c.Addr)
	}
	return nil
}

func (c Config) checkKey() error {
	if c.Production && c.Key == "" && c.KeyFile == "" {
		return errors.New("no master key: production needs STAFFETTA_KEY or STAFFETTA_KEY_FILE")
	}
	return nil
}

// isLoopback tells whether an address can be reached from this machine only.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// keyPath is the file of the master key.
func (c Config) keyPath() string {
	if c.KeyFile != "" {
		return c.KeyFile
	}
	return filepath.Join(c.Data, "master.key")
}

// newLogger writes structured lines to standard error: JSON in production.
func newLogger(c Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.Production {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// providerPath is where the demo provider answers.
const providerPath = "/demo-idp"

func (c Config) demoIssuer() string { return strings.TrimSuffix(c.BaseURL, "/") + providerPath }
