import { join } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import type { EnvContract, EnvContractVariable } from "../../env/contract";
import { isNamed } from "../../env/name-rules";
import { EnvReading } from "../../env/reading";
import { FROZEN } from "../../lamb/facts/frozen";
import { OLD_ENV_FILES, OLD_PLACES } from "../../lamb/facts/old-places";
import type { CutoverChange } from "./change";
import { type Compared, isOfImages } from "./data";
import { counterpart } from "./services";

/** The settings of the next deployment, and how a file of the older one is read. */
export interface Settings {
  readonly contract: EnvContract;
  /** Text of the next deployment's `.env`. */
  readonly env: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of a file of this host. `undefined` where there is none. */
  readonly read: (path: string) => string | undefined;
}

/** A variable of the older deployment that has a value. */
interface OldSetting {
  readonly name: string;
  readonly value: string;
  /** The older service whose container gets it. @default - a program of the older deployment reads a file with it */
  readonly service?: string | undefined;
  /** The name that says the same today. */
  readonly means: string;
}

/** Secrets that programs have saved: another value must be carried into the data. */
const SAVED: ReadonlySet<string> = new Set(
  FROZEN.flatMap((frozen) => (frozen.kind === "connection" ? [frozen.key.variable] : [])),
);

/** Variables that say where data are: the differences of data tell of them. */
const OF_PLACES: ReadonlySet<string> = new Set(
  OLD_PLACES.flatMap(({ folders = [] }) => folders.flatMap((folder) => /^\$(\w+)/.exec(folder)?.[1] ?? [])),
);

/** What becomes of the older deployment's variables. No value is shown. One that keeps its name and its value is no difference. */
export function* variableChanges(compared: Compared, settings: Settings): Generator<CutoverChange> {
  const { contract, env, environment } = settings;
  const reading = new EnvReading(contract, env, environment);
  const known = new Map<string, EnvContractVariable>();
  for (const variable of contract.variables) {
    for (const former of variable.formerNames) if (!known.has(former)) known.set(former, variable);
  }
  for (const variable of contract.variables) known.set(variable.name, variable);
  const seen = new Set<string>();
  for (const setting of oldSettings(compared, settings)) {
    const variable = known.get(setting.means);
    const key = `${setting.name} ${variable?.name ?? setting.means}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const given = givenNow(setting, compared);
    const change =
      variable === undefined
        ? ofNone(setting, given, compared, contract)
        : ofVariable(setting, variable, given ?? reading.valueOf(variable), reading.settings.has(variable.name));
    if (change !== undefined) yield { subject: setting.name, ...change };
  }
}

/** What the container that reads a variable gets in the next deployment. */
function givenNow({ name, service, means }: OldSetting, { next }: Compared): string | undefined {
  const own = service === undefined ? undefined : counterpart(service, next);
  const services = own === undefined ? Object.values(next.services) : [next.services[own]];
  for (const one of [name, means]) {
    for (const candidate of services) {
      const value = candidate?.environment[one];
      if (value !== undefined && value !== null) return value;
    }
  }
  return undefined;
}

type Change = Omit<CutoverChange, "subject">;

function ofVariable(
  { name, value }: OldSetting,
  variable: EnvContractVariable,
  given: string | undefined,
  isSet: boolean,
): Change | undefined {
  const is = variable.name === name ? "" : `is ${variable.name} now, and `;
  if (given === value) {
    return is === "" ? undefined : { kind: "variable-renamed", text: `${is}has the same value`, weight: "fine" };
  }
  const fix = `run \`lamb-compose env set ${variable.name}\``;
  if (!isSet) {
    const here =
      given === undefined || given === ""
        ? "has none here"
        : "has here what the files make of other settings, or its default";
    return { kind: "variable-unset", text: `${is}${here}`, weight: "decide", fix };
  }
  const saved = SAVED.has(variable.name)
    ? "; programs have saved the older one, and a migration, or `lamb-compose relink`, puts in the new one"
    : "";
  return { kind: "variable-changed", text: `${is}has another value here${saved}`, weight: "decide" };
}

/** A variable that nobody can set in the next deployment. */
function ofNone(
  { name, value, service }: OldSetting,
  given: string | undefined,
  { literals }: Compared,
  contract: EnvContract,
): Change | undefined {
  const retired = contract.retired.find((one) => one.name === name);
  if (retired !== undefined) {
    const { reason, harmlessValue = value } = retired;
    const weight = harmlessValue === value || OF_PLACES.has(name) ? "fine" : "decide";
    return { kind: "variable-fixed", text: `has no effect now: ${reason}`, weight };
  }
  if (given !== undefined) {
    return given === value
      ? undefined
      : { kind: "variable-fixed", text: "has a value that the files give it", weight: "fine" };
  }
  const why = contract.leftOut?.find((one) => isNamed(name, one.name))?.reason ?? "nothing that is known here reads it";
  // What the file gives its own programs, such as pip, nobody has set.
  const isLiteral = service !== undefined && literals.get(service)?.[name] === value;
  return {
    kind: "variable-lost",
    text: `no longer reaches any service: ${why}`,
    weight: isLiteral ? "fine" : "decide",
  };
}

/** What containers get, and what programs of a checkout read from files by themselves. */
function* oldSettings({ old, next, root }: Compared, { read }: Settings): Generator<OldSetting> {
  for (const { path, names } of isOfImages(old) ? [] : OLD_ENV_FILES) {
    const { values } = parseDotenv(read(join(root, path)) ?? "", { lookup: () => undefined });
    for (const [name, value] of values) {
      if (value !== "") yield { name, value, means: names[name]?.name ?? name };
    }
  }
  for (const [service, { environment }] of Object.entries(old.services)) {
    // What a service that has no work any more is told is lost with it.
    if (counterpart(service, next) === undefined) continue;
    for (const [name, value] of Object.entries(environment)) {
      if (value !== null && value !== "") yield { name, value, service, means: name };
    }
  }
}
