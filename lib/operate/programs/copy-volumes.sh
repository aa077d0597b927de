# What copier.py does, for images that have no Python, with the tools of any Unix: a copy is always made anew and whole, and
# databases are not opened. Words: what to do, and how many volumes there are.
set -eu
action=$1 count=$2 at=0

kilobytes() { du -sk "$1" | cut -f 1; }
lines() { wc -l | tr -d ' '; }

# Files of one folder that are not in another one, or that differ there. One line each, whatever the names are.
missing() (
  cd "$1"
  find . -type f -exec sh -c 'other=$0; for path; do [ -f "$other/$path" ] || echo .; done' "$2" {} +
)
different() (
  cd "$1"
  find . -type f -exec sh -c \
    'other=$0; for path; do [ ! -f "$other/$path" ] || cmp -s "$path" "$other/$path" || echo .; done' "$2" {} +
)

copy() {
  find "/to/$at" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
  cp -a "/from/$at/." "/to/$at/"
}

printf '['
while [ "$at" -lt "$count" ]; do
  [ "$at" -eq 0 ] || printf ','
  case $action in
    measure)
      free=$(df -Pk "/from/$at" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)
      files=$(find "/from/$at" -type f -exec sh -c 'for path; do echo .; done' sh {} + | lines)
      printf '{"files":%s,"bytes":%s,"shared":0,"free":%s}' \
        "$files" $(($(kilobytes "/from/$at") * 1024)) $((free * 1024))
      ;;
    sync)
      copy
      printf '{"files":0,"written":%s}' $(($(kilobytes "/to/$at") * 1024))
      ;;
    take | check)
      [ "$action" = check ] || copy
      printf '{"databases":[],"bad":[]}'
      ;;
    compare)
      printf '{"added":%s,"changed":%s,"removed":%s}' "$(missing "/from/$at" "/to/$at" | lines)" \
        "$(different "/from/$at" "/to/$at" | lines)" "$(missing "/to/$at" "/from/$at" | lines)"
      ;;
  esac
  at=$((at + 1))
done
printf ']\n'
