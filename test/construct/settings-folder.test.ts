import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { Service } from "../../lib/construct/service";
import { SettingsFolder } from "../../lib/construct/settings-folder";

function proxy(files: Readonly<Record<string, string>>) {
  const app = new App();
  const stack = new ComposeFile(app, "stack", { fileName: "compose.yaml", name: "stack" });
  const settings = new SettingsFolder(stack, "settings", { folder: "proxy", files });
  const volumes = [settings.at("/etc/proxy")];
  new Service(stack, "proxy", { image: "proxy:1", labels: settings.labels, volumes });
  return app.synth();
}

describe("a folder of settings", () => {
  it("holds its files, and is mounted as a folder that must be there", async () => {
    const synthesis = proxy({ "proxy.conf": "one\n", "more.conf": "two\n" });
    expect(synthesis.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect([synthesis.files.get("proxy/proxy.conf"), synthesis.files.get("proxy/more.conf")]).toEqual([
      "one\n",
      "two\n",
    ]);
    const { model } = await synthesis.resolve();
    expect(model).toMatchObject({
      services: {
        proxy: {
          volumes: [
            {
              type: "bind",
              source: "/deployment/proxy",
              target: "/etc/proxy",
              read_only: true,
              bind: { selinux: "z" },
            },
          ],
        },
      },
    });
  });

  it("has a label that tells its texts apart, and says the same of the same", async () => {
    const labelOf = (text: string) => proxy({ "proxy.conf": text }).files.get("compose.yaml");
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(labelOf(one) === labelOf(other)).toBe(one === other);
      }),
      { numRuns: 50 },
    );
  });

  it("says how a service takes it while it runs, in one line for each command", async () => {
    const app = new App();
    const stack = new ComposeFile(app, "stack", { fileName: "compose.yaml", name: "stack" });
    const settings = new SettingsFolder(stack, "settings", { folder: "proxy", files: { a: "" } });
    const service = new Service(stack, "proxy", { image: "proxy:1", labels: settings.labels });
    const compare = { inForce: ["get", "it"], inFiles: ["read", "it"] };
    settings.reloadedIn(service, { command: ["proxy", "-s", "reload"], compare });
    expect((await app.synth().resolve()).model["x-lamb-compose"]).toEqual({
      reloads: {
        proxy: { label: "lamb-compose.proxy", command: "proxy -s reload", inForce: "get it", inFiles: "read it" },
      },
    });
    for (const word of ["", "two words"]) {
      expect(() => settings.reloadedIn(service, { command: [word] })).toThrow("command-words");
    }
  });

  it("has the label of FNV-1a, which changes with a name or an order of bytes, too", () => {
    const text = proxy({ a: "" }).files.get("compose.yaml");
    // printf '[["a",""]]' | python3 -c 'import sys
    // h = 0xcbf29ce484222325
    // for b in sys.stdin.buffer.read(): h = ((h ^ b) * 0x100000001b3) % 2**64
    // print(f"{h:016x}")'
    expect(text).toContain("lamb-compose.proxy: ");
    expect(text).toContain("04d5d4665010ed1a");
  });
});
