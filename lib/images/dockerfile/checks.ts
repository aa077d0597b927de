import { isSecretName } from "../../env/secret-name";
import type { Finding } from "../../report/finding";
import { Stage } from "./stage";
import { variablesIn } from "./words";

/** What a check says of a stage. */
type Problem = Pick<Finding, "code" | "severity" | "value" | "reason" | "fix">;

/** Variables of the proxies, which BuildKit sets wherever they are given; and the one that every base image has. */
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];
const PREDEFINED: ReadonlySet<string> = new Set(["PATH", ...PROXIES.flatMap((name) => [name, name.toLowerCase()])]);

/** Each looks at the stages of a file, in its order; the last one becomes the image. A new check is a new row. */
const CHECKS: readonly ((stages: readonly Stage[]) => Generator<Problem>)[] = [
  undefinedVariables,
  secrets,
  names,
  root,
];

/** What is wrong with the stages of a Dockerfile. */
export function stageProblems(stages: readonly Stage[]): readonly Problem[] {
  return CHECKS.flatMap((check) => [...check(stages)]);
}

function* undefinedVariables(stages: readonly Stage[]): Generator<Problem> {
  const known = new Map<Stage, ReadonlySet<string>>();
  for (const stage of stages) {
    const here = new Set((Stage.isStage(stage.from) ? known.get(stage.from) : undefined) ?? PREDEFINED);
    for (const { keyword, expands = [], defines = [] } of stage.instructions) {
      for (const name of expands.flatMap(variablesIn)) {
        if (here.has(name)) continue;
        const reason = "mentions a variable that the stage does not have, which is empty there";
        const fix = "add .arg(…) or .env(…) before it, or write \\$ for a dollar sign";
        yield { code: "dockerfile-undefined", severity: "error", value: `${keyword} ${name}`, reason, fix };
      }
      for (const name of defines) here.add(name);
    }
    known.set(stage, here);
  }
}

function* secrets(stages: readonly Stage[]): Generator<Problem> {
  for (const name of stages.flatMap(({ instructions }) => instructions.flatMap(({ defines = [] }) => defines))) {
    if (!isSecretName(name)) continue;
    const reason = "would keep a secret in the image, where everybody who has the image can read it";
    const fix = "pass it to the container, or to a RUN as BuildMount.secret";
    yield { code: "dockerfile-secret", severity: "error", value: name, reason, fix };
  }
}

function* names(stages: readonly Stage[]): Generator<Problem> {
  const seen = new Set<string>();
  for (const { name } of stages) {
    if (!/^[a-z][a-z0-9_.-]*$/.test(name) || name === "scratch" || name === "context") {
      const reason = "is not a name for a stage";
      const fix = "use lower case letters, digits, `_`, `.` and `-`, a letter first, and neither scratch nor context";
      yield { code: "dockerfile-stage-name", severity: "error", value: JSON.stringify(name), reason, fix };
    }
    if (seen.has(name)) {
      const reason = "is the name of two stages: what is copied would come from one of them only";
      yield { code: "dockerfile-stage-twice", severity: "error", value: name, reason, fix: "give one another name" };
    }
    seen.add(name);
  }
}

function* root(stages: readonly Stage[]): Generator<Problem> {
  let stage = stages.at(-1);
  let user: string | undefined;
  while (stage !== undefined && user === undefined) {
    user = stage.instructions.findLast(({ keyword }) => keyword === "USER")?.lines[0]?.split(":")[0];
    stage = Stage.isStage(stage.from) ? stage.from : undefined;
  }
  if (user !== undefined && user !== "root" && user !== "0") return;
  const reason = "runs as root: a break-in into the program gives control of the container and of all its volumes";
  const fix = "create a user with a fixed number, and end with .user(…)";
  yield { code: "dockerfile-root", severity: "warning", value: user ?? "no USER", reason, fix };
}
