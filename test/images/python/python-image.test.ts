import { expect, it } from "vitest";
import { App, Image } from "../../../lib";
import { PythonImage } from "../../../lib/images";

it.each([
  ["Dockerfile", "image/contract.json"],
  ["web/Dockerfile", "web/image/contract.json"],
])("lays its programs into a folder beside %s", (dockerfile, contract) => {
  const app = new App();
  new PythonImage(app, "web", {
    build: { name: "web", context: ".", dockerfile },
    contract: { program: "web", variables: [], folders: [], refused: [] },
    ignored: [],
    base: new Image("python", { tag: "3.11-slim" }),
    labels: { description: "the shop" },
    user: { name: "shop", id: 10100 },
    program: "app",
    workdir: "/app",
    entry: "main",
    port: 80,
    requirements: ["requirements.txt"],
    packages: [],
    writable: ["/data"],
    probe: { program: "", timing: {} },
  });
  const { files } = app.synth().assertValid();
  expect(files.get(contract)).toContain('"program": "web"');
  const text = files.get(dockerfile);
  expect(text).toContain(`COPY ${contract.replace("contract.json", "entrypoint.py")} ${contract}`);
  // With no timing at all the engine has its own.
  expect(text).toContain('HEALTHCHECK CMD ["python"');
});
