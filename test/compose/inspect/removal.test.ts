import { expect, test } from "vitest";
import { removalOf, variableRemovals } from "../../../lib/compose/inspect/removal";

const BASE = `services:
  web:
    image: web:1
    ports: ["80:80", "81:81"]
    environment:
      A: a
      B: b
  gone:
    image: gone:1
`;
const SECOND = `services:
  web:
    environment: !override
      A: other
  gone: !reset null
`;
const THIRD = `services:
  web:
    ports: !reset []
    environment: {}
`;
const FILES = [
  { path: "/p/base.yaml", text: BASE },
  { path: "/p/second.yaml", text: SECOND },
  { path: "/p/third.yaml", text: THIRD },
];
const removal = (path: string, files = FILES) => removalOf(path, files, { envFiles: [], environment: {} });

test.each([
  ["a value", "services.web.ports", "!reset", "/p/third.yaml", 3, [4]],
  ["an entry of it", "services.web.ports[1].target", "!reset", "/p/third.yaml", 3, [4]],
  ["a key of what was overridden", "services.web.environment.B", "!override", "/p/second.yaml", 3, [7]],
  ["a service", "services.gone", "!reset", "/p/second.yaml", 5, [9]],
  ["a key of it", "services.gone.image", "!reset", "/p/second.yaml", 5, [9]],
])("%s that is gone names the tag, and where it stood", (_, path, name, file, line, stood) => {
  const found = removal(path);
  expect(found).toMatchObject({ file, tag: { name, file, line } });
  expect(found?.stood.filter(({ file }) => file === "/p/base.yaml").map(({ line }) => line)).toEqual(stood);
});

test.each(["services.web.image", "services.web.environment.A", "services.web.restart", "services.nobody", "x"])(
  "nothing removed %s, which stands or never stood",
  (path) => {
    expect(removal(path)).toBeUndefined();
  },
);

test("a value can go without a tag: a command is replaced by a shorter one", () => {
  const files = [
    { path: "/p/a.yaml", text: "services:\n  web:\n    image: x:1\n    command: [a, b]\n" },
    { path: "/p/b.yaml", text: "services:\n  web:\n    command: [c]\n" },
  ];
  expect(removal("services.web.command[1]", files)).toMatchObject({ file: "/p/b.yaml" });
  expect(removal("services.web.command[1]", files)).not.toHaveProperty("tag");
});

test("a tag in an anchor is found where it is used", () => {
  const text = "x-new: &new !override {C: c}\nservices:\n  web:\n    environment: *new\n";
  const files = [
    { path: "/p/a.yaml", text: BASE },
    { path: "/p/b.yaml", text },
  ];
  expect(removal("services.web.environment.A", files)).toMatchObject({ tag: { name: "!override", line: 1 } });
});

test("a variable is removed by the last file that took its mention away, and by none where it stands", () => {
  const file = (path: string, lines: string) => ({ path: `/p/${path}`, text: `services:\n  web:\n${lines}` });
  const files = [
    file("a.yaml", '    image: "web:${TAG}"\n    ports: ["${P:-80}:80", "${Q:-${NESTED}}:81"]\n    user: "$U"\n'),
    file("b.yaml", '    ports: !reset []\n    user: "0"\n'),
    file("c.yaml", '    command: ["${P}"]\n    user: "$U"\n'),
    file("d.yaml", "    command: []\n"),
  ];
  const names = ["TAG", "P", "Q", "NESTED", "U", "NOBODY"];
  expect([...variableRemovals(names, files)]).toEqual([
    ["P", "/p/d.yaml"],
    ["Q", "/p/b.yaml"],
    ["NESTED", "/p/b.yaml"],
  ]);
  expect(variableRemovals(names, files.slice(0, 1)).size).toBe(0);
  expect(variableRemovals(names, [...files, file("e.yaml", "    - no map\n")]).size).toBe(0);
});
