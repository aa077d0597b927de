import { LINE_BREAK } from "./comment";
import type { EnvContractVariable } from "./contract";
import { typeMistake } from "./type";

/** What people paste around a value, and the value in it. The first that fits the variable counts. */
const INSIDE: readonly ((text: string) => string | undefined)[] = [
  (text) => text,
  (text) => text.trim(),
  (text) => /^\s*(["'])(.*)\1\s*$/.exec(text)?.[2],
  hostOf,
  (text) => /^\s*(?:mailto:|[^<>]*<)([^<>\s]+)>?\s*$/.exec(text)?.[1],
];

/**
 * The value that somebody means by what they pasted: `https://host/` where a host name is wanted, `Name <mail>` where an
 * address is, spaces around it. What fits as it is stays as it is, and so does what fits in no way. A secret is never
 * changed.
 */
export async function asMeant(variable: EnvContractVariable, text: string): Promise<string> {
  if (variable.secret || variable.type === undefined) return text;
  for (const inside of INSIDE) {
    const value = inside(text);
    if (value !== undefined && (await typeMistake(variable, value, [])) === undefined) return value;
  }
  return text;
}

/**
 * The host of an address, without the dot that the tools of DNS write behind it. One with a port says more than a name
 * can, and what begins with a sign is no address: a path, say. Two lines would be put together to one name.
 */
function hostOf(text: string): string | undefined {
  if (!/^[\p{L}\p{N}[]/u.test(text.trim()) || LINE_BREAK.test(text.trim())) return undefined;
  const address = text.trim().replace(/^(?!\w+:\/\/)/, "https://");
  if (!URL.canParse(address)) return undefined;
  const { hostname, port, username } = new URL(address);
  return port === "" && username === "" ? hostname.replace(/\.$/, "") : undefined;
}
