import { describe, expect, it, test } from "vitest";
import { App, ComposeFile, ConstructError, Service } from "../../lib";
import { oldestReleaseOf } from "../../lib/construct/for-releases";
import type { ServiceProps } from "../../lib/construct/service";

function synthesized(compose: string | undefined, props: ServiceProps) {
  const app = new App({ compose });
  new Service(new ComposeFile(app, "base", { name: "demo" }), "web", { image: "web:1", ...props });
  return app.synth();
}

const codes = (found: readonly { readonly code: string }[]) => found.map(({ code }) => code);

describe("a key that the oldest Compose of the range does not know", () => {
  it("is a finding with its release and what does the same", () => {
    const { findings } = synthesized(undefined, { umask: "0027", pre_start: [{ command: "true", cap_drop: ["ALL"] }] });
    expect(findings).toMatchObject([
      {
        code: "needs-newer-compose",
        severity: "error",
        path: "services.web.pre_start",
        reason: "is known to Docker Compose from 5.3.0 on, and the program is for 2.40.0 and newer",
        fix: expect.stringMatching(/service_completed_successfully.*new App\(\{ compose: ">=5.3.0" \}\)/),
      },
      { path: "services.web.umask", fix: expect.stringContaining("umask 0027") },
    ]);
  });

  it("is none for a program that asks for the newer one, down to the key inside a key", () => {
    const props = { umask: "0027", pre_start: [{ command: "true", cap_drop: ["ALL"] }] };
    expect(codes(synthesized(">=5.7", props).findings)).toEqual([]);
    expect(synthesized(">=5.3", { pre_start: props.pre_start }).findings).toMatchObject([
      { path: "services.web.pre_start[0].cap_drop", reason: expect.stringContaining("5.6.0") },
    ]);
  });
});

describe("what releases of the range read in different ways", () => {
  const mount: ServiceProps = { volumes: [{ type: "bind", source: "/a", target: "/b", bind: {} }] };

  it("is a warning that shows both readings", () => {
    expect(synthesized(undefined, mount).findings).toMatchObject([
      {
        code: "read-otherwise",
        severity: "warning",
        construct: "base/web",
        path: "services.web.volumes[0].bind.create_host_path",
        reason: "is false up to Docker Compose 5.0.1, and true from 5.0.2 on",
      },
    ]);
    expect(synthesized(">=5.0.2", mount).findings).toEqual([]);
  });

  it("is not said of files that have an error", () => {
    // Compose accepts two ports of one number, and the engine does not.
    const props: ServiceProps = { ...mount, ports: ["127.0.0.1:80:80", "127.0.0.1:80:81"] };
    expect(synthesized(undefined, props).findings.map(({ code }) => code)).toEqual(["port-conflict"]);
  });

  it("is an error where some of them refuse it, with their names", () => {
    const odd: ServiceProps = { pull_policy: "never-ever" };
    expect(synthesized(undefined, odd).findings).toMatchObject([
      { code: "compose-refuses", reason: expect.stringMatching(/^Docker Compose 5\.5\.1 to 5\.7\.1 would refuse/) },
    ]);
    expect(synthesized(">=2.40 <5.0", odd).findings).toEqual([]);
  });
});

test("each Compose file says which release it is for, and is understood", () => {
  const [text = ""] = [...synthesized(">=5.6", {}).files.values()];
  expect(text).toContain("\n# For Docker Compose 5.6.0 and newer.\n");
  expect(oldestReleaseOf(text)).toBe("5.6.0");
  expect(oldestReleaseOf("services: {}\n# For Docker Compose new and newer.\n")).toBeUndefined();
});

test.each(["", "new", ">=9"])("no range: %j", (compose) => {
  expect(() => new App({ compose })).toThrow(ConstructError);
  expect(() => new App({ compose })).toThrow(/invalid-compose-range|2\.40/);
});
