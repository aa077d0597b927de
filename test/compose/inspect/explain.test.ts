import { expect, test } from "vitest";
import { resolve } from "../../../lib/compose";

const base = `services:
  lamb:
    image: "lamb:\${TAG:-1}"
    ports:
      - "8080:80"
    environment:
      A: base
      B: stays
`;
const overlay = `services:
  lamb:
    environment:
      A: \${FROM_OS}-\${FROM_FILE}
    restart: always
`;

const project = resolve(
  [
    { path: "/p/base.yaml", text: base },
    { path: "/p/over.yaml", text: overlay },
  ],
  { environment: { FROM_OS: "x" }, envFiles: [{ path: "/p/.env", text: "# c\nFROM_FILE=y\n" }] },
);

test("a value tells its file, line and column, and its variables with their source", () => {
  expect(project.explain("services.lamb.image")).toEqual([
    {
      path: "services.lamb.image",
      value: "lamb:1",
      place: { file: "/p/base.yaml", line: 3, column: 12 },
      keys: ["services", "lamb", "image"],
      template: "lamb:${TAG:-1}",
      variables: [{ name: "TAG", from: "not set" }],
      replaced: [],
    },
  ]);
});

test("an entry of an overlay tells what it took the place of", () => {
  const [entry] = project.explain("services.lamb.environment.A");
  expect(entry).toMatchObject({
    value: "x-y",
    place: { file: "/p/over.yaml", line: 4 },
    replaced: [{ file: "/p/base.yaml", line: 7 }],
  });
});

test("a short form is traced to the text that it was", () => {
  const found = project.explain("services.lamb.ports");
  expect(found.map(({ path, value, place, rule }) => [path, value, place?.line, rule])).toEqual([
    ["services.lamb.ports[0].mode", "ingress", 5, "default"],
    ["services.lamb.ports[0].protocol", "tcp", 5, "short form of a port"],
    ["services.lamb.ports[0].published", "8080", 5, "short form of a port"],
    ["services.lamb.ports[0].target", 80, 5, "short form of a port"],
  ]);
});

test("what nobody wrote says which rule made it", () => {
  expect(project.explain("networks.default.name")).toMatchObject([{ value: "p_default", rule: "name from the key" }]);
  expect(project.explain("networks.default.name")[0]).not.toHaveProperty("place");
});

test("there is nothing to say of a path that is not there", () => {
  expect(project.explain("services.none")).toEqual([]);
  expect(project.explain("services.lamb.ports[7]")).toEqual([]);
  expect(project.explain('services.lamb["image"]')).toHaveLength(1);
});
