import { SECTIONS } from "../types/model";
import type { Struct } from "../types/types";
import type { Behaviour } from "../version";

/** Attributes of a service alone, in the order of Compose 5.6, which splits services from what jobs have too. */
const OWN =
  "profiles deploy develop restart scale attach container_name provider extends external_links links pre_start post_start pre_stop".split(
    " ",
  );

/** Attributes that services and jobs have, but no `pre_start` step; they come last. */
const WORKLOAD = "build depends_on expose healthcheck ports stdin_open tty".split(" ");

function split(service: Struct): Struct {
  const rank = (name: string) => (OWN.includes(name) ? 0 : WORKLOAD.includes(name) ? 2 : 1);
  const place = (name: string) => [...OWN, ...WORKLOAD].indexOf(name);
  const fields = [...service.fields].sort((a, b) => rank(a.name) - rank(b.name) || place(a.name) - place(b.name));
  return { ...service, fields };
}

const SPLIT_SERVICE = split(SECTIONS.services);

/** The type with its fields in the order in which that version prints them. */
export function orderedFor(type: Struct, { does }: Behaviour): Struct {
  return type === SECTIONS.services && does("sharesContainerKeys") ? SPLIT_SERVICE : type;
}
