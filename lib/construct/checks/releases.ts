import { insteadOf } from "../../compose/inspect/needs-instead";
import type { VersionRange } from "../../compose/range";
import { compareVersions } from "../../compose/version";
import type { Finding } from "../../report/finding";
import { datedKeys } from "../../spec/since";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** Keys that the oldest Docker Compose of the program's range does not know. Those below such a key are not said. */
export function* newerKeys(rendered: RenderedFile, range: VersionRange): Generator<Finding> {
  const found: string[] = [];
  const isNewer = (since: string) => compareVersions(since, range.from) > 0;
  for (const { path, since } of datedKeys(rendered.document, isNewer)) {
    const place = JSON.stringify(path).slice(0, -1);
    if (found.some((outer) => place.startsWith(`${outer},`))) continue;
    found.push(place);
    const instead = insteadOf(path);
    yield inFile(rendered, {
      code: "needs-newer-compose",
      path,
      reason: `is known to Docker Compose from ${since} on, and the program is for ${range.from} and newer`,
      fix: `${instead === undefined ? "leave it out" : `use ${instead}`}; or ask for the newer one: new App({ compose: ">=${since}" })`,
    });
  }
}
