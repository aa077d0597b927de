import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type * as promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepState } from "../../../lib/operate/journal/history";

/** What was brought to the disk, and where a name was given. */
const events: string[] = [];
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof promises>();
  const open: typeof real.open = async (path, flags, mode) => {
    const file = await real.open(path, flags, mode);
    const sync = file.sync.bind(file);
    file.sync = async () => {
      events.push(`sync ${String(path)}`);
      await sync();
    };
    return file;
  };
  const rename: typeof real.rename = async (from, to) => {
    events.push(`rename ${String(to)}`);
    await real.rename(from, to);
  };
  return { ...real, open, rename };
});

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-synced-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it("is on the disk, all files of it, before it has its name", async () => {
  mkdirSync(join(dir, "settings/deep"), { recursive: true });
  for (const name of [".env", "compose.yaml", "settings/deep/run"]) writeFileSync(join(dir, name), "text");
  const record = { operation: "up", began: "", ended: "", by: "", project: "", images: {}, hashes: {} };
  await keepState(dir, ["compose.yaml", "settings/deep/run"], record);
  const history = join(dir, ".lamb-compose/history");
  const before = events.slice(0, events.indexOf(`rename ${join(history, "0001")}`));
  const draft = join(history, "0001.draft");
  const synced = before.flatMap((event) => {
    const [what = "", path = ""] = event.split(" ");
    return what === "sync" && path.startsWith(draft) ? [relative(draft, path)] : [];
  });
  const files = ["files/.env", "files/compose.yaml", "files/settings/deep/run"];
  const folders = ["", "files", "files/settings", "files/settings/deep"];
  expect(synced).toEqual(expect.arrayContaining([...files, ...folders]));
});
