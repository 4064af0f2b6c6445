#!/bin/sh
# Install what some tests drive and PyPI does not have: Chromium, a font with Chinese, Redis, a PostgreSQL that is not
# ours; and the packages that are named. Debian and Ubuntu only, and only as root or with a sudo that asks no password.
# Without them those tests are skipped.
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-noto-cjk"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root="none"
fi

if [ "$as_root" = "none" ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed, so the tests that need them are skipped:$missing" >&2
    exit 0
fi

echo "Installing for the tests:$missing …"
export DEBIAN_FRONTEND=noninteractive
if ! { $as_root apt-get -o DPkg::Lock::Timeout=300 update -qq &&
    $as_root apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null; }; then
    echo "That failed, so the tests that need them are skipped:$missing" >&2
fi
