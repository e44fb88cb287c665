#!/bin/sh
# Makes sure that the headers of LLVM are there, whose ImmutableMap is a peer of kernel-collections.
# Installs them where this is root on a system with apt, else says the one command that does. Prints
# the folder of LLVM.
set -eu

version=$(clang -dumpversion | cut -d . -f 1)
folder=/usr/lib/llvm-$version
header=$folder/include/llvm/ADT/ImmutableMap.h

if [ ! -e "$header" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  echo "Installing llvm-$version-dev for the bench" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "llvm-$version-dev" > /dev/null
fi
if [ ! -e "$header" ]; then
  echo "The bench needs LLVM's headers: apt-get update && apt-get install -y llvm-$version-dev" >&2
  exit 1
fi
echo "$folder"
