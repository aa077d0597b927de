import { expect, it } from "vitest";
import { LAMB_RULES } from "../../lib/lamb/rules";
import { PRODUCTION_RULES } from "../../lib/policy/production";
import { reportFindings } from "../../lib/policy/report";
import { urgencyOf } from "../../lib/policy/urgency";
import type { Finding } from "../../lib/report/finding";

it("knows every rule", () => {
  const ids = [...PRODUCTION_RULES, ...LAMB_RULES].map(({ id }) => id);
  expect(ids.filter((id) => urgencyOf(id) < 0)).toEqual([]);
});

it("orders a text by it, and leaves the order of what is as urgent", () => {
  const finding = (code: string, severity: Finding["severity"], construct: string): Finding => {
    return { code, severity, construct, reason: `is wrong in ${construct}`, fix: "mend it" };
  };
  const text = reportFindings([
    finding("process-limit", "warning", "a"),
    finding("stop-grace", "warning", "b"),
    finding("image-pinned", "error", "c"),
    finding("no-engine-socket", "error", "d"),
    finding("no-engine-socket", "error", "e"),
    finding("compose-refuses", "error", "f"),
  ]);
  expect([...text.matchAll(/^(?:error|warning) (\S+) at (\S+)$/gm)].map(([, code, at]) => `${code} ${at}`)).toEqual([
    "compose-refuses f",
    "no-engine-socket d",
    "no-engine-socket e",
    "image-pinned c",
    "stop-grace b",
    "process-limit a",
  ]);
});
