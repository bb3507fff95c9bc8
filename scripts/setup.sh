# Shared by the scripts of this folder: finds or installs what they need. Source it, do not run it.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

# install_packages PACKAGE...: by apt where that is possible, else a line that says what to install.
install_packages() {
  local missing=() package
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian or Ubuntu: install the equivalents of: $*" >&2
    return 0
  fi
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      echo "Please install with your system's package manager, then run this again:" >&2
      echo "  sudo apt-get install ${missing[*]}" >&2
      exit 1
    fi
    sudo=(sudo)
  fi
  echo "installing ${missing[*]}"
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

# make_venv: .venv with a Python of at least 3.11.
make_venv() {
  if [ ! -x .venv/bin/python ]; then
    local python
    for python in python3 python3.13 python3.12 python3.11; do
      if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$python" -m venv .venv && break
      fi
    done
    [ -x .venv/bin/python ] || { echo "emptor needs Python 3.11 or newer with venv" >&2; exit 1; }
    .venv/bin/python -m pip install -q --upgrade pip
  fi
}

build_packages=(g++ cmake ninja-build ccache git python3-dev python3-venv libeigen3-dev libboost-dev)
