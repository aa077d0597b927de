# Caddy reads a certificate when it starts, or is told to. Whoever renews the files need not tell it: they are compared every
# few seconds, and other ones are read. Where they do not fit each other yet, Caddy goes on with those that it had.
config=$1
shift
contents() { cat "$@" 2>/dev/null | sha256sum; }
served=$(contents "$@")
while sleep 10; do
  found=$(contents "$@")
  [ "$found" = "$served" ] && continue
  served=$found
  caddy reload --force --config "$config" --adapter caddyfile
done &
exec caddy run --config "$config" --adapter caddyfile
