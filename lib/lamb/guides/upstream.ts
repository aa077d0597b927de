import type { GuideChapter } from "../../guides/page";
import { UPSTREAM_DEFECTS } from "../facts/upstream-defects";

/** What only LAMB can mend, so that nobody looks for it in the files. */
export function upstreamChapter(): GuideChapter {
  return {
    id: "upstream",
    title: "What only LAMB can fix",
    blocks: [
      "These are bugs in LAMB and in its fork of Open WebUI. No setting and no file of the deployment can fix them.",
      {
        head: ["symptom", "known in", "until it is fixed"],
        rows: UPSTREAM_DEFECTS.map(({ what, releases, meanwhile }) => [what, releases.join(", "), meanwhile]),
      },
    ],
  };
}
