import { LambRelease } from "../lamb/release";

/**
 * What an operator must know of the release that a deployment gets. Sentences.
 *
 * @param version of the deployment from now on. @default the newest that is out
 * @param earlier version that it had; absent when the deployment is new
 */
export function releaseNotes(version: string | undefined, earlier?: string): readonly string[] {
  const release = new LambRelease(version);
  const { retracted, stops = {} } = release.inOrder;
  const out = release.isOut
    ? []
    : [`LAMB ${release.version} is not out: until it is, there are no images of it to pull, and the files may change.`];
  const notes = retracted === undefined ? out : [...out, `Use another release: LAMB ${release.version} ${retracted}.`];
  if (earlier === undefined || earlier === release.version) return notes;
  const [had, gets] = [earlier, release.version].map((one) => LambRelease.versions.indexOf(one));
  if (had === undefined || gets === undefined || had === -1) return notes;
  const between = LambRelease.versions.slice(Math.min(had, gets) + 1, Math.max(had, gets) + 1);
  const way =
    had < gets
      ? `This goes from LAMB ${earlier} on to ${release.version}. Let \`lamb-compose upgrade\` do it on what runs: it copies the data first, and goes back by itself.`
      : `This goes back from LAMB ${earlier} to ${release.version}, on data that ${earlier} has written. Where \`lamb-compose rollback\` has a way back, take that one.`;
  const first = between.filter((one) => had < gets && stops[one] !== undefined);
  const required = first.map((one) => `LAMB ${one} must run first, by an upgrade of its own: it ${stops[one]}.`);
  return [...notes, ...required, way, ...between.flatMap((one) => new LambRelease(one).oneWay)];
}
