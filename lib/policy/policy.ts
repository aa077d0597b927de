import type { IConstruct } from "constructs";
import { brand } from "../construct/brand";
import { inDeployment } from "../construct/checks/check";
import { ComposeConstruct } from "../construct/compose-construct";
import type { ComposeFile } from "../construct/compose-file";
import { ConstructError } from "../construct/errors";
import type { Resource } from "../construct/resource";
import { Service } from "../construct/service";
import type { Deployment } from "../construct/synth/deployment";
import type { Finding } from "../report/finding";
import type { Rule, Violation } from "./rule";

const [mark, isPolicy] = brand<Policy>("Policy");

/** Which rules a {@link Policy} holds a file to. */
export interface PolicyProps {
  /** The rules that hold. */
  readonly rules: readonly Rule[];
}

/** A place at which a rule need not hold, and why. */
interface Suppression {
  readonly rule: string;
  readonly place: Service | Resource;
  readonly reason: string;
}

/**
 * Rules for a file and for every overlay over it. They are checked on what will run: on each deployment, merged. Where
 * a rule cannot hold, `suppress` says why, and the reason is part of the synthesis' findings.
 *
 * @example
 * ```ts
 * const policy = new Policy(file, "policy", { rules: PRODUCTION_RULES });
 * policy.suppress("read-only-root", web, "it writes its cache beside its program");
 * ```
 */
export class Policy extends ComposeConstruct {
  static isPolicy = isPolicy;

  /**
   * The policy of the file that a construct belongs to.
   *
   * @throws ConstructError `no-policy`
   */
  static of(construct: IConstruct): Policy {
    for (const scope of [...construct.node.scopes].reverse()) {
      const policy = scope.node.children.find((child) => isPolicy(child));
      if (isPolicy(policy)) return policy;
    }
    throw new ConstructError({
      code: "no-policy",
      construct: construct.node.path,
      reason: "there is no policy for this construct",
      fix: "create one for its file: new Policy(file, …)",
    });
  }

  /** The rules that hold. */
  readonly rules: readonly Rule[];
  /** By rule, section and name. */
  private readonly suppressions = new Map<string, Suppression>();

  constructor(file: ComposeFile, id: string, props: PolicyProps) {
    super(file, id);
    mark(this);
    this.rules = [...props.rules];
    file.addCheck((deployments) => this.findingsIn(deployments));
  }

  /**
   * Lets a rule not hold for a service, or for a volume, network, config or secret. A second reason for the same takes
   * the place of the first.
   *
   * @throws ConstructError `unknown-rule`, `no-reason`
   */
  suppress(rule: string, place: Service | Resource, reason: string): this {
    const wrong = (code: string, text: string, fix: string) =>
      new ConstructError({ code, construct: this.node.path, value: JSON.stringify(rule), reason: text, fix });
    if (!this.rules.some(({ id }) => id === rule)) {
      throw wrong(
        "unknown-rule",
        "is not a rule of this policy",
        `use one of ${this.rules.map(({ id }) => id).join(", ")}`,
      );
    }
    if (reason.trim() === "")
      throw wrong("no-reason", "is suppressed without a reason", "say why the rule cannot hold here");
    const section = Service.isService(place) ? "services" : place.section;
    this.suppressions.set(keyOf(rule, section, place.name), { rule, place, reason });
    return this;
  }

  private *findingsIn(deployments: readonly Deployment[]): Generator<Finding> {
    const used = new Set<Suppression>();
    for (const deployment of deployments) {
      for (const rule of this.rules) {
        for (const violation of rule.check(deployment)) {
          const [section = "", name = ""] = violation.path;
          const suppression = this.suppressions.get(keyOf(rule.id, section, name));
          if (suppression !== undefined) used.add(suppression);
          yield findingOf(deployment, rule, violation, suppression);
        }
      }
    }
    for (const suppression of this.suppressions.values()) {
      if (used.has(suppression)) continue;
      yield {
        code: "unused-suppression",
        severity: "warning",
        construct: this.node.path,
        value: `${suppression.rule} of ${suppression.place.node.path}`,
        reason: "the rule holds without being suppressed",
        fix: "remove the suppression",
      };
    }
  }
}

function keyOf(rule: string, section: string | number, name: string | number): string {
  return JSON.stringify([rule, section, name]);
}

function findingOf(
  deployment: Deployment,
  rule: Rule,
  violation: Violation,
  suppression: Suppression | undefined,
): Finding {
  const { path, value, reason = rule.what, fix = rule.fix } = violation;
  const finding = inDeployment(deployment, {
    code: rule.id,
    severity: suppression === undefined ? rule.severity : "suppressed",
    path,
    ...(value === undefined ? {} : { value }),
    reason: `${reason}: ${rule.why}`,
    fix,
  });
  return suppression === undefined ? finding : { ...finding, suppression: suppression.reason };
}
