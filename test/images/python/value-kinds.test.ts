import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { checkEnv } from "lamb-compose/env";
import { expect, it } from "vitest";
import type { ValueKind } from "../../../lib/env/value-kinds";
import { ENTRYPOINT } from "../../../lib/images/generated/programs";
import { contractText } from "../../../lib/images/python/contract";
import { count, flag, url } from "../../../lib/lamb/variables/kinds";
import { contractOf } from "../../env/env-stack";
import { describeWith } from "../../support/tools";
import { folderOf } from "./support";

type Row = readonly [kind: ValueKind, value: string, fits: boolean];

const ROWS: readonly Row[] = [
  ["address", "https://a.test", true],
  ["address", "HTTPS://A.test:443/v1", true],
  ["address", "http://[::1]:80/v1", true],
  ["address", "http://user:pass@kb:9090", true],
  ["address", "http://bücher.test/ü", true],
  ["address", "http://host.docker.internal:11434/api/embeddings", true],
  ["address", "http://a.test/", false],
  ["address", "http://a.test/v1/", false],
  ["address", "http://a.test?x=1", false],
  ["address", "http://a.test/#x", false],
  ["address", "ftp://a.test", false],
  ["address", "a.test", false],
  ["address", "http://", false],
  ["address", "http://a b", false],
  ["address", "http://a:b:c", false],
  ["address", "http://a.test:123456", false],
  ["address", "x http://a.test", false],
  ["address", "http://a.test\thttp://b.test", false],
  ["count", "1", true],
  ["count", "16000", true],
  ["count", "0", false],
  ["count", "01", false],
  ["count", "-1", false],
  ["count", "1.5", false],
  ["count", "1e3", false],
  ["count", "١", false],
  ["flag", "true", true],
  ["flag", "false", true],
  ["flag", "True", false],
  ["flag", "1", false],
  ["flag", "yes", false],
  ["flag", "truefalse", false],
];

const TYPES = { address: url, count, flag };

/** Asks the entrypoint about each value, as the value of a variable of that kind. */
const ASK = `
import json, os, sys
import entrypoint as e
def fits(kind, value):
    os.environ["SHOP"] = value
    e.CONTRACT["variables"] = [{"names": ["SHOP"], "kind": kind}]
    return not [*e.variable_problems()]
json.dump([fits(kind, value) for kind, value in json.load(sys.stdin)], sys.stdout)
`;

function inPython(rows: readonly Row[]): unknown {
  const cwd = folderOf({
    "entrypoint.py": ENTRYPOINT,
    "contract.json": contractText({ program: "Shop", variables: [], folders: [], refused: [] }),
    "ask.py": ASK,
  });
  const input = JSON.stringify(rows.map(([kind, value]) => [kind, value]));
  const { stdout, stderr } = spawnSync("python3", [join(cwd, "ask.py")], { input, encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describeWith("python", "what a value must look like", () => {
  it("is the same for the entrypoint and for the check of an .env", async () => {
    const expected = ROWS.map(([, , fits]) => fits);
    const inCheck = ROWS.map(async ([kind, value]) => {
      const type = kind === "address" || kind === "count" || kind === "flag" ? TYPES[kind] : undefined;
      const contract = contractOf({ name: "SHOP", meaning: "of the shop", type });
      const problems = await checkEnv(contract, `SHOP='${value}'\n`);
      return !problems.some(({ code }) => code === "wrong-type");
    });
    expect(await Promise.all(inCheck)).toEqual(expected);
    expect(inPython(ROWS)).toEqual(expected);
  });
});
