import { join } from "node:path";
import { hashOf, readManifest } from "../../../disk/manifest";
import { readContent } from "../../../disk/read-file";
import { MANIFEST } from "../../../disk/reserved-names";
import { releaseFacts } from "../../engine/facts";
import { asTrouble, type Check, troublesOf } from "../check";

/** The files of the deployment. */
export const FILE_CHECKS: readonly Check[] = [
  {
    id: "files-valid",
    what: "Compose accepts the files",
    why: "nothing can be started otherwise",
    severity: "error",
    host: false,
    find: async (facts) => {
      await facts.compose();
      return asTrouble(facts.model());
    },
  },
  {
    id: "files-unedited",
    what: "the generated files are as they were generated",
    why: "the next run of `init` or of the program refuses to overwrite what was changed by hand",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const manifest = await readManifest(facts.dir);
      return troublesOf([...manifest], async ([path, hashes]) => {
        const content = await readContent(join(facts.dir, path)).catch(() => undefined);
        if (content === undefined)
          return [{ subject: path, reason: `is gone, and ${MANIFEST} lists it`, fix: REWRITE }];
        if (hashes.includes(hashOf(content.bytes))) return [];
        const fix = "bring the change into the program or `.env`; then run it again with --force";
        return [{ subject: path, reason: "was changed by hand", fix }];
      });
    },
  },
  {
    id: "release-good",
    what: "the release of the files was not retracted",
    why: "it was found to lose data or to reveal what it must not",
    severity: "warning",
    host: false,
    find: async (facts) =>
      Object.entries(releaseFacts(await facts.model()).releases).flatMap(([product, { version, retracted }]) => {
        if (retracted === undefined) return [];
        const fix = "install another release with `lamb-compose upgrade`";
        return [{ subject: `${product} ${version}`, reason: `was retracted: ${retracted}`, fix }];
      }),
  },
  {
    id: "env-complete",
    what: "the .env has what the files ask for",
    why: "services do not start without it, or start with secrets that everybody knows",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { exists, file, problems } = await facts.env();
      if (!exists) return [{ subject: file, reason: "is not there", fix: "run `lamb-compose env init`" }];
      return problems.map(({ name, line, severity, reason, fix }) => ({
        subject: name || (line === undefined ? undefined : `line ${line}`),
        severity,
        reason,
        fix,
      }));
    },
  },
  {
    id: "env-private",
    what: "only its owner can read the .env",
    why: "it holds all secrets of the deployment",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { exists, file, openToOthers } = await facts.env();
      if (!exists || !openToOthers) return [];
      return [{ subject: file, reason: "other users of this host can read it", fix: `run \`chmod 600 ${file}\`` }];
    },
  },
];

const REWRITE = "run `lamb-compose init`, or the program that wrote it, again";
