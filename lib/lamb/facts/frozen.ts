import { FORMER_LAMB } from "./former-lamb";
import { KB } from "./kb";
import { LAMB } from "./lamb";
import { LIBRARY_MANAGER } from "./library-manager";
import { OPEN_WEBUI } from "./open-webui";
import { addressOf } from "./service";

/** A column in a database of SQLite. */
interface FrozenColumn {
  /** A noun: what is there. */
  readonly holds: string;
  /** What people meet where it is not rewritten. */
  readonly without: string;
  /** The volume, by its key, and the database in it. */
  readonly volume: string;
  readonly database: string;
  readonly table: string;
  /** Whether the table's name may have anything before it. @default false */
  readonly isPrefixed?: boolean | undefined;
  readonly column: string;
  /** Only rows with this value in another column. @default - all */
  readonly where?: readonly [column: string, value: string] | undefined;
}

/** The path of a file in a container. */
export interface FrozenPath extends FrozenColumn {
  readonly kind: "path";
  /** The volume in which the file is, by its key, and where the container mounts it. */
  readonly files: { readonly volume: string; readonly at: string };
}

/** A public address. */
export interface FrozenAddress extends FrozenColumn {
  readonly kind: "address";
  /** What of the address is the same wherever it is served. */
  readonly marker: string;
  /** The volume with the files that are below the marker: an address of another one is somebody else's. @default - not looked at */
  readonly files?: string | undefined;
  /** The service, and the variable of its container, that say what stands before the marker. */
  readonly base: { readonly service: string; readonly variable: string };
}

/** An address of a service and the key for it, in JSON. */
export interface FrozenConnection extends FrozenColumn {
  readonly kind: "connection";
  /** Keys on the way to the object; `*` stands for any. */
  readonly path: readonly string[];
  /** Keys of the address and of the secret in the object. Both are text, or both are lists of which each has its fellow. */
  readonly url: string;
  readonly secret: string;
  /** What an address of the service looks like. A group is what may stay of it. */
  readonly known: string;
  /** What it is, before what stays. */
  readonly address: string;
  /** The service, and the variable of its container, that hold the secret. */
  readonly key: { readonly service: string; readonly variable: string };
}

/** What programs once wrote down and read ever since, whatever their variables say. */
export type Frozen = FrozenPath | FrozenAddress | FrozenConnection;

const files = ({ volume, path }: { readonly volume: string; readonly path: string }) => ({ volume, at: path });
const kb = { volume: KB.folders.data.volume, database: "lamb-kb-server.db", table: "file_registry" };
const chroma = {
  volume: KB.folders.data.volume,
  database: "chromadb/chroma.sqlite3",
  table: "embedding_metadata",
  column: "string_value",
};
const openWebUi = { volume: OPEN_WEBUI.folders.data.volume, database: "webui.db" };
const library = { volume: LIBRARY_MANAGER.folders.data.volume, database: "library-manager.db", table: "content_items" };
const organizations = {
  volume: LAMB.folders.data.volume,
  database: "lamb_v4.db",
  table: "organizations",
  isPrefixed: true,
  column: "config",
  url: "server_url",
  secret: "api_token",
};
const originals = files(KB.folders.originals);
const publicKb = { base: { service: KB.name, variable: "HOME_URL" }, marker: "/static/", files: originals.volume };

/** Every place in the data that names a path, an address or a secret of the installation. */
export const FROZEN: readonly Frozen[] = [
  {
    kind: "path",
    holds: "files in chats",
    without: "students cannot open the files of old chats",
    ...openWebUi,
    table: "file",
    column: "path",
    files: files(OPEN_WEBUI.folders.data),
  },
  {
    kind: "connection",
    holds: "Open WebUI's connection to LAMB",
    without: "no assistant answers",
    ...openWebUi,
    table: "config",
    column: "data",
    path: ["openai"],
    url: "api_base_urls",
    secret: "api_keys",
    known: `^https?://(?:${FORMER_LAMB.name}|${LAMB.name}|localhost|127\\.0\\.0\\.1):${LAMB.port}(/.*)?$`,
    address: addressOf(LAMB),
    key: { service: LAMB.name, variable: "LAMB_BEARER_TOKEN" },
  },
  {
    kind: "address",
    holds: "pictures of people",
    without: "people have no picture",
    ...openWebUi,
    table: "user",
    column: "profile_image_url",
    marker: "/static/img/lamb_icon.png",
    base: { service: LAMB.name, variable: "LAMB_WEB_HOST" },
  },
  {
    kind: "path",
    holds: "files of the knowledge base",
    without: "documents cannot be removed or read again",
    ...kb,
    column: "file_path",
    files: originals,
  },
  {
    kind: "address",
    holds: "addresses of the knowledge base's files",
    without: "links in answers lead nowhere",
    ...kb,
    column: "file_url",
    ...publicKb,
  },
  {
    kind: "path",
    holds: "sources of citations",
    without: "citations name a file that is not there",
    ...chroma,
    where: ["key", "source"],
    files: originals,
  },
  {
    kind: "address",
    holds: "addresses in citations",
    without: "links in answers lead nowhere",
    ...chroma,
    where: ["key", "file_url"],
    ...publicKb,
  },
  {
    kind: "path",
    holds: "items of the library",
    without: "nothing: the library finds them by their number",
    ...library,
    column: "base_path",
    files: files(LIBRARY_MANAGER.folders.data),
  },
  {
    kind: "path",
    holds: "texts of the library",
    without: "nothing: the library finds them by their number",
    ...library,
    column: "full_markdown_path",
    files: files(LIBRARY_MANAGER.folders.data),
  },
  {
    kind: "connection",
    holds: "the knowledge base of organizations",
    without: "documents of an organization are not found when the key changed",
    ...organizations,
    path: ["setups", "*", "knowledge_base"],
    known: `^https?://(?:${KB.name}|localhost|127\\.0\\.0\\.1):${KB.port}(/.*)?$`,
    address: addressOf(KB),
    key: { service: LAMB.name, variable: "LAMB_KB_SERVER_TOKEN" },
  },
  {
    kind: "connection",
    holds: "the library of organizations",
    without: "the library of an organization is not found when the key changed",
    ...organizations,
    path: ["setups", "*", "library"],
    known: `^https?://(?:${LIBRARY_MANAGER.name}|localhost|127\\.0\\.0\\.1):${LIBRARY_MANAGER.port}(/.*)?$`,
    address: addressOf(LIBRARY_MANAGER),
    key: { service: LAMB.name, variable: "LAMB_LIBRARY_TOKEN" },
  },
];
