import { quote } from "../tree/gotext";
import type { ScalarType } from "../tree/node";
import { andContainers, rulesOf } from "../tree/rules";

/** The types that Compose gives to a text right after interpolation. */
export type Cast = "int" | "int64" | "uint32" | "float64" | "float32" | "bool";

/** Compose's cast table: attribute → type. */
const TABLE = {
  "services.*.cpu_count": "int64",
  "services.*.cpu_percent": "float64",
  "services.*.cpu_period": "int64",
  "services.*.cpu_quota": "int64",
  "services.*.cpu_rt_period": "int64",
  "services.*.cpu_rt_runtime": "int64",
  "services.*.cpus": "float32",
  "services.*.cpu_shares": "int64",
  "services.*.init": "bool",
  "services.*.deploy.replicas": "int",
  "services.*.deploy.update_config.parallelism": "int",
  "services.*.deploy.update_config.max_failure_ratio": "float64",
  "services.*.deploy.rollback_config.parallelism": "int",
  "services.*.deploy.rollback_config.max_failure_ratio": "float64",
  "services.*.deploy.restart_policy.max_attempts": "int",
  "services.*.deploy.placement.max_replicas_per_node": "int",
  "services.*.healthcheck.retries": "int",
  "services.*.healthcheck.disable": "bool",
  "services.*.oom_kill_disable": "bool",
  "services.*.oom_score_adj": "int64",
  "services.*.pids_limit": "int64",
  "services.*.ports.[].target": "int",
  "services.*.privileged": "bool",
  "services.*.read_only": "bool",
  "services.*.scale": "int",
  "services.*.stdin_open": "bool",
  "services.*.tty": "bool",
  "services.*.ulimits.*": "int",
  "services.*.ulimits.*.hard": "int",
  "services.*.ulimits.*.soft": "int",
  "services.*.volumes.[].read_only": "bool",
  "services.*.volumes.[].volume.nocopy": "bool",
  "networks.*.external": "bool",
  "networks.*.internal": "bool",
  "networks.*.attachable": "bool",
  "networks.*.enable_ipv4": "bool",
  "networks.*.enable_ipv6": "bool",
  "volumes.*.external": "bool",
  "secrets.*.external": "bool",
  "configs.*.external": "bool",
} as const satisfies Readonly<Record<string, Cast>>;

export const CASTS = rulesOf<Cast>(TABLE);

/** The table with what later versions of Compose cast as well. */
export const MORE_CASTS = rulesOf<Cast>(
  andContainers<Cast>({
    ...TABLE,
    "services.*.depends_on.*.required": "bool",
    "services.*.depends_on.*.restart": "bool",
    "services.*.networks.*.use_service_name_alias": "bool",
    "services.*.umask": "uint32",
  }),
);

export interface CastResult {
  readonly type: ScalarType;
  readonly value: string | number | bigint | boolean;
  readonly warning?: string;
  /** What the reference says when the text is not of the type. */
  readonly problem?: string;
}

/** In digits. */
const LONGEST_INT64 = 19;
const MAX_INT64 = 2n ** 63n - 1n;

/** What Go's `strconv` says of a text that is no number. */
function noNumber(reader: string, text: string, why: string): CastResult {
  return { type: "string", value: text, problem: `strconv.${reader}: parsing ${quote(text)}: ${why}` };
}

export function parseDecimal(text: string, reader: string): CastResult {
  const fail = (why: string) => noNumber(reader, text, why);
  if (!/^[-+]?\d+$/.test(text)) return fail("invalid syntax");
  if (text.replace(/^[-+]?0*/, "").length > LONGEST_INT64) return fail("value out of range");
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  if (value > MAX_INT64 || value < -MAX_INT64 - 1n) return fail("value out of range");
  const number = Number(value);
  return { type: "int", value: Number.isSafeInteger(number) ? number : value };
}

/** A number of 32 bits as YAML writes it: octal with a leading `0` or `0o`, also `0x` and `0b`, `_` between digits. */
function parseUint32(text: string): CastResult {
  const fail = (why: string) => noNumber("ParseUint", text, why);
  const octal = /^0_?(?=[0-7])/.test(text) ? text.replace(/^0/, "0o") : text;
  const written = octal.replace(/(?<=^0[box]|[\da-f])_(?=[\da-f])/gi, "");
  if (!/^(?:0|[1-9]\d*|0b[01]+|0o[0-7]+|0x[\da-f]+)$/i.test(written)) return fail("invalid syntax");
  const value = BigInt(written);
  return value < 2n ** 32n ? { type: "int", value: Number(value) } : fail("value out of range");
}

const FLOAT = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
const HEX_FLOAT = /^([-+]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([-+]?\d+)$/;
const INFINITE = /^([-+]?)inf(?:inity)?$/i;

function readFloat(written: string): number | undefined {
  const text = written.replace(/(?<=\d)_(?=\d)/g, "");
  if (FLOAT.test(text)) return Number(text);
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  const hex = HEX_FLOAT.exec(text);
  if (hex === null) return undefined;
  const [, sign, whole = "", part = "", power = "0"] = hex;
  if (whole + part === "") return undefined;
  const value = Number.parseInt(whole + part, 16) * 2 ** (Number(power) - 4 * part.length);
  return sign === "-" ? -value : value;
}

export function parseFloatText(text: string, bits: 32 | 64): CastResult {
  const value = readFloat(text);
  if (value === undefined) return noNumber("ParseFloat", text, "invalid syntax");
  const fitted = bits === 32 ? Math.fround(value) : value;
  if (!Number.isFinite(fitted) && /\d/.test(text)) return noNumber("ParseFloat", text, "value out of range");
  return { type: bits === 32 ? "float32" : "float", value: fitted };
}

/** Words that the reference takes for a boolean, lower-case; the YAML 1.1 ones with a warning. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "y", "yes", "on"].map((word) => [word, true] as const),
  ...["false", "n", "no", "off"].map((word) => [word, false] as const),
]);

export function parseBoolean(text: string): CastResult {
  const word = text.toLowerCase();
  const value = BOOLEANS.get(word);
  if (value === undefined) return { type: "string", value: text, problem: `invalid boolean: ${text}` };
  if (word === String(value)) return { type: "bool", value };
  const warning = `${quote(text)} for boolean is not supported by YAML 1.2, please use \`${value}\``;
  return { type: "bool", value, warning };
}

const READERS: Readonly<Record<Cast, (text: string) => CastResult>> = {
  int: (text) => parseDecimal(text, "Atoi"),
  int64: (text) => parseDecimal(text, "ParseInt"),
  uint32: parseUint32,
  float64: (text) => parseFloatText(text, 64),
  float32: (text) => parseFloatText(text, 32),
  bool: parseBoolean,
};

export function castText(cast: Cast, text: string): CastResult {
  return READERS[cast](text);
}
