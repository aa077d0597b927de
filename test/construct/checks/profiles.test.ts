import { App, ComposeFile, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";

function found(web: readonly string[], database: readonly string[], required?: boolean) {
  const app = new App();
  const file = new ComposeFile(app, "base", { name: "demo" });
  const db = new Service(file, "db", { image: "db:1", profiles: database });
  new Service(file, "web", { image: "web:1", profiles: web }).dependsOn(db, "service_started", { required });
  return app.synth().findings.filter(({ code }) => code === "profile-dependency");
}

describe("a dependency on a service with profiles", () => {
  it.each([
    { web: [], database: [], because: "both always start" },
    { web: ["a"], database: [], because: "the other always starts" },
    { web: ["a"], database: ["a", "b"], because: "the profile starts both" },
  ])("is met when $because", ({ web, database }) => {
    expect(found(web, database)).toEqual([]);
  });

  it.each([
    { web: [], database: ["a"], when: "without any profile" },
    { web: ["a", "b"], database: ["a"], when: "with the profile b" },
  ])("is a finding when the service starts $when alone", ({ web, database, when }) => {
    const [finding] = found(web, database);
    expect(finding).toMatchObject({ construct: "base/web", path: "services.web.depends_on", severity: "error" });
    expect(finding?.reason).toBe(`web starts ${when}, and db, which it needs, does not`);
  });

  it("may be unmet when it is not required", () => {
    expect(found([], ["a"], false)).toEqual([]);
  });
});
