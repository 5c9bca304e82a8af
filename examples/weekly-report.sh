#!/bin/sh
# For cron: writes the channel report into a folder each week, and prints nothing unless partners are overdue.
#
#   0 7 * * 1  sh weekly-report.sh ~/reports
#
# cron mails the output of a command. Exit codes: 0 no overdue partners, 1 overdue partners, 7 another process was
# using the database (it tries again), others are errors.
set -u
folder=${1:?usage: weekly-report.sh FOLDER}
chanlife=${CHANLIFE:-chanlife}
mkdir -p "$folder" || exit 5
page="$folder/channel-$(date +%Y-%m-%d).md"

report() {
    "$chanlife" report --format md --output "$page" --force --fail-on overdue --quiet --no-input
}

report
code=$?
if [ "$code" -eq 7 ]; then
    sleep 60
    report
    code=$?
fi

case $code in
    0) ;;
    1)
        echo "Overdue partners; the whole channel is in $page"
        "$chanlife" list --where overdue=yes --sort -overdue --columns key,owner,stage,days,overdue,missing
        ;;
    *) echo "The report could not be written (exit code $code)." ;;
esac
exit "$code"
