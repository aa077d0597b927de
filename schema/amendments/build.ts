import type { Amendment } from "../amend";
import { flag, list, ref, text } from "../forms";

/** The mapping under a service's `build`. */
export const buildAmendments: readonly Amendment[] = (
  [
    {
      date: "2022-03-01",
      source: "build, cache_to; f879139",
      since: "2.4.0",
      change: { add: { cache_to: list(text) } },
    },
    {
      date: "2022-03-09",
      source: "build, ssh; 40f015a",
      since: "2.4.0",
      change: { add: { ssh: ref("list_or_dict") } },
    },
    {
      date: "2022-04-11",
      source: "build, secrets; 846cabc",
      since: "2.5.0",
      change: { add: { secrets: ref("service_config_or_secret") } },
    },
    {
      date: "2022-05-02",
      source: "build, no_cache and pull; e754ead",
      since: "2.4.0",
      change: { add: { no_cache: flag, pull: flag } },
    },
    { date: "2022-05-13", source: "build, tags; b9b1222", since: "2.5.1", change: { add: { tags: list(text) } } },
    {
      date: "2022-12-20",
      source: "build, privileged; d93fd03",
      since: "2.15.0",
      change: { add: { privileged: flag } },
    },
    {
      date: "2022-12-20",
      source: "build, platforms; c0a8366",
      since: "2.10.0",
      change: { add: { platforms: list(text) } },
    },
    {
      date: "2023-03-13",
      source: "build, additional_contexts; 3ca6106",
      since: "2.17.0",
      change: { add: { additional_contexts: ref("list_or_dict") } },
    },
    {
      date: "2023-03-13",
      source: "build, dockerfile_inline; 030884c",
      since: "2.17.0",
      change: { add: { dockerfile_inline: text } },
    },
    {
      date: "2023-11-08",
      source: "build, ulimits; b02a019",
      since: "2.23.1",
      change: { add: { ulimits: ref("ulimits") } },
    },
    {
      date: "2024-04-05",
      source: "build, entitlements; aff7921",
      since: "2.27.0",
      change: { add: { entitlements: list(text) } },
    },
    {
      date: "2025-09-02",
      source: "build, provenance and sbom; 824fec8",
      since: "2.39.0",
      change: { add: { provenance: { type: ["string", "boolean"] }, sbom: { type: ["string", "boolean"] } } },
    },
  ] satisfies Omit<Amendment, "at">[]
).map((amendment) => ({ ...amendment, at: "services.*.build" }));
