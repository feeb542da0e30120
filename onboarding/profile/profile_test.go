package profile_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"staffetta/internal/problem"
	"staffetta/internal/testdb"
	"staffetta/modules/moduletest"
	"staffetta/onboarding"
	"staffetta/onboarding/profile"
	"staffetta/tenants"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// stage is a body with an administrator, and its neighbour.
type stage struct {
	*moduletest.Stage
	service      *profile.Service
	admin, other tenants.Scope
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{Stage: moduletest.NewStage(t, onboarding.Module())}
	st.admin, st.other = st.Operator(t, st.On(t, "pantelleria"), "tenant_admin"), st.Operator(t, st.On(t, "marsala"), "tenant_admin")
	st.service = profile.NewService(st.Deps)
	return st
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func drawn(t *testing.T, side int, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	picture.Set(0, 0, color.White)
	var out bytes.Buffer
	fatal(t, encode(&out, picture))
	return out.Bytes()
}

func asPNG(w *bytes.Buffer, i image.Image) error  { return png.Encode(w, i) }
func asJPEG(w *bytes.Buffer, i image.Image) error { return jpeg.Encode(w, i, nil) }

func (st *stage) get(t *testing.T, s tenants.Scope) tenants.Profile {
	t.Helper()
	body, err := st.service.Get(s)
	fatal(t, err)
	return body.Profile
}

// What is saved shows at once, in the own body alone, and each change counts the version up.
func TestABodyShowsItself(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	first := tenants.Profile{Subtitle: "Servizi sociali", Theme: "verde", Address: "Piazza Cavour 28", Phone: "0923 695011", Email: "sociali@comune.pantelleria.tp.it", Website: "https://www.comunepantelleria.it"}
	fatal(t, st.service.Save(t.Context(), st.admin, profile.Change{Profile: first}))
	want := first
	want.Version = 1
	first.Version, first.Website = 1, "www.comunepantelleria.it" // as people write it: nothing changes
	fatal(t, st.service.Save(t.Context(), st.admin, profile.Change{Profile: first}))
	if diff := cmp.Diff(want, st.get(t, st.admin)); diff != "" {
		t.Error(diff)
	}
	if got := st.get(t, st.other); got != (tenants.Profile{}) {
		t.Errorf("the neighbour shows %+v", got)
	}
	fatal(t, st.service.Save(t.Context(), st.admin, profile.Change{Profile: want})) // nothing changes
	want.Phone = "0923 695012"
	fatal(t, st.service.Save(t.Context(), st.admin, profile.Change{Profile: want}))
	if got := st.get(t, st.admin); got.Version != 2 || got.Phone != want.Phone {
		t.Errorf("%+v", got)
	}
	want.Phone = "0923 1"
	if err := st.service.Save(t.Context(), st.admin, profile.Change{Profile: want}); !problem.Is(err, problem.Conflict) {
		t.Errorf("over what somebody else saved: %v", err)
	}
	if err := st.service.Save(t.Context(), st.admin, profile.Change{Profile: tenants.Profile{Phone: "1"}}); !problem.Is(err, problem.Conflict) {
		t.Errorf("as if nobody had saved one: %v", err)
	}
}

// A crest is a picture of a body's own, stays until it is replaced or taken away, and is served with its type.
func TestCrest(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	if _, _, err := st.service.Crest(t.Context(), st.admin); !problem.Is(err, problem.NotFound) {
		t.Errorf("before there is one: %v", err)
	}
	for format, picture := range map[string][]byte{"image/png": drawn(t, 64, asPNG), "image/jpeg": drawn(t, 64, asJPEG)} {
		fatal(t, st.service.Save(t.Context(), st.admin, profile.Change{Profile: st.get(t, st.admin), Picture: picture}))
		content, got, err := st.service.Crest(t.Context(), st.admin)
		fatal(t, err)
		if got != format || !bytes.Equal(content, picture) {
			t.Errorf("%s is served as %s, %d bytes", format, got, len(content))
		}
	}
	changed := st.get(t, st.admin)
	changed.Subtitle = "Ufficio di piano"
	fatal(t, st.service.Save(t.Context(), st.admin, profile.Change{Profile: changed}))
	if _, _, err := st.service.Crest(t.Context(), st.admin); err != nil {
		t.Errorf("it is gone with another change: %v", err)
	}
	if _, _, err := st.service.Crest(t.Context(), st.other); !problem.Is(err, problem.NotFound) {
		t.Errorf("the neighbour serves it: %v", err)
	}
	late := drawn(t, 32, asPNG)
	if err := st.service.Save(t.Context(), st.admin, profile.Change{Picture: late}); !problem.Is(err, problem.Conflict) {
		t.Errorf("over what somebody else saved: %v", err)
	}
	if _, err := st.Deps.Platform.Files.Get(t.Context(), st.admin.Tenant, fmt.Sprintf("%x", sha256.Sum256(late))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a picture that was refused: %v", err)
	}
	fatal(t, st.service.Save(t.Context(), st.admin, profile.Change{Profile: st.get(t, st.admin), Bare: true}))
	if _, _, err := st.service.Crest(t.Context(), st.admin); !problem.Is(err, problem.NotFound) {
		t.Errorf("it was taken away: %v", err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	for name, test := range map[string]struct {
		field  string
		change profile.Change
	}{
		"a colour of one's own":          {"colore", profile.Change{Profile: tenants.Profile{Theme: "fucsia"}}},
		"no address":                     {"email", profile.Change{Profile: tenants.Profile{Email: "Ada <ada@comune.it>"}}},
		"words for a telephone":          {"telefono", profile.Change{Profile: tenants.Profile{Phone: "chiamare Ada"}}},
		"a script for a site":            {"sito", profile.Change{Profile: tenants.Profile{Website: "javascript:alert(1)"}}},
		"a site in clear":                {"accessibilita", profile.Change{Profile: tenants.Profile{Accessibility: "http://form.agid.gov.it/x"}}},
		"somebody in the site":           {"sito", profile.Change{Profile: tenants.Profile{Website: "https://comune@evil.example.it"}}},
		"too long":                       {"sottotitolo", profile.Change{Profile: tenants.Profile{Subtitle: strings.Repeat("x", 81)}}},
		"what turns the text":            {"indirizzo", profile.Change{Profile: tenants.Profile{Address: "Via \u202eRoma"}}},
		"a page for a picture":           {"stemma", profile.Change{Picture: []byte("<svg onload=alert(1)>")}},
		"a picture with too many points": {"stemma", profile.Change{Picture: drawn(t, 1025, asPNG)}},
		"a picture that is too large":    {"stemma", profile.Change{Picture: append(drawn(t, 64, asPNG), make([]byte, profile.MaxCrest)...)}},
	} {
		err := st.service.Save(t.Context(), st.admin, test.change)
		if p := problem.Of(err); p.Kind != problem.Invalid || len(p.Fields) != 1 || p.Fields[0].Name != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
