import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tagsFor } from "lamb-compose/images";
import { afterAll, beforeAll, beforeEach, expect, inject, it } from "vitest";
import { z } from "zod";
import { jobOf, readWorkflow } from "../images/github";
import { Repository } from "../images/runs";
import { lambWorkflow, WORKFLOW_FILE } from "../images/workflows";
import { describeWith } from "../support/tools";
import { removeProject, TEST_PROJECT } from "./project";
import { must, run } from "./run";
import { type JobResult, Runner } from "./workflow-job";
import { pushByDigest, pushFromEngine, TEST_REGISTRY } from "./workflow-registry";

const INDEX = z.object({
  manifests: z.array(
    z.object({
      digest: z.string(),
      platform: z.object({ architecture: z.string() }),
      annotations: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

const IMAGES = ["web", "worker"] as const;
const PLATFORMS = ["amd64", "arm64"] as const;

describeWith(["docker-engine", "docker-buildx"], "the workflow's last job, against a registry", () => {
  const folder = `${TEST_REGISTRY}/${process.pid}-${Date.now()}`;
  const repository = new Repository();
  const images = IMAGES.map((name) => ({ name, context: ".", dockerfile: "Dockerfile" }));
  const workflow = lambWorkflow({ registry: folder, images, smoke: undefined });
  let runner: Runner;

  beforeAll(() => {
    repository.git("update-ref", "refs/heads/main", repository.commit);
  });
  beforeEach(async () => {
    await runner?.remove();
    runner = await Runner.create();
    for (const image of IMAGES) for (const platform of PLATFORMS) await build(image, platform);
  });
  afterAll(async () => {
    repository.remove();
    await runner?.remove();
  });

  const build = async (image: string, platform: string) =>
    runner.put(image, platform, await pushByDigest(`${folder}/${image}`, platform));

  /** Publishes what was built, as the run of a pushed git tag does. */
  const publish = async (ref: string, origin: string, programs: Record<string, string> = {}): Promise<JobResult> => {
    if (ref.startsWith("refs/tags/")) repository.git("update-ref", ref, repository.commit);
    const outputs = { origin, commit: repository.commit, version: "", created: "" };
    return runner.run({
      workflow,
      job: jobOf(workflow, "publish"),
      contexts: { github: { ref, token: "", run_id: "1" }, needs: { drift: { outputs } } },
      env: { GITHUB_SERVER_URL: repository.home, GITHUB_REPOSITORY: "owner/repository" },
      programs: { cosign: 'echo "$*" >>"$RUNNER_TEMP/signed"', ...programs },
    });
  };

  /** Docker's own word on what a tag names. */
  const raw = async (image: string, tag: string) => {
    const ran = await run("docker", ["buildx", "imagetools", "inspect", "--raw", `${folder}/${image}:${tag}`]);
    return ran.code === 0 ? ran.stdout : undefined;
  };
  const named = (tag: string) => Promise.all(IMAGES.map((image) => raw(image, tag)));
  const digestOf = async (image: string, platform: string) =>
    (await readFile(join(runner.home, "digests", `${image}.${platform}`), "utf8")).trim();
  const SHA = `sha-${repository.commit.slice(0, 12)}`;
  const FLOATING = ["0.7", "0", "latest"];

  it("gives a release all its tags, each for one index of both platforms", async () => {
    const result = await publish("refs/tags/v0.7.0", "release");
    expect(result.failed, result.output).toBeUndefined();
    const event = { name: "push", ref: "refs/tags/v0.7.0", commit: repository.commit };
    const state = { defaultBranch: "main", head: repository.commit, tags: ["v0.7.0"] };
    const tags = tagsFor(event, state).map(({ name }) => name);
    expect(tags).toEqual([SHA, "v0.7.0", "0.7.0", ...FLOATING]);
    for (const image of IMAGES) {
      const texts = await Promise.all(tags.map((tag) => raw(image, tag)));
      expect(new Set(texts).size).toBe(1);
      const { manifests } = INDEX.parse(JSON.parse(texts[0] ?? ""));
      expect(manifests.map(({ platform }) => platform.architecture)).toEqual(["amd64", "unknown", "arm64", "unknown"]);
      for (const [at, platform] of PLATFORMS.entries()) {
        const pushed = `${folder}/${image}@${await digestOf(image, platform)}`;
        const { stdout } = await must("docker", ["buildx", "imagetools", "inspect", "--raw", pushed]);
        const [own, attested] = manifests.slice(at * 2, at * 2 + 2);
        expect(INDEX.parse(JSON.parse(stdout)).manifests).toEqual([own, attested]);
        expect(attested?.annotations?.["vnd.docker.reference.digest"]).toBe(own?.digest);
      }
      const answer: unknown = await (await fetch(`http://${folder.replace("/", "/v2/")}/${image}/tags/list`)).json();
      expect(
        z
          .object({ tags: z.array(z.string()) })
          .parse(answer)
          .tags.toSorted(),
      ).toEqual(tags.toSorted());
    }
  });

  it("signs what the tags name, by digest", async () => {
    const result = await publish("refs/tags/v0.7.1-rc.1", "pre-release");
    expect(result.failed, result.output).toBeUndefined();
    const signed = (await readFile(join(runner.temp, "signed"), "utf8")).trim().split("\n");
    expect(signed).toHaveLength(IMAGES.length);
    for (const [at, image] of IMAGES.entries()) {
      const digest = /^sign --yes (.*)$/.exec(signed[at] ?? "")?.[1] ?? "";
      expect(digest).toMatch(new RegExp(`^${folder}/${image}@sha256:[0-9a-f]{64}$`));
      const { stdout } = await must("docker", ["buildx", "imagetools", "inspect", "--raw", digest]);
      expect(stdout).toBe(await raw(image, "v0.7.1-rc.1"));
    }
    const summary = await readFile(join(runner.temp, "summary"), "utf8");
    expect(summary).toContain(`Published: ${SHA} v0.7.1-rc.1 0.7.1-rc.1\n`);
  });

  it("leaves what is newer where it is, when an older line is corrected", async () => {
    const before = await named("latest");
    const result = await publish("refs/tags/v0.6.3", "release");
    expect(result.failed, result.output).toBeUndefined();
    expect(await named("latest")).toEqual(before);
    expect(await named("0")).toEqual(before);
    expect(await named("0.6")).toEqual(await named("v0.6.3"));
    expect(await named("0.6")).not.toEqual(before);
  });

  it("names nothing at all when a digest is missing", async () => {
    await runner.put("worker", "arm64", "");
    const before = await named(SHA);
    const result = await publish("refs/tags/v0.7.2", "release");
    expect(result.failed).toBe("Give every image its exact tags");
    expect(result.output).toContain("there is no digest of worker for arm64");
    expect(await named(SHA)).toEqual(before);
    expect(await named("v0.7.2")).toEqual([undefined, undefined]);
  });

  it("moves no floating tag when one image fails", async () => {
    await runner.put("worker", "arm64", `sha256:${"0".repeat(64)}`);
    const before = await Promise.all(FLOATING.map(named));
    const result = await publish("refs/tags/v0.7.3", "release");
    expect(result.failed).toBe("Give every image its exact tags");
    expect(result.ran.at(-1)).toBe("Give every image its exact tags");
    expect(await Promise.all(FLOATING.map(named))).toEqual(before);
    expect(await named("v0.7.3")).toEqual([undefined, undefined]);
  });

  it("continues from there when the failed job runs again, and again when nothing is left to do", async () => {
    const first = await publish("refs/tags/v0.7.4", "release", { cosign: "exit 1" });
    expect(first.failed).toBe("Sign every image");
    expect(await named("latest")).not.toEqual(await named("v0.7.4"));
    for (const time of ["again", "and again"]) {
      const result = await publish("refs/tags/v0.7.4", "release");
      expect(result.failed, time + result.output).toBeUndefined();
      expect(await named("latest")).toEqual(await named("v0.7.4"));
    }
  });

  it("never moves the tags of a release, whatever was built since", async () => {
    const before = await named("v0.7.4");
    const result = await publish("refs/tags/v0.7.4", "release");
    expect(result.failed).toBe("Give every image its exact tags");
    expect(result.output).toContain("web:v0.7.4 is published already and never moves");
    expect(await named("v0.7.4")).toEqual(before);
    expect(await named("latest")).toEqual(before);
  });

  it("moves edge with the branch, and gives a manual run the tag of its commit alone", async () => {
    const push = await publish("refs/heads/main", "branch");
    expect(push.failed, push.output).toBeUndefined();
    const edge = await named("edge");
    expect(edge).toEqual(await named(SHA));
    const before = await named("latest");
    for (const image of IMAGES) for (const platform of PLATFORMS) await build(image, platform);
    const manual = await publish("refs/tags/v0.7.4", "manual");
    expect(manual.failed, manual.output).toBeUndefined();
    expect(await named(SHA)).not.toEqual(edge);
    expect(await named("edge")).toEqual(edge);
    expect(await named("latest")).toEqual(before);
  });
});

describeWith(["docker-engine", "docker-buildx"], "the workflow's smoke test, with stand-ins", () => {
  const project = `${TEST_PROJECT}${process.pid}-smoke`;
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const digests = new Map<string, string>();
  let runner: Runner;

  beforeAll(async () => {
    const standIns = inject("standIns") ?? {};
    for (const image of ["lamb", "lamb-kb", "openwebui"]) {
      digests.set(image, await pushFromEngine(standIns[image] ?? "", `${TEST_REGISTRY}/${image}`));
    }
  });
  beforeEach(async () => {
    await runner?.remove();
    runner = await Runner.create();
    for (const [image, digest] of digests) await runner.put(image, "amd64", digest);
  });
  afterAll(async () => {
    await removeProject(project);
    await runner?.remove();
    // By name: by their ids the stand-ins would go, too.
    const format = "{{.Repository}}:{{.Tag}}\n{{.Repository}}@{{.Digest}}";
    const filter = `reference=${TEST_REGISTRY}/*`;
    const { stdout } = await must("docker", ["images", "--digests", "--filter", filter, "--format", format]);
    const names = new Set(stdout.split("\n").filter((name) => name !== "" && !name.includes("<none>")));
    // The last name of an image takes its digest along.
    for (const name of names) await run("docker", ["rmi", name]);
  });

  /** Runs the smoke job of the workflow that the program writes; what it started is asked before it is stopped. */
  const smoke = async () => {
    await must("npx", ["tsx", "test/engine/workflow-program.ts", "--out", runner.home], { cwd: root });
    const workflow = readWorkflow(await readFile(join(runner.home, WORKFLOW_FILE), "utf8"));
    const job = jobOf(workflow, "smoke");
    const at = job.steps.findIndex(({ name }) => name === "Stop the stack");
    const asking = {
      name: "Ask",
      run: `docker ps --no-trunc --filter "label=com.docker.compose.project=${project}" --format '{{.Image}} {{.Status}}'`,
    };
    const result = await runner.run({
      workflow,
      job: { ...job, steps: job.steps.toSpliced(at, 0, asking) },
      contexts: { github: { token: "" }, matrix: { platform: "amd64" } },
      env: { COMPOSE_PROJECT_NAME: project },
      cwd: root,
    });
    const left = await must("docker", [
      "ps",
      "--all",
      "--quiet",
      "--filter",
      `label=com.docker.compose.project=${project}`,
    ]);
    return { ...result, left: left.stdout };
  };

  it("starts what was built under the names that the stack asks for, and stops it", async () => {
    const { failed, output, left, ran } = await smoke();
    expect(failed, output).toBeUndefined();
    for (const image of digests.keys()) {
      expect(output).toMatch(new RegExp(`${TEST_REGISTRY}/${image}:v0\\.6 Up .*\\(healthy\\)`));
    }
    expect(ran).not.toContain("Say what went wrong");
    expect(left).toBe("");
  });

  it("fails with the logs when a service does not start, and stops the others", async () => {
    await runner.put("openwebui", "amd64", await pushByDigest(`${TEST_REGISTRY}/openwebui`, "amd64"));
    const { failed, output, left, ran } = await smoke();
    expect(failed, output).toBe("Start the stack and wait until it is healthy");
    expect(ran).toContain("Say what went wrong");
    expect(left).toBe("");
  });

  it("fails when the stack asks for an image that was not built", async () => {
    await rm(join(runner.home, "digests", "lamb-kb.amd64"));
    const { failed, output } = await smoke();
    expect(failed).toBe("Give the built images the names that the stack asks for");
    expect(output).toContain(`the stack asks for ${TEST_REGISTRY}/lamb-kb:v0.6, and no image of that name was built`);
  });
});
