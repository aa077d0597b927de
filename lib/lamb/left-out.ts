import { EnvVar } from "../construct/env-var";
import type { LeftOutVar } from "../env/contract";
import { ALL_SERVICES } from "./facts/all-services";
import { RELEASES, servicesOf } from "./facts/releases";
import type { BuiltServiceFacts, ServiceFacts } from "./facts/service";
import * as variables from "./variables";

/** Every variable of any service of any release, and what else the deployment is made of. There are several of a name when releases differ. */
export const ALL_VARIABLES: readonly EnvVar[] = [
  ...new Set([...Object.values(variables), ...ALL_SERVICES.flatMap(({ environment }) => Object.values(environment))]),
].filter((value) => EnvVar.isEnvVar(value));

/** What is said of a variable, under each name that it has or had. */
const named = ({ name, formerNames, required, secret }: EnvVar, reason: string): readonly LeftOutVar[] =>
  [name, ...formerNames].map((one) => ({ name: one, reason, isKept: required && secret }));

/**
 * Names that mean something to LAMB, and that not every deployment passes on. An `.env` may have them from elsewhere: it
 * is told why they change nothing. The first that is said of a name counts.
 */
export const LEFT_OUT: readonly LeftOutVar[] = [
  ...RELEASES.flatMap((release, index) =>
    servicesOf(release).flatMap(({ program, environment }) => {
      const since = index === 0 ? "" : `, from LAMB ${release.version} on,`;
      const reason = `${program} reads it${since} and these files have no place for it`;
      return Object.values(environment).flatMap((value) => (EnvVar.isEnvVar(value) ? named(value, reason) : []));
    }),
  ),
  ...ALL_VARIABLES.flatMap((variable) =>
    named(variable, "a part of LAMB's deployment reads it that these files do not have"),
  ),
  ...ALL_SERVICES.flatMap(({ leftOut = [] }) => leftOut).filter(({ name }) => !name.endsWith("*")),
  ...ALL_SERVICES.flatMap(containersOwn),
  ...ALL_SERVICES.flatMap(({ leftOut = [] }) => leftOut).filter(({ name }) => name.endsWith("*")),
];

/** What a program reads under names that an `.env` has not: its container is given the values of others. */
function containersOwn({ program, environment, fixed = [] }: ServiceFacts): readonly LeftOutVar[] {
  return [
    ...Object.entries(environment).map(([name, value]) => ({
      name,
      reason: EnvVar.isEnvVar(value)
        ? `${program} gets it from ${value.name}`
        : `${program} gets its value from these files`,
    })),
    ...fixed.map(({ name, because }) => ({ name, reason: because })),
  ];
}

/**
 * Whether something is said of a name that a service's program reads: it is passed on, has one value, is left out with a
 * reason, or is another name of one of these.
 *
 * @param name as the program has it, with `*` for what is not known of it
 */
export function hasPlace(facts: ServiceFacts & Partial<Pick<BuiltServiceFacts, "checks">>, name: string): boolean {
  const { environment, needs = [], fixed = [], leftOut = [], retired = [], checks } = facts;
  const said = [
    ...Object.keys(environment),
    ...Object.values(environment).flatMap((value) =>
      EnvVar.isEnvVar(value) ? [value.name, ...value.formerNames] : [],
    ),
    ...needs.flatMap(({ names }) => names),
    ...[...fixed, ...leftOut, ...retired].map((one) => one.name),
    ...Object.values(checks?.kinds ?? {}).flat(),
    ...(checks?.secrets ?? []),
  ];
  return said.some((one) => isLike(one, name));
}

/** Whether two names can be the same one, where `*` in one of them stands for anything. */
function isLike(one: string, other: string): boolean {
  const pattern = (text: string) => new RegExp(`^${text.replaceAll(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`);
  return pattern(one).test(other) || pattern(other).test(one);
}
