# The two commands are `make run` and `make test`; the rest is for developers.
# Everything a fresh machine lacks is installed on the way, once (.ci/install).

SHELL   := bash
BINARY  := pushdesk$(shell go env GOEXE)

# Fyne's thread checks stay out of the program people use: they cost a third of
# the drawing time. The window tests build without this tag, so the checks run there.
RELEASE := -trimpath -tags migrated_fynedo -ldflags '-s -w -X main.commit=$(shell git rev-parse --short=12 HEAD 2>/dev/null)'

.PHONY: run build test check deps doctor-matrix storm team attack pollock test-logic test-keychain test-window test-windows bench lint screenshots package clean help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: build ## build what is missing and open the window
	@./$(BINARY) || { [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; } # it has said so

deps: ## install the system packages that are missing: what they are for is said
	@.ci/install $(or $(for),test)

build: ## build the program
	@$(MAKE) --no-print-directory deps for=build
	@echo "Building Pushdesk (the first build of the graphics driver takes some minutes) ..."
	@mkdir -p "$${XDG_CACHE_HOME:-$$HOME/.cache}"
	@go build $(RELEASE) -o $(BINARY) .

check: ## the quick check of a change: formatting, vet, the rules of the house, short tests of what changed
	@.ci/check

test: deps ## run every test: logic under -race, a real keychain, a real window, Windows under Wine
	@$(MAKE) --no-print-directory test-logic test-keychain test-window
	@windows=0; .ci/windows || windows=$$?; case $$windows in 0) also=", the program for Windows under Wine" ;; 77) also="; not run: those for Windows" ;; *) exit $$windows ;; esac; \
	echo "All tests passed: the logic under -race, the keychain on a real Secret Service, the real window$$also."

test-logic: ## all packages under -race, the window on Fyne's test driver
	go test -race -tags ci,migrated_fynedo -timeout 45m ./... ./.ci/house

doctor-matrix: ## every seeded fault of a connection, and what the doctor says to it
	@go test -count=1 -run '^TestMatrix$$' -v ./connection/doctor | grep -v '^ *---\|^=== '

storm: ## 1,000 runs through kills, faults, late batches, jumping clocks and other writers, and what became of their rows
	@[ ! -d /dev/shm ] || export TMPDIR=/dev/shm; go test -count=1 -timeout 60m -run '^TestStorm$$' -v ./powerbi/push -storms 1000 | grep -v '^=== '

team: ## two members who write at once, 1,000 rounds, and 10,000 shared files without a secret
	@[ ! -d /dev/shm ] || export TMPDIR=/dev/shm; go test -count=1 -timeout 60m -run '^TestTwoWriters$$|^TestSharedFilesHoldNoSecret$$' -v ./connection/team -writers 1000 -files 10000 | grep -v '^=== '

attack: ## hostile homes, files, servers and texts against the built program, each within its limits
	@go test -count=1 -timeout 60m -tags ci,migrated_fynedo -run Attack -v ./ui/command/attack -attacks | grep -v '^=== '

pollock: ## what is read of the messy text files of the Pollock benchmark; from=FOLDER
	@go test -tags ci -count=1 -timeout 30m -run '^TestPollock$$' -v ./powerbi/job -pollock "$(abspath $(from))" $(if $(below),-below $(below)) | grep -v '^=== '

test-keychain: ## the keychain suite against a real Secret Service
	.ci/keychain

test-window: ## the real window, clicked and typed into on a screen in memory
	.ci/window

test-windows: ## the program for Windows under Wine: Go tests, commands and consoles, the real window
	@.ci/windows || [ $$? = 77 ]

bench: ## speed and memory
	go test -run '^$$' -bench . -benchmem ./storage/... ./powerbi/... ./ui/app

lint: ## formatting, the rules of the house, linters, scripts, known vulnerabilities
	.ci/lint

screenshots: deps ## take the README's pictures again
	.ci/screenshots

package: ## packages of the program for this system, and from Linux for Windows, in dist/
	@.ci/install package || .ci/install build
	.ci/package $(if $(twice),--twice)

clean: ## remove what was built
	rm -rf $(BINARY) dist
