import { isSecretName } from "../../env/secret-name";
import {
  type CheckedFolder,
  type CheckedVariable,
  type ContainerContract,
  VALUE_KINDS,
  type ValueKind,
} from "../../images/python/contract";
import type { ImageFact } from "../../policy/image-facts";
import { PUBLIC_SECRETS } from "../public-secrets";
import { FIXED_VALUES, KEPT_FOLDERS, NEEDED_VARIABLES } from "../rule-facts";
import { OWI_PUBLIC_BASE_URL } from "../variables";
import { PAGE_SETTINGS, SETTINGS_FOLDER } from "./page-settings";

/** What is checked in a container beside what the rules of the deployment say of its image. */
interface Additions
  extends Pick<ContainerContract, "program" | "otherOrigins" | "emptyWhenMissing" | "workers" | "settings"> {
  /** Last part of the image's name: what the facts are known by. */
  readonly image: string;
  /** What values must look like, by kind. */
  readonly kinds: { readonly [Kind in ValueKind]?: readonly string[] };
  /** Keys that may be missing, and must not be public when they are there. */
  readonly optionalSecrets?: readonly string[];
  readonly folders?: readonly CheckedFolder[];
}

/** Variables without which LAMB does start: the image brings a value. */
export const LAMB_DEFAULTS = { LAMB_DB_PATH: "/data/lamb", OLLAMA_ENABLED: "false" } as const;

/** Contract section 1.1. */
export const LAMB_CONTRACT = contractOf({
  image: "lamb",
  program: "LAMB",
  kinds: {
    address: [
      "LAMB_WEB_HOST",
      "LAMB_BACKEND_HOST",
      "LAMB_PUBLIC_BASE_URL",
      "LAMB_FRONTEND_BASE_URL",
      "LAMB_FRONTEND_LAMB_SERVER",
      "LAMB_FRONTEND_OPENWEBUI_SERVER",
      "LAMB_KB_SERVER",
      "LAMB_LIBRARY_SERVER",
      "OLLAMA_BASE_URL",
      "OPENAI_BASE_URL",
      "OWI_BASE_URL",
      "OWI_PUBLIC_BASE_URL",
    ],
    count: [
      "LAMB_WORKERS",
      "LLM_CONNECT_TIMEOUT",
      "LLM_MAX_CONNECTIONS",
      "LLM_REQUEST_TIMEOUT",
      "OLLAMA_REQUEST_TIMEOUT",
    ],
    flag: [
      "DEV_MODE",
      "LAMB_ENABLE_DEBUG",
      "LAMB_ENABLE_OPENWEBUI",
      "LAMB_LIBRARY_SERVER_ENABLE",
      "OLLAMA_ENABLED",
      "SIGNUP_ENABLED",
    ],
    path: ["LAMB_DB_PATH", "OWI_PATH"],
  },
  optionalSecrets: ["LAMB_LIBRARY_TOKEN", "LTI_SECRET", "LTI_GLOBAL_SECRET"],
  folders: [
    { path: "$OWI_PATH", holds: "Open WebUI's database, into which LAMB writes people and groups" },
    { path: SETTINGS_FOLDER, holds: "the settings of the pages" },
  ],
  otherOrigins: OWI_PUBLIC_BASE_URL.distinctFrom.map(({ variable, reason }) => [
    OWI_PUBLIC_BASE_URL.name,
    variable.name,
    reason,
  ]),
  emptyWhenMissing: ["OPENAI_API_KEY"],
  workers: "LAMB_WORKERS",
  settings: PAGE_SETTINGS,
});

/** Contract section 1.2. */
export const KB_CONTRACT = contractOf({
  image: "lamb-kb",
  program: "The knowledge base",
  kinds: {
    address: ["HOME_URL", "EMBEDDINGS_ENDPOINT", "FIRECRAWL_API_URL"],
    count: ["INGESTION_TASK_TIMEOUT_SECONDS", "MAX_CONCURRENT_INGESTION_TASKS"],
  },
});

/** Contract section 1.3. */
export const LIBRARY_MANAGER_CONTRACT = contractOf({
  image: "lamb-library-manager",
  program: "The library manager",
  kinds: {
    count: ["IMPORT_TASK_TIMEOUT_SECONDS", "MAX_CONCURRENT_IMPORTS"],
    path: ["DATA_DIR"],
  },
});

function contractOf(additions: Additions): ContainerContract {
  const { image, kinds, optionalSecrets = [], folders = [], ...rest } = additions;
  const variables = new Map<string, CheckedVariable>();
  const add = (variable: CheckedVariable) => {
    const [name = ""] = variable.names;
    variables.set(name, { ...variables.get(name), ...variable });
  };
  for (const { names, without } of factsOf(NEEDED_VARIABLES, image)) {
    if (!names.some((name) => rest.emptyWhenMissing?.includes(name))) add({ names, without });
  }
  for (const { name, value, because } of factsOf(FIXED_VALUES, image)) add({ names: [name], only: { value, because } });
  for (const name of optionalSecrets) add({ names: [name] });
  for (const kind of VALUE_KINDS) {
    for (const name of kinds[kind] ?? []) add({ names: variables.get(name)?.names ?? [name], kind });
  }
  return {
    ...rest,
    variables: [...variables.values()].map((variable) =>
      variable.names.some(isSecretName) ? { ...variable, secret: true } : variable,
    ),
    folders: [...factsOf(KEPT_FOLDERS, image), ...folders],
    refused: PUBLIC_SECRETS,
  };
}

/** What is known of the image of a name. */
function factsOf<What>(table: readonly ImageFact<What>[], image: string): readonly What[] {
  return table.flatMap((row) => (row.image(image) ? row.facts : []));
}
