#!/bin/sh
# Makes sure that Debian's QEMU for x86_64 and arm64 is there: what the kernels boot in. Installs it
# where this is root on a system with apt, else says the one command that does.
set -eu

packages='qemu-system-x86 qemu-system-arm'
install="apt-get update && apt-get install -y --no-install-recommends $packages"

present() {
  command -v qemu-system-x86_64 > /dev/null && command -v qemu-system-aarch64 > /dev/null
}

present && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  # Targets of several projects may come here at once.
  exec 9> "${TMPDIR:-/tmp}/basalt-ensure-qemu.lock"
  flock 9
  if ! present; then
    echo "Installing $packages to boot the kernels" >&2
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      -o DPkg::Lock::Timeout=600 $packages > /dev/null
  fi
  present && exit 0
fi

echo "Kernels boot in qemu-system-x86_64 and qemu-system-aarch64. Install them with: $install" >&2
exit 3
