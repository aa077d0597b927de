import fc from "fast-check";
import { EnvVar, Overlay, override, Port, reset, Service, type ServiceProps } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { SEED } from "../../support/property";
import { isLinear } from "../../support/scale";
import { codesOf, findingOf, program } from "../support";

type Ports = ServiceProps["ports"];

function two(a: Ports, b: Ports, profiles: readonly [string[], string[]] = [[], []]): string[] {
  const { app, file } = program();
  new Service(file, "a", { image: "x:1", ports: a, ...(profiles[0].length > 0 ? { profiles: profiles[0] } : {}) });
  new Service(file, "b", { image: "x:1", ports: b, ...(profiles[1].length > 0 ? { profiles: profiles[1] } : {}) });
  return codesOf(app);
}

const port = new EnvVar("PORT", { meaning: "the port", default: 8080 });
const required = new EnvVar("REQUIRED", { meaning: "the port", required: true });
const shown = new EnvVar("SHOWN", { meaning: "the port", required: true, example: "8080" });
const renamed = new EnvVar("NEW", { meaning: "the port", default: 8080, formerNames: ["OLD"] });

describe("a port of the host that two services take", () => {
  it("is a finding with its place, the other service and what to do", () => {
    const { app, file } = program();
    new Service(file, "a", { image: "x:1", ports: ["90:90", "80:8000"] });
    new Service(file, "b", { image: "x:1", ports: ["81:80", "0.0.0.0:80:80"] });
    expect(findingOf(app, "port-conflict")).toEqual({
      code: "port-conflict",
      severity: "error",
      construct: "next/b",
      file: file.fileName,
      path: "services.b.ports[1]",
      value: "80/tcp",
      reason: "port 80/tcp of the host is taken by a already",
      fix: "publish one of them on another port or address, or not at all",
    });
  });

  it.each<[name: string, a: Ports, b: Ports]>([
    ["the same", ["80:1"], ["80:2"]],
    ["every address and one of them", ["80:1"], ["127.0.0.1:80:2"]],
    ["every IPv4 address and one of them", ["0.0.0.0:80:1"], ["10.0.0.1:80:2"]],
    ["every IPv6 address and one of them", ["[::]:80:1"], ["[::1]:80:2"]],
    ["every address and every IPv6 address", ["80:1"], ["[::]:80:1"]],
    ["one address", ["127.0.0.1:80:1"], ["127.0.0.1:80:2"]],
    ["a range that meets one", ["8000-8010:8000-8010"], ["8005:80"]],
    ["two ranges", ["8000-8010:8000-8010"], ["8010-8012:10-12"]],
    ["the long form", [{ target: 80, published: "80" }], ["80:80"]],
    ["the long form with a number and an address", [{ target: 80, published: 80, host_ip: "127.0.0.1" }], ["80:80"]],
    ["udp twice", ["53:53/udp"], [{ target: 5, published: "53", protocol: "udp" }]],
    ["a variable's default", ["8080:80"], [Port.loopback(80, { published: port })]],
    ["a default behind a former name", ["8080:80"], [Port.everywhere(80, { published: renamed })]],
    ["a default that is text", ["8080:80"], ["${X:-8080}:80"]],
    ["a required variable's example", ["8080:80"], [Port.loopback(80, { published: shown })]],
    ["presets", [Port.everywhere(443)], [Port.loopback(443)]],
  ])("is found: %s", (_, a, b) => {
    expect(two(a, b).filter((code) => code !== "variable-unexplained")).toContain("port-conflict");
  });

  it.each<[name: string, a: Ports, b: Ports]>([
    ["another port", ["80:80"], ["81:80"]],
    ["udp and tcp", ["443:443/udp"], ["443:443"]],
    ["two addresses", ["127.0.0.1:80:80"], ["127.0.0.2:80:80"]],
    ["every IPv4 and every IPv6 address", ["0.0.0.0:80:80"], ["[::]:80:80"]],
    ["every IPv4 address and one of IPv6", ["0.0.0.0:80:80"], ["[::1]:80:80"]],
    ["any free port", ["80"], ["80"]],
    ["a range from which the engine picks", ["8000-8010:80"], ["8000-8010:80"]],
    ["what only the operator knows", ["8080:80"], [Port.loopback(80, { published: required })]],
    [
      "what only the operator knows, as text",
      ["8080:80"],
      [`\${REQUIRED:?set it}:80`, Port.loopback(9, { published: required })],
    ],
  ])("is not there: %s", (_, a, b) => {
    expect(two(a, b).filter((code) => code !== "variable-unexplained")).toEqual([]);
  });

  it("is not there when profiles keep the services apart, and is when one profile starts both", () => {
    expect(two(["80:80"], ["80:80"], [["x"], ["y"]])).toEqual([]);
    expect(
      two(
        ["80:80"],
        ["80:80"],
        [
          ["x", "z"],
          ["y", "z"],
        ],
      ),
    ).toEqual(["port-conflict"]);
    expect(two(["80:80"], ["80:80"], [["x"], []])).toEqual(["port-conflict"]);
    expect(two(["80:80"], ["80:80"], [[], ["x"]])).toEqual(["port-conflict"]);
  });

  it("is one service's own, too", () => {
    expect(two(["80:80", "127.0.0.1:80:81"], [])).toEqual(["port-conflict"]);
  });
});

