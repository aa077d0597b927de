import { describe, expect, it } from "vitest";
import { App } from "../../../lib/construct/app";
import { ComposeFile } from "../../../lib/construct/compose-file";
import { Service } from "../../../lib/construct/service";
import { StackRelease, type StackReleaseProps } from "../../../lib/construct/stack-release";
import { RELEASES } from "../../../lib/lamb/facts/releases";
import { LambRelease } from "../../../lib/lamb/release";
import { type ReleaseFacts, releaseFacts } from "../../../lib/operate/engine/facts";
import { PROJECT_MODEL } from "../../../lib/operate/engine/model";
import { assertReachable, oneWayBetween } from "../../../lib/operate/upgrade/path";

const ALL = ["1.0", "2.0", "3.0", "4.0", "10.0"];
const STOPS: Readonly<Record<string, string>> = { "2.0": "moves the orders", "4.0": "moves the people" };

/** What the files of a release say, as a program writes them. */
async function factsOf(props: StackReleaseProps | undefined): Promise<ReleaseFacts["releases"]> {
  const app = new App();
  const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
  new Service(file, "web", { image: "web:1" });
  if (props !== undefined) new StackRelease(file, "Shop", props);
  const { model } = await app.synth().resolve();
  return releaseFacts(PROJECT_MODEL.parse(model)).releases;
}

function release(version: string, retracted?: string): StackReleaseProps {
  const earlier = ALL.slice(0, ALL.indexOf(version));
  const stops = Object.fromEntries(earlier.flatMap((one) => (STOPS[one] === undefined ? [] : [[one, STOPS[one]]])));
  return { version, earlier, stops, retracted };
}

const way = async (from: StackReleaseProps | undefined, to: StackReleaseProps | undefined) => {
  const [runs, wanted] = [await factsOf(from), await factsOf(to)];
  return () => assertReachable(runs, wanted);
};

describe("the way to a release", () => {
  it.each([
    ["1.0", "2.0"],
    ["2.0", "3.0"],
    ["2.0", "4.0"],
    ["4.0", "10.0"],
    ["3.0", "3.0"],
  ])("is free from %s to %s", async (from, to) => {
    expect(await way(release(from), release(to))).not.toThrow();
  });

  it.each([
    ["1.0", "3.0", "2.0 moves the orders", "upgrade 2.0` first; the way is 1.0, 2.0, 3.0"],
    ["3.0", "10.0", "4.0 moves the people", "upgrade 4.0` first; the way is 3.0, 4.0, 10.0"],
    ["1.0", "10.0", "2.0 moves the orders; 4.0 moves the people", "the way is 1.0, 2.0, 4.0, 10.0"],
  ])("from %s to %s goes through what is required", async (from, to, reason, fix) => {
    const error = expect.objectContaining({
      code: "required-release",
      path: `Shop ${to}`,
      reason: expect.stringContaining(reason),
      fix: expect.stringContaining(fix),
    });
    expect(await way(release(from), release(to))).toThrow(error);
  });

  it("is not known from files that do not say what they are, and then goes through all that is required", async () => {
    expect(await way(undefined, release("3.0"))).toThrow("the way is what runs, 2.0, 3.0");
    expect(await way(undefined, release("2.0"))).not.toThrow();
    expect(await way(release("2.0"), undefined)).not.toThrow();
  });

  it("does not go back, nor to what was retracted", async () => {
    expect(await way(release("10.0"), release("4.0"))).toThrow("older-release at Shop 4.0: is older than 10.0");
    expect(await way(release("2.0"), release("3.0", "loses orders"))).toThrow(
      "retracted-release at Shop 3.0: loses orders",
    );
  });
});

it.each([
  ["1.0", "2.0", []],
  ["1.0", "3.0", ["Orders have another form."]],
  ["3.0", "4.0", ["Names are hashed.", "Old names are gone."]],
  ["1.0", "10.0", ["Orders have another form.", "Names are hashed.", "Old names are gone."]],
  ["4.0", "4.0", []],
  [undefined, "3.0", ["Orders have another form."]],
])("what changes the data for good from %s to %s is what the releases after it say", async (from, to, sentences) => {
  const all = { "3.0": ["Orders have another form."], "4.0": ["Names are hashed.", "Old names are gone."] };
  const { earlier, ...rest } = release(to);
  const known = [...(earlier ?? []), to];
  const oneWay = Object.fromEntries(Object.entries(all).filter(([version]) => known.includes(version)));
  const wanted = await factsOf({ ...rest, earlier, oneWay });
  expect(oneWayBetween(await factsOf(from === undefined ? undefined : release(from)), wanted)).toEqual(sentences);
});

it("a release comes after its stops, and not before itself", () => {
  const wrong = [{ earlier: ["2.0"] }, { stops: { "1.0": "x" } }, { oneWay: { "3.0": ["x"] } }, { earlier: ["1 0"] }];
  for (const props of wrong) {
    const file = new ComposeFile(new App(), "shop", { fileName: "compose.yaml" });
    expect(() => new StackRelease(file, "Shop", { version: "2.0", ...props })).toThrow("release-order");
  }
});

it("LAMB's releases are in order, and say where upgrades must stop", () => {
  for (const [at, { version, retracted }] of RELEASES.entries()) {
    const { earlier = [], stops = {}, oneWay = {}, ...rest } = new LambRelease(version).inOrder;
    const changing = RELEASES.slice(0, at + 1).filter((one) => one.oneWay.length > 0);
    expect(oneWay).toEqual(Object.fromEntries(changing.map((one) => [one.version, one.oneWay])));
    expect(rest).toEqual({ version, retracted });
    expect(earlier).toEqual(RELEASES.slice(0, at).map((one) => one.version));
    expect(Object.keys(stops).every((stop) => earlier.includes(stop))).toBe(true);
  }
});
