import { get } from "node:http";
import { App, ComposeFile, Image, Port, Service, SettingsFolder } from "lamb-compose";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { Poll } from "./poll";
import { must } from "./run";

const PORT = 18090;
const CONFIG = ["--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"];

/** Caddy, which answers with a text that its Caddyfile says. */
function files(text: string): Readonly<Record<string, string>> {
  const app = new App();
  const stack = new ComposeFile(app, "stack", { fileName: "compose.yaml" });
  const caddyfile = `:80 {\n\trespond "${text}"\n}\n`;
  const settings = new SettingsFolder(stack, "settings", { folder: "caddy", files: { Caddyfile: caddyfile } });
  new Service(stack, "proxy", {
    command: ["caddy", "run", ...CONFIG],
    image: new Image("operated/caddy", { tag: "1" }),
    labels: settings.labels,
    ports: [Port.loopback(80, { published: PORT })],
    volumes: [settings.at("/etc/caddy")],
  });
  return Object.fromEntries(app.synth().files);
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
    await one.compose("up", "--detach", "--wait");
  });
  afterAll(async () => {
    await one?.remove();
    await must("docker", ["image", "rm", "operated/caddy:1"]);
  });

  it("takes effect with a reload, of which nobody notices anything", async () => {
    expect(await answer()).toBe("one");
    const poll = new Poll([{ name: "page", port: PORT, path: "/" }]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await one.write({ "caddy/Caddyfile": files("two")["caddy/Caddyfile"] ?? "" });
    await one.compose("exec", "--no-TTY", "proxy", "caddy", "reload", ...CONFIG);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { page } = await poll.end();
    expect(await answer()).toBe("two");
    expect(page).toMatchObject({ failed: 0 });
    expect(page?.count).toBeGreaterThan(3);
  });

  it("takes effect with plain `docker compose up`, which makes the container anew", async () => {
    await one.write(files("three"));
    const { stderr } = await one.compose("up", "--detach", "--wait");
    expect(stderr).toContain("Recreated");
    expect(await answer()).toBe("three");
  });

  it("has no effect, and no container is made anew, where nothing changed", async () => {
    const { Id } = await one.container("proxy");
    await one.write(files("three"));
    await one.compose("up", "--detach", "--wait");
    expect((await one.container("proxy")).Id).toBe(Id);
  });
});
