import type { StaleDocument } from "../../images/guide-text";

/**
 * Documents of LAMB's repository that say what no longer holds once the files of this library lie there, as they were at
 * a4836f14. Others mention secrets that are refused now, and stay right in all else.
 */
export const STALE_DOCUMENTS: readonly StaleDocument[] = [
  {
    path: "Documentation/deployNext.md",
    wrong:
      "tells to set variables that are fixed now (`OWI_BASE_URL`, `OWI_PATH`, `LAMB_BACKEND_HOST`, `LAMB_DB_PATH`), names the key of the knowledge base `LAMB_API_KEY`, which is `LAMB_KB_SERVER_TOKEN`, and shows secrets that are refused",
  },
  {
    path: "Documentation/deployLocal.md",
    wrong:
      "builds images on the server, mounts the checkout, and starts `docker-compose.next.gpu.yaml` without the Compose files that it changes",
  },
];
