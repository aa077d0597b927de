import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { Poll } from "./poll";
import { must } from "./run";

const CHOICES = ["--release", "0.6", "--tls", "internal"];
const VALUES = [
  "LAMB_PUBLIC_HOST=lamb.localhost",
  "OWI_PUBLIC_HOST=chat.localhost",
  "OWI_ADMIN_EMAIL=admin@uni-of-tests.eu",
];
const PLACES = [
  ["lamb", 9099, "database"],
  ["lamb", 9099, "uploads"],
  ["kb", 9090, "index"],
  ["openwebui", 8080, "database"],
] as const;

describeWith("docker-engine", "upgrade of a deployment of LAMB that init made", () => {
  vi.setConfig({ testTimeout: 400_000 });
  let one: Operated;
  const names = ["v0.6", "v0.7"].flatMap((tag) =>
    ["lamb", "lamb-kb", "openwebui", "lamb-library-manager"].map(
      (image) => [image, `ghcr.io/lamb-project/${image}:${tag}`] as const,
    ),
  );
  const images = [...names, ["caddy", "caddy:2.10.2-alpine"] as const];
  const marker = async (service: string, port: number, place: string, ...words: readonly string[]) => {
    const url = `http://127.0.0.1:${port}/stand-in/marker?place=${place}`;
    return (await one.compose("exec", "--no-TTY", service, "curl", "--fail", "--silent", ...words, url)).stdout;
  };
  beforeAll(async () => {
    for (const [image, name] of images) await must("docker", ["tag", inject("standIns")?.[image] ?? "", name]);
    one = await Operated.create({});
    const init = await one.lamb("init", ...CHOICES, ...VALUES.flatMap((value) => ["--set", value]));
    expect(init.code, init.stderr).toBe(0);
    const up = await one.lamb("up");
    expect(up.code, up.stderr).toBe(0);
  });
  afterAll(async () => {
    await one?.remove();
    for (const [, name] of images) await must("docker", ["image", "rm", name]);
  });

  it("is not begun where .env would run the images of before with the files of the new one", async () => {
    const path = join(one.dir, ".env");
    const before = await readFile(path, "utf8");
    await writeFile(path, `${before}LAMB_VERSION=v0.6\n`);
    const { code, stderr } = await one.lamb("upgrade", "0.7", "--yes");
    await writeFile(path, before);
    expect([code, stderr], stderr).toEqual([4, expect.stringContaining("asks for images of LAMB 0.6")]);
  });

  it("is a word, and nobody is turned away; what people made is there, and the way back too", async () => {
    for (const [service, port, place] of PLACES) {
      await marker(service, port, place, "--request", "PUT", "--data", `${place} of ${service}`);
    }
    const target = { port: 443, host: "lamb.localhost" };
    const poll = new Poll([
      { ...target, name: "lamb", path: "/status" },
      { port: 443, host: "chat.localhost", name: "openwebui", path: "/health" },
    ]);
    const { code, stdout, stderr } = await one.lamb("upgrade", "0.7", "--yes", "--watch", "5");
    const polled = await poll.end();
    console.log("LAMB 0.6 to 0.7:", JSON.stringify(polled), stderr);
    expect([code, stdout], stderr).toEqual([0, "upgraded; the state is kept as 2, and 1 is the way back\n"]);
    expect(stderr).toContain("  Uploads move to the folder `public` of their volume, where LAMB 0.6 does not look.\n");
    for (const name of ["lamb", "openwebui"]) expect(polled[name]).toMatchObject({ failed: 0 });
    // LAMB, what orders its uploads, and Open WebUI have data together: they stop together. Open WebUI leaves its tables as they
    // are, as the rehearsal sees, so that LAMB does not wait for it. Uploads move before LAMB looks for them.
    const record = await readFile(join(one.dir, ".lamb-compose", "history", "0002", "record.json"), "utf8");
    const { seconds }: { seconds: Record<string, number> } = JSON.parse(record);
    const { openwebui = 0 } = seconds;
    const startedAt = async (service: string) => {
      const { stdout: id } = await one.compose("ps", "--all", "--quiet", service);
      const { stdout: at } = await must("docker", ["inspect", "--format", "{{.State.StartedAt}}", id.trim()]);
      return Date.parse(at.trim());
    };
    expect((await startedAt("uploads")) - (await startedAt("openwebui"))).toBeLessThan((openwebui * 1000) / 2);
    console.log("starts:", JSON.stringify(seconds));
    // From the step that stops them to the one after their start, in whole seconds, and what Caddy takes to ask again.
    const begins = (what: string) => Number(new RegExp(`(\\d+) s {2}\\[\\d+/\\d+\\] ${what}`).exec(stderr)?.[1]);
    const away = begins("starting caddy") - begins("stopping openwebui, uploads, lamb");
    for (const name of ["lamb", "openwebui"]) expect(polled[name]?.longest).toBeLessThan(away + 2);
    const { stdout: run } = await one.compose("ps", "--format", "{{.Service}} {{.Image}}");
    expect(run).toContain("lamb ghcr.io/lamb-project/lamb:v0.7\n");
    for (const [service, port, place] of PLACES) {
      expect(JSON.parse(await marker(service, port, place))).toEqual({ text: `${place} of ${service}` });
    }
    const { stdout: volumes } = await must("docker", ["volume", "ls", "--format", "{{.Name}}"]);
    for (const name of ["lamb-data", "lamb-static", "kb-data", "kb-static", "openwebui-data"]) {
      expect(volumes).toContain(`${one.project}_${name}\n`);
      expect(volumes).toContain(`${one.project}_${name}-g2\n`);
    }
    // What a release brings begins empty, in the generation that runs.
    expect(volumes).toContain(`${one.project}_library-manager-data-g2\n`);
    expect(volumes).not.toContain(`${one.project}_library-manager-data\n`);
    expect(volumes).not.toContain("caddy-data-g2");
    expect((await one.lamb("diff", "--deployed")).stdout).toBe("what runs is what the files say\n");
  });
});
