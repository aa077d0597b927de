import type { EnvVar } from "./env-var";

/** What of two values is compared. */
export type Comparison = "text" | "number" | "host" | "origin";

/** Another variable whose value must not be the same. */
export interface DistinctFrom {
  readonly variable: EnvVar;
  /**
   * What is compared: `text` is every character, `number` its value, `host` the host name, however it is written
   * (capitals, a dot at the end, an international name or its ASCII form, a port behind it), `origin` the scheme, host and
   * port of an address of the web.
   * @default "text"
   */
  readonly as?: Comparison | undefined;
  /** Why: a clause, shown to whoever gives both the same value. */
  readonly reason: string;
}

/** By kind: what is the same for two values that mean the same. `undefined` for a value that is of another kind. */
const COMPARED: Readonly<Record<Comparison, (value: string) => string | undefined>> = {
  text: (value) => value,
  number: (value) => (/^\d+$/.test(value) ? String(Number(value)) : undefined),
  host: (value) => hostOf(urlOf(`http://${value.replace(/^\w+:\/\//, "")}`)),
  origin: (value) => {
    const url = urlOf(value);
    const host = hostOf(url);
    if (url === undefined || host === undefined || !/^https?:$/.test(url.protocol)) return undefined;
    return `${url.protocol}//${host}:${url.port || (url.protocol === "https:" ? 443 : 80)}`;
  },
};

/** Whether two values mean the same. Values that are not of the kind never do. */
export function meanSame(one: string, other: string, as: Comparison): boolean {
  const compared = COMPARED[as];
  const meaning = compared(one.trim());
  return meaning !== undefined && meaning === compared(other.trim());
}

/** Not by `URL.canParse`: once Node.js has compiled a caller of it, it refuses hosts with letters such as ü. */
function urlOf(value: string): URL | undefined {
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}

function hostOf(url: URL | undefined): string | undefined {
  return url?.hostname.replace(/\.$/, "") || undefined;
}
