import { get } from "node:http";
import { App, ComposeFile, Image, Port, Service, SettingsFolder } from "lamb-compose";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { hashOf, manifestText } from "../../lib/disk/manifest";
import { MANIFEST } from "../../lib/disk/reserved-names";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { Poll } from "./poll";
import { must, type Ran } from "./run";

const PORT = 18090;
const CONFIG = ["--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"];

/** Caddy, which answers with a text that its Caddyfile says. */
function files(text: string): Readonly<Record<string, string>> {
  const app = new App();
  const stack = new ComposeFile(app, "stack", { fileName: "compose.yaml" });
  const caddyfile = `:80 {\n\trespond "${text}"\n}\n`;
  const settings = new SettingsFolder(stack, "settings", { folder: "caddy", files: { Caddyfile: caddyfile } });
  const proxy = new Service(stack, "proxy", {
    command: ["caddy", "run", ...CONFIG],
    image: new Image("operated/caddy", { tag: "1" }),
    labels: settings.labels,
    ports: [Port.loopback(80, { published: PORT })],
    volumes: [settings.at("/etc/caddy")],
  });
  settings.reloadedIn(proxy, {
    command: ["caddy", "reload", ...CONFIG],
    compare: {
      inForce: ["wget", "-qO-", "http://127.0.0.1:2019/config/"],
      inFiles: ["caddy", "adapt", ...CONFIG],
    },
  });
  const { files: texts } = app.synth();
  const manifest = manifestText(new Map([...texts].map(([name, content]) => [name, [hashOf(content)]])));
  return { ...Object.fromEntries(texts), [MANIFEST]: manifest };
}

function answer(): Promise<string> {
  return new Promise((resolve) => {
    const asked = get({ host: "127.0.0.1", port: PORT, agent: false }, (found) => {
      let text = "";
      found.on("data", (part: Uint8Array) => {
        text += Buffer.from(part).toString();
      });
      found.once("end", () => resolve(text));
    });
    asked.once("error", (error) => resolve(error.message));
  });
}

describeWith("docker-engine", "a Caddyfile that is replaced", () => {
  let one: Operated;
  beforeAll(async () => {
    await must("docker", ["tag", inject("standIns")?.caddy ?? "", "operated/caddy:1"]);
    one = await Operated.create(files("one"));
    const { code, stderr } = await one.lamb("up");
    expect(code, stderr).toBe(0);
  });
  afterAll(async () => {
    await one?.remove();
    await must("docker", ["image", "rm", "operated/caddy:1"]);
  });

  /** Does something while somebody does not stop asking for the page. */
  const polled = async (act: () => Promise<Ran>) => {
    const poll = new Poll([{ name: "page", port: PORT, path: "/" }]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const ran = await act();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { ran, page: (await poll.end()).page };
  };
  const troubles = async () => {
    const { checks } = JSON.parse((await one.lamb("doctor", "--json")).stdout);
    const rows: { id: string; state: string }[] = checks;
    const about = ["settings-current", "deployed-files", "mounts-current"];
    return rows.filter(({ id, state }) => about.includes(id) && state !== "ok").map(({ id }) => id);
  };

  it("takes effect with our commands by a reload, of which nobody notices anything, and is what runs from then on", async () => {
    const { Id } = await one.container("proxy");
    await one.write(files("two"));
    expect((await one.lamb("diff", "--deployed")).stdout).toContain("only have it read its settings again");
    expect(await troubles()).toEqual(["deployed-files", "settings-current"]);
    const up = await polled(() => one.lamb("up"));
    expect([up.ran.code, await answer()], up.ran.stderr).toEqual([0, "two"]);
    expect(up.page).toMatchObject({ failed: 0 });
    expect(up.page?.count).toBeGreaterThan(20);
    expect((await one.lamb("diff", "--deployed")).stdout).toBe("what runs is what the files say\n");
    expect(await troubles()).toEqual([]);

    await one.write(files("three"));
    const upgrade = await polled(() => one.lamb("upgrade", "--yes", "--watch", "1"));
    expect([upgrade.ran.code, await answer()], upgrade.ran.stderr).toEqual([0, "three"]);
    expect(upgrade.page).toMatchObject({ failed: 0 });
    const back = await polled(() => one.lamb("rollback", "1", "--yes", "--watch", "1"));
    expect([back.ran.code, await answer()], back.ran.stderr).toEqual([0, "one"]);
    expect(back.page).toMatchObject({ failed: 0 });
    expect((await one.container("proxy")).Id).toBe(Id);
  });

  it("that Caddy does not take leaves what runs as it was, and is said", async () => {
    await one.write({ ...files("four"), "caddy/Caddyfile": ":80 {\n\tnonsense\n}\n" });
    const { code, stderr } = await one.lamb("up");
    expect([code, stderr]).toEqual([
      6,
      expect.stringContaining("reload-failed at proxy: does not take its new settings"),
    ]);
    expect(await answer()).toBe("one");
  });

  it("takes effect with plain `docker compose up`, which makes the container anew, and once", async () => {
    await one.write(files("five"));
    const { stderr } = await one.compose("up", "--detach", "--wait");
    expect(stderr).toContain("Recreated");
    expect(await answer()).toBe("five");
    const { Id } = await one.container("proxy");
    await one.write(files("five"));
    await one.compose("up", "--detach", "--wait");
    expect((await one.lamb("up")).code).toBe(0);
    expect((await one.container("proxy")).Id).toBe(Id);
  });
});
