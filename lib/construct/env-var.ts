import type { ZodType, z } from "zod";
import { BIND, type Binding, type Use } from "./binding";
import { brand } from "./brand";
import type { DistinctFrom } from "./env-distinct";
import { ConstructError } from "./errors";
import { expandMarkers, markerOf, variablesIn } from "./marker";
import type { SecretForm } from "./secret-form";

const [mark, isEnvVar] = brand<EnvVar>("EnvVar");
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What Compose's message about a missing value begins with. */
export const DEMAND = "set it in .env";

/** What an {@link EnvVar} means, and which values it may have. */
export interface EnvVarProps {
  /** What it is for: a sentence, shown in the template, the guide and Compose's own message when it is missing. */
  readonly meaning: string;
  /**
   * The value when the operator gives none. May mention other variables: `http://localhost:${port}`.
   * @default - empty, unless `required`
   */
  readonly default?: string | number | boolean | undefined;
  /**
   * Compose refuses to start while it is missing or empty (`${NAME:?…}`).
   * @default false
   */
  readonly required?: boolean | undefined;
  /**
   * A password, key or token: has no default, never appears in an error, a log or a golden file.
   * @default false
   */
  readonly secret?: boolean | undefined;
  /**
   * How a new value is written, for a required secret.
   * @default "hex"
   */
  readonly form?: SecretForm | undefined;
  /**
   * What a value must look like, as a zod type over the text: `(z) => z.url()`. Called when an `.env` is checked, so
   * that synthesis does not load zod. Two variables have the same type when it is the same function.
   * @default - any text
   */
  readonly type?: ((zod: typeof z) => ZodType<unknown, string>) | undefined;
  /**
   * Values that must not be used: public defaults, placeholders.
   * @default - none
   */
  readonly refused?: readonly string[] | undefined;
  /**
   * A value to show in the template beside a required variable.
   * @default - none
   */
  readonly example?: string | undefined;
  /**
   * Heading under which the template lists it.
   * @default "General"
   */
  readonly group?: string | undefined;
  /**
   * Names that earlier templates gave it. An optional variable still takes its value from them; for a required one the
   * check of an `.env` says how to rename it.
   * @default - none
   */
  readonly formerNames?: readonly string[] | undefined;
  /**
   * An empty value is a value, and does not fall back to the default (`${NAME-default}`).
   * @default false
   */
  readonly emptyIsValue?: boolean | undefined;
  /**
   * Variables of the same deployment that must have other values.
   * @default - none
   */
  readonly distinctFrom?: readonly DistinctFrom[] | undefined;
}

/**
 * A variable of the deployment: one object, used in as many services as need it. In a document it renders as Compose's
 * expression; wherever it is used, it appears in the `.env` template and in the check of an operator's `.env`.
 *
 * It may stand in place of any value, and inside strings: `` `http://${host}/kb` ``.
 *
 * @example
 * ```ts
 * const port = new EnvVar("SHOP_PORT", { meaning: "port of the shop on this host", default: 8080 });
 * const key = new EnvVar("SHOP_KEY", { meaning: "signs the sessions", secret: true });
 * new Service(file, "web", { image: "web:1", ports: [`127.0.0.1:${port}:80`], environment: { KEY: key } });
 * ```
 * @see Compose Specification, chapter 12 (interpolation)
 */
export class EnvVar implements Binding {
  static isEnvVar = isEnvVar;

  readonly name: string;
  readonly meaning: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly form: SecretForm;
  readonly group: string;
  readonly example: string | undefined;
  readonly refused: readonly string[];
  readonly formerNames: readonly string[];
  readonly emptyIsValue: boolean;
  readonly distinctFrom: readonly DistinctFrom[];
  readonly type: EnvVarProps["type"];
  private readonly fallback: string | undefined;

