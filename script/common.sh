# common.sh - read by the other scripts: how to speak, and which PostgreSQL.
# shellcheck shell=bash

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# 2, so that callers can tell our own trouble from a failed test's 1.
die() {
	say "$*"
	exit 2
}

# Sets PG_CONFIG, PG_MAJOR and pg_bin.  PG_CONFIG is asked first, then
# PG_MAJOR, then the pg_config in PATH; where there is none yet, it will be 15.
# False when this PostgreSQL is not there.
find_postgres() {
	local version
	if [ -z "${PG_CONFIG-}" ] && [ -n "${PG_MAJOR-}" ]; then
		PG_CONFIG=/usr/lib/postgresql/$PG_MAJOR/bin/pg_config
	fi
	PG_CONFIG=${PG_CONFIG:-pg_config}
	if version=$("$PG_CONFIG" --version 2>/dev/null); then
		PG_CONFIG=$(command -v "$PG_CONFIG")
		version=${version#PostgreSQL }
		PG_MAJOR=${version%%[!0-9]*}
		pg_bin=$("$PG_CONFIG" --bindir)
	else
		PG_MAJOR=${PG_MAJOR:-15}
		pg_bin=/usr/lib/postgresql/$PG_MAJOR/bin
	fi
	export PG_CONFIG PG_MAJOR
	[ -x "$pg_bin/initdb" ]
}
