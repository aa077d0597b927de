import { App, ComposeFile } from "lamb-compose";
import { expect, it } from "vitest";
import { resolve } from "../../lib/compose";

const BASE = "name: n\nservices:\n  web:\n    image: i\n    ports: ['8080:80']\n    environment: [A=1, B=2]\n";

/** Documents of one file: what they are, and their texts. That Compose merges them so is recorded in the groups `yaml` and `reset`. */
const FILES: readonly (readonly [what: string, ...documents: string[]])[] = [
  ["one", BASE],
  ["a later value", BASE, "services: {web: {image: j, init: true}}\n"],
  ["lists one behind the other", BASE, "services: {web: {ports: ['9090:90'], environment: {B: '3', C: '4'}}}\n"],
  ["another service", BASE, "services: {db: {image: d, depends_on: [web]}}\n"],
  ["what is reset", BASE, "services: {web: {ports: !reset null}}\n"],
  ["what is put in another's place", BASE, "services: {web: {ports: !override ['1:1']}}\n"],
  [
    "what is reset and set again",
    BASE,
    "services: {web: {ports: !reset null}}\n",
    "services: {web: {ports: ['2:2']}}\n",
  ],
  [
    "resources",
    BASE,
    "volumes: {data: }\nservices: {web: {volumes: ['data:/data']}}\n",
    "volumes: {data: {name: d}}\n",
  ],
];

it.each(FILES)("reads the documents of a file as Compose does: %s", async (_, ...documents) => {
  const text = documents.join("---\n");
  const app = new App();
  new ComposeFile(app, "n").importYaml(text);
  const project = await app.synth().assertValid().resolve();
  expect(JSON.parse(project.toJson())).toEqual(
    JSON.parse(resolve([{ path: "/deployment/compose.yaml", text }]).toJson()),
  );
});
