import type { Amendment } from "../amend";
import { choice, closed, flag, list, mapping, oneOf, ref, text, wholeOrText } from "../forms";

/** Keys of a service that are new, or that take more than they did. */
export const serviceAmendments: readonly Amendment[] = [
  {
    date: "2022-12-20",
    source: "05-services, cgroup; 81229b9",
    since: "2.15.0",
    at: "services.*",
    change: { add: { cgroup: choice("host", "private") } },
  },
  {
    date: "2022-12-23",
    source: "05-services, uts; 302cbc2",
    since: "2.15.1",
    at: "services.*",
    change: { add: { uts: text } },
  },
  {
    date: "2023-03-21",
    source: "05-services, command: null is the image's own; 451d850",
    at: "",
    change: { define: { command: oneOf({ type: "null" }, text, list(text)) } },
  },
  {
    date: "2023-03-21",
    source: "05-services, command and entrypoint; 451d850",
    at: ["services.*.command", "services.*.entrypoint"],
    change: { become: ref("command") },
  },
  {
    date: "2023-05-09",
    source: "05-services, annotations; b34d2b7",
    at: "services.*",
    change: { add: { annotations: ref("list_or_dict") } },
  },
  {
    date: "2023-07-06",
    source: "05-services, attach; 6b214b5",
    since: "2.20.0",
    at: "services.*",
    change: { add: { attach: flag } },
  },
  {
    date: "2023-11-08",
    source: "05-services, ulimits; b02a019",
    at: "",
    change: {
      define: {
        ulimits: {
          type: "object",
          patternProperties: {
            "^[a-z]+$": oneOf(wholeOrText, mapping({ hard: wholeOrText, soft: wholeOrText }, ["soft", "hard"])),
          },
        },
      },
    },
  },
  {
    date: "2023-11-08",
    source: "05-services, ulimits; b02a019",
    at: "services.*.ulimits",
    change: { become: ref("ulimits") },
  },
  {
    date: "2023-12-20",
    source: "05-services, env_file; 77cc0f9, 65ef9f4 (format)",
    since: "2.24.0",
    at: "",
    change: {
      define: {
        env_file: oneOf(
          text,
          list(
            oneOf(
              text,
              closed({ path: text, required: { type: ["boolean", "string"], default: true }, format: text }, ["path"]),
            ),
          ),
        ),
      },
    },
  },
  {
    date: "2023-12-20",
    source: "05-services, env_file; 77cc0f9",
    at: "services.*.env_file",
    change: { become: ref("env_file") },
  },
  {
    date: "2024-09-24",
    source: "05-services, devices: device and CDI mappings; 6336cc8",
    at: "services.*.devices",
    change: {
      become: list(oneOf(text, mapping({ source: text, target: text, permissions: text }, ["source"]))),
    },
  },
  {
    date: "2025-01-09",
    source: "05-services, label_file; 19357ac",
    since: "2.32.2",
    at: "",
    change: { define: { label_file: oneOf(text, list(text)) } },
  },
  {
    date: "2025-01-09",
    source: "05-services, label_file; 19357ac",
    since: "2.32.2",
    at: "services.*",
    change: { add: { label_file: ref("label_file") } },
  },
  {
    date: "2025-01-24",
    source: "05-services, gpus; b2835e8",
    since: "2.30.0",
    at: "",
    change: {
      define: {
        gpus: oneOf(choice("all"), {
          type: "array",
          items: {
            type: "object",
            properties: {
              capabilities: ref("list_of_strings"),
              count: { type: ["string", "integer"] },
              device_ids: ref("list_of_strings"),
              driver: text,
              options: ref("list_or_dict"),
            },
          },
          additionalProperties: false,
          patternProperties: { "^x-": {} },
        }),
      },
    },
  },
  {
    date: "2025-01-09",
    source: "05-services, gpus; 19357ac",
    since: "2.30.0",
    at: "services.*",
    change: { add: { gpus: ref("gpus") } },
  },
  {
    date: "2025-03-18",
    source: "05-services, pull_policy; 34f7463",
    at: "services.*.pull_policy",
    change: {
      become: {
        type: "string",
        pattern: "always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+",
      },
    },
  },
  {
    date: "2025-03-18",
    source: "05-services, pull_policy; 34f7463",
    at: "services.*",
    change: { add: { pull_refresh_after: text } },
  },
  {
    date: "2025-06-30",
    source: "05-services, use_api_socket; 00655e2",
    since: "2.37.1",
    at: "services.*",
    change: { add: { use_api_socket: { type: "boolean" } } },
  },
  {
    date: "2025-07-21",
    source: "05-services, container_name; 58a2548",
    at: "services.*.container_name",
    change: { set: { pattern: "[a-zA-Z0-9][a-zA-Z0-9_.-]+" } },
  },
];
