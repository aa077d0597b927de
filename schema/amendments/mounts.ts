import type { Amendment } from "../amend";
import { choice, list, mapping, numberOrText, oneOf, ref, text } from "../forms";

/** What connects a service with the rest: networks, ports, hosts, volumes, configs and secrets. */
export const mountAmendments: readonly Amendment[] = [
  {
    date: "2022-01-07",
    source: "05-services, volumes; ab58eae",
    at: "services.*.volumes[].bind",
    change: { add: { selinux: choice("z", "Z") } },
  },
  {
    date: "2022-04-11",
    source: "05-services, configs and secrets; 846cabc, 424649f (mode)",
    at: "",
    change: {
      define: {
        service_config_or_secret: list(
          oneOf(text, mapping({ source: text, target: text, uid: text, gid: text, mode: numberOrText })),
        ),
      },
    },
  },
  {
    date: "2022-04-11",
    source: "05-services, configs and secrets; 846cabc",
    at: ["services.*.configs", "services.*.secrets"],
    change: { become: ref("service_config_or_secret") },
  },
  {
    date: "2022-05-04",
    source: "05-services, volumes; 54bf07e",
    since: "2.14.0",
    at: "services.*.volumes[].tmpfs",
    change: { add: { mode: numberOrText } },
  },
  {
    date: "2023-11-20",
    source: "05-services, networks; ec342b4",
    since: "2.23.2",
    at: "services.*.networks.*",
    change: { add: { mac_address: text } },
  },
  {
    date: "2024-07-09",
    source: "05-services, ports: a range (95f8b4f), a variable, no format (424649f)",
    at: "services.*.ports[]",
    change: {
      become: oneOf(
        { type: "number" },
        text,
        mapping({
          mode: text,
          host_ip: text,
          target: { type: ["integer", "string"] },
          published: { type: ["string", "integer"] },
          protocol: text,
        }),
      ),
    },
  },
  {
    date: "2024-02-13",
    source: "05-services, ports; 1938efd",
    at: "services.*.ports[]",
    change: { add: { name: text } },
  },
  {
    date: "2024-03-21",
    source: "05-services, volumes; 3da63a6",
    at: "services.*.volumes[].volume",
    change: { add: { subpath: text } },
  },
  {
    date: "2024-04-04",
    source: "05-services, ports; e1b7020",
    since: "2.26.0",
    at: "services.*.ports[]",
    change: { add: { app_protocol: text } },
  },
  {
    date: "2024-07-09",
    source: "05-services, networks; 424649f",
    since: "2.27.1",
    at: "services.*.networks.*",
    change: {
      add: { driver_opts: { type: "object", patternProperties: { "^.+$": { type: ["string", "number"] } } } },
    },
  },
  {
    date: "2024-09-24",
    source: "05-services, extra_hosts: the long form; 6336cc8 and 19357ac",
    since: "2.24.1",
    at: "",
    change: {
      define: {
        extra_hosts: oneOf(
          {
            type: "object",
            patternProperties: { ".+": oneOf(text, { ...list(text), uniqueItems: false }) },
            additionalProperties: false,
          },
          { ...list(text), uniqueItems: true },
        ),
      },
    },
  },
  {
    date: "2024-09-24",
    source: "05-services and build, extra_hosts; 6336cc8",
    since: "2.24.1",
    at: ["services.*.extra_hosts", "services.*.build.extra_hosts"],
    change: { become: ref("extra_hosts") },
  },
  {
    date: "2025-01-09",
    source: "05-services, volumes; 19357ac",
    at: "services.*.volumes[].bind",
    change: { add: { recursive: choice("enabled", "disabled", "writable", "readonly") } },
  },
  {
    date: "2025-03-18",
    source: "05-services, networks; 34f7463",
    since: "2.33.0",
    at: "services.*.networks.*",
    change: { add: { gw_priority: { type: "number" } } },
  },
  {
    date: "2025-04-09",
    source: "05-services, volumes; 40af7cd",
    since: "2.35.0",
    at: "services.*.volumes[]",
    change: { add: { image: mapping({ subpath: text }) } },
  },
  {
    date: "2025-04-09",
    source: "05-services, volumes; 40af7cd",
    at: "services.*.volumes[].volume",
    change: { add: { labels: ref("list_or_dict") } },
  },
  {
    date: "2025-04-23",
    source: "05-services, volumes; 4d5b069",
    at: "services.*.volumes[].type",
    change: { set: { enum: ["bind", "volume", "tmpfs", "cluster", "npipe", "image"] } },
  },
  {
    date: "2025-04-23",
    source: "05-services, networks; 598750e",
    since: "2.36.0",
    at: "services.*.networks.*",
    change: { add: { interface_name: text } },
  },
];
