import { KB_HOME_URL, LAMB_PUBLIC_HOST, LAMB_WEB_HOST, OWI_PUBLIC_BASE_URL, OWI_PUBLIC_HOST } from "./variables";

/** What a new value of a secret, or of a public address, means for people and for other systems. */
export interface Rotation {
  /** What to know before: what stops working with the old value, and what the new one needs. Sentences. */
  readonly stops: readonly string[];
  /** What somebody must do by hand. Sentences. */
  readonly byHand?: readonly string[] | undefined;
  /** The value counts once, at the first start: a new one changes nothing, and there is no other copy of the first. */
  readonly countsOnce?: true | undefined;
}

const BY_DNS =
  "The new name has to lead to this host in DNS, and a certificate of your own has to be for it, before people come in.";
const OF_LAMB: Rotation = {
  stops: ["Bookmarks, links and launches of the learning management system with the earlier address lead nowhere."],
  byHand: [
    "Enter the new address in the learning management system, for each tool and activity.",
    "Data keep links with the earlier address. `lamb-compose relink` replaces them once LAMB runs with the new one.",
  ],
};
const OF_CHAT: Rotation = {
  stops: [
    "Bookmarks and links to chats with the earlier address lead nowhere, and people have to enter the chat anew.",
  ],
};

/**
 * By name of the variable.
 */
export const ROTATIONS: ReadonlyMap<string, Rotation> = new Map<string, Rotation>([
  [
    "LAMB_BEARER_TOKEN",
    {
      stops: ["Programs that call LAMB's completions API with the old key are refused."],
      byHand: [
        "Give those programs the new key.",
        "Open WebUI saves the key of its connection in its data. While LAMB runs, that one is replaced, too; otherwise run `lamb-compose relink` once it runs.",
      ],
    },
  ],
  ["LAMB_JWT_SECRET", { stops: ["Everybody is logged out of LAMB."] }],
  ["WEBUI_SECRET_KEY", { stops: ["Everybody is logged out of Open WebUI."] }],
  [
    "LAMB_KB_SERVER_TOKEN",
    {
      stops: ["Until LAMB and the knowledge base both run with the new key, using knowledge bases logs people out."],
      byHand: [
        "Organizations save the key in LAMB's database. While LAMB runs, that one is replaced, too; otherwise run `lamb-compose relink` once it runs.",
      ],
    },
  ],
  [
    "LAMB_LIBRARY_TOKEN",
    { stops: ["Until LAMB and the library manager both run with the new key, the library cannot be used."] },
  ],
  [
    "LAMB_KB_SERVER_V2_TOKEN",
    { stops: ["Until LAMB and the knowledge store both run with the new key, the knowledge store cannot be used."] },
  ],
  [
    "QDRANT_API_KEY",
    { stops: ["Until the knowledge store and Qdrant both run with the new key, nothing is found in its documents."] },
  ],
  [
    "KG_RAG_NEO4J_PASSWORD",
    {
      stops: [
        "After the first start nothing in Neo4j: its data keep the password that they were made with, and a service that comes with a new one is refused.",
      ],
      byHand: ["To change it, change it in Neo4j, and give the same value with `lamb-compose env set`."],
    },
  ],
  [
    "SIGNUP_SECRET_KEY",
    {
      stops: ["Who was told the old key cannot sign up with it any more."],
      byHand: ["Tell the new key to those who are to sign up."],
    },
  ],
  [
    "LTI_SECRET",
    {
      stops: [
        "The learning management system's launches are refused until it has the new secret.",
        "MCP clients are refused until they have it, too.",
      ],
      byHand: ["Enter the new secret in the learning management system, and in MCP clients."],
    },
  ],
  [
    "LAMB_MOODLE_ENCRYPTION_KEY",
    {
      stops: ["LAMB can no longer read the Moodle tokens that it has stored: everybody has to connect again."],
      byHand: ["Keep a copy of the new key where the backups of the data are not."],
    },
  ],
  [
    "OWI_ADMIN_PASSWORD",
    {
      stops: [
        "After the first start nothing: the account has the password that it was made with, and the variable has no effect.",
      ],
      byHand: ["To change the administrator's password, log in and change it there."],
      countsOnce: true,
    },
  ],
  [LAMB_PUBLIC_HOST.name, { ...OF_LAMB, stops: [...OF_LAMB.stops, BY_DNS] }],
  [LAMB_WEB_HOST.name, OF_LAMB],
  [OWI_PUBLIC_HOST.name, { ...OF_CHAT, stops: [...OF_CHAT.stops, BY_DNS] }],
  [OWI_PUBLIC_BASE_URL.name, OF_CHAT],
  [
    KB_HOME_URL.name,
    {
      stops: ["Links to documents with the earlier address lead nowhere."],
      byHand: ["Data keep such links. `lamb-compose relink` replaces them once LAMB runs with the new one."],
    },
  ],
]);