  /** @throws ConstructError `invalid-variable`: bad name, a secret or required variable with a default, `}` in a text */
  constructor(name: string, props: EnvVarProps) {
    mark(this);
    this.name = name;
    this.meaning = props.meaning;
    this.required = props.required ?? false;
    this.secret = props.secret ?? false;
    this.form = props.form ?? "hex";
    this.group = props.group ?? "General";
    this.example = props.example;
    this.refused = [...(props.refused ?? [])];
    this.formerNames = [...(props.formerNames ?? [])];
    this.emptyIsValue = props.emptyIsValue ?? false;
    this.distinctFrom = [...(props.distinctFrom ?? [])];
    this.type = props.type;
    this.fallback = props.default === undefined ? undefined : String(props.default);
    for (const problem of this.mistakes()) {
      throw new ConstructError({ code: "invalid-variable", path: JSON.stringify(name), ...problem });
    }
  }

  /** The same variable with another default, for a stack in which another one is right. */
  withDefault(value: NonNullable<EnvVarProps["default"]>): EnvVar {
    return new EnvVar(this.name, { ...this, default: value, example: undefined });
  }

  /** The default as Compose reads it, other variables in it as expressions. `undefined` when there is none. */
  get default(): string | undefined {
    return this.fallback === undefined ? undefined : expandMarkers(this.fallback, (variable) => variable.expression);
  }

  /** Variables that the default mentions. */
  get mentions(): readonly EnvVar[] {
    return variablesIn(this.fallback ?? "");
  }

  /** Compose's expression for the value: `${NAME:?meaning}` or `${NAME:-default}`. */
  get expression(): string {
    if (this.required) return `\${${this.name}:?${this.hint}}`;
    const colon = this.emptyIsValue ? "" : ":";
    const former = this.formerNames.reduceRight((rest, name) => `\${${name}${colon}-${rest}}`, this.default ?? "");
    return `\${${this.name}${colon}-${former}}`;
  }

  /**
   * The expression. A variable that is optional, has no default and stands under its own name in an `environment`
   * becomes an entry without value instead: the container has it only when the operator sets it.
   */
  [BIND](use: Use): string | null {
    use.variable(this);
    const [parent, key] = use.path.slice(-2);
    const passedOn = !this.required && this.fallback === undefined && this.formerNames.length === 0;
    return passedOn && parent === "environment" && key === this.name ? null : this.expression;
  }

  /** A mark that stands for this variable inside a string until the document is rendered. */
  toString(): string {
    return markerOf(this);
  }

  /**
   * Whether both say the same of the same name. Two variables of one name that do not are a finding. Types are compared
   * as functions: two with one source may still demand different things. Another copy of this package has functions of
   * its own; there the source is all that can be compared.
   */
  equals(other: EnvVar): boolean {
    if (this === other) return true;
    const isOfAnotherCopy = this.constructor !== other.constructor;
    const isSameType = this.type === other.type || (isOfAnotherCopy && String(this.type) === String(other.type));
    return isSameType && this.definition() === other.definition();
  }

  private definition(): string {
    const { type: _type, fallback: _fallback, distinctFrom, ...said } = this;
    const distinct = distinctFrom.map(({ variable, as, reason }) => [variable.name, as, reason]);
    return JSON.stringify([said, distinct, this.default]);
  }

  /** What Compose prints when a required variable is missing. */
  private get hint(): string {
    const former = this.formerNames.length === 0 ? "" : ` (formerly ${this.formerNames.join(", ")})`;
    return `${DEMAND}: ${this.meaning}${former}`;
  }

  private *mistakes(): Generator<{ reason: string; fix: string }> {
    if (!NAME.test(this.name)) {
      yield { reason: "is not a name of a variable", fix: "use letters, digits and _, and do not begin with a digit" };
    }
    if (this.required && this.fallback !== undefined) {
      yield { reason: "is required and has a default", fix: "leave out one of `required` and `default`" };
    }
    if (this.secret && expandMarkers(this.fallback ?? "", () => "") !== "") {
      yield { reason: "is a secret and has a default, which everybody would know", fix: "leave out `default`" };
    }
    if (/[{}$\n]/.test(this.meaning)) {
      yield {
        reason: "has a meaning with {, }, $ or a line break, which Compose's message cannot contain",
        fix: "write it in other words",
      };
    }
    if (this.fallback !== undefined && /[{}\n]/.test(expandMarkers(this.fallback, () => ""))) {
      yield {
        reason: "has a default with {, } or a line break, which `${NAME:-default}` cannot contain",
        fix: "set the value in the service instead",
      };
    }
  }
}
