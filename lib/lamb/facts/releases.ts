import { OPENAI_MODEL, OPENAI_MODELS } from "../variables/models";
import { CADDY } from "./caddy";
import { KB } from "./kb";
import type { KNOWLEDGE_STORE, NEO4J, QDRANT } from "./knowledge-store";
import { LAMB } from "./lamb";
import { LIBRARY_MANAGER } from "./library-manager";
import { OLLAMA } from "./ollama";
import { OPEN_WEBUI } from "./open-webui";
import type { ServiceFacts } from "./service";

/** The services of a release. Another release may say other things of them, or have others. */
export interface ReleaseServices {
  readonly lamb: typeof LAMB;
  readonly kb: typeof KB;
  readonly openwebui: typeof OPEN_WEBUI;
  /** @default - the release has none */
  readonly libraryManager?: typeof LIBRARY_MANAGER;
  /** @default - the release has none, as all that are known */
  readonly knowledgeStore?: typeof KNOWLEDGE_STORE;
  /** @default - as for the knowledge store */
  readonly qdrant?: typeof QDRANT;
  /** @default - as for the knowledge store */
  readonly neo4j?: typeof NEO4J;
  readonly ollama: typeof OLLAMA;
  readonly caddy: typeof CADDY;
}

/** What is true of one release of LAMB. */
export interface ReleaseFacts {
  readonly version: string;
  /** The git tag, which is the images' tag. */
  readonly tag: string;
  /** Whether it is published. A release that is not can be prepared for. */
  readonly out: boolean;
  readonly services: ReleaseServices;
  /** The version of the schema that it writes, by the database. One that is not here has no version of its own. */
  readonly schemas: { readonly [database: string]: number };
  /**
   * Why an upgrade from an earlier release must stop here before it goes on to a later one: the end of a sentence that
   * begins with the version.
   * @default - it can be skipped
   */
  readonly stop?: string | undefined;
  /** What it changes in the data that an older release cannot read any more: sentences. */
  readonly oneWay: readonly string[];
  /**
   * Why nobody should run it: the end of a sentence that begins with the version.
   * @default - it is good
   */
  readonly retracted?: string | undefined;
}

const SERVICES = { lamb: LAMB, kb: KB, openwebui: OPEN_WEBUI, ollama: OLLAMA, caddy: CADDY };

const {
  LAMB_WORKERS,
  LAMB_LIBRARY_SERVER_ENABLE,
  LAMB_MOODLE_ENCRYPTION_KEY,
  DOCUMENT_RAG_CACHE_ENABLED,
  DOCUMENT_RAG_CACHE_TTL_SECONDS,
  ...ENVIRONMENT_06
} = LAMB.environment;

const MODELS_06 = {
  OPENAI_MODEL: OPENAI_MODEL.withDefault("gpt-4o-mini"),
  OPENAI_MODELS: OPENAI_MODELS.withDefault("gpt-4o-mini,gpt-4o"),
};

/** LAMB's own files of 0.6 keep uploads in no volume, ours at its root. */
const FOLDERS_06 = { ...LAMB.folders, uploads: { ...LAMB.folders.uploads, subpath: undefined } };

/**
 * The releases, oldest first.
 */
export const RELEASES: readonly ReleaseFacts[] = [
  {
    version: "0.6",
    tag: "v0.6",
    out: true,
    services: {
      ...SERVICES,
      lamb: { ...LAMB, folders: FOLDERS_06, environment: { ...ENVIRONMENT_06, ...MODELS_06 } },
    },
    schemas: {},
    oneWay: [],
  },
  {
    version: "0.7",
    tag: "v0.7",
    out: false,
    services: { ...SERVICES, libraryManager: LIBRARY_MANAGER },
    schemas: { "lamb_v4.db": 31 },
    oneWay: [
      "LAMB's database has a version from now on: LAMB 0.6 starts with it, but does not know what was changed.",
      "Uploads move to the folder `public` of their volume, where LAMB 0.6 does not look.",
    ],
  },
];

/** The first release of which something holds. */
export function since(holds: (release: ReleaseFacts) => boolean): ReleaseFacts | undefined {
  return RELEASES.find(holds);
}

/** Every service that a release has. */
export function servicesOf({ services }: ReleaseFacts): readonly ServiceFacts[] {
  return Object.values(services);
}
