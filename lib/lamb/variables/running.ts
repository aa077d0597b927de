import { EnvVar } from "../../construct/env-var";
import { count, type Details, flag, group, level, size } from "./kinds";

const running = group("Running");
export const LAMB_WORKERS = running(
  "LAMB_WORKERS",
  "processes that answer requests; more than 1 only after the first start",
  {
    default: 1,
    type: count,
  },
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

const limit = (service: string): Details & { meaning: string } => ({
  meaning: `most memory that ${service} may take, such as 4g; 0 is no limit`,
  default: 0,
  type: size,
});
export const LAMB_MEMORY_LIMIT = new EnvVar("LAMB_MEMORY_LIMIT", { group: "Running", ...limit("LAMB") });
export const KB_MEMORY_LIMIT = new EnvVar("KB_MEMORY_LIMIT", { group: "Running", ...limit("the knowledge base") });
export const OPENWEBUI_MEMORY_LIMIT = new EnvVar("OPENWEBUI_MEMORY_LIMIT", {
  group: "Running",
  ...limit("Open WebUI"),
});