interface PublishedPort {
  readonly host: string;
  readonly profiles: readonly string[];
}

/** Whether two can run at once, on an address that they share. */
function meet(one: PublishedPort, other: PublishedPort): boolean {
  const covers = (wide: string, host: string) => wide === "" || wide === (host.includes(":") ? "::" : "0.0.0.0");
  const sameHost = one.host === other.host || covers(one.host, other.host) || covers(other.host, one.host);
  const apart = one.profiles.every((profile) => !other.profiles.includes(profile));
  return sameHost && (one.profiles.length === 0 || other.profiles.length === 0 || !apart);
}

it("whoever takes a port is told of the first that has it, whatever addresses and profiles they have", () => {
  const host = fc.constantFrom("", "0.0.0.0", "::", "127.0.0.1", "10.0.0.1", "::1", "fe80::1");
  const wish = fc.record({ host, profiles: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 2 }) });
  fc.assert(
    fc.property(fc.array(wish, { minLength: 2, maxLength: 8 }), (wishes) => {
      const { app, file } = program();
      for (const [index, { host: host_ip, profiles }] of wishes.entries()) {
        new Service(file, `s${index}`, {
          image: "x:1",
          ports: [{ target: 80, published: "80", ...(host_ip === "" ? {} : { host_ip }) }],
          ...(profiles.length === 0 ? {} : { profiles }),
        });
      }
      const expected = wishes.flatMap((here, index) => {
        const first = wishes.findIndex((other) => meet(other, here));
        return first < index ? [`s${index}: port 80/tcp of the host is taken by s${first} already`] : [];
      });
      const found = app.synth().findings.filter(({ code }) => code === "port-conflict");
      expect(found.map(({ construct, reason }) => `${construct.split("/").at(-1)}: ${reason}`)).toEqual(expected);
    }),
    SEED,
  );
});

it("many services that profiles keep apart are compared in one go", () => {
  const read = (text: string) => {
    const { app, file } = program();
    for (const name of text.split(" ")) {
      new Service(file, name, { image: "x:1", ports: ["80:80"], profiles: [name] });
    }
    return app.synth().findings;
  };
  const input = (size: number) => Array.from({ length: size }, (_, i) => `s${i}`).join(" ");
  expect(isLinear({ name: "ports", input, read, size: 1000 })).toBe(true);
});

describe("across an overlay", () => {
  const over = (ports: Ports) => {
    const { app, file } = program();
    const web = new Service(file, "web", { image: "x:1", ports: ["80:80"] });
    const prod = new Overlay(file, "prod");
    if (ports !== undefined) prod.change(web, { ports });
    new Service(prod, "proxy", { image: "x:1", ports: ["80:80"] });
    return codesOf(app);
  };

  it("the overlay's port conflicts with the base's, unless that is reset or replaced", () => {
    expect(over(undefined)).toEqual(["port-conflict"]);
    expect(over(["81:81"])).toEqual(["port-conflict"]);
    expect(over(reset())).toEqual([]);
    expect(over(override(["81:81"]))).toEqual([]);
    expect(over(override(["80:81"]))).toEqual(["port-conflict"]);
  });
});

describe("a bad port", () => {
  it.each<[port: string | number | object, said: string]>([
    ["80:70000", "Invalid containerPort: 70000"],
    ["70000:80", "Invalid hostPort: 70000"],
    ["80:80/http", "Invalid proto: http"],
    ["1.2.3:80:80", "Invalid ip address: 1.2.3"],
    ["localhost:80:80", "Invalid ip address: localhost"],
    ["80-90:80-82", "Invalid ranges specified"],
    [{ target: 80, published: "99999" }, "Invalid hostPort: 99999"],
    [{ target: 70000 }, "Invalid containerPort: 70000"],
    [{ target: 80, published: "80", host_ip: "1.2.3" }, "Invalid ip address: 1.2.3"],
    [{ target: 80, protocol: "http" }, "Invalid proto: http"],
  ])("%j is a finding", (entry, said) => {
    const { app, file } = program();
    new Service(file, "web", { image: "x:1" })
      .add("ports", "1:1")
      .patch({ ports: ["1:1", JSON.parse(JSON.stringify(entry))] });
    const [finding] = app.synth().findings.filter(({ code }) => code === "invalid-port");
    expect(finding).toMatchObject({ construct: "next/web", path: "services.web.ports[1]", severity: "error" });
    expect(finding?.reason).toContain(said);
  });
});
