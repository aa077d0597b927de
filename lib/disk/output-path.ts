import { FileError } from "./error";
import { reservation } from "./reserved-names";

/** Bytes of one name. No usual file system takes more. */
const LONGEST_NAME = 255;

/** What a path below the output directory must not be. */
const IMPOSSIBLE: readonly { readonly is: (path: string) => boolean; readonly reason: string }[] = [
  { is: (path) => path === "" || path.endsWith("/"), reason: "is not the path of a file" },
  {
    is: (path) => /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes(".."),
    reason: "leads out of the output directory",
  },
  {
    is: (path) => path.includes("\\") || path.split("/").some((part) => part === "" || part === "."),
    reason: "is not a plain path with single `/` between folders",
  },
  { is: (path) => /\p{Cc}/u.test(path), reason: "has control characters" },
  { is: (path) => /\p{Cs}/u.test(path), reason: "has half of a surrogate pair, which no file name can have" },
  {
    is: (path) => path.split("/").some((part) => new TextEncoder().encode(part).length > LONGEST_NAME),
    reason: `has a name of more than ${LONGEST_NAME} bytes`,
  },
];

/** Why a path cannot be that of a file below an output directory. `undefined` when it can. */
export function impossiblePath(path: string): string | undefined {
  return IMPOSSIBLE.find(({ is }) => is(path))?.reason;
}

/** Why a synthesis cannot have a file with this path. `undefined` when it can. */
export function refusedPath(path: string): string | undefined {
  return impossiblePath(path) ?? reservation(path);
}

/** The paths that cannot be, each on a line with the reason. `undefined` when all can. */
export function listOfRefused(
  paths: Iterable<string>,
  reasonFor: (path: string) => string | undefined,
): string | undefined {
  const lines = [...paths].flatMap((path) => {
    const reason = reasonFor(path);
    return reason === undefined ? [] : [`\n  - ${JSON.stringify(path)} ${reason}`];
  });
  return lines.length === 0 ? undefined : lines.join("");
}

/**
 * Refuses the name of an output file that is reserved for something else.
 *
 * @throws FileError `reserved-name`
 */
export function assertNotReserved(path: string): void {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const reason = reservation(name);
  if (reason === undefined) return;
  const fix = "name another file";
  throw new FileError({ code: "reserved-name", path, reason: `${reason}; nothing was written`, fix });
}
