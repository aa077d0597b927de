import fc from "fast-check";
import { type BuildEvent, type RepositoryState, TAG_POLICY, tagsFor } from "lamb-compose/images";
import { describe, expect, it } from "vitest";
import { isLine } from "../../lib/images/tag-policy";
import { SEED } from "../support/property";
import { COMMIT, gitTag, gitTags, LATER_COMMIT, otherTag, preReleaseTag, stableTag } from "./history";

const SHA = `sha-${COMMIT.slice(0, 12)}`;
const RUNS = { ...SEED, numRuns: 1000 };

const repository = (tags: readonly string[], head = COMMIT): RepositoryState => ({ defaultBranch: "main", head, tags });
const event = (name: string, ref: string): BuildEvent => ({ name, ref, commit: COMMIT });
const release = (tag: string) => event("push", `refs/tags/${tag}`);
const names = (what: BuildEvent, state: RepositoryState) => tagsFor(what, state).map(({ name }) => name);
/** The tags of a pushed git tag, when the repository has these and itself. */
const ofTag = (tag: string, others: readonly string[] = []) => names(release(tag), repository([...others, tag]));
const floating = (what: BuildEvent, state: RepositoryState) =>
  tagsFor(what, state)
    .filter(({ moves }) => isLine(moves))
    .map(({ name }) => name);

