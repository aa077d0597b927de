import { App } from "lamb-compose";
import { ProgramFolder } from "lamb-compose/images";
import { expect, it } from "vitest";

it("a program is kept with what it reads beside itself: run there, it makes the same", () => {
  const app = new App();
  new ProgramFolder(app, "deploy", { fileName: "prod.ts", text: "run();\n", beside: { "a.lock.json": "{}\n" } });
  const { files } = app.synth();
  expect([...files.keys()].sort()).toEqual(
    ["deploy/a.lock.json", "deploy/package-lock.json", "deploy/package.json", "deploy/prod.ts"].sort(),
  );
  expect(files.get("deploy/a.lock.json")).toBe("{}\n");
});
