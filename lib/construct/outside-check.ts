import type { Construct } from "constructs";
import type { Bindable } from "./binding";
import { ComposeConstruct } from "./compose-construct";
import { FACT, type Fact } from "./facts";

/** What is asked from outside, and what must be answered. */
export interface OutsideCheckProps {
  /** What holds when all is well: "LAMB's page answers". */
  readonly what: string;
  /** Whole address, as people use it. */
  readonly url: Bindable<string>;
  /** @default "GET" */
  readonly method?: "GET" | "HEAD" | "POST" | undefined;
  /** @default - none */
  readonly headers?: Readonly<Record<string, Bindable<string>>> | undefined;
  /** Sent with it. @default - nothing */
  readonly body?: Bindable<string> | undefined;
  /** The right statuses. @default - all from 200 to 499, but for `wrong` */
  readonly right?: readonly number[] | undefined;
  /** Statuses that say that something is wrong, beside those from 500 on. @default - none */
  readonly wrong?: readonly number[] | undefined;
  /** A text that the answer must have in it. @default - any answer */
  readonly contains?: string | undefined;
  /**
   * Asked only where this is not empty, such as a variable that an operator may set.
   * @default - always
   */
  readonly when?: Bindable<string> | undefined;
  /** The certificate is of an authority of the deployment's own, which this host does not know. @default false */
  readonly ownAuthority?: boolean | undefined;
  /**
   * File on the host with the certificate that people are to be shown, which `doctor` compares. A relative path begins in
   * the directory of the deployment.
   * @default - any certificate
   */
  readonly certificate?: Bindable<string> | undefined;
  /**
   * Address of the authority that issues the certificate, which `doctor` tries to reach.
   * @default - none on the internet
   */
  readonly authority?: Bindable<string> | undefined;
}

/**
 * Something that can be asked of a deployment from outside, as its users come in. `verify` asks it, and `upgrade` before and
 * after. It changes nothing in the deployment.
 *
 * ```ts
 * const host = new EnvVar("SHOP_HOST", { meaning: "the public name of the shop" });
 * new OutsideCheck(file, "front page", { what: "the shop answers", url: `https://${host}/`, right: [200] });
 * ```
 */
export class OutsideCheck extends ComposeConstruct {
  private readonly props: OutsideCheckProps;

  constructor(scope: Construct, id: string, props: OutsideCheckProps) {
    super(scope, id);
    this.props = { ...props };
  }

  /** What the commands know of it. @internal */
  [FACT](): Fact {
    // As texts: Compose adds a later file's list to an earlier one's, and a check in an overlay takes the place of another.
    const value = { ...this.props, right: this.props.right?.join(" "), wrong: this.props.wrong?.join(" ") };
    return { section: "outside", key: this.name, value };
  }
}
