import type { Behaviour } from "../version";
import { SECTIONS } from "./model";
import type { Struct } from "./types";

/** Attributes of a service or a job alone, in the order of Compose 5.6, which has apart what both have. */
const OWN =
  "profiles triggers deploy develop restart scale attach container_name provider extends external_links links pre_start post_start pre_stop".split(
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

const SPLIT = new Map<Struct, Struct>([SECTIONS.services, SECTIONS.jobs].map((type) => [type, split(type)]));

/** The type with its fields in the order in which that version has them: it prints them so, and looks at them so. */
export function orderedFor(type: Struct, { does }: Behaviour): Struct {
  return (does("sharesContainerKeys") ? SPLIT.get(type) : undefined) ?? type;
}
