import { App, ComposeFile, Policy, PRODUCTION_RULES, Service, Volume } from "lamb-compose";
import { eachService, environmentOf, mountsOf, type Rule, servicesOf, type Violation } from "lamb-compose/policy";
import { expect, it } from "vitest";
import { GOOD } from "./support";

/** Rules as somebody else writes them, with what the package offers and nothing else. */
const fromTheMirror: Rule = {
  id: "from-the-mirror",
  what: "comes from the internet",
  why: "the server has no way there",
  fix: "name the image in registry.campus.edu",
  severity: "error",
  check: eachService((service) => {
    const image = service.text(service.spec.image);
    return image.startsWith("registry.campus.edu/") ? undefined : { path: service.at("image"), value: image };
  }),
};

const noDebugging: Rule = {
  id: "no-debugging",
  what: "writes more into its log than it may",
  why: "names of students get into it",
  fix: "leave DEBUG out",
  severity: "warning",
  check: eachService((service) =>
    environmentOf(service)
      .filter(({ name, value }) => name === "DEBUG" && service.text(value) === "true")
      .map(({ path }) => ({ path: service.at(...path), value: "DEBUG" })),
  ),
};

const fewVolumes: Rule = {
  id: "few-volumes",
  what: "has more volumes than the backup takes",
  why: "what is not backed up is lost one day",
  fix: "put what belongs together into one volume",
  severity: "warning",
  *check(deployment): Generator<Violation> {
    for (const service of servicesOf(deployment)) {
      const mounts = mountsOf(service).filter(({ type }) => type === "volume");
      if (mounts.length > 1) yield { path: service.at("volumes"), reason: `has ${mounts.length} volumes` };
    }
  },
};

it("holds rules of somebody else beside production's", () => {
  const app = new App();
  const file = new ComposeFile(app, "next");
  const volumes = ["one", "two"].map((name) => new Volume(file, name).at(`/${name}`));
  new Service(file, "fine", {
    ...GOOD,
    image: "registry.campus.edu/web:v1",
    environment: { DEBUG: "${DEBUG:-false}" },
  });
  const other = new Service(file, "other", { ...GOOD, environment: ["DEBUG=true"], volumes });
  const policy = new Policy(file, "campus", { rules: [...PRODUCTION_RULES, fromTheMirror, noDebugging, fewVolumes] });
  policy.suppress("no-debugging", other, "it knows no students");
  const found = app.synth().findings.filter(({ code }) => code !== "variable-unexplained");
  expect(found).toMatchObject([
    {
      code: "from-the-mirror",
      construct: "next/other",
      path: "services.other.image",
      value: "registry.example/web:v1",
    },
    { code: "no-debugging", path: "services.other.environment.DEBUG", suppression: "it knows no students" },
    {
      code: "few-volumes",
      path: "services.other.volumes",
      reason: "has 2 volumes: what is not backed up is lost one day",
    },
  ]);
});
