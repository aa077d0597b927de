import { isIpAddress } from "../../compose/types/ports";
import { ConstructError } from "../../construct/errors";
import type { CaddyPorts } from "./options";

function optionError(path: string, reason: string, fix: string): ConstructError {
  return new ConstructError({ code: "caddy-option", path, reason, fix });
}

/** A text that is one token of the Caddyfile. The value itself stays out of the error: it can be a secret. */
export function checkToken(path: string, text: string): string {
  if (/^\S+$/.test(text)) return text;
  throw optionError(
    path,
    text === "" ? "the text is empty" : "the text has white space in it",
    "give one word, or a placeholder such as {$NAME}",
  );
}

/** An address of the web, or what has a placeholder in it. */
export function checkAddress(path: string, text: string): string {
  const isOne = /^https?:\/\//i.test(text) && URL.canParse(text);
  if (isOne || /\{\$\w+/.test(text)) return checkToken(path, text);
  throw optionError(
    path,
    "this is not an address of the web",
    "give its whole address, such as https://acme.campus.example/acme/acme/directory",
  );
}

const HOST = /^(\{\$\w+(:[^{}\s]*)?\}|[\w-]+(\.[\w-]+)*\.?)(:\d{1,5})?$/;

/** A host name or a placeholder for one, with a port or without. */
export function checkHost(path: string, text: string): string {
  if (HOST.test(text)) return text;
  throw optionError(
    path,
    "this is not a host name",
    "give a name without scheme and path, such as lamb.example.org, or a placeholder such as {$LAMB_PUBLIC_HOST}",
  );
}

const DURATION = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/;

/** A duration as Caddy reads it, such as `90s` or `1h30m`. */
export function checkDuration(path: string, text: string): string {
  if (DURATION.test(text)) return text;
  throw optionError(path, "this is not a duration", "give a number and a unit, such as 10s, 5m or 1h30m");
}

/** A whole number of at least `least`. */
export function checkCount(path: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw optionError(path, `this is not a whole number of at least ${least}`, "give a whole number");
}

/** A port of TCP. */
export function checkPort(path: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
  throw optionError(path, "this is not a port", "give a whole number from 1 to 65535");
}

/** All ports of a public face: those that were chosen, and the usual ones. Each is for one purpose. */
export function checkPorts({ http = 80, https = 443 }: CaddyPorts = {}, openWebUi?: number) {
  const chat = openWebUi === undefined ? {} : { openWebUiPort: openWebUi };
  const taken = new Set<number>();
  for (const [path, port] of Object.entries({ "ports.http": http, "ports.https": https, ...chat })) {
    if (taken.has(checkPort(path, port))) {
      const fix = "give plain HTTP, HTTPS and Open WebUI each a port of its own";
      throw optionError(path, `port ${port} is for something else here already`, fix);
    }
    taken.add(port);
  }
  return { http, https };
}

/** Whom Caddy believes: an address, a range of them, `private_ranges`, or a placeholder. */
export function checkRange(path: string, text: string): string {
  const [, address = "", bits = "0"] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const isRange = isIpAddress(address) && Number(bits) <= (address.includes(":") ? 128 : 32);
  if (isRange || text === "private_ranges" || /^\{\$[^\s{}]+\}$/.test(text)) return text;
  throw optionError(
    path,
    "this is not an address, nor a range of them",
    "give an address such as 10.1.2.3, a range such as 10.1.0.0/16, or private_ranges",
  );
}

/** One source of a content security policy: an origin, a scheme, a keyword in single quotes, or a placeholder. */
export function checkSource(path: string, text: string): string {
  if (/^[^\s;,"`\\]+$/.test(text)) return text;
  throw optionError(
    path,
    "this is not a source of a content security policy",
    "give one origin per entry, such as https://moodle.example.org",
  );
}

/** Two options that must not be the same, because Caddy has one site for each. */
export function checkDifferent(path: string, other: string, text: string, otherText: string): void {
  if (text.toLowerCase() !== otherText.toLowerCase()) return;
  throw optionError(path, `${path} and ${other} are the same`, "give LAMB and Open WebUI each a host name of its own");
}
