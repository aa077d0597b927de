import { type Details, flag, folderUrl, group, tuned, url } from "./kinds";

const features = group("Features");
export const AAC_SESSION_LOGGING = features(
  "AAC_SESSION_LOGGING",
  "keep what people say in assisted creation in files; unset is true",
  { type: flag },
);
export const LAMB_NEWS_HOME = features(
  "LAMB_NEWS_HOME",
  "where LAMB gets its news from, once an hour; unset is lamb-project.org",
  { type: folderUrl },
);
export const LAMB_NEWS_DEFAULT_LANG = features("LAMB_NEWS_DEFAULT_LANG", "language of the news; unset is en");
const cached = tuned(features, "LAMB");
export const DOCUMENT_RAG_CACHE_ENABLED = cached(
  "DOCUMENT_RAG_CACHE_ENABLED",
  "keep documents of the library in memory between questions",
  flag,
);
export const DOCUMENT_RAG_CACHE_TTL_SECONDS = cached(
  "DOCUMENT_RAG_CACHE_TTL_SECONDS",
  "seconds for which it keeps them",
);

const maintenance = group("Care of LAMB's database");
const between = (least: number, most: number, value: number): Details => ({
  default: value,
  type: (z) =>
    z
      .string()
      .refine(
        (text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most,
        `must be a whole number from ${least} to ${most}`,
      ),
});
export const DB_MAINTENANCE_ENABLED = maintenance(
  "DB_MAINTENANCE_ENABLED",
  "checkpoint, optimize and vacuum the database at the times below",
  { default: false, type: flag },
);
export const DB_CHECKPOINT_CRON = maintenance("DB_CHECKPOINT_CRON", "minutes between two checkpoints, such as */30", {
  default: "*/30",
  type: (z) => z.string().regex(/^(?:\*\/)?[1-9]\d*$/, "must be a number of minutes, such as */30 or 30"),
});
export const DB_OPTIMIZE_HOUR = maintenance("DB_OPTIMIZE_HOUR", "hour at which it is optimized", between(0, 23, 3));
export const DB_OPTIMIZE_MINUTE = maintenance("DB_OPTIMIZE_MINUTE", "minute of that hour", between(0, 59, 0));
export const DB_VACUUM_DAY = maintenance("DB_VACUUM_DAY", "day on which it is vacuumed", {
  default: "sun",
  type: (z) => z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
});
export const DB_VACUUM_HOUR = maintenance("DB_VACUUM_HOUR", "hour of that day", between(0, 23, 3));
export const DB_VACUUM_MINUTE = maintenance("DB_VACUUM_MINUTE", "minute of that hour", between(0, 59, 30));

const tracing = group("Tracing: what people write leaves the house");
export const LANGCHAIN_TRACING_V2 = tracing(
  "LANGCHAIN_TRACING_V2",
  "send every prompt and every answer to LangSmith, a service of others; unset is false",
  { type: flag },
);
export const LANGCHAIN_API_KEY = tracing("LANGCHAIN_API_KEY", "key of LangSmith", { secret: true });
export const LANGCHAIN_PROJECT = tracing("LANGCHAIN_PROJECT", "project at LangSmith; unset is lamb-assistants");
export const LANGCHAIN_ENDPOINT = tracing("LANGCHAIN_ENDPOINT", "address of a LangSmith of one's own", { type: url });
