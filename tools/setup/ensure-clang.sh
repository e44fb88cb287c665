#!/bin/sh
# Makes sure that Debian's clang, lld and llvm are there, with the run-time libraries of the sanitizers
# and clang-format: what the kernels are compiled, linked, tested and formatted with. Installs them
# where this is root on a system with apt, else says the one command that does.
set -eu

packages='clang lld llvm clang-format libc6-dev'
install="apt-get update && apt-get install -y $packages"

tools_present() {
  command -v clang > /dev/null && command -v ld.lld > /dev/null &&
    command -v llvm-objdump > /dev/null && command -v clang-format > /dev/null
}

present() {
  tools_present && [ -e "$(clang -print-file-name="libclang_rt.asan-$(uname -m).a")" ]
}

add() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

present && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  # Targets of several projects may come here at once.
  exec 9> "${TMPDIR:-/tmp}/basalt-ensure-clang.lock"
  flock 9
  if ! present; then
    echo "Installing $packages for the kernels" >&2
    apt-get update -qq
    # shellcheck disable=SC2086
    add $packages
    # The sanitizers are a package of their own, named after the version.
    present || add "libclang-rt-$(clang -dumpversion | cut -d . -f 1)-dev"
  fi
  present && exit 0
fi

echo "The kernels need clang, ld.lld and llvm. Install them with: $install" >&2
exit 3
