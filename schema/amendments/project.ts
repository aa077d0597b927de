import type { Amendment } from "../amend";
import { closed, each, flag, list, mapping, NAME, oneOf, ref, text, whole } from "../forms";

/** The document itself and its top-level elements: name, include, models, networks, volumes, configs, secrets. */
export const projectAmendments: readonly Amendment[] = [
  {
    date: "2022-01-22",
    source: "04-version-and-name; 1f3ec13",
    at: "",
    change: { add: { name: text } },
  },
  {
    date: "2022-05-30",
    source: "09-secrets; 5260c1b",
    since: "2.6.0",
    at: "secrets.*",
    change: { add: { environment: text } },
  },
  {
    date: "2023-06-22",
    source: "14-include; 27008f8",
    since: "2.20.0",
    at: "",
    change: {
      define: {
        include: oneOf(
          text,
          closed({ path: ref("string_or_list"), env_file: ref("string_or_list"), project_directory: text }),
        ),
      },
    },
  },
  {
    date: "2023-06-22",
    source: "14-include; 27008f8",
    since: "2.20.0",
    at: "",
    change: { add: { include: list(ref("include")) } },
  },
  {
    date: "2023-11-07",
    source: "08-configs; f56dd5c",
    since: "2.23.1",
    at: "configs.*",
    change: { add: { content: text, environment: text } },
  },
  {
    date: "2025-01-22",
    source: "06-networks, enable_ipv4; 17cfce5",
    since: "2.33.1",
    at: "networks.*",
    change: { add: { enable_ipv4: flag } },
  },
  {
    date: "2025-03-18",
    source: "no chapter: it was never referred to; 34f7463",
    at: "",
    change: { undefine: ["constraints"] },
  },
  {
    date: "2025-05-06",
    source: "04-version-and-name; 30f4806",
    at: "version",
    change: { set: { deprecated: true } },
  },
  {
    date: "2025-06-30",
    source: "models; 00655e2",
    since: "2.38.0",
    at: "",
    change: {
      define: {
        model: mapping({ name: text, model: text, context_size: whole, runtime_flags: list(text) }, ["model"]),
      },
    },
  },
  {
    date: "2025-06-30",
    source: "models; 00655e2",
    since: "2.38.0",
    at: "",
    change: { add: { models: each(ref("model"), NAME) } },
  },
];
