import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageLock } from "lamb-compose";
import { afterEach, describe, expect, it } from "vitest";
import { checkLock } from "../../../lib/operate/lock/check";
import { formatMismatch } from "../../../lib/operate/lock/mismatch";
import { lockOf } from "../../support/locks";
import { compose, digest, directoryWith, FakeRegistries, removeDirectories } from "./directory";

afterEach(removeDirectories);

const pinned = (image: string, digit: string) => `${image}@${digest(digit)}`;

/** What files and a lock have against each other, without a registry. */
async function mismatches(files: Readonly<Record<string, string>>, lock?: ImageLock): Promise<string[]> {
  const dir = directoryWith(files, lock);
  const check = await checkLock({ dir, client: undefined });
  expect([check.moved, check.unanswered, check.unmoved]).toEqual([[], [], 0]);
  return check.mismatches.map(
    ({ kind, image, file }) => `${kind} ${image.replace(dir, "DIR")}${file === undefined ? "" : ` ${file}`}`,
  );
}

describe("files and lock", () => {
  it("agree", async () => {
    const files = {
      "compose.yaml": compose(pinned("a:1", "a"), pinned("docker.io/a:1", "a"), `c@${digest("c")}`),
      "x/Dockerfile": `FROM ${pinned("b:1", "b")}`,
    };
    expect(await mismatches(files, lockOf({ "a:1": "a", "b:1": "b" }))).toEqual([]);
    expect(await mismatches({ "compose.yaml": "services: {}" })).toEqual([]);
  });

  it("do not: each way, all at once", async () => {
    const files = {
      "compose.yaml": compose(pinned("a:1", "a"), "b:1", pinned("c:1", "9"), "d:1", pinned("e:1", "e"), "'f:${V}'"),
      "x/Dockerfile": "FROM b:1",
    };
    expect(await mismatches(files, lockOf({ "a:1": "a", "b:1": "b", "c:1": "c", "left:1": "0" }))).toEqual([
      "open f:${V} compose.yaml",
      "not-pinned b:1 compose.yaml",
      "not-pinned b:1 x/Dockerfile",
      "other-digest c:1 compose.yaml",
      "not-locked d:1 compose.yaml",
      "not-locked e:1 compose.yaml",
      "left-over left:1",
    ]);
    expect(await mismatches(files)).toEqual(["open f:${V} compose.yaml", "no-lock DIR/images.lock.json"]);
  });

  it.each([
    ["no-lock", "run `lamb-compose lock`"],
    ["not-locked", "run `lamb-compose lock`"],
    ["left-over", "run `lamb-compose lock`"],
    ["not-pinned", "run the program again"],
    ["other-digest", "the program itself gives a digest"],
    ["open", "give the variable a default"],
  ] as const)("are told apart in words: %s", (kind, fix) => {
    const text = formatMismatch({ kind, image: "a:1", file: "compose.yaml" });
    expect(text).toMatch(new RegExp(`^error ${kind} at compose\\.yaml · a:1\\n  .+\\n  fix: .*${fix}`));
  });
});

describe("lock and registries", () => {
  const files = { "compose.yaml": compose(pinned("a:1", "a"), pinned("b:1", "b"), pinned("ghcr.io/c:1", "c")) };
  const lock = lockOf({ "a:1": "a", "b:1": "b", "ghcr.io/c:1": "c", "left:1": "0" });

  async function held(content: Readonly<Record<string, string>>) {
    const dir = directoryWith(files, lock);
    const before = readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "utf8")]);
    const client = new FakeRegistries(content);
    const { moved, unmoved, unanswered } = await checkLock({ dir, client });
    expect(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "utf8")])).toEqual(before);
    return { moved, unmoved, unanswered: unanswered.map(({ message }) => message), asked: client.asked };
  }

  it("agree, for one question an image", async () => {
    expect(await held({ "a:1": "a", "b:1": "b", "ghcr.io/c:1": "c" })).toEqual({
      moved: [],
      unmoved: 3,
      unanswered: [],
      asked: ["a:1", "b:1", "ghcr.io/c:1"],
    });
  });

  it("do not where a tag moved, or is gone, or with it what is locked", async () => {
    expect(await held({ "a:1": "8", "a@a": "a", "b:1": "9", "ghcr.io/c@c": "c" })).toMatchObject({
      moved: [
        { image: "a:1", locked: digest("a"), now: digest("8"), isThere: true },
        { image: "b:1", locked: digest("b"), now: digest("9"), isThere: false },
        { image: "ghcr.io/c:1", locked: digest("c"), now: undefined, isThere: true },
      ],
      unmoved: 0,
      unanswered: [],
    });
  });

  it("cannot be compared where there is no answer, which is no movement", async () => {
    const { moved, unmoved, unanswered } = await held({
      "a:1": "no-network",
      "b:1": "no-network",
      "ghcr.io/c:1": "9",
      "ghcr.io/c@c": "rate-limited",
    });
    expect([moved, unmoved]).toEqual([[], 0]);
    expect(unanswered).toEqual([
      "no-network at a:1, b:1: docker.io says no\n  fix: do something",
      "rate-limited at ghcr.io/c:1: ghcr.io says no\n  fix: do something",
    ]);
  });
});
