import { expect, it } from "vitest";
import { startTogether } from "../../../lib/operate/switch/start-together";

/** Starts services whose waits are given, and says what happened in which order. A service fails when its name ends with `!`. */
function started(waits: Readonly<Record<string, readonly string[]>>) {
  const said: string[] = [];
  const ending = new Map<string, () => void>();
  const start = async (service: string, failed: AbortSignal) => {
    said.push(`${service}?`);
    await new Promise<void>((resolve) => {
      ending.set(service, resolve);
      failed.addEventListener("abort", () => resolve());
    });
    if (failed.aborted) return void said.push(`${service} given up`);
    said.push(service);
    if (service.endsWith("!")) throw new Error(`${service} failed`);
  };
  const all = startTogether(Object.keys(waits), (service) => waits[service] ?? [], start).then(
    () => said.push("done"),
    (error: Error) => said.push(error.message),
  );
  const end = async (service: string) => {
    await new Promise(setImmediate);
    ending.get(service)?.();
    await new Promise(setImmediate);
  };
  return { said, all, end };
}

it("starts each service when those are well that it waits for, and what waits for none at once", async () => {
  const { said, all, end } = started({ chat: [], files: [], web: ["files", "elsewhere"], mail: ["chat", "web"] });
  await end("files");
  expect(said).toEqual(["chat?", "files?", "files", "web?"]);
  await end("chat");
  expect(said).not.toContain("mail?");
  await end("web");
  await end("mail");
  await all;
  expect(said.slice(4)).toEqual(["chat", "web", "mail?", "mail", "done"]);
});

it("waits for none any more once one has failed, begins none, and says why the first one failed", async () => {
  const { said, all, end } = started({ "db!": [], chat: [], web: ["chat"] });
  await end("db!");
  await all;
  expect(said).toEqual(["db!?", "chat?", "db!", "chat given up", "db! failed"]);
});
