import { isLoopback } from "../../policy/loopback";
import type { ProjectModel } from "../engine/model";
import type { CutoverChange } from "./change";
import type { Compared } from "./data";

/** A port of the host. */
interface Published {
  readonly service: string;
  /** Whether other hosts reach it. */
  readonly isOpen: boolean;
}

/** Which ports of the host are closed, opened, or for this host alone from now on. */
export function* portChanges({ old, next }: Compared): Generator<CutoverChange> {
  const [was, is] = [publishedIn(old), publishedIn(next)];
  for (const [key, { service, isOpen }] of was) {
    const now = is.get(key);
    const subject = `${key} of ${service}`;
    if (now === undefined) {
      const text = isOpen
        ? "is no longer published; other hosts could reach it"
        : "is no longer published on this host";
      const fix = "find out who uses it: other programs, a proxy, bookmarks";
      yield { kind: "port-closed", subject, text, weight: "decide", fix };
    } else if (isOpen && !now.isOpen) {
      const text = "is for this host alone from now on; other hosts reached it";
      yield { kind: "port-narrowed", subject, text, weight: "decide", fix: "let them use the public name" };
    }
  }
  for (const [key, { service, isOpen }] of is) {
    const before = was.get(key);
    if (before?.isOpen === isOpen || (before !== undefined && !isOpen)) continue;
    const text = isOpen ? "is open to other hosts now" : "is published for this host now";
    yield { kind: "port-opened", subject: `${key} of ${service}`, text, weight: "fine" };
  }
}

/**
 * The ports by their names, such as `8080/tcp`. Several services, or addresses, may publish one port: it is as open as the
 * most open of them.
 */
function publishedIn({ services }: ProjectModel): ReadonlyMap<string, Published> {
  const found = new Map<string, Published>();
  for (const [service, { ports }] of Object.entries(services)) {
    for (const { published, protocol, host_ip = "" } of ports) {
      if (published === undefined || published === "") continue;
      const key = `${published}/${protocol}`;
      const isOpen = !isLoopback(host_ip) || found.get(key)?.isOpen === true;
      found.set(key, { service, isOpen });
    }
  }
  return found;
}
