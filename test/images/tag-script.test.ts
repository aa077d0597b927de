import fc from "fast-check";
import { TAG_POLICY, tagsFor } from "lamb-compose/images";
import { afterAll, describe, expect, it } from "vitest";
import { isLine } from "../../lib/images/tag-policy";
import { SEED } from "../support/property";
import { holds, isTriggered, jobOf } from "./github";
import { gitTag, gitTags, OTHER_TAGS, stableTag } from "./history";
import { type Case, type Decision, decide, Repository } from "./runs";
import { lambWorkflow } from "./workflows";

const HOME = "Lamb-Project/lamb";
const WORKFLOWS = ["main", "dev", "release/1.x"].map(
  (branch) => [branch, lambWorkflow({ defaultBranch: branch })] as const,
);
const repository = new Repository();
afterAll(() => repository.remove());

/** What the policy's function says, as the workflow prints it. */
const expected = ({ event, ref, commit, defaultBranch, head, tags }: Case) =>
  tagsFor({ name: event, ref, commit }, { defaultBranch, head, tags }).map(({ name, moves }) => `${moves} ${name}`);

const base = { event: "push", repository: HOME, commit: repository.commit, head: repository.commit, tags: [] } as const;
const caseOf = (some: Partial<Case>): Case => {
  const [branch, workflow] = WORKFLOWS[0] ?? [];
  if (branch === undefined || workflow === undefined) throw new Error("no workflow");
  return { ...base, workflow, defaultBranch: branch, ref: `refs/heads/${branch}`, ...some };
};

/** Any event on any ref, in any state of the repository. A pushed git tag is there, unless somebody removed it. */
const anyCase = fc
  .record({
    workflow: fc.constantFrom(...WORKFLOWS),
    event: fc.oneof(
      { weight: 6, arbitrary: fc.constant("push") },
      { weight: 2, arbitrary: fc.constant("workflow_dispatch") },
      { weight: 1, arbitrary: fc.constant("pull_request") },
    ),
    tag: gitTag,
    line: fc.array(fc.tuple(fc.nat(3), fc.nat(12)), { maxLength: 3 }),
    place: fc.constantFrom("tag", "tag", "tag", "tag", "default", "Default", "branch", "pull"),
    others: gitTags,
    gone: fc.nat(9),
    head: fc.boolean(),
  })
  .map(({ workflow: [branch, workflow], event, tag, line, place, others, gone, head }): Case => {
    const places: Readonly<Record<string, string>> = {
      tag: `refs/tags/${tag}`,
      default: `refs/heads/${branch}`,
      Default: `refs/heads/${branch.toUpperCase()}`,
      branch: `refs/heads/${tag}`,
      pull: "refs/pull/7/merge",
    };
    // Neighbours of the release itself, so that it is often not the newest of its line.
    const [major = "0", minor = "0"] = tag.slice(1).split(/[.+-]/);
    const near = line.map(([which, patch]) => `v${which === 0 ? major : which}.${which < 2 ? minor : which}.${patch}`);
    return {
      ...{ workflow, event, defaultBranch: branch, repository: HOME, ref: places[place] ?? "" },
      commit: repository.commit,
      head: head ? repository.commit : repository.later,
      tags: [
        ...new Set([...others, ...near.filter((name) => /^v\d+\.\d+\.\d+$/.test(name)), ...(gone === 0 ? [] : [tag])]),
      ],
    };
  });

