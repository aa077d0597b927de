import type { GuideWords } from "../../guides/reference";
import { ALL_SERVICES } from "../facts/all-services";
import { since } from "../facts/releases";
import { UPLOADS_JOB } from "../uploads-layout";

/** What LAMB's services are for, and what its volumes hold. */
export const WORDS: GuideWords = {
  services: Object.fromEntries([...ALL_SERVICES, UPLOADS_JOB].map((service) => [service.name, service.is])),
  volumes: Object.fromEntries(
    ALL_SERVICES.flatMap(({ folders }) =>
      Object.values(folders).flatMap(({ of, volume, holds }) => (of === undefined ? [[volume, holds]] : [])),
    ),
  ),
};

/** The first release in which there is a library. */
export const WITH_LIBRARY = since(({ services }) => services.libraryManager !== undefined)?.version;

/** Host names, an address, folders and a registry that stand for the reader's own in every command. */
export const SAMPLES = {
  lamb: "lamb.university.example",
  chat: "chat.university.example",
  mail: "it@university.example",
  backups: "/mnt/backup/lamb",
  old: "/opt/lamb",
  registry: "registry.university.example/lamb",
} as const;
