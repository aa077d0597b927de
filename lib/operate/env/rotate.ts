import { randomBytes } from "node:crypto";
import type { EnvContract, EnvContractVariable } from "../../env/contract";
import { withValues } from "../../env/edit";
import { cannotEdit, newSecret } from "../../env/init";
import { EnvReading } from "../../env/reading";
import { ROTATIONS } from "../../lamb/rotation";
import { OperateError } from "../error";
import { type Consequences, consequencesOf, variableOf } from "./explain";
import { backupPath, type EnvOnDisk } from "./file";

/** A variable that is about to get another value. */
export interface ChangePlan extends Consequences {
  readonly name: string;
  readonly env: EnvOnDisk;
  /** Where what was there is kept. */
  readonly backup: string;
  readonly text: string;
}

/**
 * Works out a new value for a secret that was generated. Writes nothing.
 *
 * @throws OperateError `unknown-variable`, `retired-variable`, `not-generated`, `counts-once`, `not-set`
 * @throws ConstructError `cannot-edit`
 */
export function planRotation(contract: EnvContract, env: EnvOnDisk, name: string, now: Date): ChangePlan {
  const variable = variableOf(contract, name);
  const fail = (code: string, reason: string, fix: string) => new OperateError({ code, path: name, reason, fix });
  const set = `\`lamb-compose env set ${name}\``;
  if (!variable.secret) throw fail("not-generated", "is not a secret", `give it another value with ${set}`);
  if (!variable.required) {
    const reason = "comes from somebody else, who has to give the new value";
    throw fail("not-generated", reason, `have it renewed there, and give it the new value with ${set}`);
  }
  const reading = new EnvReading(contract, env.text ?? "");
  const setting = reading.settings.get(name);
  refuseLateChange(variable, true);
  if (setting?.source !== name) {
    throw fail("not-set", "has no value in .env yet", "run `lamb-compose env init`, which makes one");
  }
  const { text, failed } = withValues(env.text ?? "", new Map([[name, newSecret(randomBytes, variable.form)]]));
  if (failed.length > 0) throw cannotEdit(name);
  const { effect, restarts } = consequencesOf(variable, reading);
  return { name, restarts, effect, env, backup: backupPath(env, now), text };
}

/**
 * Refuses another value where only the first one counts.
 *
 * @throws OperateError `counts-once`
 */
export function refuseLateChange({ name }: EnvContractVariable, isSet: boolean): void {
  const effect = ROTATIONS.get(name);
  if (effect?.countsOnce !== true || !isSet) return;
  throw new OperateError({
    code: "counts-once",
    path: name,
    reason: "counts once, at the first start: a new value would change nothing, and the first one would be lost",
    fix: effect.byHand?.join(" ") ?? "leave it as it is",
  });
}
