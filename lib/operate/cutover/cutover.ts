import { dirname, resolve as pathOf } from "node:path";
import { ComposeError } from "../../compose/error";
import type { FileAccess } from "../../compose/loader/files";
import { type Project, resolve } from "../../compose/project";
import type { ResolveOptions } from "../../compose/resolve";
import type { Environment } from "../../env/file";
import { environmentOf } from "../../policy/service-view";
import { mapOf } from "../../spec/value";
import { releaseFacts } from "../engine/facts";
import { PROJECT_MODEL, type ProjectModel } from "../engine/model";
import { readDeployment } from "../env/directory";
import { OperateError } from "../error";
import type { askOutside } from "../verify/outside";
import type { CutoverChange } from "./change";
import { type Compared, dataChanges } from "./data";
import { portChanges } from "./ports";
import { PROOF_TOPICS, type Proof, proofsOf, readRecords } from "./proofs";
import { serviceChanges } from "./services";
import { variableChanges } from "./settings";

export interface CutoverRequest {
  /** Compose files of the older deployment, the first the base. */
  readonly from: readonly string[];
  /** The directory of the next one. */
  readonly dir: string;
  readonly environment: Environment;
  readonly access: FileAccess;
  /** Asks the next one from outside. @default - it is not asked */
  readonly ask?: typeof askOutside | undefined;
}

/** Whether an older deployment can be replaced by the next one, and what speaks for it and against it. */
export interface Cutover {
  /** Paths of the older files. */
  readonly from: readonly string[];
  readonly dir: string;
  readonly changes: readonly CutoverChange[];
  readonly proofs: readonly Proof[];
  readonly verdict: "yes" | "no";
  /** Why not: sentences. None with `yes`. */
  readonly reasons: readonly string[];
}

/**
 * Compares an older deployment with the one that is to replace it, as Compose would resolve the files of both, and looks
 * which proofs there are of the next one. Nothing is changed, and no engine is asked.
 *
 * @throws OperateError `not-resolved`, and those of reading the directory; FileError
 */
export async function cutover({ from, dir, environment, access, ask }: CutoverRequest): Promise<Cutover> {
  const [first = ""] = from;
  const folder = dirname(pathOf(first));
  const paths = from.map((path) => pathOf(path));
  const older = { ...access, projectDirectory: folder, environment: { ...environment, PWD: folder } };
  const before = resolved(paths, older);
  const { files, env, contract } = await readDeployment(dir, environment);
  const chosen = files.filter((file) => file.chosen).map(({ fileName }) => pathOf(dir, fileName));
  const after = resolved(chosen, { ...access, projectDirectory: pathOf(dir), environment });
  const [old, next] = [modelOf(before), modelOf(after)];
  const records = await readRecords(dir);
  const root = before.environment.get("LAMB_PROJECT_PATH") || folder;
  const proofs = proofsOf(
    { ...records, answers: await ask?.(releaseFacts(next).outside) },
    [...new Set([folder, root])],
    dir,
  );
  const isMigrated = proofs.some(({ topic, state }) => topic === "migration" && state === "shown");
  const isThere = (path: string) => access.isDirectory?.(path) === true || access.read?.(path) !== undefined;
  const compared: Compared = { old, next, root, isThere, isMigrated, literals: literalsOf(paths, older) };
  const read = (path: string) => {
    const bytes = access.read?.(path);
    return typeof bytes === "object" ? new TextDecoder().decode(bytes) : bytes;
  };
  const changes = [
    ...dataChanges(compared),
    ...serviceChanges(compared),
    ...portChanges(compared),
    ...variableChanges(compared, { contract, env: env.text ?? "", environment, read }),
  ];
  const reasons = [
    ...changes.filter(({ weight }) => weight === "blocks").map(({ subject, text }) => `${subject} ${text}`),
    ...proofs.filter(({ state }) => state !== "shown").map(reasonOf),
  ];
  return { from, dir, changes, proofs, verdict: reasons.length === 0 ? "yes" : "no", reasons };
}

function resolved(files: readonly string[], options: ResolveOptions): Project {
  try {
    return resolve(files, options);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    throw new OperateError({
      code: "not-resolved",
      path: files.join(", "),
      reason: `Compose would refuse it: ${error.message}`,
      fix: "correct it, or give its values in the `.env` beside it, or in the environment",
    });
  }
}

function modelOf({ model }: Project): ProjectModel {
  return PROJECT_MODEL.parse(model);
}

/** The variables of services as the files have them: what comes from somebody's `.env` is not in them. */
function literalsOf(files: readonly string[], options: ResolveOptions): Compared["literals"] {
  const { model } = resolved(files, { ...options, interpolate: false, resolveEnvironment: false });
  return new Map(
    Object.entries(mapOf(model.services)).map(([name, service]) => {
      const own = environmentOf({ spec: mapOf(service) }).map((entry) => [entry.name, String(entry.value)] as const);
      return [name, Object.fromEntries(own)];
    }),
  );
}

function reasonOf({ topic, text, state }: Proof): string {
  const word = state === "failed" ? "it is not so that" : "nothing shows that";
  return `${word} ${PROOF_TOPICS[topic]}: ${text}`;
}
