# What stager.py does, for images that have no Python, with the tools of any Unix: the copy of the volume KEY is an archive,
# /stage/volumes/KEY.tar, which knows whose each file is. It is always made anew and whole, and databases are not opened.
# Words: what to do, whose the archives are to be, and for each volume its key and the hash that its archive had.
set -eu
umask 077
action=$1 owner=$2 comma=''
shift 2

own() { [ -z "$owner" ] || chown "$owner" "$@"; }
digest() { sha256sum "$1" | cut -d ' ' -f 1; }

if [ "$action" = clear ]; then
  find /stage -mindepth 1 -maxdepth 1 -exec rm -rf {} +
  echo '[]'
  exit
fi
mkdir -p /stage/volumes
own /stage/volumes
printf '['
while [ $# -gt 0 ]; do
  volume=/volumes/$1 copy=/stage/volumes/$1.tar hash=$2
  printf '%s' "$comma"
  case $action in
    stage)
      tar -C "$volume" -cf "$copy" .
      own "$copy"
      printf '{"written":%s}' "$(wc -c <"$copy" | tr -d ' ')"
      ;;
    describe)
      printf '{"files":%s,"bytes":%s,"sha256":"%s","databases":{},"bad":[]}' \
        "$(tar -tf "$copy" | grep -cv '/$' || true)" "$(wc -c <"$copy" | tr -d ' ')" "$(digest "$copy")"
      ;;
    verify)
      if [ -f "$copy" ] && [ "$(digest "$copy")" = "$hash" ]; then printf '[]'; else
        printf '[["volumes/%s.tar","is not what was written"]]' "$1"
      fi
      ;;
    fill)
      find "$volume" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
      tar -C "$volume" -xpf "$copy"
      printf '[]'
      ;;
  esac
  comma=,
  shift 2
done
printf ']\n'
