# What PGXS needs to know of our message catalogues (G4). It reads this file
# where PostgreSQL is built with NLS; where there is no msgfmt, no language is
# built, and messages are in English.  From 16 on it reads po/LINGUAS itself.
CATALOG_NAME = reminder
AVAIL_LANGUAGES = $(shell cat po/LINGUAS)
GETTEXT_FILES = $(wildcard src/*.c)
GETTEXT_TRIGGERS = $(BACKEND_COMMON_GETTEXT_TRIGGERS) gettext_noop
GETTEXT_FLAGS = $(BACKEND_COMMON_GETTEXT_FLAGS)
ifeq (,$(shell command -v $(MSGFMT)))
WANTED_LANGUAGES = none
endif
