import { directive, type Entry, namedMatcher } from "./model";

/**
 * Nothing that acts: no script, no form that sends a password elsewhere, no other base for links, no plugin. Chromium's
 * own viewer shows a PDF under this policy (tried with 156); a page that was uploaded cannot embed one. With `sandbox` it
 * would not show it.
 */
const POLICY = ["script-src", "object-src", "base-uri", "form-action"].map((name) => `${name} 'none'`).join("; ");

/**
 * Lets nothing act in files that people uploaded, which are shown on a host that others trust.
 * @param paths where they are
 */
export function uploadPolicy(paths: readonly string[]): Entry[] {
  const uploads = namedMatcher(
    "uploads",
    [directive("path", paths)],
    "Files that users uploaded are shown on this host: nothing in them may act.",
  );
  return [uploads, directive("header", ["+Content-Security-Policy", POLICY], { matcher: uploads })];
}
