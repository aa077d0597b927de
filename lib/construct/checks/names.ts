import type { Finding } from "../../report/finding";
import type { YamlPath } from "../../spec";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

const SECTIONS = ["services", "networks", "volumes", "configs", "secrets"];
const NAME = /^[a-zA-Z0-9._-]+$/;

/** Names that Compose takes and that some reader of the file stumbles over. */
const TREACHEROUS: readonly { readonly is: (name: string) => boolean; readonly reason: string }[] = [
  { is: (name) => !NAME.test(name), reason: "has characters other than letters, digits, `.`, `_` and `-`" },
  { is: (name) => name in {}, reason: "is a name that every JavaScript object has" },
  { is: (name) => /^\d+$/.test(name), reason: "is a number, which readers of the file reorder or refuse as a name" },
];

/** Names that cannot be a Compose name, and names that two constructs of one section share. */
export function* names(rendered: RenderedFile): Generator<Finding> {
  for (const section of SECTIONS) {
    for (const name of Object.keys(rendered.document[section] ?? {})) {
      const wrong = TREACHEROUS.find(({ is }) => is(name));
      if (wrong === undefined) continue;
      const fix = "choose another id: letters first, then letters, digits, `.`, `_` and `-`";
      yield inFile(rendered, {
        code: "invalid-name",
        path: [section, name],
        value: JSON.stringify(name),
        reason: wrong.reason,
        fix,
      });
    }
  }
  for (const { section, first, second } of rendered.twice) {
    const path: YamlPath = [section, second.name];
    const reason = `has the same name as another construct of the same section, ${first.node.path}`;
    yield inFile(rendered, { code: "duplicate-name", path, by: second, reason, fix: "give one of them another id" });
  }
}
