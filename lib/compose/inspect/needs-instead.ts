import { patternOf } from "../../spec/place";
import type { YamlPath } from "../../spec/value";

/** What does the same without a key: its place → words behind "use". */
const INSTEAD: Readonly<Record<string, string>> = {
  jobs: "a service with a profile of its own, which `docker compose run --rm` starts, and a systemd timer for its times",
  "services.*.pre_start":
    "a service that ends, and `depends_on` with `condition: service_completed_successfully` of the one that needs it",
  "services.*.umask": 'a command that sets it: `sh -c "umask 0027; exec …"`',
  "services.*.networks.*.use_service_name_alias":
    "a network that only those services join that may find this one by its name",
  "services.*.build.no_cache_filter": "`docker compose build --no-cache`",
};

/** What does the same as the key at a path, in releases that do not know it. */
export function insteadOf(path: YamlPath): string | undefined {
  return INSTEAD[patternOf(path)];
}
