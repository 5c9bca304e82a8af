#!/bin/sh
# The whole lifecycle, as a story: three partners from recruitment over terms, readiness and launch to growth, with
# questionnaires, agreed terms, certified people, a launch paid with co-op funds, and a product that is announced.
# It shows every report on the way. It uses a temporary database; your data is not changed.
#
#   sh examples/lifecycle.sh
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
export CHANLIFE_DB="$folder/lifecycle.db" CHANLIFE_ACTOR=ana CHANLIFE_NO_INPUT=true
run() {
    echo
    echo "\$ chanlife $*"
    chanlife --today "$today" "$@"
}

today=2025-01-13
run init
echo
echo "# Adapt the program: an annual MDF budget, and the sender of announcements."
chanlife --today "$today" program show |
    sed -e 's/budget = { 2026/budget = { 2025 = 20000, 2026/' \
        -e 's/^notice_days = 90/&\nsender = "Ana Ruiz <ana@vendor.example>"/' > "$folder/program.toml"
run program diff "$folder/program.toml"
run program apply "$folder/program.toml"

echo
echo "# January: three candidates. Both sides answer their questionnaires; one verdict is overridden with a reason."
run add-partner "Acme GmbH" --type reseller --region EMEA --owner ana --contact "Jane Doe <jane@acme.example>, sales"
run add-partner "Beta Ltd" --type integrator --region NA --owner ben --contact "Bo Lind <bo@beta.example>, sales"
run add-partner "Gamma SA" --type reseller --region EMEA --owner ana --contact "Gil Weber <gil@gamma.example>, owner"
today=2025-02-17
run assess --where stage=recruitment --answers examples/criteria.toml --yes
run assess gamma --answer dedicated-sellers=0
run assess gamma vendor-criteria --override "the owner sells until a salesperson is hired"
run assess --compare acme gamma
run done --where stage=recruitment profile-match investment-agreed decision --yes
run report pipeline
run advance --where stage=recruitment --yes
run report overrides

echo
echo "# March: terms are agreed."
today=2025-03-10
run agree acme margin=18 reporting-cadence=quarter launch-notice=60 contract-end=2026-12-31 --by "Jane Doe"
run agree beta margin=20 reporting-cadence=month launch-notice=90 contract-end=2025-12-31 --by "Bo Lind"
run agree gamma margin=15 reporting-cadence=quarter --by "Gil Weber"
run done --where stage=terms agreement-signed success-measures --yes
run advance --where stage=terms --yes
run report terms --all

echo
echo "# April and May: people are certified, and all partners get the documentation kit."
today=2025-05-05
run certify acme sales jane "Tom Lee <tom@acme.example>, presales"
run certify acme technical tom
run certify beta sales bo "Ada Roy <ada@beta.example>, sales" --until 2026-04-30
run certify beta technical ada
run certify gamma sales gil
run deliver --where stage=readiness documentation-kit --yes
run ask gamma "Can one person be certified for two?" --by "Gil Weber"
run report readiness
run advance gamma || echo "(refused: exit code $?)"
today=2025-05-09
run answer 53 "No: two people of each partner are to sell on their own"
run certify gamma sales "Ines Gil <ines@gamma.example>, sales"
run certify gamma technical ines
run done --where stage=readiness support-ready --yes
run advance --where stage=readiness --yes

echo
echo "# June: launch. Co-op funds from the first deals pay for half of a webinar."
today=2025-06-10
run revenue add acme 60000 --on 2025-05-28 --ref A-1
run revenue add beta 45000 --on 2025-06-02 --ref B-1
today=2025-07-01
run fund accrue --where stage=launch --yes
run fund request acme webinar --cost 2400 --starts 2025-07-17 --expect 80000 --fund co-op
run fund grant beta 3000
run fund request beta fair --cost 4000 --starts 2025-07-20 --ends 2025-07-22 --fund mdf
run fund list
run fund approve 68
run fund approve 70
today=2025-07-25
run fund claim 68 --proof "invoice 4711" --leads 31 --pipeline 70000
run fund claim 70 2800 --proof "invoice B-77" --leads 12
run fund pay 73,74 --ref TR-2025-07
run done --where stage=launch joint-marketing-plan first-opportunity --yes
run revenue add gamma 7000 --on 2025-07-24 --ref G-1
run advance --where stage=launch --on 2025-07-25 --yes
run report funds

echo
echo "# September: Atlas 3 launches on December 15. Partners are notified ahead of the public, as agreed with each."
today=2025-09-25
cat > "$folder/atlas.txt" <<'TEXT'
Dear {{contact}},

on {{launch_day}}, in {{days_to_launch}} days, we launch Atlas 3. Your margin is {{margin}} percent, as agreed.

{{owner}}
TEXT
run announce atlas-3 --where stage=growth --where owner=ana --subject "Atlas 3 for {{partner}}" \
    --body "$folder/atlas.txt" --launch-day 2025-12-15 --messages "$folder/outbox" --yes
today=2025-10-06
run announce answered atlas-3 acme --by "Jane Doe" --text "wants two seats for the preview"
run announce atlas-3 --where stage=growth --merge "$folder/merge.csv" --yes
run report communication
run report communication atlas-3
run questions certified

echo
echo "# January: a business plan for the year, and all reports."
today=2026-01-12
run plan set --where stage=growth --period 2026 --target 200000 --agreed-by "both sides" --yes
run revenue add acme 52000 --on 2025-11-20 --ref A-2
run revenue add gamma 9000 --period 2025-Q4
run report reporting
run next
run calendar --until 2026-03-31
run calendar --ics --output "$folder/channel.ics"
today=2026-07-20
run revenue add acme 61000 --period 2026-Q1
run revenue add acme 64000 --period 2026-Q2
run revenue add beta 12000 --period 2026-Q2
run revenue add gamma 15000 --period 2026-Q2
for name in pipeline velocity stuck intervene forecast cohorts flow "compare --by region" overrides terms readiness \
    funds communication growth nonperforming reporting revenue tiers "review acme --period 2026-Q2"; do
    # shellcheck disable=SC2086 # a name may have options
    run report $name
done
run show acme
run check
run report
