import { UVICORN_ACCESS_LOG } from "../running";
import * as variable from "../variables";
import * as chat from "../variables/chat";
import { inOrder } from "../variables/kinds";
import { IDENTITY_HEADERS } from "./identity";
import { OPEN_WEBUI_LEFT_OUT } from "./open-webui-left-out";
import { openWebUiProbe } from "./probes";
import { type CheckoutServiceFacts, fixed } from "./service";
import { LAMB_USER } from "./users";
import { VECTOR_FILES } from "./vectors";

const PORT = 8080;
const DATA = "/app/backend/data";
const { email: EMAIL_HEADER, name: NAME_HEADER } = IDENTITY_HEADERS;
const SIGNUP = "false";
const BUILT_ELSEWHERE = "images are not built on the server any more";

/**
 * Open WebUI, where people talk to assistants: LAMB's fork, built by its own Dockerfile.
 */
export const OPEN_WEBUI: CheckoutServiceFacts<"data"> = {
  name: "openwebui",
  program: "Open WebUI",
  is: "Open WebUI, where people talk to assistants",
  image: "openwebui",
  build: {
    context: "open-webui",
    dockerfile: "open-webui/Dockerfile",
    // LAMB writes `webui.db`, too.
    args: { UID: `${LAMB_USER.id}`, GID: `${LAMB_USER.id}` },
    identity: { BUILD_HASH: "revision" },
  },
  source: { program: "open-webui/backend/open_webui" },
  owner: LAMB_USER,
  port: PORT,
  published: variable.OPENWEBUI_PORT,
  memory: variable.OPENWEBUI_MEMORY_LIMIT,
  probe: openWebUiProbe(PORT, DATA),
  constant: { probe: /^(?!.*sqlite3).*\/health(\/db)?(?![\w/-])/s, instead: "for a table of webui.db" },
  folders: {
    data: {
      path: DATA,
      holds: "Open WebUI's database and uploads",
      volume: "openwebui-data",
      loss: "data",
      refersTo: { "lamb-data": "assistants" },
      stores: [
        { path: "webui.db", holds: "people, groups and chats", copy: "database", table: "user" },
        { path: "vector_db/chroma.sqlite3", holds: "the texts of files in chats", copy: "database" },
        { path: "cache", holds: "models that the image brings, and generated images", copy: "files" },
        { path: "uploads/*", holds: "files in chats, under names of their own", copy: "once" },
        { path: "vector_db/*", holds: "the vectors of a file in chats", copy: "files", parts: VECTOR_FILES },
        { path: ".", holds: "whatever else it writes", copy: "files" },
      ],
    },
  },
  needs: [
    { names: ["WEBUI_SECRET_KEY"], without: "makes one up in its container, so that each update ends all sessions" },
    { names: ["ENABLE_SIGNUP"], without: "lets everybody sign up" },
    { names: ["OPENAI_API_BASE_URLS"], without: "does not know LAMB's assistants" },
    { names: ["OPENAI_API_KEYS"], without: "may not ask LAMB's assistants" },
  ],
  fixed: [
    { name: "PORT", value: `${PORT}`, because: "it would move the port that LAMB and the proxy ask" },
    { name: "WEBUI_AUTH_TRUSTED_EMAIL_HEADER", value: EMAIL_HEADER, because: "LAMB sends this header and no other" },
    { name: "WEBUI_AUTH_TRUSTED_NAME_HEADER", value: NAME_HEADER, because: "LAMB sends this header and no other" },
    { name: "ENABLE_SIGNUP", value: SIGNUP, because: "LAMB creates the users, and the first to sign up would rule" },
  ],
  environment: {
    ENV: "prod",
    WEBUI_SECRET_KEY: variable.WEBUI_SECRET_KEY,
    WEBUI_URL: variable.OWI_PUBLIC_BASE_URL,
    WEBUI_AUTH_TRUSTED_EMAIL_HEADER: EMAIL_HEADER,
    WEBUI_AUTH_TRUSTED_NAME_HEADER: NAME_HEADER,
    ENABLE_SIGNUP: SIGNUP,
    ...inOrder(chat),
    ENABLE_OLLAMA_API: "false",
    OPENAI_API_KEYS: variable.LAMB_BEARER_TOKEN,
    GLOBAL_LOG_LEVEL: variable.GLOBAL_LOG_LEVEL,
    UVICORN_ACCESS_LOG,
    // Chats of browsers are no open answers: they end at once, and what was said of one is saved. Clients of the API are.
    UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: "5",
  },
  forBrowsers: ["WEBUI_URL"],
  leftOut: OPEN_WEBUI_LEFT_OUT,
  retired: [
    fixed("WEBUI_AUTH_TRUSTED_EMAIL_HEADER", EMAIL_HEADER, "a name that LAMB has built in"),
    fixed("WEBUI_AUTH_TRUSTED_NAME_HEADER", NAME_HEADER, "a name that LAMB has built in"),
    { name: "OWI_USE_CUDA", reason: BUILT_ELSEWHERE },
    { name: "OWI_USE_OLLAMA", reason: BUILT_ELSEWHERE },
    { name: "OWI_CUDA_VER", reason: BUILT_ELSEWHERE },
  ],
  talksTo: ["lamb", "ollama", "caddy"],
  open: true,
};
