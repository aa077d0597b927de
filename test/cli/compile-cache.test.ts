import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepCompiledCode } from "../../lib/cli/compile-cache";

const { enable } = vi.hoisted(() => ({ enable: vi.fn() }));
vi.mock("node:module", () => ({ default: { enableCompileCache: enable } }));

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "compile-cache-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
  enable.mockReset();
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

it("keeps compiled code in a folder of the user's own that nobody else can write", () => {
  keepCompiledCode();
  const folder = join(cache, "lamb-compose");
  expect(enable.mock.calls).toEqual([[folder]]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it("keeps none where others could put code of theirs", () => {
  keepCompiledCode();
  enable.mockReset();
  chmodSync(join(cache, "lamb-compose"), 0o777);
  keepCompiledCode();
  expect(enable).not.toHaveBeenCalled();
});

it("does without where there is no place for it", () => {
  vi.stubEnv("XDG_CACHE_HOME", "/dev/null");
  keepCompiledCode();
  expect(enable).not.toHaveBeenCalled();
});
