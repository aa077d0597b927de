import type { Finding } from "../../report/finding";
import type { ComposeMap, ComposeValue, YamlPath } from "../../spec";
import { isMap, listOf, mapOf } from "../../spec/value";
import { byDefault } from "../image/use";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** What the engine takes for `restart`. The specification's schema takes any text. */
const RESTART = /^(|no|always|unless-stopped|on-failure(:\d+)?)$/;

/** Numbers that are permissions when their digits are read as octal, and hardly any as they are. */
const FORGOTTEN_OCTAL: ReadonlySet<number> = new Set([400, 440, 444, 500]);
const MOST_PERMISSIONS = 0o777;

/** Values that Compose passes on as they are, and that the engine refuses or understands in another way. */
export function* words(rendered: RenderedFile): Generator<Finding> {
  for (const [name, value] of Object.entries(mapOf(rendered.document.services))) {
    const service = mapOf(value);
    const { restart } = service;
    const word = typeof restart === "string" ? byDefault(restart) : undefined;
    if (word !== undefined && !RESTART.test(word)) {
      yield inFile(rendered, {
        code: "invalid-restart",
        path: ["services", name, "restart"],
        value: JSON.stringify(word),
        reason: "is not a restart policy: the engine would refuse the container",
        fix: 'use "no", "always", "unless-stopped", "on-failure" or "on-failure:3"',
      });
    }
    for (const [path, mode] of modesIn(["services", name], service)) {
      if (mode <= MOST_PERMISSIONS && !FORGOTTEN_OCTAL.has(mode)) continue;
      yield inFile(rendered, {
        code: "decimal-mode",
        severity: "warning",
        path,
        value: String(mode),
        reason: `is a decimal number, and means the permissions 0o${mode.toString(8)}`,
        fix: `write 0o${mode} in a program, "0${mode}" in a file`,
      });
    }
  }
}

/** The permissions that a service gives as numbers: of configs, of secrets, and of folders in memory. */
function* modesIn(service: YamlPath, spec: ComposeMap): Generator<readonly [path: YamlPath, mode: number]> {
  for (const key of ["configs", "secrets", "volumes"]) {
    for (const [index, entry] of listOf(spec[key]).entries()) {
      if (!isMap(entry)) continue;
      const isTmpfs = key === "volumes";
      const mode: ComposeValue | undefined = isTmpfs ? mapOf(entry.tmpfs).mode : entry.mode;
      const path = [...service, key, index, ...(isTmpfs ? ["tmpfs"] : []), "mode"];
      if (typeof mode === "number") yield [path, mode];
    }
  }
}