describe("tagsFor", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["v0.7.0", [], ["v0.7.0", "0.7.0", "0.7", "0", "latest"]],
    ["v0.6", [], ["v0.6", "0.6.0", "0.6", "0", "latest"]],
    ["v0.7.1", ["v0.6", "v0.7.0"], ["v0.7.1", "0.7.1", "0.7", "0", "latest"]],
    ["v0.6.3", ["v0.6", "v0.7.0"], ["v0.6.3", "0.6.3", "0.6"]],
    ["v0.9.0", ["v0.10.0"], ["v0.9.0", "0.9.0", "0.9"]],
    ["v1.4.2", ["v1.5.0", "v2.0.0"], ["v1.4.2", "1.4.2", "1.4"]],
    ["v1.5.1", ["v1.5.0", "v2.0.0"], ["v1.5.1", "1.5.1", "1.5", "1"]],
    ["v0.7.0", ["v0.7.1"], ["v0.7.0", "0.7.0"]],
    ["v0.6", ["v0.6.1"], ["v0.6", "0.6.0"]],
    ["v0.8.0-rc.1", ["v0.7.0"], ["v0.8.0-rc.1", "0.8.0-rc.1"]],
    ["v0.7.0", ["v0.8.0-rc.1", "v0.7.0-rc.1"], ["v0.7.0", "0.7.0", "0.7", "0", "latest"]],
    ["v0.7.0", ["nightly", "vfoo", "v1", "v9.9.9.9", "v9.9.9+x"], ["v0.7.0", "0.7.0", "0.7", "0", "latest"]],
    ["v1.9.9", [`v1.9.${"1".repeat(40)}`], ["v1.9.9", "1.9.9"]],
  ])("of %s after %j is %j and that of the commit", (tag, others, expected) => {
    expect(ofTag(tag, others)).toEqual([SHA, ...expected]);
  });

  it("does not need the release's own git tag, should it be gone by then", () => {
    expect(names(release("v0.7.0"), repository([]))).toEqual(ofTag("v0.7.0"));
  });

  it("of the default branch is edge, unless the branch has gone on", () => {
    const push = event("push", "refs/heads/main");
    expect(names(push, repository(["v0.7.0"]))).toEqual([SHA, "edge"]);
    expect(names(push, repository(["v0.7.0"], LATER_COMMIT))).toEqual([SHA]);
    expect(names(push, { ...repository([]), defaultBranch: "dev" })).toEqual([]);
  });

  it.each([
    event("pull_request", "refs/pull/7/merge"),
    event("push", "refs/heads/feature"),
    event("push", "refs/heads/Main"),
    event("push", "refs/heads/v0.7.0"),
    event("push", "refs/heads/refs/tags/v0.7.0"),
    event("schedule", "refs/heads/main"),
    event("release", "refs/tags/v0.7.0"),
    event("", ""),
  ])("of $name on $ref are none", (other) => {
    expect(tagsFor(other, repository(["v0.7.0"]))).toEqual([]);
  });

  it("of a git tag that is no release are none", () => {
    fc.assert(
      fc.property(otherTag, gitTags, (tag, others) => {
        expect(ofTag(tag, others)).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe("the laws of the tag policy", () => {
  const ref = fc.oneof(
    gitTag.map((tag) => `refs/tags/${tag}`),
    fc.constantFrom("refs/heads/main", "refs/heads/other", "refs/pull/1/merge"),
  );
  const anyEvent = fc.tuple(fc.constantFrom("push", "workflow_dispatch", "pull_request"), ref);

  it("every tag is one that an image can have, and is given once", () => {
    fc.assert(
      fc.property(anyEvent, gitTags, ([name, on], tags) => {
        const given = names(event(name, on), repository(tags));
        expect(new Set(given).size).toBe(given.length);
        for (const tag of given) expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
      }),
      RUNS,
    );
  });

  it("the order in which git lists the tags does not matter, nor that one stands there twice", () => {
    fc.assert(
      fc.property(stableTag, gitTags, (tag, others) => {
        expect(ofTag(tag, [...others, ...others].reverse())).toEqual(ofTag(tag, others));
      }),
      RUNS,
    );
  });

  it("a manual run gives the tag of the commit and no other, whatever it runs on", () => {
    fc.assert(
      fc.property(ref, gitTags, (on, tags) => {
        expect(names(event("workflow_dispatch", on), repository(tags))).toEqual([SHA]);
      }),
      RUNS,
    );
  });

  it("every event that publishes anything gives the tag of the commit", () => {
    fc.assert(
      fc.property(anyEvent, gitTags, ([name, on], tags) => {
        const given = names(event(name, on), repository(tags));
        expect(given.length === 0 || given[0] === SHA).toBe(true);
      }),
      RUNS,
    );
  });

  it("a pre-release moves nothing, and holds nothing back", () => {
    fc.assert(
      fc.property(preReleaseTag, stableTag, gitTags, (early, tag, others) => {
        expect(floating(release(early), repository([...others, early]))).toEqual([]);
        expect(ofTag(tag, [...others, early])).toEqual(ofTag(tag, others));
      }),
      RUNS,
    );
  });

  it("the newest stable release of all has every floating tag of releases, any other one fewer", () => {
    const floatingRules = TAG_POLICY.filter(({ moves, from }) => isLine(moves) && from.includes("release"));
    fc.assert(
      fc.property(fc.uniqueArray(stableTag, { minLength: 1, maxLength: 8 }), (tags) => {
        const given = tags.map((tag) => floating(release(tag), repository(tags)));
        const most = given.filter((some) => some.length === floatingRules.length);
        expect(most.length).toBeGreaterThan(0);
        expect(new Set(most.map((some) => some.join(" "))).size).toBe(1);
        expect(given.filter((some) => some.includes("latest"))).toEqual(most);
      }),
      RUNS,
    );
  });

  /** The numbers of the release that a git tag makes. */
  const version = (tag: string) => [...tag.slice(1).split("."), "0"].slice(0, 3).map(BigInt);
  const isOlder = (one: string, other: string) => {
    const [a, b] = [version(one), version(other)];
    const at = a.findIndex((value, index) => value !== b[index]);
    return at !== -1 && (a[at] ?? 0n) < (b[at] ?? 0n);
  };

  /**
   * Git tags are pushed in one order; their runs end in another, each once or twice. At each publication the repository
   * has the tags that were pushed by then.
   */
  const history = fc
    .uniqueArray(fc.oneof(stableTag, preReleaseTag), { minLength: 1, maxLength: 6 })
    .chain((pushed) =>
      fc.tuple(
        fc.constant(pushed),
        fc.array(fc.tuple(fc.nat(pushed.length - 1), fc.nat(pushed.length - 1)), { minLength: 1, maxLength: 12 }),
      ),
    )
    .map(([pushed, ends]) => {
      let there = 0;
      return ends.map(([which, more]) => {
        there = Math.max(there, which + 1, Math.min(pushed.length, there + (more % 3)));
        return { tag: pushed[which] ?? "", tags: pushed.slice(0, there) };
      });
    });

  it("over any history, a floating tag never moves to an older release", () => {
    fc.assert(
      fc.property(history, (publications) => {
        const named = new Map<string, string>();
        for (const { tag, tags } of publications) {
          for (const name of floating(release(tag), repository(tags))) {
            const before = named.get(name);
            if (before !== undefined) expect(isOlder(tag, before), `${name}: ${before} → ${tag}`).toBe(false);
            named.set(name, tag);
          }
        }
      }),
      { ...SEED, numRuns: 3000 },
    );
  });

  it("once every release has been published, each floating tag names the newest of its line", () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(stableTag, { minLength: 1, maxLength: 6 })
          .chain((tags) => fc.tuple(fc.constant(tags), fc.shuffledSubarray(tags, { minLength: tags.length }))),
        ([tags, order]) => {
          const named = new Map<string, string>();
          for (const tag of order) for (const name of floating(release(tag), repository(tags))) named.set(name, tag);
          for (const [name, tag] of named) {
            const line = name === "latest" ? [] : name.split(".").map(BigInt);
            const rivals = tags.filter((other) => line.every((number, index) => version(other)[index] === number));
            expect(
              rivals.filter((other) => isOlder(tag, other)),
              name,
            ).toEqual([]);
          }
          expect(named.has("latest")).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it("over any order of runs, edge never moves to an older commit of the branch", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 10 }), (ends) => {
        const commit = (index: number) => String(index).repeat(40);
        let head = 0;
        let edge = 0;
        for (const [which, more] of ends) {
          head = Math.max(head, which, more);
          const push: BuildEvent = { name: "push", ref: "refs/heads/main", commit: commit(which) };
          if (!names(push, repository([], commit(head))).includes("edge")) continue;
          expect(which).toBeGreaterThanOrEqual(edge);
          edge = which;
        }
      }),
      RUNS,
    );
  });
});
