import type { EnvVar } from "../../construct/env-var";
import * as variable from "../variables";
import { KB } from "./kb";
import { LAMB } from "./lamb";
import { LIBRARY_MANAGER } from "./library-manager";
import { LTI } from "./lti";
import { OPEN_WEBUI } from "./open-webui";
import { type ReleaseFacts, servicesOf, since } from "./releases";
import type { Folder } from "./service";

/** What an older installation is of, when its data are in a checkout: releases, or a branch. */
export const OLD_VERSIONS = ["0.5", "0.6", "the main branch"] as const;

/** Where an older installation keeps what a volume of the deployment is to hold. */
export interface OldPlace {
  /** A noun. */
  readonly holds: string;
  /** The volume of the deployment, by its key. */
  readonly volume: string;
  /** Folder in what the release keeps in the volume. @default - all of that */
  readonly to?: string | undefined;
  /** What of the folder is taken: names of files and folders. Of a database, what SQLite keeps beside it, too. @default - all */
  readonly only?: readonly string[] | undefined;
  /**
   * The folder of a checkout: the first of these that is there. `$NAME` is the value of a variable of the checkout's `.env`
   * files, and counts where that is set.
   * @default - a checkout has none
   */
  readonly folders?: readonly string[] | undefined;
  /** The volume of the older installation, by its key, and the folder in it. The first that is there. @default - it has none */
  readonly volumes?: readonly { readonly key: string; readonly folder?: string }[] | undefined;
  /**
   * The folder of a container, where no volume is mounted at it: the next `docker compose up` of a changed file loses it.
   * @default - none
   */
  readonly layer?: { readonly service: string; readonly path: string } | undefined;
  /** What somebody who copies it by hand must know, too: a sentence. @default - nothing */
  readonly mind?: string | undefined;
}

const DATABASE = LAMB.folders.data.stores[0]?.path ?? "";
/** Where the containers of upstream's files have LAMB's program. */
const BACKEND = "/app/backend";

/** All places of an older installation: every byte that people made. */
export const OLD_PLACES: readonly OldPlace[] = [
  {
    holds: "LAMB's database",
    volume: LAMB.folders.data.volume,
    only: [DATABASE],
    folders: ["$LAMB_DB_PATH", "."],
    volumes: [{ key: "lamb-data" }],
  },
  {
    holds: "logs of assisted creation",
    volume: LAMB.folders.data.volume,
    to: "aac_logs",
    folders: ["$AAC_LOG_PATH", "$LAMB_DB_PATH/aac_logs", "aac_logs", "backend/aac_logs"],
    volumes: [{ key: "lamb-data", folder: "aac_logs" }],
    layer: { service: "lamb", path: `${BACKEND}/aac_logs` },
  },
  {
    holds: "what connectors keep",
    volume: LAMB.folders.data.volume,
    to: "moodle",
    folders: ["$LAMB_DB_PATH/moodle", "moodle"],
    volumes: [{ key: "lamb-data", folder: "moodle" }],
  },
  {
    holds: LAMB.folders.uploads.holds,
    volume: LAMB.folders.uploads.volume,
    folders: ["backend/static/public"],
    // Some files mount the volume of this name one folder higher than others do.
    volumes: [{ key: "lamb-static", folder: "public" }, { key: "lamb-static" }],
    layer: { service: "lamb", path: `${BACKEND}/static/public` },
    mind: "Of `backend/static` only the folder `public` is people's: in it are folders with numbers for names, and perhaps `default`. `css`, `img`, `json` and `md` beside it belong to the program.",
  },
  {
    holds: OPEN_WEBUI.folders.data.holds,
    volume: OPEN_WEBUI.folders.data.volume,
    folders: ["$OWI_PATH", "open-webui/backend/data"],
    volumes: [{ key: "openwebui-data" }],
    mind: "In `open-webui/backend/data` the folder `cache` may stay behind.",
  },
  {
    holds: KB.folders.data.holds,
    volume: KB.folders.data.volume,
    folders: ["lamb-kb-server-stable/backend/data"],
    volumes: [{ key: "kb-data" }],
    mind: "The knowledge base's `config.json` can hold a key.",
  },
  {
    holds: KB.folders.originals.holds,
    volume: KB.folders.originals.volume,
    folders: ["lamb-kb-server-stable/backend/static"],
    volumes: [{ key: "kb-static" }],
  },
  {
    holds: LIBRARY_MANAGER.folders.data.holds,
    volume: LIBRARY_MANAGER.folders.data.volume,
    folders: ["library-manager/data"],
    volumes: [{ key: "library-manager-data" }],
  },
  {
    holds: "certificates",
    volume: "caddy-data",
    volumes: [{ key: "caddy-data" }, { key: "caddy_data" }],
  },
];

/** The first release that keeps what is in a folder of a volume there. */
export function releaseWithFolder(volume: string, folder: string): ReleaseFacts | undefined {
  return releaseWith((one) => one.volume === volume && one.subpath === folder);
}

/** The first release that has a volume. */
export function releaseWithVolume(volume: string): ReleaseFacts | undefined {
  return releaseWith((one) => one.volume === volume);
}

function releaseWith(is: (folder: Folder) => boolean): ReleaseFacts | undefined {
  return since((release) => servicesOf(release).some(({ folders }) => Object.values(folders).some(is)));
}

/** The key with which Open WebUI signs sessions, where nobody gave it one. */
export const OLD_KEY_FILES: readonly { readonly service: string; readonly path: string; readonly variable: EnvVar }[] =
  [{ service: "openwebui", path: `${BACKEND}/.webui_secret_key`, variable: variable.WEBUI_SECRET_KEY }];

/** An `.env` of an older installation, and what names in it mean today, where they have another meaning there. */
export interface OldEnvFile {
  readonly path: string;
  readonly names: Readonly<Record<string, EnvVar>>;
}

/** The first that gives a value counts. */
export const OLD_ENV_FILES: readonly OldEnvFile[] = [
  { path: "backend/.env", names: {} },
  {
    path: "lamb-kb-server-stable/backend/.env",
    names: { LAMB_API_KEY: variable.LAMB_KB_SERVER_TOKEN, HOME_URL: variable.KB_HOME_URL },
  },
  { path: ".env", names: { LIBRARY_MANAGER_TOKEN: variable.LAMB_LIBRARY_TOKEN } },
];

/** Where a proxy has the public names: the variables with a whole address of old, and those with the name in it of today. */
export const PUBLIC_NAMES: readonly { readonly address: EnvVar; readonly host: EnvVar }[] = [
  { address: variable.LAMB_WEB_HOST, host: variable.LAMB_PUBLIC_HOST },
  { address: variable.OWI_PUBLIC_BASE_URL, host: variable.OWI_PUBLIC_HOST },
];

/** The beginning of the names of LAMB's tables is set by a variable. One table, by which it is told. */
export const TABLE_PREFIX = { variable: variable.LAMB_DB_PREFIX, database: DATABASE, table: "Creator_users" };

/** Tables whose rows an LMS made: with any, an LMS has addresses of the installation. */
export const LMS_TABLES: readonly { readonly table: string; readonly holds: string; readonly address: string }[] = [
  { table: "lti_users", holds: "people who came by LTI to one assistant", address: LTI.assistant },
  { table: "lti_activities", holds: "LTI activities", address: LTI.launch },
  {
    table: "lti_creator_keys",
    holds: "organizations whose teachers come by LTI",
    address: LTI.creator,
  },
];
