import { parse } from "smol-toml";
import { z } from "zod";
import type { LockedPackage } from "../../images/python/requirements";

const FILE = z.looseObject({ hashes: z.looseObject({ sha256: z.string() }) });

/** What is read of a `pylock.toml`. */
const PYLOCK = z.looseObject({
  packages: z.array(
    z.looseObject({
      name: z.string(),
      version: z.string(),
      wheels: z.array(FILE).optional(),
      sdist: FILE.optional(),
    }),
  ),
});

/**
 * The packages of a lock that was made for one platform, with the hashes of the wheels, or of the source where there is
 * no wheel.
 *
 * @see Python Packaging User Guide, "pylock.toml specification"
 * @throws Error of TOML or of its shape: the text comes from a program, not from a person
 */
export function packagesIn(pylock: string): readonly LockedPackage[] {
  return PYLOCK.parse(parse(pylock)).packages.map(({ name, version, wheels = [], sdist }) => {
    const source = wheels.length === 0 && sdist !== undefined;
    const files = source ? [sdist] : wheels;
    const hashes = files.map(({ hashes: { sha256 } }) => `sha256:${sha256}`).sort();
    return { name, version, hashes, ...(source ? { source } : {}) };
  });
}

/**
 * One lock for several machines. A package that all of them need in the same version stands there once, with the hashes
 * for all; another one stands there for its machine.
 */
export function mergedPackages(byMachine: ReadonlyMap<string, readonly LockedPackage[]>): readonly LockedPackage[] {
  const found = new Map<string, Map<string, LockedPackage>>();
  for (const [machine, packages] of byMachine) {
    for (const each of packages) {
      const key = `${each.name} ${each.version}`;
      const machines = found.get(key) ?? new Map<string, LockedPackage>();
      found.set(key, machines.set(machine, each));
    }
  }
  const merged = [...found.values()].flatMap((machines): LockedPackage[] => {
    const [first] = machines.values();
    if (first === undefined) return [];
    if (machines.size < byMachine.size) {
      return [...machines].map(([machine, each]) => ({ ...each, machine }));
    }
    const hashes = [...new Set([...machines.values()].flatMap((each) => each.hashes))].sort();
    return [{ ...first, hashes }];
  });
  return merged.sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function sortKey({ name, version, machine = "" }: LockedPackage): string {
  return [name, version, machine].join(" ");
}
