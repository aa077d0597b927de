import type { GuideChapter } from "../../guides/page";
import { UPSTREAM_DEFECTS } from "../facts/upstream-defects";

/** What only LAMB can mend, so that nobody looks for it in the files. */
export function upstreamChapter(): GuideChapter {
  return {
    id: "upstream",
    title: "What only LAMB can mend",
    blocks: [
      "These are mistakes of LAMB's own programs. No setting and no file of the deployment can mend them.",
      {
        head: ["what people meet", "known in", "until it is mended"],
        rows: UPSTREAM_DEFECTS.map(({ what, releases, meanwhile }) => [what, releases.join(", "), meanwhile]),
      },
    ],
  };
}
