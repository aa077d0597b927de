import { LARGEST_ARCHIVE, LARGEST_UPLOAD } from "../facts/sizes";
import { count, type Details, group, level } from "./kinds";

const bytes: Details["type"] = (z) => z.string().regex(/^[1-9]\d*$/, "must be a number of bytes");

const library = group("Library manager");
export const LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS = library(
  "LIBRARY_MANAGER_MAX_CONCURRENT_IMPORTS",
  "documents that are imported at once",
  { default: 3, type: count },
);
export const LIBRARY_MANAGER_IMPORT_TIMEOUT = library(
  "LIBRARY_MANAGER_IMPORT_TIMEOUT",
  "seconds after which an import is given up",
  { default: 600, type: count },
);
export const LIBRARY_MANAGER_MAX_UPLOAD_BYTES = library(
  "LIBRARY_MANAGER_MAX_UPLOAD_BYTES",
  "bytes of the largest document; the proxy must let it through, with the form around it",
  { default: LARGEST_UPLOAD, type: bytes },
);
export const LIBRARY_MANAGER_MAX_ZIP_BYTES = library(
  "LIBRARY_MANAGER_MAX_ZIP_BYTES",
  "bytes of the largest archive of documents",
  { default: LARGEST_ARCHIVE, type: bytes },
);
export const LIBRARY_MANAGER_MAX_ATTEMPTS = library("LIBRARY_MANAGER_MAX_ATTEMPTS", "how often an import is tried", {
  default: 3,
  type: count,
});
export const LIBRARY_MANAGER_LOG_LEVEL = library("LIBRARY_MANAGER_LOG_LEVEL", "how much the library manager logs", {
  default: "INFO",
  type: level,
});
