package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var built embed.FS

const assetPrefix = "/s/"

// neededAssets are the files without which no page looks like one.
var neededAssets = []string{"ui.css", "ui.js", "sprites.svg", "favicon.svg", "licenze.txt"}

// assets are the files that browsers load, under one hash for the whole tree.
type assets struct {
	hash  string
	files map[string]asset
}

type asset struct {
	content, zipped []byte
	mediaType       string
}

func newAssets(files fs.FS) (*assets, error) {
	if files == nil {
		files, _ = fs.Sub(built, "dist") // the directory is embedded above
	}
	for _, name := range neededAssets {
		if _, err := fs.Stat(files, name); err != nil {
			return nil, errors.New("the style sheets and scripts are not built: run `make assets`, then build again")
		}
	}
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, name, len(content))
		sum.Write(content)
		a.files[name], err = newAsset(name, content)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the assets: %w", err)
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	return a, nil
}

func newAsset(name string, content []byte) (asset, error) {
	made := asset{content: content, mediaType: mediaType(name)}
	if path.Ext(name) == ".woff2" {
		return made, nil // compressed already
	}
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return asset{}, err
	}
	if _, err := w.Write(content); err != nil {
		return asset{}, err
	}
	if err := w.Close(); err != nil {
		return asset{}, err
	}
	made.zipped = zipped.Bytes()
	return made, nil
}

// mediaType does not ask the machine, whose tables differ.
func mediaType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		if known := mime.TypeByExtension(path.Ext(name)); known != "" {
			return known
		}
		return "application/octet-stream"
	}
}

// URL is the address of a file; it changes with the content of any file.
func (a *assets) URL(name string) string { return assetPrefix + a.hash + "/" + name }

// ServeHTTP meets http.Handler, for paths below /s/.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, assetPrefix), "/")
	file, ok := a.files[name]
	if !ok || hash != a.hash || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	file.serve(w, r)
}

func (f asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.mediaType)
	content := f.content
	if f.zipped != nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && len(f.zipped) < len(f.content) {
			w.Header().Set("Content-Encoding", "gzip")
			content = f.zipped
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// Asset is the address of a file that the asset build wrote, such as "ui.css".
func (h *Host) Asset(name string) string { return h.assets.URL(name) }
