import { readFileSync } from "node:fs";

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"));

/** What runs a program in TypeScript. */
const RUNNER = "tsx";

/**
 * npm's lock of a folder with a program: this package, what runs it, and what both need, as they are locked here. The
 * package has no hash in it: what is published is packed later than this. No package has an address: npm asks the registry
 * that it is set to.
 */
export function programLock(): string {
  const { name, version, license, dependencies, engines, bin } = read("package.json");
  const { packages: locked }: { packages: Readonly<Record<string, LockedPackage>> } = read("package-lock.json");
  const packages: Record<string, unknown> = {
    [`node_modules/${name}`]: {
      version,
      ...{ license, dependencies, bin: bin["lamb-compose"] && { "lamb-compose": "dist/cli.js" }, engines },
    },
  };
  const open: (readonly [from: string, name: string])[] = [RUNNER, ...Object.keys(dependencies)].map((one) => [
    "",
    one,
  ]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const path = placeOf(locked, ...next);
    const found = path === undefined ? undefined : locked[path];
    if (path === undefined || found === undefined || Object.hasOwn(packages, path)) continue;
    const { dev: _, ...kept } = found;
    packages[path] = kept;
    const needed = { ...found.dependencies, ...found.optionalDependencies };
    open.push(...Object.keys(needed).map((one) => [path, one] as const));
  }
  const runner = locked[`node_modules/${RUNNER}`]?.version ?? "";
  const root = { name: "deploy", dependencies: { [name]: version, [RUNNER]: runner } };
  const sorted = Object.fromEntries(Object.entries(packages).sort(([one], [other]) => (one < other ? -1 : 1)));
  const lock = { name: "deploy", lockfileVersion: 3, requires: true, packages: { "": root, ...sorted } };
  const type =
    '{ readonly name: string; readonly lockfileVersion: number; readonly requires: boolean; readonly packages: { readonly "": { readonly name: string; readonly dependencies: Readonly<Record<string, string>> }; readonly [path: string]: object } }';
  return `/** npm's lock of a folder with a program. */\nexport const PROGRAM_LOCK: ${type} = ${JSON.stringify(lock)};\n`;
}

/** Where npm has put what a package needs: below it, or in a folder above. */
function placeOf(locked: Readonly<Record<string, LockedPackage>>, from: string, name: string): string | undefined {
  const steps = from.split(/(?:^|\/)node_modules\//).slice(1);
  for (let depth = steps.length; depth >= 0; depth--) {
    const path = [...steps.slice(0, depth), name].map((step) => `node_modules/${step}`).join("/");
    if (Object.hasOwn(locked, path)) return path;
  }
  return undefined;
}
