import { EnvVar } from "../construct/env-var";
import type { LeftOutVar } from "../env/contract";
import { RELEASES, servicesOf } from "./facts/releases";
import type { BuiltServiceFacts } from "./facts/service";
import * as variables from "./variables";

/** Every variable of any service of any release, and what else the deployment is made of. There are several of a name when releases differ. */
export const ALL_VARIABLES: readonly EnvVar[] = [
  ...new Set([
    ...Object.values(variables),
    ...RELEASES.flatMap(servicesOf).flatMap(({ environment }) => Object.values(environment)),
  ]),
].filter((value) => EnvVar.isEnvVar(value));

/**
 * Names that mean something to LAMB, and that not every deployment passes on. An `.env` may have them from elsewhere: it
 * is told why they change nothing.
 */
export const LEFT_OUT: readonly LeftOutVar[] = [
  ...RELEASES.flatMap((release, index) =>
    servicesOf(release).flatMap(({ program, environment }) => {
      const since = index === 0 ? "" : `, from LAMB ${release.version} on,`;
      const reason = `${program} reads it${since} and these files have no place for it`;
      return Object.values(environment).flatMap((value) =>
        EnvVar.isEnvVar(value) ? [{ name: value.name, reason }] : [],
      );
    }),
  ),
  ...ALL_VARIABLES.map(({ name }) => ({
    name,
    reason: "a part of LAMB's deployment reads it that these files do not have",
  })),
  ...new Set(RELEASES.flatMap(servicesOf).flatMap(({ leftOut = [] }) => leftOut)),
];

/**
 * Whether something is said of a name that a service's program reads: it is passed on, has one value, is left out with a
 * reason, or is another name of one of these.
 *
 * @param name as the program has it, with `*` for what is not known of it
 */
export function hasPlace(facts: BuiltServiceFacts, name: string): boolean {
  const { environment, needs = [], fixed = [], leftOut = [], retired = [], checks } = facts;
  const said = [
    ...Object.keys(environment),
    ...Object.values(environment).flatMap((value) =>
      EnvVar.isEnvVar(value) ? [value.name, ...value.formerNames] : [],
    ),
    ...needs.flatMap(({ names }) => names),
    ...[...fixed, ...leftOut, ...retired].map((one) => one.name),
    ...Object.values(checks.kinds).flat(),
    ...(checks.secrets ?? []),
  ];
  return said.some((one) => isLike(one, name));
}

/** Whether two names can be the same one, where `*` in one of them stands for anything. */
function isLike(one: string, other: string): boolean {
  const pattern = (text: string) => new RegExp(`^${text.replaceAll(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`);
  return pattern(one).test(other) || pattern(other).test(one);
}
