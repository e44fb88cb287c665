#!/bin/sh
# Makes sure that Debian's Chromium is there, for the tests that drive the run viewer: installs it where
# this is root on a system with apt, else says the one command that does.
set -eu

browser=/usr/bin/chromium
install='apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core'

[ -x "$browser" ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  echo "Installing Chromium for the tests of the run viewer" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium fonts-dejavu-core > /dev/null
  [ -x "$browser" ] && exit 0
fi

echo "The tests of the run viewer need $browser. Install it with: $install" >&2
exit 3
