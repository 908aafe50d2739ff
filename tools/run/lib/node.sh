# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A Node that is new enough, and the npm packages of the lock file.
#
# A Node >= 20.19 with npm on the PATH is used as it is. Else Debian's npm (Node 18, too old for the
# tools) fetches Node itself and a current npm from the npm registry into .tools/node, pinned by
# version and hash in tools/node/package-lock.json. Debian's npm conflicts with Node packages from
# elsewhere, so it is not in the list of packages but asked for only here.

NODE_HOME=.tools/node

node_is_new_enough() {
  command -v node >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number);
                     process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

fetch_node() {
  rm -rf "$NODE_HOME"
  mkdir -p "$NODE_HOME"
  cp tools/node/package.json tools/node/package-lock.json "$NODE_HOME/"
  # npm ci refuses a package whose hash is not the lock file's.
  (cd "$NODE_HOME" && npm ci --ignore-scripts --no-audit --no-fund)
  mkdir -p "$NODE_HOME/bin"
  ln -s ../node_modules/node-linux-"$(node_arch)"/bin/node "$NODE_HOME/bin/node"
  ln -s ../node_modules/npm/bin/npm-cli.js "$NODE_HOME/bin/npm"
  ln -s ../node_modules/npm/bin/npx-cli.js "$NODE_HOME/bin/npx"
  "$NODE_HOME/bin/node" --version
  PATH="$PWD/$NODE_HOME/bin:$PATH" npm --version
  cp tools/node/package-lock.json "$NODE_HOME/lock-of-this-node"
}

node_arch() {
  case $(uname -m) in
    x86_64) printf x64 ;;
    aarch64) printf arm64 ;;
    *) die "No pinned Node for $(uname -m): put a Node >= 20.19 with npm on the PATH." ;;
  esac
}

# After this, `node` and `npm` are new enough.
setup_node() {
  if node_is_new_enough && command -v npm >/dev/null; then return 0; fi
  if ! cmp -s tools/node/package-lock.json "$NODE_HOME/lock-of-this-node"; then
    command -v npm >/dev/null || install_packages packages-npm npm
    step node "Node (pinned, checked by hash)" \
      "the npm registry must be reachable once; or put a Node >= 20.19 with npm on the PATH" \
      fetch_node
  fi
  export PATH="$PWD/$NODE_HOME/bin:$PATH"
  node_is_new_enough || die "The Node in $NODE_HOME does not start: ./run clean --all, then again."
}

# What node_modules was made from: the lock file and the Node that ran.
modules_stamp() { { sha256sum package-lock.json && node --version; } | sha256sum | cut -d' ' -f1; }

install_modules() {
  npm ci --no-audit --no-fund
  modules_stamp >node_modules/.made-from
}

# The npm packages of package-lock.json; nothing to do while it has not changed.
setup_modules() {
  [[ -f package-lock.json ]] || return 0
  local made_from=
  [[ -f node_modules/.made-from ]] && made_from=$(<node_modules/.made-from)
  [[ $made_from == "$(modules_stamp)" ]] && return 0
  step npm-ci "npm packages" \
    "the npm registry must be reachable once; if package.json and lock file disagree: npm install" \
    install_modules
}
