import { expect, it } from "vitest";
import { Docker } from "../../../lib/operate/engine/docker";
import { ComposeProject } from "../../../lib/operate/engine/project";

it("a project as Compose printed it has every service: those of profiles that are off are not printed", async () => {
  const services = { web: { image: "web:1" }, models: { image: "ollama:1", profiles: ["ollama"] } };
  const project = new ComposeProject(".", new Docker({})).ofText("shop", JSON.stringify({ name: "shop", services }));
  const { model } = await project.resolved();
  expect(Object.keys(model.services ?? {}).sort()).toEqual(["models", "web"]);
});
