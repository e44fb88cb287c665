#!/bin/sh
# Makes sure that Debian's redis-server is there, for the tests of what is kept in Redis: installs it
# where this is root on a system with apt, else says the one command that does. Each suite starts a
# server of its own, on a free port and in a folder of its own.
set -eu

install='apt-get update && apt-get install -y --no-install-recommends redis-server'

command -v redis-server > /dev/null && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  # Suites of several projects may come here at once.
  exec 9> "${TMPDIR:-/tmp}/basalt-ensure-redis.lock"
  flock 9
  if ! command -v redis-server > /dev/null; then
    echo "Installing redis-server for the tests" >&2
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      redis-server > /dev/null
  fi
  command -v redis-server > /dev/null && exit 0
fi

echo "These tests need redis-server. Install it with: $install" >&2
exit 3
