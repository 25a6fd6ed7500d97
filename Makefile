# reminder: `make` builds the extension, `make install` puts it into the
# PostgreSQL of PG_CONFIG, `make installcheck` tests it there.  The targets in
# OWN_TARGETS need nothing installed: they bring what is missing and use a
# throw-away cluster (script/with-cluster).

EXTENSION = reminder
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(EXTENSION).control)

MODULE_big = $(EXTENSION)
OBJS = \
	src/access.o \
	src/accrual.o \
	src/assignment.o \
	src/attach.o \
	src/attachbook.o \
	src/calendar.o \
	src/calendar_sql.o \
	src/caller.o \
	src/cases.o \
	src/clip.o \
	src/column.o \
	src/decide.o \
	src/decide_sql.o \
	src/expression.o \
	src/drift.o \
	src/elsewhere.o \
	src/facts.o \
	src/failing.o \
	src/fired.o \
	src/guard.o \
	src/history.o \
	src/identity.o \
	src/interest.o \
	src/interest_sql.o \
	src/judge.o \
	src/law.o \
	src/lawbook.o \
	src/ledger.o \
	src/limitation.o \
	src/limitation_sql.o \
	src/lock.o \
	src/losses.o \
	src/mapped.o \
	src/merge.o \
	src/mirror.o \
	src/money.o \
	src/origin.o \
	src/owner.o \
	src/plans.o \
	src/place.o \
	src/probe.o \
	src/protect.o \
	src/reference.o \
	src/reference_sql.o \
	src/reminder.o \
	src/residual.o \
	src/resultset.o \
	src/returns.o \
	src/rows.o \
	src/run.o \
	src/said.o \
	src/status.o \
	src/statusbook.o \
	src/termbook.o \
	src/terms.o \
	src/then.o \
	src/together.o \
	src/token.o \
	src/try.o \
	src/veto.o \
	src/walk.o \
	src/watch.o \
	src/words.o

# Order is meaning: these go into the extension script one after the other.
EXTENSION_PARTS = \
	sql/extension/00-prelude.sql \
	sql/extension/10-version.sql \
	sql/extension/15-words.sql \
	sql/extension/20-calendar.sql \
	sql/extension/30-reference.sql \
	sql/extension/35-interest.sql \
	sql/extension/36-law.sql \
	sql/extension/40-decide.sql \
	sql/extension/50-triggers.sql \
	sql/extension/52-losses.sql \
	sql/extension/55-trigger-list.sql \
	sql/extension/56-veto.sql \
	sql/extension/60-rules.sql \
	sql/extension/61-channels.sql \
	sql/extension/61-terms.sql \
	sql/extension/61-history.sql \
	sql/extension/62-cases.sql \
	sql/extension/62-enforcement.sql \
	sql/extension/62-status.sql \
	sql/extension/63-payments.sql \
	sql/extension/63-take-back.sql \
	sql/extension/64-by-hand.sql \
	sql/extension/64-record.sql \
	sql/extension/64-approval.sql \
	sql/extension/65-rule-law.sql \
	sql/extension/66-limitation.sql \
	sql/extension/67-readiness.sql \
	sql/extension/68-interest.sql \
	sql/extension/69-plans.sql \
	sql/extension/69-tax-reduction.sql \
	sql/extension/69-outbox.sql \
	sql/extension/69-distribution.sql \
	sql/extension/69-agency.sql \
	sql/extension/70-run.sql \
	sql/extension/71-prices.sql \
	sql/extension/72-preview.sql \
	sql/extension/73-control-accounts.sql \
	sql/extension/73-settlement.sql \
	sql/extension/73-seal.sql \
	sql/extension/73-as-of.sql \
	sql/extension/74-schedule.sql \
	sql/extension/75-erase.sql \
	sql/extension/76-reports.sql \
	sql/extension/77-debtor.sql \
	sql/extension/80-upgrade.sql \
	sql/extension/85-check.sql \
	sql/extension/86-conservation.sql \
	sql/extension/87-attach.sql \
	sql/extension/87-unattached.sql \
	sql/extension/88-protect.sql \
	sql/extension/89-check-attached.sql \
	sql/extension/95-walls.sql \
	sql/extension/96-roles.sql \
	sql/extension/97-callers.sql \
	sql/extension/99-rights.sql

