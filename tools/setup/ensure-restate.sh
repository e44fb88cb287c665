#!/bin/sh
# Makes sure that Restate's server is there, for the tests that drive it: installs it from npm into a
# folder of its own. It is under the Business Source License, so nothing that is shipped depends on it.
set -eu

folder="$(cd "$(dirname "$0")" && pwd)/restate"
server="$folder/node_modules/@restatedev/restate-server"

[ -d "$server" ] && exit 0

# Suites of several projects may come here at once.
exec 9> "${TMPDIR:-/tmp}/basalt-ensure-restate.lock"
if command -v flock > /dev/null; then flock 9; fi
[ -d "$server" ] && exit 0
echo "Installing Restate's server for the tests" >&2
cd "$folder"
if npm ci --no-audit --no-fund > /dev/null; then exit 0; fi
echo "These tests need Restate's server. Install it with: (cd tools/setup/restate && npm ci)" >&2
exit 3
