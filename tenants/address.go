package tenants

import (
	"net"
	"net/url"
)

// AddressOf is where the pages of a body's own host are: reached as the platform is, at base.
func AddressOf(base *url.URL, host string) string {
	own := url.URL{Scheme: base.Scheme, Host: host}
	if port := base.Port(); port != "" {
		own.Host = net.JoinHostPort(host, port)
	}
	return own.String()
}