# And these, in this order, become the body of reminder.install().
INSTALL_PARTS = \
	sql/install/10-law.sql \
	sql/install/12-fees.sql \
	sql/install/14-interest-rates.sql \
	sql/install/16-law-rules.sql \
	sql/install/18-allocation.sql \
	sql/install/19-retention.sql \
	sql/install/20-parties.sql \
	sql/install/21-terms.sql \
	sql/install/22-channels.sql \
	sql/install/30-rules.sql \
	sql/install/40-ledger.sql \
	sql/install/41-factoring.sql \
	sql/install/42-documents.sql \
	sql/install/43-distribution.sql \
	sql/install/44-tax-reduction.sql \
	sql/install/46-postings.sql \
	sql/install/47-control-accounts.sql \
	sql/install/48-prices.sql \
	sql/install/50-cases.sql \
	sql/install/51-enforcement.sql \
	sql/install/52-limitation.sql \
	sql/install/53-plans.sql \
	sql/install/54-by-hand.sql \
	sql/install/54-outbox.sql \
	sql/install/55-agency.sql \
	sql/install/55-debtor.sql \
	sql/install/55-history.sql \
	sql/install/56-digest.sql \
	sql/install/56-access.sql \
	sql/install/57-attachments.sql \
	sql/install/58-settlement.sql \
	sql/install/59-seal.sql \
	sql/install/60-triggers.sql \
	sql/install/68-commission-views.sql \
	sql/install/69-plan-views.sql \
	sql/install/70-views.sql \
	sql/install/72-limitation-views.sql \
	sql/install/73-approval-views.sql \
	sql/install/73-channel-views.sql \
	sql/install/73-terms-views.sql \
	sql/install/74-law-views.sql \
	sql/install/74-outbox-views.sql \
	sql/install/76-money-views.sql \
	sql/install/76-reconciliation-views.sql \
	sql/install/77-price-views.sql \
	sql/install/77-report-views.sql \
	sql/install/78-settlement-views.sql \
	sql/install/78-seal-views.sql \
	sql/install/78-attachment-views.sql \
	sql/install/79-view-columns.sql \
	sql/install/80-rights.sql \
	sql/install/82-walls.sql \
	sql/install/84-event-triggers.sql

SCRIPT = $(EXTENSION)--$(EXTVERSION).sql
SCRIPT_PARTS = $(EXTENSION_PARTS) \
	sql/install/_head.sql $(INSTALL_PARTS) sql/install/_foot.sql

DATA = $(wildcard sql/update/$(EXTENSION)--*--*.sql)
DATA_built = $(SCRIPT)

# pg_regress takes ./sql/NAME.sql before test/sql/NAME.sql, hence the numbers
# in the names under sql/.  expected/ serves both kinds of test.
REGRESS := $(sort $(basename $(notdir $(wildcard test/sql/*.sql))))
ISOLATION := $(sort $(basename $(notdir $(wildcard test/specs/*.spec))))
ifneq (,$(filter $(REGRESS),$(ISOLATION)))
$(error test/sql and test/specs share the name $(filter $(REGRESS),$(ISOLATION)), and so one file in expected/)
endif
# pg_regress would have dates the American way, in California; and tells the
# tests where they are from 15 on only.
TEST_OPTS = --inputdir=test --outputdir=. --load-extension=$(EXTENSION) \
	--launcher="env PGDATESTYLE=ISO PGTZ=UTC PG_ABS_SRCDIR=$(CURDIR)/test"
REGRESS_OPTS = $(TEST_OPTS)
ISOLATION_OPTS = $(TEST_OPTS)
PROVE_TESTS := $(sort $(wildcard test/t/*.pl))
ifneq (,$(PROVE_TESTS))
TAP_TESTS = 1
endif

# Only what PostgreSQL calls is exported: it loads all libraries into one name
# space.  (-fvisibility=hidden would hide SQL's functions too before 16.)  JIT
# must then not inline our code, whose helpers it could not find: no bitcode.
SHLIB_EXPORTS = exports.txt
EXTRA_CLEAN = exports.txt
override with_llvm = no

PG_CONFIG ?= pg_config
# WERROR=1 is for our own tests.  -isystem keeps PostgreSQL's headers out of it,
# and what its callbacks are given they need not use.
ifdef WERROR
PG_CPPFLAGS = -isystem $(shell $(PG_CONFIG) --includedir-server)
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter -Werror
endif

OWN_TARGETS = check demo bench fuzz lint

# PGXS has a check of its own, and cannot be read before PostgreSQL is there.
ifneq (,$(or $(filter-out $(OWN_TARGETS),$(MAKECMDGOALS)),$(if $(MAKECMDGOALS),,all)))
PGXS := $(shell $(PG_CONFIG) --pgxs)
ifeq (,$(PGXS))
$(error no PostgreSQL to build for: script/deps installs one, or set PG_CONFIG)
endif
include $(PGXS)
PROVE_FLAGS += -I test/t/lib

$(OBJS): $(wildcard src/*.h)

exports.txt: $(OBJS:.o=.c)
	sed -n -e 's/^PG_FUNCTION_INFO_V1(\(.*\));.*/\1 pg_finfo_\1/p' \
		-e 's/^PG_MODULE_MAGIC.*/Pg_magic_func/p' \
		-e 's/^\(_PG_init\)(void)$$/\1/p' $^ | tr ' ' '\n' > $@.tmp
	mv $@.tmp $@

$(SCRIPT): $(SCRIPT_PARTS) $(EXTENSION).control Makefile
	sed 's/@VERSION@/$(EXTVERSION)/' $(SCRIPT_PARTS) > $@.tmp
	mv $@.tmp $@
endif

ifneq (,$(filter $(OWN_TARGETS),$(MAKECMDGOALS)))
.PHONY: $(OWN_TARGETS)

# every test there is; the last line says how many passed and failed
check:
	@script/check

# the main job on real data; BOOK=file brings one's own, KEEP=1 leaves it running
demo:
	@demo/run

bench:
	@script/with-cluster --conf 'shared_buffers = 2GB' --conf 'max_wal_size = 64GB' --conf 'checkpoint_timeout = 1d' --conf 'autovacuum = off' -- bench/run

# whatever random bytes ask of the pure C: ten million questions each; RUNS=n
fuzz:
	@script/deps fuzz
	@test/fuzz/run --long

# what can be found without running anything, as far as the tools are there
lint:
	@script/lint
endif
