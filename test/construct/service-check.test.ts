import { expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { Service } from "../../lib/construct/service";
import { ServiceCheck } from "../../lib/construct/service-check";

it("stands in the file for doctor, by the service and a name, and takes no words that a line cannot hold", async () => {
  const app = new App();
  const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
  const worker = new Service(file, "worker", { image: "worker:1" });
  const about = { what: "the queue is worked off", why: "orders wait", fix: "look" };
  new ServiceCheck(worker, "queue", { ...about, command: ["shop", "queue", "--check"] });
  const { model } = await app.synth().resolve();
  expect(model["x-lamb-compose"]).toEqual({
    checks: { "worker queue": { ...about, service: "worker", command: "shop queue --check" } },
  });
  expect(() => new ServiceCheck(worker, "shell", { ...about, command: ["sh", "-c", "a b"] })).toThrow("command-words");
});
