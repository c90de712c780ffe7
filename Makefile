# The daily commands. ROOM=mapping and TEST=MappedRegionTest narrow the tests to one room or one class.

GRADLE = ./gradlew
NARROWED = $(if $(ROOM),-Proom=$(ROOM)) $(if $(TEST),-Ptest=$(TEST))

.DEFAULT_GOAL := help
.PHONY: help jar format lint quick test17 test21 test25 rust check compare release clean

help: ## lists these commands
	@sed -n 's/^\([a-z0-9]*\):.* ## \(.*\)/\1\t\2/p' Makefile | expand -t 10

jar: ## builds the library for this machine
	$(GRADLE) :java:sluice:jar

format: ## formats the Java and the Rust sources
	$(GRADLE) javaFormat
	cargo fmt --all

lint: ## checks formatting, runs clippy and Javadoc, with warnings as errors
	$(GRADLE) cargoFmt cargoClippy javaFormatCheck :java:sluice:javadoc

quick: ## runs the tests of ROOM on JDK 17 but the slow ones, in less than a minute
	$(GRADLE) test17 -Pquick $(NARROWED)

test17: ## runs the Java tests on JDK 17; narrowed by ROOM or TEST
	$(GRADLE) test17 $(NARROWED)

test21: ## runs the Java tests on JDK 21; narrowed by ROOM or TEST
	$(GRADLE) test21 $(NARROWED)

test25: ## runs the Java tests on JDK 25; narrowed by ROOM or TEST
	$(GRADLE) test25 $(NARROWED)

rust: ## runs the Rust tests
	$(GRADLE) cargoTest

check: ## runs everything that has to pass before a change is handed in
	$(GRADLE) check

compare: ## measures Sluice beside NIO, Netty and C
	$(GRADLE) compare

release: ## writes the release to build/repo
	$(GRADLE) publishLocal

clean: ## deletes what Gradle built
	$(GRADLE) clean
