import { JOB, SERVICE } from "./service-model";
import { flag, int, labels, list, map, mapping, optionalFlag, options, plainTexts, struct, text } from "./type-words";
import type { Struct } from "./types";

const pool = struct({ subnet: text, gateway: text, ip_range: text, aux_addresses: mapping }, { extensible: false });

const NETWORK = struct(
  {
    name: text,
    driver: text,
    driver_opts: options,
    ipam: struct(
      { driver: text, config: list(pool), options: [options, { since: "printsIpamOptions" }] },
      { optional: false },
    ),
    external: flag,
    internal: flag,
    attachable: flag,
    labels,
    enable_ipv4: optionalFlag,
    enable_ipv6: optionalFlag,
  },
  { optional: false },
);

const VOLUME = struct({ name: text, driver: text, driver_opts: options, external: flag, labels }, { optional: false });

const FILE_OBJECT = struct(
  {
    name: text,
    file: text,
    environment: text,
    content: text,
    external: flag,
    labels,
    driver: text,
    driver_opts: map(text),
    template_driver: text,
  },
  { optional: false },
);

const MODEL = struct(
  { name: text, model: text, context_size: int("int"), runtime_flags: plainTexts },
  { optional: false },
);

/** The sections of a project, in the order of Compose's YAML. */
export const SECTIONS = {
  services: SERVICE,
  jobs: JOB,
  networks: NETWORK,
  volumes: VOLUME,
  secrets: FILE_OBJECT,
  configs: FILE_OBJECT,
  models: MODEL,
} as const satisfies Readonly<Record<string, Struct>>;
