import type { Finding } from "../../report/finding";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** Texts with a `${` that Compose cannot read. The text is not shown: it could be a password. */
export function* templates(rendered: RenderedFile): Generator<Finding> {
  for (const { by, path } of rendered.register.badTemplates) {
    yield inFile(rendered, {
      code: "invalid-template",
      path,
      by,
      reason: "has a `${` that does not begin a variable: Compose would refuse the file",
      fix: "write `$$` for each `$` that is not Compose's, or pass the text through escapeDollar(…)",
    });
  }
}
