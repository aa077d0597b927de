import { LIMITS } from "../construct/env-limit";
import { FACTS_KEY } from "../construct/facts";
import { addTo } from "../spec/group";
import { isObject } from "../spec/json";

/** The largest value that a variable may have where a file runs. */
export interface EnvContractLimit {
  /** Path of the file. */
  readonly file: string;
  readonly most: number;
  /** Why: a clause. */
  readonly reason: string;
}

/** The limits that files state, by the variable. */
export function limitsOf(
  files: readonly { readonly fileName: string; readonly document: Readonly<Record<string, unknown>> }[],
): ReadonlyMap<string, readonly EnvContractLimit[]> {
  const limits = new Map<string, EnvContractLimit[]>();
  for (const { fileName: file, document } of files) {
    const { [FACTS_KEY]: facts } = document;
    const stated = isObject(facts) ? facts[LIMITS] : undefined;
    for (const [name, limit] of isObject(stated) ? Object.entries(stated) : []) {
      if (!isObject(limit) || typeof limit.reason !== "string") continue;
      addTo(limits, name, { file, most: Number(limit.most), reason: limit.reason });
    }
  }
  return limits;
}
