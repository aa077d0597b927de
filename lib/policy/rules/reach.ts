import { Company } from "../../compose/loader/select";
import { dependenciesOf, namesIn } from "../../construct/checks/model";
import type { Deployment } from "../../construct/synth/deployment";
import { addTo } from "../../spec/group";
import { mapOf } from "../../spec/value";
import { networksOf } from "../network-view";
import type { Rule, Violation } from "../rule";

/** The network of services that name none: being there says nothing about who they talk to. */
const IMPLICIT = "default";

/** Who talks to whom in a stack that is known. */
export interface Reach {
  /** For each service, those that it may share a network with. */
  readonly allowed: { readonly [service: string]: readonly string[] };
  /**
   * Those of them that a service of one's own may talk to, when it says so.
   * @default - none
   */
  readonly open?: readonly string[] | undefined;
}

/**
 * Services without a relation share no network, unless their profiles never start both at once. Of known services the table says who
 * talks to whom. Others say it: one depends on the other, or the two have a network of their own.
 */
export function reach({ allowed, open = [] }: Reach): Rule {
  const known = new Map(Object.entries(allowed).map(([name, others]) => [name, new Set(others)]));
  const opened = new Set(open);
  const isGuarded = (name: string) => known.has(name) && !opened.has(name);
  /** Of two, the one with less to guard is in the wrong place. */
  const guard = (name: string) => Number(known.has(name)) + Number(isGuarded(name));
  return {
    id: "reach",
    what: "shares a network with a service that it does not talk to",
    why: "an attacker who gets into one service can attack all that share a network with it",
    fix: "give each two that talk a network of their own, in a program with `new Relation(file, id, one, other)`",
    severity: "error",
    *check(deployment): Generator<Violation> {
      const dependencies = dependenciesIn(deployment);
      const profilesOf = (service: string) => namesIn(mapOf(deployment.services[service]).profiles);
      for (const [network, members] of membersIn(deployment)) {
        const declares = network !== IMPLICIT && members.length === 2;
        const related = (one: string, other: string) => {
          const friends = known.get(one);
          if (friends !== undefined && known.has(other))
            return friends.has(other) || known.get(other)?.has(one) === true;
          if (isGuarded(one) || isGuarded(other)) return false;
          return declares || dependencies.get(one)?.has(other) === true || dependencies.get(other)?.has(one) === true;
        };
        const company = new Company<string>();
        for (const service of members) company.add(profilesOf(service), service);
        const strangers = members.flatMap((service): (readonly [service: string, stranger: string])[] => {
          const isStranger = (other: string) =>
            other !== service && !related(service, other) && guard(service) <= guard(other);
          const stranger = company
            .with(profilesOf(service))
            .map((others) => others.find(isStranger))
            .find((found) => found !== undefined);
          return stranger === undefined ? [] : [[service, stranger]];
        });
        for (const [service, stranger] of strangers) {
          const whom = strangers.length === 1 ? `${stranger}, which` : "services that";
          const { networks } = mapOf(deployment.services[service]);
          yield {
            path: ["services", service, "networks", ...(networks === undefined ? [] : [network])],
            value: network,
            reason: `shares the network ${network} with ${whom} it does not talk to`,
          };
        }
      }
    },
  };
}

function membersIn(deployment: Deployment): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const [name, networks] of networksOf(deployment)) {
    for (const network of networks) {
      addTo(members, network, name);
    }
  }
  return members;
}

function dependenciesIn(deployment: Deployment): ReadonlyMap<string, ReadonlySet<string>> {
  const entries = Object.entries(deployment.services);
  return new Map(
    entries.map(([name, spec]) => [name, new Set(dependenciesOf(mapOf(spec)).map((dependency) => dependency.name))]),
  );
}
