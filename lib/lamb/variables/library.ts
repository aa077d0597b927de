import { count, group } from "./kinds";

const library = group("Library manager");
export const LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS = library(
  "LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS",
  "documents that are imported at once",
  {
    default: 3,
    type: count,
  },
);
export const LIBRARY_MANAGER_IMPORT_TIMEOUT = library(
  "LIBRARY_MANAGER_IMPORT_TIMEOUT",
  "seconds after which an import is given up",
  {
    default: 600,
    type: count,
  },
);
