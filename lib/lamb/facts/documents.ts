import type { StaleDocument } from "../../images/guide-text";

/**
 * Files of LAMB's repository that are wrong, or used by nothing, once the files of this library lie there, as they were at
 * a4836f14. Other documents mention secrets that are refused now, and stay right in all else.
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
  {
    path: "deployment.md",
    wrong: "has people write `backend/Dockerfile` themselves, over the generated one",
  },
  { path: "Caddyfile.next", wrong: "is mounted by nothing any more: `caddy/Caddyfile.next` is" },
  { path: "backend/docker-entrypoint.py", wrong: "starts nothing any more: `backend/image/entrypoint.py` does" },
];
