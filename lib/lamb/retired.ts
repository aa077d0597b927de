import type { RetiredVar } from "../env/contract";

/** Variables of LAMB's earlier templates that are facts of the stack now. Set, they change nothing. */
export const RETIRED: readonly RetiredVar[] = [
  fixed("OWI_PATH", "/data/openwebui", "the place of Open WebUI's data in the container"),
  fixed("OWI_BASE_URL", "http://openwebui:8080", "the address of Open WebUI inside the deployment"),
  fixed("LAMB_BACKEND_HOST", "http://localhost:9099", "LAMB's address for itself"),
  fixed("LAMB_DB_PATH", "/data/lamb", "the place of LAMB's database in the container"),
  fixed("LAMB_KB_SERVER", "http://kb:9090", "the address of the knowledge base inside the deployment"),
  fixed("LAMB_FRONTEND_BUILD_PATH", "/app/frontend/build", "the place of the frontend in the image"),
  fixed("WEBUI_AUTH_TRUSTED_EMAIL_HEADER", "X-User-Email", "a name that LAMB has built in"),
  fixed("WEBUI_AUTH_TRUSTED_NAME_HEADER", "X-User-Name", "a name that LAMB has built in"),
  fixed("LIBRARY_MANAGER_PORT", "9091", "the port that the image listens on"),
  { name: "LAMB_PROJECT_PATH", reason: "nothing is mounted from a checkout any more" },
  { name: "OWI_USE_CUDA", reason: "images are not built on the server any more" },
  { name: "OWI_USE_OLLAMA", reason: "images are not built on the server any more" },
  { name: "OWI_CUDA_VER", reason: "images are not built on the server any more" },
  { name: "PIPELINES_HOST", reason: "it has one name now", replacedBy: "LAMB_WEB_HOST" },
  { name: "PIPELINES_BEARER_TOKEN", reason: "it has one name now", replacedBy: "LAMB_BEARER_TOKEN" },
];

function fixed(name: string, harmlessValue: string, what: string): RetiredVar {
  return { name, harmlessValue, reason: `it is fixed now: ${what}` };
}
