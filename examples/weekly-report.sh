#!/bin/sh
# For cron: writes the channel's page into a folder each week, and mails nothing unless somebody must act.
#
#   0 7 * * 1  sh weekly-report.sh ~/reports
#
# cron mails what a command prints, so this prints only what deserves a look. It uses the exit codes:
# 0 all is well, 1 somebody is overdue, 7 the file was busy (tried again), others are errors.
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
