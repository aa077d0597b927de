import { expect, it } from "vitest";
import { PROJECT_MODEL } from "../../../lib/operate/engine/model";
import { longestStart, serviceGroups } from "../../../lib/operate/switch/groups";

/** Services by what they wait for and the volumes that they mount. */
function groupsOf(services: Readonly<Record<string, readonly [waits: string, mounts: string]>>, data: string) {
  const words = (text: string) => text.split(" ").filter((word) => word !== "");
  const model = PROJECT_MODEL.parse({
    name: "p",
    services: Object.fromEntries(
      Object.entries(services).map(([name, [waits, mounts]]) => [
        name,
        {
          depends_on: Object.fromEntries(words(waits).map((other) => [other, { condition: "service_healthy" }])),
          volumes: words(mounts).map((source) => ({ type: "volume", source, target: `/${source}` })),
        },
      ]),
    ),
  });
  return serviceGroups(model, words(data)).map((group) => `${group.services.join(" ")}: ${group.volumes.join(" ")}`);
}

it.each([
  ["services that share nothing", { web: ["db", "web"], db: ["", "db"] }, "web db", ["db: db", "web: web"]],
  [
    "services that share data",
    { lamb: ["kb owi", "lamb owi"], kb: ["", "kb"], owi: ["", "owi"], caddy: ["lamb", "certificates"] },
    "lamb kb owi",
    ["kb: kb", "owi lamb: owi lamb", "caddy: "],
  ],
  [
    "services that share other volumes",
    { one: ["", "cache"], two: ["", "cache data"] },
    "data",
    ["one: ", "two: data"],
  ],
  [
    "a chain of shared data, and one between them that shares none",
    { a: ["", "x"], b: ["a", ""], c: ["b", "x y"], d: ["", "y"] },
    "x y",
    ["b: ", "a c d: x y"],
  ],
] as const)("%s", (_, services, data, expected) => {
  expect(groupsOf(services, data)).toEqual(expected);
});

it.each([
  ["one after the other", { owi: 3, lamb: 6, kb: 4 }, 9],
  ["of the slowest alone", { kb: 12, owi: 1, lamb: 2 }, 12],
  ["of what is new is not known", { lamb: 2 }, 2],
  ["that nobody has measured", {}, undefined],
])("people wait for the start of what shares data: %s", (_, seconds: Readonly<Record<string, number>>, expected) => {
  const groups = [
    { services: ["kb"], volumes: ["kb"] },
    { services: ["owi", "lamb"], volumes: ["owi", "lamb"] },
  ];
  expect(longestStart(groups, seconds)).toBe(expected);
});
