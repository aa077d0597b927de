import { parseDuration } from "../../compose/types/quantities";
import { type ComposeValue, listOf, textOf } from "../../spec/value";

/** Parts of one field by their names; a field without parts has one, without a name. */
export type Parts = ReadonlyMap<string, string>;

const OF_COMPOSE = "com.docker.compose.";

export function mountText(type: string, from: string, readOnly: boolean): string {
  return `${type} ${from}${readOnly ? ", read only" : ""}`;
}

export function portText(address: string, published: string, target: string): string {
  return `${address === "" || address === "0.0.0.0" ? "" : `${address}:`}${published}:${target}`;
}

/** How logs are kept. The engine's own way needs no words. */
export function loggingParts(driver: string, options: readonly (readonly [string, string])[]): Parts {
  const isUsual = options.length === 0 && (driver === "" || driver === "json-file");
  return isUsual ? new Map() : parts([["driver", driver || "json-file"], ...options]);
}

export function environmentOf(list: readonly string[] = []): Parts {
  return parts(list.map((entry) => divided(entry, "=")));
}

export function ownLabels(labels: Readonly<Record<string, ComposeValue>>): Parts {
  return parts(textEntries(labels).filter(([name]) => !name.startsWith(OF_COMPOSE)));
}

/** What is exactly as in the image is so without anybody's saying it. */
export function withoutImages(own: Parts, images: Parts): Parts {
  return new Map([...own].filter(([name, value]) => images.get(name) !== value));
}

/** A command. `null` is the image's. */
export function words(value: ComposeValue, images: readonly string[] | undefined): Parts {
  const found = value === null ? (images ?? []) : listOf(value).map(textOf);
  return found.length === 0 ? new Map() : one(JSON.stringify(found));
}

export function capability(value: ComposeValue): string {
  return textOf(value).replace(/^CAP_/, "");
}

export function securityOption(value: ComposeValue): string {
  return textOf(value).replace(/^(no-new-privileges)[:=]true$/, "$1");
}

export function nanoseconds(value: ComposeValue | undefined): number {
  return typeof value === "string" ? Number(parseDuration(value)) : 0;
}

/** A number, without one that means no limit. */
export function amount(value: ComposeValue | undefined): Parts {
  const number = Number(value ?? 0);
  return number > 0 ? one(`${number}`) : new Map();
}

export function one(value: ComposeValue | undefined): Parts {
  const text = textOf(value ?? "");
  return text === "" ? new Map() : new Map([["", text]]);
}

export function names(list: readonly string[]): Parts {
  return new Map(list.map((name) => [name, ""]));
}

export function parts(entries: Iterable<readonly [string, string]>): Parts {
  return new Map(entries);
}

export function divided(text: string, sign: string): readonly [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

export function textEntries(map: Readonly<Record<string, ComposeValue>>): (readonly [string, string])[] {
  return Object.entries(map).map(([name, value]) => [name, textOf(value)]);
}
