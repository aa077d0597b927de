import type { Construct } from "constructs";
import { ComposeConstruct } from "./compose-construct";
import type { EnvVar } from "./env-var";
import { FACT, type Fact } from "./facts";

/** The section of the facts in which limits stand. */
export const LIMITS = "limits";

/** How large the value of a variable may be, and why. */
export interface EnvLimitProps {
  /** Its value is a number. */
  readonly variable: EnvVar;
  /** The largest value that it may have. */
  readonly most: number;
  /** Why: a clause, shown to whoever gives a larger one. */
  readonly reason: string;
}

/**
 * The largest value that a variable may have where a file runs: something in the file, such as a proxy, bounds it. The check
 * of an `.env` knows it by the file.
 */
export class EnvLimit extends ComposeConstruct {
  private readonly props: EnvLimitProps;

  constructor(scope: Construct, props: EnvLimitProps) {
    super(scope, `limit-${props.variable.name}`);
    this.props = { ...props };
  }

  /** What the commands know of it. @internal */
  [FACT](): Fact {
    const { variable, most, reason } = this.props;
    return { section: LIMITS, key: variable.name, value: { most: String(most), reason } };
  }
}
