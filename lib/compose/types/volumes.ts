/** One mount, as the long form has it. */
export interface VolumeMount {
  readonly type: "bind" | "volume";
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: { readonly create_host_path?: boolean; readonly propagation?: string; readonly selinux?: string };
  readonly volume?: { readonly nocopy?: boolean };
}

/** A short form that Compose refuses; the message is Compose's. */
export class VolumeError extends Error {
  override readonly name = "VolumeError";
}

const PROPAGATIONS: ReadonlySet<string> = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);
const SELINUX: ReadonlySet<string> = new Set(["z", "Z"]);
const LETTER = /^\p{L}$/u;

/** Cuts at colons, but not inside `${…}` and not behind a single letter, which is the drive of a Windows path. */
function splitSpec(spec: string): string[] {
  const sections: string[] = [];
  let start = 0;
  let nesting = 0;
  for (let at = 0; at < spec.length; at++) {
    const char = spec[at];
    if (char === "$" && spec[at + 1] === "{") nesting++;
    else if (char === "}" && nesting > 0) nesting--;
    else if (char === ":" && nesting === 0 && !LETTER.test(spec.slice(start, at))) {
      sections.push(spec.slice(start, at));
      start = at + 1;
    }
  }
  // Inside an open `${` the reference never sees the end of the text, and the last section is lost.
  if (nesting === 0) sections.push(spec.slice(start));
  return sections;
}

function isHostPath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith("\\\\") || /^\p{L}:/u.test(source);
}

interface Options {
  readOnly: boolean;
  nocopy: boolean;
  propagation?: string;
  selinux?: string;
}

function parseOptions(section: string | undefined): Options {
  const options: Options = { readOnly: false, nocopy: false };
  for (const option of section?.split(",") ?? []) {
    if (option === "ro" || option === "rw") options.readOnly = option === "ro";
    else if (option === "nocopy") options.nocopy = true;
    else if (PROPAGATIONS.has(option)) options.propagation = option;
    else if (SELINUX.has(option)) options.selinux = option;
  }
  return options;
}

/**
 * The short form of a mount, `[source:]target[:options]` (Compose specification, `volumes`). The target is as written.
 *
 * @throws VolumeError with Compose's message.
 */
export function parseVolume(spec: string): VolumeMount {
  if (spec === "") throw new VolumeError("invalid empty volume spec");
  if (spec.length <= 2 && new TextEncoder().encode(spec).length <= 2) return { type: "volume", target: spec };
  const open = splitSpec(spec);
  const [first = "", second, third] = open;
  const problem = open.slice(0, 3).includes("")
    ? "empty section between colons"
    : open.length > 3
      ? "too many colons"
      : undefined;
  if (problem !== undefined) throw new VolumeError(`invalid spec: ${spec}: ${problem}`);
  const source = second === undefined ? undefined : first;
  const { readOnly, nocopy, propagation, selinux } = parseOptions(third);
  const isBind = source !== undefined && isHostPath(source);
  const bind = {
    ...(selinux === undefined ? {} : { selinux }),
    ...(propagation === undefined ? {} : { propagation }),
    ...(isBind ? { create_host_path: true } : {}),
  };
  return {
    type: isBind ? "bind" : "volume",
    ...(source === undefined ? {} : { source }),
    target: second ?? first,
    ...(readOnly ? { read_only: true } : {}),
    ...(Object.keys(bind).length > 0 ? { bind } : {}),
    ...(nocopy ? { volume: { nocopy: true } } : isBind ? {} : { volume: {} }),
  };
}

/** A path without `.`, `..` and doubled slashes; the empty path is `.`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push("..");
  }
  const joined = kept.join("/");
  return rooted ? `/${joined}` : joined === "" ? "." : joined;
}
