#!/bin/sh
# A first look: builds chanlife, takes four partners through the lifecycle in a temporary database, and ends with the
# report. Your data is not changed.
#
#   sh examples/quickstart.sh
set -eu
cd "$(dirname "$0")/.."

if [ -z "${CHANLIFE:-}" ]; then
    echo "Building chanlife; the first time takes a minute or two."
    cargo build --quiet --release
    chanlife() { cargo run --quiet --release -- "$@"; }
else
    chanlife() { "$CHANLIFE" "$@"; }
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CHANLIFE_DB="$folder/quickstart.db" CHANLIFE_TODAY=2026-11-23 CHANLIFE_ACTOR=ana
run() {
    echo
    echo "\$ chanlife $*"
    chanlife "$@"
}

run init

echo
echo "# Four partners join on different days."
run add-partner "Acme GmbH" --type reseller --region EMEA --owner ana --on 2026-02-02
run add-partner "Beta Ltd" --type msp --region EMEA --owner ben --on 2026-08-17
run add-partner "Gamma Inc" --type integrator --region NA --owner ana --on 2026-09-28
run add-partner "Delta SpA" --type distributor --region EMEA --owner ben --on 2026-10-05

echo
echo "# Acme passes the gates of every stage, from recruitment to growth."
run assess acme --answers examples/criteria.toml --on 2026-03-09
run done acme profile-match investment-agreed decision --on 2026-03-10
run advance acme --on 2026-03-16
run done acme agreement-signed success-measures --on 2026-04-08
run agree acme reporting-cadence=quarter margin=18 contract-end=2027-12-31 --by "Jane Doe" --on 2026-04-08
run advance acme --on 2026-04-13
run certify acme sales "Jane Doe <jane@acme.example>, sales" "Tom Lee <tom@acme.example>, sales" --on 2026-05-28
run certify acme technical tom --on 2026-05-28
run deliver acme documentation-kit --on 2026-05-28
run done acme support-ready --on 2026-05-28
run advance acme --on 2026-06-01
run done acme joint-marketing-plan first-opportunity --on 2026-06-25
run revenue add acme 12000 --on 2026-06-25 --ref A-1001
run advance acme --on 2026-06-29
run revenue add acme 36000 --period 2026-Q3 --ref Q3-REPORT

echo
echo "# Beta waits for a signature, Gamma is parked, Delta declines."
run assess beta --answers examples/criteria.toml --answer dedicated-sellers=1 --on 2026-09-18
run done beta profile-match investment-agreed decision --on 2026-09-21
run advance beta --on 2026-09-28
run park gamma --until 2027-02-01 --reason "budget frozen until next year" --on 2026-10-12
run leave delta --as declined --why price --reason "margin too low for them" --on 2026-11-02

echo
echo "# What would happen if Beta advanced now?"
run advance beta || echo "(refused: exit code $?)"

run report
