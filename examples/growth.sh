#!/bin/sh
# Growth, as a story: two partners with joint business plans. One becomes productive; the other is put on the watch
# list, gets an improvement plan, and leaves. It uses a temporary database; your data is not changed.
#
#   sh examples/growth.sh
set -eu
cd "$(dirname "$0")/.."

if [ -z "${CHANLIFE:-}" ]; then
    cargo build --quiet --release
    chanlife() { cargo run --quiet --release -- "$@"; }
else
    chanlife() { "$CHANLIFE" "$@"; }
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CHANLIFE_DB="$folder/growth.db" CHANLIFE_ACTOR=ana
run() {
    echo
    echo "\$ chanlife $*"
    chanlife --today "$today" "$@"
}

today=2026-01-15
run init
echo
echo "# January: Acme and Beta entered Growth last autumn, and agree on business plans for the year."
run add-partner Acme --tier registered --stage growth --on 2025-09-01
run add-partner Beta --tier silver --stage growth --on 2025-09-01
run plan set acme --period 2026 --quarters 40000,50000,50000,60000 --agreed-by "Jane Doe"
run plan set beta --period 2026 --target 200000
run plan send beta
run plan agree beta --by "Joe Roe"
run plan action beta "hire a second seller" --due 2026-03-31 --owner ana

echo
echo "# Two quarters of sales reports."
cat > "$folder/sell-through.csv" <<'CSV'
partner,productIdentifier,quantitySold,unitPrice,salesDate,customerIdentifier,currency,ref
acme,SUITE,30,999.00,2026-02-10,Miller AG,EUR,A-1
acme,SUITE,22,999.00,2026-03-18,Orto SpA,EUR,A-2
acme,SUPPORT,12,1500.00,2026-05-06,Miller AG,EUR,A-3
acme,SUITE,45,999.00,2026-06-22,Nord Bank,EUR,A-4
acme,SUITE,-2,999.00,2026-06-29,Nord Bank,EUR,A-5
beta,SUITE,8,999.00,2026-02-27,City Labs,EUR,B-1
beta,SUPPORT,4,1650.00,2026-05-20,City Labs,USD,B-2
CSV
today=2026-07-15
run import revenue "$folder/sell-through.csv" --rate USD=0.92
run report growth
run report revenue --by partner,quarter

echo
echo "# Beta is below half of its plan for two quarters: it goes on the watch list and agrees to an improvement plan."
run report nonperforming
run watch beta --reason "below half of plan in Q1 and Q2"
run improve beta --until 2026-10-15 --reason "joint calls every week"
run plan action beta "five joint customer calls" --improve --due 2026-08-31

echo
echo "# Acme is productive and moves up a tier."
run tier review
run tier review acme --apply

echo
echo "# October: the improvement plan has ended without result; Beta leaves, with a complete off-boarding."
today=2026-10-20
run revenue add beta 0 --period 2026-Q3
run next
run decide beta leave --why no-resources --reason "no seller for our product left"
run done beta notice-given access-removed
run show beta
run check
