import { OLD_SERVICES } from "../../lamb/facts/old-services";
import { RELEASES, servicesOf } from "../../lamb/facts/releases";
import type { ProjectModel } from "../engine/model";
import type { CutoverChange } from "./change";
import type { Compared } from "./data";

/** The service that does the work of an older one. `undefined` when none does. */
export function counterpart(name: string, { services }: ProjectModel): string | undefined {
  const now = OLD_SERVICES[name]?.now ?? name;
  return services[now] === undefined ? undefined : now;
}

/** Which services are gone, new, or run another image. */
export function* serviceChanges({ old, next }: Compared): Generator<CutoverChange> {
  if (old.name === next.name) {
    const text =
      "is the name of both projects: they cannot run beside each other, and `up` replaces the containers of the older one";
    const fix = "give the next one a name of its own: COMPOSE_PROJECT_NAME in its .env";
    yield { kind: "name-shared", subject: old.name, text, weight: "decide", fix };
  }
  const known = new Set(RELEASES.flatMap(servicesOf).map(({ name }) => name));
  for (const [name, { image = "built here" }] of Object.entries(old.services)) {
    const now = counterpart(name, next);
    const fact = OLD_SERVICES[name];
    if (now === undefined) {
      const chosen = known.has(name)
        ? {
            text: "is not among the parts that were chosen",
            fix: "choose it with `lamb-compose init`, when somebody uses it",
          }
        : { text: "is not in the deployment", fix: "put it into an overlay of your own, when somebody needs it" };
      const gone =
        fact === undefined
          ? { ...chosen, weight: "decide" as const }
          : { text: `is not needed: ${fact.reason}`, weight: "fine" as const };
      yield { kind: "service-gone", subject: name, ...gone };
      continue;
    }
    if (now !== name) {
      const hasAlias = aliasesOf(next, now).has(name);
      const text = hasAlias ? `is ${now} now, and is found by both names` : `is ${now} now: ${fact?.reason ?? ""}`;
      yield { kind: "service-renamed", subject: name, text, weight: hasAlias ? "fine" : "decide" };
    }
    const runs = next.services[now]?.image ?? "built here";
    if (image !== runs) {
      yield { kind: "image-changed", subject: now, text: `runs ${runs} instead of ${image}`, weight: "fine" };
    }
  }
  const continued = new Set(Object.keys(old.services).map((name) => counterpart(name, next)));
  for (const name of Object.keys(next.services)) {
    if (!continued.has(name)) yield { kind: "service-new", subject: name, text: "is new", weight: "fine" };
  }
}

function aliasesOf({ services }: ProjectModel, name: string): ReadonlySet<string> {
  return new Set(Object.values(services[name]?.networks ?? {}).flatMap((network) => network?.aliases ?? []));
}
