#!/bin/sh
# Makes sure that Debian's wrk is there, for the tests of the HTTP host: installs it where this is root on
# a system with apt, else says the one command that does.
set -eu

install='apt-get update && apt-get install -y --no-install-recommends wrk'

command -v wrk > /dev/null && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  echo "Installing wrk for the tests of the HTTP host" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk > /dev/null
  command -v wrk > /dev/null && exit 0
fi

echo "The tests of the HTTP host need wrk. Install it with: $install" >&2
exit 3
