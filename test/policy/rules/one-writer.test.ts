import { App, ComposeFile, Overlay, Policy, Service, Volume } from "lamb-compose";
import { expect, it } from "vitest";
import { oneWriter } from "../../../lib/policy/rules/one-writer";
import { describeRule, GOOD, type Program } from "../support";

const two = (first: unknown, second: unknown, more = {}): Program => ({
  services: { a: { volumes: [first] }, web: { volumes: [second], ...more } },
  topLevel: { volumes: { data: null } },
});
const AT = ["next/web", "services.web.volumes[0]"] as [string, string];

describeRule(oneWriter, {
  breaks: [
    ["two short forms", two("data:/a", "data:/b"), AT],
    ["a short and a long form", two("data:/a", { type: "volume", source: "data", target: "/b" }), AT],
    ["rw, as it is without it", two("data:/a:rw", "data:/b:z"), AT],
    [
      "mounts that come with another service",
      {
        services: { a: { volumes: ["data:/a"] }, web: { volumes_from: ["a"] } },
        topLevel: { volumes: { data: null } },
      },
      ["next/web", "services.web.volumes_from[0]"],
    ],
    [
      "copies of a service",
      { services: { web: { volumes: ["data:/a"], deploy: { replicas: 2 } } }, topLevel: { volumes: { data: null } } },
      AT,
    ],
    ["a profile beside a service that always runs", two("data:/a", "data:/b", { profiles: ["gpu"] }), AT],
    [
      "an overlay that lets another one write",
      {
        services: { a: { volumes: ["data:/a"] }, web: { volumes: ["data:/b:ro"] } },
        topLevel: { volumes: { data: null } },
        overlay: { web: { volumes: ["data:/b"] } },
      },
      ["next/later/web", "services.web.volumes[0]"],
    ],
  ],
  holds: [
    ["a reader in the short form", two("data:/a", "data:/b:ro")],
    ["a reader that comes first", two("data:/a:ro", "data:/b")],
    ["a reader in the long form", two("data:/a", { type: "volume", source: "data", target: "/b", read_only: true })],
    [
      "a reader of all mounts of another",
      {
        services: { a: { volumes: ["data:/a"] }, web: { volumes_from: ["a:ro"] } },
        topLevel: { volumes: { data: null } },
      },
    ],
    [
      "one service at two places",
      { services: { web: { volumes: ["data:/a", "data:/b"] } }, topLevel: { volumes: { data: null } } },
    ],
    [
      "services that never run together",
      {
        services: {
          cpu: { volumes: ["data:/a"], profiles: ["cpu"] },
          gpu: { volumes: ["data:/a"], profiles: ["gpu"] },
        },
        topLevel: { volumes: { data: null } },
      },
    ],
    ["anonymous volumes", two("/data", "/data")],
  ],
});

it("takes a reason, also in an overlay", () => {
  for (const reason of ["it repairs the index at night", undefined]) {
    const app = new App();
    const file = new ComposeFile(app, "next");
    const data = new Volume(file, "data");
    new Service(file, "web", { ...GOOD, volumes: [data.at("/data")] });
    const overlay = new Overlay(file, "night");
    new Service(overlay, "repair", { ...GOOD, volumes: [data.at("/data", { reason })] });
    new Policy(file, "policy", { rules: [oneWriter] });
    expect(app.synth().findings.map(({ construct, value }) => [construct, value])).toEqual(
      reason === undefined ? [["next/night/repair", "data"]] : [],
    );
  }
});
