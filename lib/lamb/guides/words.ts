import type { GuideWords } from "../../guides/reference";
import { RELEASES, servicesOf } from "../facts/releases";

const ALL = RELEASES.flatMap(servicesOf);

/** What LAMB's services are for, and what its volumes hold. */
export const WORDS: GuideWords = {
  services: {
    lamb: "LAMB itself, with its pages",
    kb: "the knowledge base: documents and their contents",
    openwebui: "Open WebUI, where people talk to assistants",
    "library-manager": "the library of documents",
    ollama: "language models on this host",
    uploads: "moves uploads of an earlier release to where LAMB looks for them, then exits",
    caddy: "the public entry: TLS, and which request goes where",
  },
  volumes: Object.fromEntries(
    ALL.flatMap(({ folders }) =>
      Object.values(folders).flatMap(({ of, volume, holds }) => (of === undefined ? [[volume, holds]] : [])),
    ),
  ),
};

/** Host names, an address, folders and a registry that stand for the reader's own in every command. */
export const SAMPLES = {
  lamb: "lamb.university.example",
  chat: "chat.university.example",
  mail: "it@university.example",
  backups: "/mnt/backup/lamb",
  old: "/opt/lamb",
  registry: "registry.university.example/lamb",
} as const;
