import type { Finding } from "../../construct/finding";
import { isSecretName } from "../../policy/secret-name";
import { Stage } from "./stage";
import { variablesIn } from "./words";

/** What a check says of a stage. */
type Problem = Pick<Finding, "code" | "severity" | "value" | "reason" | "fix">;

/** Variables of the proxies, which BuildKit sets wherever they are given; and the one that every base image has. */
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];
const PREDEFINED: ReadonlySet<string> = new Set(["PATH", ...PROXIES.flatMap((name) => [name, name.toLowerCase()])]);

/** Each says what is wrong with one of the stages of a file, whose last one becomes the image. */
const CHECKS: readonly ((stage: Stage, stages: readonly Stage[]) => Generator<Problem>)[] = [
  undefinedVariables,
  secrets,
  sameNames,
  root,
];

/** What is wrong with the stages of a Dockerfile. */
export function stageProblems(stages: readonly Stage[]): readonly Problem[] {
  return stages.flatMap((stage) => CHECKS.flatMap((check) => [...check(stage, stages)]));
}

/** A stage and those that it builds upon, the first one first. */
function line(stage: Stage): readonly Stage[] {
  const stages = [stage];
  for (let { from } = stage; Stage.isStage(from); from = from.from) stages.unshift(from);
  return stages;
}

function* undefinedVariables(stage: Stage): Generator<Problem> {
  const inherited = line(stage).slice(0, -1);
  const known = new Set(inherited.flatMap(({ instructions }) => instructions.flatMap(({ defines = [] }) => defines)));
  for (const { keyword, expands = [], defines = [] } of stage.instructions) {
    for (const name of expands.flatMap(variablesIn)) {
      if (known.has(name) || PREDEFINED.has(name)) continue;
      const reason = `mentions a variable that the stage does not have, so that nothing stands there`;
      const fix = `add .arg(…) or .env(…) before it, or write \\$ for a dollar sign`;
      yield { code: "dockerfile-undefined", severity: "error", value: `${keyword} ${name}`, reason, fix };
    }
    for (const name of defines) known.add(name);
  }
}

function* secrets(stage: Stage): Generator<Problem> {
  for (const name of stage.instructions.flatMap(({ defines = [] }) => defines)) {
    if (!isSecretName(name)) continue;
    const reason = "would keep a secret in the image, where everybody who has the image can read it";
    const fix = "pass it to the container, or to a RUN as Mount.secret";
    yield { code: "dockerfile-secret", severity: "error", value: name, reason, fix };
  }
}

function* sameNames(stage: Stage, stages: readonly Stage[]): Generator<Problem> {
  const { name } = stage;
  if (!/^[a-z][a-z0-9_.-]*$/.test(name) || name === "scratch" || name === "context") {
    const reason = "is not a name for a stage";
    const fix = "use lower case letters, digits, `_`, `.` and `-`, a letter first, and neither scratch nor context";
    yield { code: "dockerfile-stage-name", severity: "error", value: JSON.stringify(name), reason, fix };
  }
  if (stages.find((other) => other.name === name) === stage) return;
  const reason = "is the name of two stages: what is copied would come from one of them only";
  yield { code: "dockerfile-stage-twice", severity: "error", value: name, reason, fix: "give one another name" };
}

function* root(stage: Stage, stages: readonly Stage[]): Generator<Problem> {
  if (stage !== stages.at(-1)) return;
  const users = line(stage).flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === "USER"));
  const user = users.at(-1)?.lines[0]?.split(":")[0];
  if (user !== undefined && user !== "root" && user !== "0") return;
  const reason = "runs as root: whoever breaks into the program owns the container, and all of its volumes";
  const fix = "make a user with a number of its own, and end with .user(…)";
  yield { code: "dockerfile-root", severity: "warning", value: user ?? "no USER", reason, fix };
}
