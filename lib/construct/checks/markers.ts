import type { Finding } from "../../report/finding";
import { variablesIn } from "../marker";
import type { SynthesizedFile } from "../synth/synthesis";

/** Variables inside texts that are never rendered: keys, names, comments, the contents of artifacts. */
export function* markers(files: readonly SynthesizedFile[]): Generator<Finding> {
  for (const { path, construct, text } of files) {
    for (const { name } of variablesIn(text)) {
      yield {
        code: "stray-variable",
        severity: "error",
        construct,
        file: path,
        value: name,
        reason: "the variable stands where variables are not replaced: in a key, a comment or the text of an artifact",
        fix: "use it inside a value; in an artifact, write its name as that format reads variables, such as `{$NAME}`",
      };
    }
  }
}
