import { describe, expect, it } from "vitest";
import { EnvVar } from "../../lib/construct/env-var";
import { FROZEN } from "../../lib/lamb/facts/frozen";
import { LMS_TABLES, OLD_ENV_FILES, OLD_PLACES, PUBLIC_NAMES } from "../../lib/lamb/facts/old-places";
import { RELEASES, servicesOf } from "../../lib/lamb/facts/releases";
import type { Folder, ServiceFacts } from "../../lib/lamb/facts/service";

const services = RELEASES.flatMap(servicesOf);
const folders: readonly Folder[] = services.flatMap((one) => Object.values<Folder>(one.folders));
const own = folders.filter(({ of }) => of === undefined);
const volumes = new Set(own.map(({ volume }) => volume));

/** The variables that a container of a service has. */
function variablesOf(name: string): ReadonlySet<string> {
  const facts = services.filter((one) => one.name === name);
  return new Set(facts.flatMap((one: ServiceFacts) => Object.keys(one.environment)));
}

describe("what data have frozen", () => {
  it.each(FROZEN)("$database: $table.$column ($holds) is in a database of a volume", ({ volume, database }) => {
    const stores = own.filter((one) => one.volume === volume).flatMap((one) => one.stores);
    expect(stores.filter(({ copy }) => copy === "database").map(({ path }) => path)).toContain(database);
  });

  it("names files where containers have them", () => {
    for (const frozen of FROZEN) {
      if (frozen.kind !== "path") continue;
      expect(own).toContainEqual(expect.objectContaining({ volume: frozen.files.volume, path: frozen.files.at }));
    }
  });

  it("is made from variables that its service has", () => {
    for (const frozen of FROZEN) {
      if (frozen.kind === "path") continue;
      const { service, variable } = frozen.kind === "address" ? frozen.base : frozen.key;
      // The proxy's file and the library's construct give theirs.
      const elsewhere = ["HOME_URL", "LAMB_LIBRARY_TOKEN"];
      expect([...variablesOf(service), ...elsewhere]).toContain(variable);
    }
  });

  // The addresses of a connection that are in the wild, and what of each stays.
  const [chat, knowledge, library] = FROZEN.filter((frozen) => frozen.kind === "connection");
  it.each([
    [chat, "http://backend:9099/v1", "/v1"],
    [chat, "http://lamb:9099/v1", "/v1"],
    [chat, "http://localhost:9099", undefined],
    [chat, "https://api.openai.com/v1", null],
    [chat, "http://backend:90990/v1", null],
    [knowledge, "http://kb:9090", undefined],
    [knowledge, "http://localhost:9090/", "/"],
    [knowledge, "http://kb2:9090", null],
    [library, "http://library-manager:9091", undefined],
    [library, "http://library.uni.edu:9091", null],
  ])("%# knows which connections are those of the installation", (frozen, url, stays) => {
    const found = new RegExp(frozen?.known ?? "").exec(url);
    expect(found === null ? null : found[1]).toBe(stays);
  });
});

describe("where older installations have their data", () => {
  it("has a place for every folder of people's work, and only for those", () => {
    const places = new Set(OLD_PLACES.map(({ volume }) => volume));
    const people = own.filter(({ loss }) => loss === "data").map(({ volume }) => volume);
    expect([...places].sort()).toEqual([...new Set([...people, "caddy-data"])].sort());
    for (const place of places) expect(volumes).toContain(place);
  });

  it("takes no file twice", () => {
    const targets = OLD_PLACES.filter(({ only }) => only === undefined).map(({ volume, to = "" }) => `${volume}/${to}`);
    expect(new Set(targets).size).toBe(targets.length);
  });

  it("says what else names mean in other files", () => {
    for (const { names } of OLD_ENV_FILES) for (const one of Object.values(names)) expect(one).toBeInstanceOf(EnvVar);
    expect(PUBLIC_NAMES.map(({ address, host }) => `${address.name} ${host.name}`)).toEqual([
      "LAMB_WEB_HOST LAMB_PUBLIC_HOST",
      "OWI_PUBLIC_BASE_URL OWI_PUBLIC_HOST",
    ]);
  });

  // As LAMB's documentation of LTI lists them.
  it("knows the addresses that an LMS has", () => {
    expect(LMS_TABLES.map(({ table, address }) => `${table} ${address}`)).toEqual([
      "lti_users /lamb/v1/lti_users/lti",
      "lti_activities /lamb/v1/lti/launch",
      "lti_creator_keys /lamb/v1/lti_creator/launch",
    ]);
  });
});
