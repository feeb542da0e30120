package many

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"staffetta/tenants/register"
	"staffetta/tenants/taxcode"
)

// person is somebody of the demo's cast.
type person struct {
	surname, name, born, sex, place string
}

// Who signs in, and where.
var (
	administrator = person{"Todaro", "Marco", "1972-11-02", "M", "E974"}
	worker        = person{"Lombardo", "Sara", "1986-07-21", "F", "L331"}
)

const body = "c_e974"

func (p person) code() (string, error) {
	born, err := time.Parse(time.DateOnly, p.born)
	return taxcode.Build(p.surname, p.name, born, p.sex, p.place), err
}

// installation is a program with data of its own.
type installation struct {
	Options
	dir, addr string
	program   *exec.Cmd
	cookies   map[string]string
}

// command runs the program over the installation's data.
func (i *installation) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, i.Program, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "STAFFETTA_") && !strings.HasPrefix(pair, "DATABASE_URL=") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "STAFFETTA_DATA="+i.dir, "STAFFETTA_DEMO=start", "STAFFETTA_LOG_LEVEL=WARN", "STAFFETTA_ADDR="+i.addr, "STAFFETTA_BASE_URL=http://"+i.addr)
	return cmd
}

// open makes the installation with the demo's bodies.
func (i *installation) open(ctx context.Context) error {
	if err := os.MkdirAll(i.dir, 0o755); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	i.cookies = map[string]string{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	i.addr = listener.Addr().String()
	if err := listener.Close(); err != nil {
		return err
	}
	if _, err := i.start(ctx); err != nil {
		return err
	}
	return i.close()
}

// onboard makes live bodies with an administrator each, and tells how long the command takes.
func (i *installation) onboard(ctx context.Context, all []register.Municipality) (time.Duration, error) {
	list := strings.Builder{}
	list.WriteString("istat;stato;nome;codice_fiscale_persona\n")
	for n, m := range all {
		born := time.Date(1960, time.January, 1+n, 0, 0, 0, 0, time.UTC)
		fmt.Fprintf(&list, "%s;attivo;Prova Invento;%s\n", m.ISTAT, taxcode.Build("Prova", "Invento", born, taxcode.Female, m.Belfiore))
	}
	file := filepath.Join(i.dir, "bodies.csv")
	if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
		return 0, fmt.Errorf("write a list of bodies: %w", err)
	}
	began := time.Now()
	said, err := i.command(ctx, "onboard", "--register", file).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("make %d bodies: %w: %s", len(all), err, said[max(0, len(said)-400):])
	}
	return time.Since(began), nil
}

// start starts the program, which has then to stop first, and tells how long it takes until it answers.
func (i *installation) start(ctx context.Context) (time.Duration, error) {
	if err := i.close(); err != nil {
		return 0, err
	}
	began := time.Now()
	i.program = i.command(ctx, "serve")
	if err := i.program.Start(); err != nil {
		return 0, fmt.Errorf("start the program: %w", err)
	}
	for ctx.Err() == nil {
		if _, err := i.get(ctx, http.MethodGet, "/api/v1/status", nil); err == nil {
			return time.Since(began), nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return 0, ctx.Err()
}

func (i *installation) close() error {
	if i.program == nil {
		return nil
	}
	err := i.program.Process.Signal(syscall.SIGTERM)
	_ = i.program.Wait() // it was told to end
	i.program = nil
	return err
}

func (i *installation) resident() int64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", i.program.Process.Pid)) // 0 on another system
	for line := range strings.Lines(string(raw)) {
		var kib int64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d", &kib); n == 1 {
			return kib << 10
		}
	}
	return 0
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
}

// get asks as a browser with the installation's cookies, which are for https and for this machine.
func (i *installation) get(ctx context.Context, method, address string, form url.Values) (answer, error) {
	if strings.HasPrefix(address, "/") {
		address = "http://" + i.addr + address
	}
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return answer{}, err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range i.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	came, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer came.Body.Close()
	text, err := io.ReadAll(came.Body)
	for _, c := range came.Cookies() {
		i.cookies[c.Name] = c.Value
	}
	return answer{came.StatusCode, came.Header.Get("Location"), string(text)}, err
}

// ask gets a page.
func (i *installation) ask(ctx context.Context, path string) (time.Duration, error) {
	began := time.Now()
	came, err := i.get(ctx, http.MethodGet, path, nil)
	if err == nil && came.status != http.StatusOK {
		err = fmt.Errorf("%s answers %d", path, came.status)
	}
	return time.Since(began), err
}

var waiting = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// login signs somebody in anew, through the provider and back.
func (i *installation) login(ctx context.Context, who person) (time.Duration, error) {
	code, err := who.code()
	if err != nil {
		return 0, err
	}
	i.cookies = map[string]string{}
	began := time.Now()
	to, text := "/"+body+"/login/demo?come=operatore", ""
	for range 3 { // to the provider, to its page, and the page
		came, err := i.get(ctx, http.MethodGet, to, nil)
		if err != nil {
			return 0, err
		}
		to, text = came.location, came.body
	}
	id := waiting.FindStringSubmatch(text)
	if id == nil {
		return 0, errors.New("the provider shows no people")
	}
	issuer := "http://" + i.addr + "/demo-idp"
	came, err := i.get(ctx, http.MethodPost, issuer+"/interaction", url.Values{"id": {id[1]}, "person": {code}, "level": {"https://www.spid.gov.it/SpidL2"}})
	if err != nil {
		return 0, err
	}
	if came, err = i.get(ctx, http.MethodGet, came.location, nil); err == nil && came.status != http.StatusSeeOther {
		err = fmt.Errorf("the login ends with %d", came.status)
	}
	return time.Since(began), err
}
