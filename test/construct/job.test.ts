import {
  App,
  ComposeFile,
  EnvVar,
  Hardening,
  Job,
  type JobProps,
  Policy,
  PRODUCTION_RULES,
  Service,
  Volume,
} from "lamb-compose";
import { describe, expect, it } from "vitest";
import { imageNamesIn } from "../../lib/construct/image/places";

function shop(props: JobProps = {}) {
  const app = new App({ compose: ">=5.6" });
  const file = new ComposeFile(app, "shop", { name: "shop" });
  const data = new Volume(file, "data");
  const db = new Service(file, "db", { image: "postgres:18.1", volumes: [data.at("/var/lib/postgresql")] });
  const job = new Job(file, "dump", { image: "postgres:18.1", command: ["pg_dump", "-h", "db"], ...props });
  return { app, file, db, job };
}

const documentOf = (app: App) => app.synth().context.files[0]?.document;

describe("a job", () => {
  it("stands in its own section, runs when it is asked to, and after what it needs", async () => {
    const { app, db, job } = shop();
    job.dependsOn(db, "service_started");
    const synthesis = app.synth();
    expect(synthesis.findings).toEqual([]);
    expect(documentOf(app)?.jobs).toEqual({
      dump: {
        command: ["pg_dump", "-h", "db"],
        depends_on: { db: { condition: "service_started" } },
        image: "postgres:18.1",
        triggers: { manual: true },
      },
    });
  });

  it("needs a Compose that knows jobs", () => {
    const app = new App();
    new Job(new ComposeFile(app, "shop", { name: "shop" }), "dump", { image: "postgres:18.1" });
    expect(app.synth().errors).toMatchObject([
      { code: "needs-newer-compose", path: "jobs", fix: expect.stringContaining("systemd timer") },
    ]);
  });

  // docker compose 5.6.0 up: "scheduled jobs are not supported in this version: dump"
  it.each<[JobProps["triggers"], JobProps["profiles"], number]>([
    [{ schedule: ["0 3 * * *"] }, undefined, 1],
    [{ schedule: [{ cron: "0 3 * * *", timezone: "Europe/Madrid" }] }, undefined, 1],
    [{ schedule: ["0 3 * * *"] }, ["nightly"], 0],
    [{ manual: true }, undefined, 0],
  ])("with the triggers %j and the profiles %j keeps `up` from starting: %d finding", (triggers, profiles, count) => {
    const { app } = shop({ triggers, profiles });
    const found = app.synth().findings;
    expect(found.map(({ code }) => code)).toEqual(count === 0 ? [] : ["scheduled-job"]);
    if (count > 0) expect(found[0]?.fix).toContain("docker compose run --rm dump");
  });

  it("cannot have a service's name, nor be waited for by one", () => {
    const { file, app, db } = shop();
    expect(() => new Job(file, "db", { image: "i:1" })).toThrow(/duplicate-id|already a construct/);
    db.patch({ depends_on: ["dump"] });
    const found = app.synth().findings;
    expect(found.map(({ reason }) => reason).join("\n")).toMatch(/dump/);
  });

  it("is known to the lock, to hardening and to the contract of variables", () => {
    const token = new EnvVar("DUMP_TOKEN", { meaning: "for the dump", secret: true, required: true });
    const { app, job } = shop({ environment: { TOKEN: token }, image: "dumper:2" });
    app.with(new Hardening());
    expect([...imageNamesIn(documentOf(app))]).toEqual(["postgres:18.1", "dumper:2"]);
    expect(documentOf(app)?.jobs).toMatchObject({
      dump: { cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"], pids_limit: 1000 },
    });
    expect(documentOf(app)?.jobs).not.toHaveProperty("dump.restart");
    expect(job.has("cap_drop")).toBe(true);
  });

  it("is held to the rules that bear on a container, not to those of what goes on running", () => {
    const { app, file } = shop({ volumes: ["/var/run/docker.sock:/var/run/docker.sock"] });
    new Policy(file, "policy", { rules: PRODUCTION_RULES });
    const codes = app
      .synth()
      .findings.filter(({ path }) => path?.startsWith("jobs.dump"))
      .map(({ code }) => code);
    expect(codes).toContain("no-engine-socket");
    expect(codes).not.toContain("restart-set");
    expect(codes).not.toContain("no-healthcheck");
  });
});

describe("a step before a service", () => {
  it("is added like any other entry of a list", async () => {
    const { app, db } = shop();
    db.add("pre_start", { command: ["chown", "-R", "999", "/data"], user: "0" });
    const synthesis = app.synth();
    expect(synthesis.findings).toEqual([]);
    const project = await synthesis.resolve();
    expect(project.images).toEqual(["postgres:18.1", "postgres:18.1"]);
  });
});
