import type { Amendment } from "../amend";
import { choice, flag, list, mapping, NAME, oneOf, ref, text, wholeOrText } from "../forms";

/** How a service starts, is watched over and stops: dependencies, healthcheck, hooks, deploy, develop. */
export const lifecycleAmendments: readonly Amendment[] = [
  {
    date: "2021-12-03",
    source: "deploy, pids; e8db802",
    at: "#deployment.resources.limits",
    change: { add: { pids: wholeOrText } },
  },
  {
    date: "2023-02-16",
    source: "05-services, depends_on; 4ccbdd7",
    since: "2.17.0",
    at: "services.*.depends_on.*",
    change: { add: { restart: flag } },
  },
  {
    date: "2023-07-06",
    source: "05-services, depends_on; 78b22da",
    since: "2.20.0",
    at: "services.*.depends_on.*",
    change: { add: { required: { type: "boolean", default: true } } },
  },
  {
    date: "2023-07-14",
    source: "05-services, healthcheck; 40c2421",
    since: "2.20.2",
    at: "services.*.healthcheck",
    change: { add: { start_interval: text } },
  },
  {
    date: "2024-07-10",
    source: "11-extension; 3211418",
    at: "services.*.depends_on.*",
    change: { set: { patternProperties: { "^x-": {} } } },
  },
  {
    date: "2024-11-04",
    source: "deploy, capabilities; 65ef9f4",
    at: "#devices[]",
    change: { set: { required: ["capabilities"] } },
  },
  {
    date: "2024-11-04",
    source: "05-services, post_start and pre_stop; 65ef9f4",
    since: "2.30.0",
    at: "",
    change: {
      define: {
        service_hook: mapping(
          {
            command: ref("command"),
            user: text,
            privileged: flag,
            working_dir: text,
            environment: ref("list_or_dict"),
          },
          ["command"],
        ),
      },
    },
  },
  {
    date: "2024-11-04",
    source: "05-services, post_start and pre_stop; 65ef9f4",
    since: "2.30.0",
    at: "services.*",
    change: { add: { post_start: list(ref("service_hook")), pre_stop: list(ref("service_hook")) } },
  },
  {
    date: "2025-01-09",
    source: "develop; 19357ac, 34f7463 and a08f8d5",
    since: "2.22.0",
    at: "",
    change: {
      define: {
        development: {
          ...mapping({
            watch: list(
              mapping(
                {
                  action: choice("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
                  path: text,
                  target: text,
                  ignore: ref("string_or_list"),
                  include: ref("string_or_list"),
                  exec: ref("service_hook"),
                  initial_sync: { type: "boolean" },
                },
                ["path", "action"],
              ),
            ),
          }),
          type: ["object", "null"],
        },
      },
    },
  },
  {
    date: "2023-09-20",
    source: "05-services, develop; 98de002",
    since: "2.22.0",
    at: "services.*",
    change: { add: { develop: ref("development") } },
  },
  {
    date: "2025-04-09",
    source: "05-services, provider; c6b8361 and 00655e2",
    since: "2.36.0",
    at: "services.*",
    change: {
      add: {
        provider: mapping(
          {
            type: text,
            options: {
              type: "object",
              patternProperties: {
                "^.+$": oneOf(
                  { type: ["string", "number", "boolean"] },
                  list({ type: ["string", "number", "boolean"] }),
                ),
              },
            },
          },
          ["type"],
        ),
      },
    },
  },
  {
    date: "2025-06-30",
    source: "05-services, models; 00655e2 and 58a2548",
    since: "2.38.0",
    at: "services.*",
    change: {
      add: {
        models: oneOf(ref("list_of_strings"), {
          type: "object",
          patternProperties: { [NAME]: mapping({ endpoint_var: text, model_var: text }) },
        }),
      },
    },
  },
  {
    date: "2026-06-16",
    source: "05-services, pre_start; a076fad",
    since: "5.3.0",
    at: "services.*",
    change: {
      add: {
        pre_start: list(
          mapping({
            command: ref("command"),
            image: text,
            user: text,
            privileged: flag,
            working_dir: text,
            environment: ref("list_or_dict"),
            per_replica: flag,
          }),
        ),
      },
    },
  },
];
