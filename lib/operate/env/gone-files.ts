import { existsSync } from "node:fs";
import { join, normalize } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { projectFiles, separatorFor } from "../../compose/loader/project-files";
import { readManifest } from "../../disk/manifest";
import type { EnvContract } from "../../env/contract";
import { withValues } from "../../env/edit";
import { cannotEdit } from "../../env/init";
import { OURS } from "./directory";

/** An `.env` that no longer names files which left the deployment. */
export interface WithoutGone {
  readonly text: string | undefined;
  /** The files, as `COMPOSE_FILE` named them. */
  readonly gone: readonly string[];
}

/**
 * Takes out of `COMPOSE_FILE` what an earlier run made and this one takes away: with the name of a file that is not there,
 * Compose starts nothing. That a run was killed between the two is made good by the next one.
 *
 * @throws ConstructError `cannot-edit`; WriteError `bad-manifest`
 */
export async function withoutGone({ files }: EnvContract, dir: string, text: string | undefined): Promise<WithoutGone> {
  const { values } = parseDotenv(text ?? "");
  const named = projectFiles((name) => values.get(name)) ?? [];
  const [made, own] = [await readManifest(dir), new Set(files.map(({ fileName }) => fileName))];
  const gone = named.filter((written) => {
    const path = normalize(written);
    return !own.has(path) && (made.has(path) || (OURS.test(path) && !existsSync(join(dir, path))));
  });
  const kept = named.filter((path) => !gone.includes(path));
  if (text === undefined || gone.length === 0 || kept.length === 0) return { text, gone: [] };
  const separator = values.get("COMPOSE_PATH_SEPARATOR") || separatorFor(kept);
  const edit = withValues(text, new Map([["COMPOSE_FILE", kept.join(separator)]]));
  if (edit.failed.length > 0) throw cannotEdit("COMPOSE_FILE");
  return { text: edit.text, gone };
}
