#!/bin/sh
# Set up a checkout: Debian packages, a virtual environment in .venv, PlatformIO's offline core. Quick if all is there.
# Debian packages of the groups that are named as arguments are installed, and Python's of extras (+name); without root and sudo those that lack are listed.
set -eu
cd "$(dirname "$0")/.."

list=tinypack/emulator/apt-packages.txt # `tinypack doctor` reads it too

packages_of() { # names of a group's packages
  awk -v group="$1" '/^# group /{on = ($3 == group)} on && /^[a-z0-9]/{print $1}' "$list"
}

suite_of() { # the suite that a group's packages come from; nothing if it is the machine's own
  awk -v group="$1" '/^# group /{if ($3 == group && $4 == "from") print $5}' "$list"
}

missing=""
for group in "$@"; do
  [ -z "$(suite_of "$group")" ] || continue
  for package in $(packages_of "$group"); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
  done
done

if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null; then
    echo "setup: no apt-get here; bring these yourself:$missing"
  elif [ "$(id -u)" = 0 ]; then
    echo "setup: apt-get install$missing"
    as_root=""
  elif sudo -n true 2>/dev/null; then
    echo "setup: sudo apt-get install$missing"
    as_root="sudo"
  else
    echo "setup: neither root nor sudo: going on without these packages. To have them:"
    echo "  sudo apt-get install --no-install-recommends$missing"
  fi
  if [ -n "${as_root+set}" ]; then
    case " $missing " in
      *" openssh-server "*) # Tests start one of their own; Debian starts none where this file is.
        $as_root sh -c 'mkdir -p /etc/ssh && : >/etc/ssh/sshd_not_to_be_run' ;;
    esac
    # Quiet unless it fails.
    $as_root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends$missing" \
      >.setup.log 2>&1 || { cat .setup.log; exit 1; }
    rm -f .setup.log
  fi
fi

extras=verify,dev # Python packages, as pyproject.toml names them; an argument +name adds one
for extra in "$@"; do
  case $extra in +*) extras="$extras,${extra#+}" ;; esac
done

stamp=.venv/.tinypack-setup-$extras
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  python=$(command -v python3 || true)
  if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "setup: Python 3.10 or later is needed, found: ${python:-none}" >&2
    exit 1
  fi
  echo "setup: Python packages into .venv"
  .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[$extras]"
  touch "$stamp"
fi
.venv/bin/python -m tinypack.verify.core_dir >/dev/null

for group in "$@"; do # packages of other suites are unpacked beside, without root
  suite=$(suite_of "$group")
  [ -z "$suite" ] || .venv/bin/python -m tinypack.verify.beside "$suite" $(packages_of "$group")
done