describe("what the workflow's scripts and expressions decide", () => {
  const cases = fc.sample(anyCase, { ...SEED, numRuns: 200 });

  it("are the tags of the policy's function, for every event, ref and state of the repository", () => {
    const decisions = decide(repository, cases);
    let published = 0;
    decisions.forEach((decision, index) => {
      const one = cases[index] ?? caseOf({});
      const { workflow: _, ...shown } = one;
      expect(decision.tags, JSON.stringify(shown)).toEqual(expected(one));
      expect(decision.publishes).toBe(decision.tags.length > 0);
      if (decision.publishes) published += 1;
    });
    // The cases are of both kinds, and reach every rule.
    expect(published).toBeGreaterThan(cases.length / 4);
    expect(published).toBeLessThan((cases.length * 3) / 4);
    const moved = new Set(decisions.flatMap(({ tags }) => tags.map((line) => line.split(" ")[0])));
    expect([...moved].sort()).toEqual([...new Set(TAG_POLICY.map(({ moves }) => moves))].sort());
  });

  it("do not matter to an event that the workflow's triggers leave out: none of those has a tag", () => {
    for (const one of cases) {
      const triggered = isTriggered(one.workflow, { name: one.event, ref: one.ref });
      if (expected(one).length > 0) expect(triggered, `${one.event} ${one.ref}`).toBe(true);
    }
    expect(cases.some((one) => !isTriggered(one.workflow, { name: one.event, ref: one.ref }))).toBe(true);
  });

  it("are in one queue for runs that could move the same tag, and in no queue with others", () => {
    const decisions = decide(repository, [
      caseOf({}),
      caseOf({ ref: "refs/tags/v0.7.0" }),
      caseOf({ ref: "refs/tags/v1.0.0" }),
      caseOf({ ref: "refs/tags/v1.0.0-rc.1" }),
      caseOf({ event: "workflow_dispatch" }),
    ]);
    expect(decisions.map(({ group }) => group)).toEqual([
      "publish-branch",
      "publish-release",
      "publish-release",
      "publish-4711",
      "publish-4711",
    ]);
    const movers = decisions.filter(({ tags }) => tags.some((line) => !/^(never|rebuilt) /.test(line)));
    expect(movers.map(({ group }) => group)).not.toContain("publish-4711");
  });

  it("are nothing in a fork, nor in a pull request whose outputs somebody tampered with", () => {
    const [fork] = decide(repository, [caseOf({ repository: "somebody/lamb", ref: "refs/tags/v0.7.0" })]);
    expect(fork).toMatchObject({ publishes: false, outputs: { origin: "release" } });
    const [own] = decide(repository, [caseOf({ ref: "refs/tags/v0.7.0" })]);
    expect(own?.publishes).toBe(true);
    const build = jobOf(lambWorkflow(), "build");
    const run = (event_name: string) => ({
      github: { event_name, repository: HOME },
      needs: { drift: { outputs: { origin: "release" } } },
    });
    expect(holds(build.if, run("pull_request"))).toBe(false);
    expect(holds(build.if, run("push"))).toBe(true);
  });
});

describe("the git tags that make no release", () => {
  it("reach neither a builder nor the registry", () => {
    const cases = OTHER_TAGS.map((tag) => caseOf({ ref: `refs/tags/${tag}`, tags: [tag, "v0.7.0"] }));
    const named = (decisions: readonly Decision[]) => decisions.filter(({ publishes }) => publishes);
    expect(named(decide(repository, cases))).toEqual([]);
    expect(named(decide(repository, [caseOf({ ref: "refs/tags/v0.7.0" })]))).toHaveLength(1);
  });
});

describe("what is built", () => {
  it("is said by its commit, the time of the commit, and a tag that the images get", () => {
    const tags = fc.sample(stableTag, { ...SEED, numRuns: 5 });
    const cases = [
      caseOf({}),
      caseOf({ event: "workflow_dispatch" }),
      ...tags.map((tag) => caseOf({ ref: `refs/tags/${tag}` })),
    ];
    decide(repository, cases).forEach(({ outputs, tags: given }) => {
      expect(outputs).toMatchObject({ commit: repository.commit, created: "2026-03-01T10:30:00Z" });
      expect(given.map((line) => line.split(" ")[1])).toContain(outputs.version);
    });
  });

  it("is not said by a tag that moves with others", () => {
    const [made] = decide(repository, [caseOf({ ref: "refs/tags/v0.7.0" })]);
    expect(made?.outputs.version).toBe("v0.7.0");
    expect(made?.tags).toContain("never v0.7.0");
    expect(TAG_POLICY.filter(({ moves }) => isLine(moves)).map(({ tag }) => tag)).not.toContain("{git tag}");
  });
});
