import { PortError, parsePorts } from "../compose/types/ports";
import { memoize } from "../construct/memoize";
import { isMap, listOf } from "../spec/value";
import type { ServiceView } from "./service-view";

/** A port that a service publishes, whichever form it was written in, variables at their defaults. */
export interface PortView {
  /** Address of the host. Empty for all of them, `undefined` when only the operator knows it. */
  readonly address: string | undefined;
  /** Port of the container. `undefined` when it cannot be read. */
  readonly target: number | undefined;
  /** Port of the host. `undefined` when it cannot be read, or is any, or a range. */
  readonly published: number | undefined;
  readonly protocol: string;
  /** As written. */
  readonly text: string;
  /** Position in the service's `ports`. */
  readonly index: number;
}

/** The address at the beginning of a port of which only the operator knows the rest. */
const ADDRESS = /^(?:\[([^\]]*)\]|(\d+(?:\.\d+){3})):/;

/** The ports that a service publishes. */
export const portsOf: (service: ServiceView) => readonly PortView[] = memoize(({ spec, text, shown }) => {
  return listOf(spec.ports).flatMap((entry, index): readonly PortView[] => {
    if (isMap(entry)) {
      const [address, target, published] = [text(entry.host_ip), text(entry.target), text(entry.published)];
      const protocol = text(entry.protocol) || "tcp";
      const written = [entry.host_ip, entry.published, entry.target].map(shown).filter(Boolean).join(":");
      return [{ address, target: numberOf(target), published: numberOf(published), protocol, text: written, index }];
    }
    const written = text(entry);
    try {
      return parsePorts(written).map(({ host_ip: address = "", target, published = "", protocol }) => {
        return { address, target, published: numberOf(published), protocol, text: shown(entry), index };
      });
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      return [
        {
          address: ADDRESS.exec(written)?.slice(1).find(Boolean),
          target: undefined,
          published: undefined,
          protocol: "tcp",
          text: shown(entry),
          index,
        },
      ];
    }
  });
});

function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
