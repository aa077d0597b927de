import { ConstructError } from "lamb-compose";
import { DockerIgnore } from "lamb-compose/images";
import { synthesize } from "lamb-compose/testing";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../construct/support";

const textOf = (props: ConstructorParameters<typeof DockerIgnore>[2]) =>
  synthesize((app) => new DockerIgnore(app, "ignore", props)).files;

describe("what a build may see", () => {
  it("is an allowlist in the Dockerfile's own file, so that nothing comes in by accident", () => {
    const files = textOf({
      dockerfile: "backend/Dockerfile",
      only: ["backend", "backend/image", "frontend/app"],
      except: [{ why: "Databases.", patterns: ["**/*.db", "**/*.db-*"] }],
    });
    expect([...files.keys()]).toEqual(["backend/Dockerfile.dockerignore"]);
    expect(files.get("backend/Dockerfile.dockerignore")).toBe(`\
# Made by lamb-compose from the construct "ignore". Do not edit: change the program and run it again.

# Nothing but what the build needs.
*
!backend
!frontend/app

# Databases.
**/*.db
**/*.db-*
`);
  });

  it.each(["", "!backend", "# backend", " backend", "backend ", "../secrets", "a/../../b", "a\nb"])(
    "cannot be said by the pattern %j",
    (pattern) => {
      for (const props of [{ only: [pattern] }, { only: ["a"], except: [{ why: "", patterns: [pattern] }] }]) {
        const thrown = thrownBy(() => textOf({ dockerfile: "Dockerfile", ...props }));
        expect(thrown).toBeInstanceOf(ConstructError);
        expect(thrown).toMatchObject({ code: "invalid-ignore-pattern", value: JSON.stringify(pattern) });
      }
    },
  );
});
