# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Debian packages: looks first, installs only what is missing, and says why when it cannot.

PACKAGE_LIST=tools/debian-packages.txt

# The packages of the named groups.
packages_of() {
  awk -v wanted=" $* " '!/^#/ && NF == 2 && index(wanted, " " $1 " ") { print $2 }' "$PACKAGE_LIST"
}

# Those of the named groups that are not installed.
missing_packages() {
  local package status
  for package in $(packages_of "$@"); do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || printf '%s\n' "$package"
  done
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt_install() {
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# install_packages NAME PACKAGE...: a step, or a sentence that says why it cannot be one.
install_packages() {
  local name=$1
  shift
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null ||
      die "Debian packages are missing, and neither root nor sudo is here to install them." \
        "As root: apt-get install $*"
    # The password prompt belongs to the terminal, not to a log.
    sudo -n true 2>/dev/null || sudo -v || die "sudo refused. As root: apt-get install $*"
  fi
  step "$name" "Debian packages ($# missing)" \
    "look for a held or conflicting package in the log; 'apt-get install $*' by hand shows it" \
    apt_install "$@"
}

# setup_packages GROUP...: all of these groups is there afterwards. No network when it already is.
setup_packages() {
  local missing
  command -v dpkg-query >/dev/null ||
    die "This set-up is for Debian 12. Elsewhere, install what $PACKAGE_LIST lists" \
      "and build by hand as CONTRIBUTING.md tells."
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -eq 0 ]] || install_packages packages "${missing[@]}"
}
