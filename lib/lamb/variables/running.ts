import { count, flag, group, level, size } from "./kinds";

const running = group("Running");
export const LAMB_WORKERS = running(
  "LAMB_WORKERS",
  "processes that answer requests; more than 1 only after the first start",
  { default: 1, type: count },
);
export const LAMB_DB_PREFIX = running("LAMB_DB_PREFIX", "prefix of LAMB's tables; empty for a database that has none", {
  default: "LAMB_",
  emptyIsValue: true,
});
export const GLOBAL_LOG_LEVEL = running("GLOBAL_LOG_LEVEL", "how much is logged", {
  default: "WARNING",
  type: level,
});
export const DEV_MODE = running("DEV_MODE", "LAMB's development mode", { default: false, type: flag });

const limit = (name: string, service: string) =>
  running(name, `most memory that ${service} may take, such as 4g; 0 is no limit`, { default: 0, type: size });
export const LAMB_MEMORY_LIMIT = limit("LAMB_MEMORY_LIMIT", "LAMB");
export const KB_MEMORY_LIMIT = limit("KB_MEMORY_LIMIT", "the knowledge base");
export const OPENWEBUI_MEMORY_LIMIT = limit("OPENWEBUI_MEMORY_LIMIT", "Open WebUI");
