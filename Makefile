# Guidang 归档. `make help` lists what there is; run and test need Go alone.
SHELL := /bin/sh
export CGO_ENABLED ?= 0
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO_BUILD := go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)"
LINT := go tool -modfile=.ci/tools.mod golangci-lint

# The speech engine is brought by `make run` while its pages are up already;
# `make run ENGINE=` leaves it.
ENGINE ?= --install-engine

# How many readers crashchildren kills.
KILLS ?= 100

# What works in several goroutines, without what is heavy on SQLite or WebAssembly:
# the race detector makes the pure-Go database 33 times slower, and PDFium more.
RACE := ./pipeline/source/... ./pipeline/store/... ./pipeline/index/... ./web/...

.PHONY: help
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

.PHONY: build
build: ## the program, static, as ./guidang
	$(GO_BUILD) -o guidang ./cmd/guidang

.PHONY: run
run: build ## reads the samples into ./guidang-demo and serves them
	@./guidang ingest samples/archive --data guidang-demo || test $$? -eq 3
	@./guidang customers import samples/archive/客户/客户名册.xlsx --data guidang-demo
	@exec ./guidang serve --data guidang-demo $(ENGINE)

.PHONY: test
test: ## all tests
	go test ./...

.PHONY: race
race: ## the concurrent packages under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -short $(RACE)

.PHONY: lint
lint: ## vet for every system, linters and the import rules
	go vet ./...
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...
	$(LINT) run ./...

.PHONY: fuzz
fuzz: ## fuzzes every parser, FUZZTIME each (60s); what it finds becomes a test
	.ci/fuzz

.PHONY: golden
golden: ## writes the expected outputs of golden tests anew; look at the diff
	go test ./... -run 'Golden|Markdown|Docs' -update

.PHONY: bench
bench: build ## Go benchmarks, then whole processes (docs/performance.md)
	go test -run '^$$' -bench . -benchmem ./...
	bench/run

.PHONY: crash
crash: build ## kills an ingest twenty times and compares what is left
	GUIDANG_OCR_PROGRAM=off go run ./bench/crash -guidang ./guidang -samples samples/archive

.PHONY: crashchildren
crashchildren: build ## kills readers at random during whole runs and compares
	GUIDANG_OCR_PROGRAM=off go run ./bench/crash -guidang ./guidang -samples samples/archive -children -kills $(KILLS)

.PHONY: cover
cover: ## test coverage as cover.html
	go test -coverprofile=cover.out ./...
	go tool cover -html=cover.out -o cover.html
