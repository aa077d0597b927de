import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LockedPackage } from "../../../lib/images/python/requirements";
import { mergedPackages, packagesIn } from "../../../lib/operate/dependencies/pylock";
import { SEED } from "../../support/property";

const hash = (digit: string) => digit.repeat(64);

describe("a lock of one platform", () => {
  it("has the wheels' hashes of a package, or its source's where there is no wheel", () => {
    // As `uv pip compile --format pylock.toml` writes it, shortened.
    const pylock = `
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "peewee"
version = "3.17.5"
sdist = { url = "https://index.example/peewee.tar.gz", hashes = { sha256 = "${hash("3")}" } }

[[packages]]
name = "pyyaml"
version = "6.0.3"
sdist = { url = "https://index.example/pyyaml.tar.gz", hashes = { sha256 = "${hash("9")}" } }
wheels = [
    { url = "https://index.example/b.whl", hashes = { sha256 = "${hash("2")}" } },
    { url = "https://index.example/a.whl", hashes = { sha256 = "${hash("1")}" } },
]
`;
    expect(packagesIn(pylock)).toEqual([
      { name: "peewee", version: "3.17.5", hashes: [`sha256:${hash("3")}`], source: true },
      { name: "pyyaml", version: "6.0.3", hashes: [`sha256:${hash("1")}`, `sha256:${hash("2")}`] },
    ]);
  });

  it("is refused when it is something else", () => {
    expect(() => packagesIn("no toml")).toThrow();
    expect(() => packagesIn("[[packages]]\nname = 'x'")).toThrow();
  });
});

describe("one lock for several machines", () => {
  const hashes = fc.uniqueArray(fc.constantFrom("1", "2", "3", "4", "5"), { minLength: 1 });
  const packages: fc.Arbitrary<readonly LockedPackage[]> = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      version: fc.constantFrom("1", "2"),
      hashes: hashes.map((digits) => digits.map((digit) => `sha256:${hash(digit)}`).sort()),
    }),
    { selector: ({ name }) => name },
  );
  const machines = fc.record({ x86_64: packages, aarch64: packages });
  const merged = (locks: Readonly<Record<string, readonly LockedPackage[]>>) =>
    mergedPackages(new Map(Object.entries(locks)));

  it("has for each machine what that machine needs, and no other version", () => {
    fc.assert(
      fc.property(machines, (locks) => {
        const all = merged(locks);
        for (const [machine, lock] of Object.entries(locks)) {
          const here = all.filter((each) => each.machine === undefined || each.machine === machine);
          expect(here.map(({ name, version }) => [name, version]).sort()).toEqual(
            lock.map(({ name, version }) => [name, version]).sort(),
          );
          for (const { name, hashes: wanted } of lock) {
            expect(here.find((each) => each.name === name)?.hashes).toEqual(expect.arrayContaining([...wanted]));
          }
        }
      }),
      SEED,
    );
  });

  it("is the same in whichever order the machines and packages come", () => {
    fc.assert(
      fc.property(machines, ({ x86_64, aarch64 }) => {
        expect(merged({ aarch64: aarch64.toReversed(), x86_64: x86_64.toReversed() })).toEqual(
          merged({ x86_64, aarch64 }),
        );
      }),
      SEED,
    );
  });

  it("names a machine only where it makes a difference", () => {
    const torch = { name: "torch", version: "2", hashes: [`sha256:${hash("1")}`] };
    const cuda = { name: "cuda", version: "12", hashes: [`sha256:${hash("2")}`] };
    expect(merged({ x86_64: [torch, cuda], aarch64: [{ ...torch, hashes: [`sha256:${hash("3")}`] }] })).toEqual([
      { ...cuda, machine: "x86_64" },
      { ...torch, hashes: [`sha256:${hash("1")}`, `sha256:${hash("3")}`] },
    ]);
  });
});
