import { Annotated, because } from "./annotated";
import { BIND, type Bindable, type Binding, type Input } from "./binding";
import { ComposeConstruct } from "./compose-construct";
import { isList, isMap, setOwn } from "./copy";
import { Network } from "./network";
import type { Service } from "./service";

/** One service's condition on another, with the specification's keys. */
export interface Dependency {
  readonly condition: string;
  readonly restart?: boolean | undefined;
  readonly required?: boolean | undefined;
}

/** How a service joins a network, with the specification's keys. */
export interface Connection {
  readonly aliases?: readonly Bindable<string>[] | undefined;
  readonly ipv4_address?: Bindable<string> | undefined;
  readonly ipv6_address?: Bindable<string> | undefined;
  readonly mac_address?: Bindable<string> | undefined;
  readonly interface_name?: Bindable<string> | undefined;
  readonly priority?: number | undefined;
  readonly gw_priority?: number | undefined;
}

/** Another name of a service, and why it has it. */
export interface Alias {
  readonly name: string;
  readonly reason: string | undefined;
}

type Entries = { [key: string]: Input };

/** The `environment` of a service with variables added. */
export function joinedEnvironment(base: Input, variables: ReadonlyMap<string, Input>): Input {
  if (variables.size === 0) return base;
  return joined(base, assignment, (entries) => {
    for (const [name, value] of variables) setOwn(entries, name, value);
  });
}

/** The `depends_on` of a service with dependencies added. */
export function joinedDependencies(base: Input, dependencies: ReadonlyMap<Service, Dependency>): Input {
  if (dependencies.size === 0) return base;
  return joined(base, started, (entries) => {
    for (const [service, dependency] of dependencies) setOwn(entries, service.name, { ...dependency });
  });
}

/** The `networks` of a service with networks joined, and its aliases on each of them. */
export function joinedNetworks(
  base: Input,
  connections: ReadonlyMap<Network, Connection>,
  aliases: readonly Alias[],
): Input {
  if (connections.size === 0 && aliases.length === 0) return base;
  const entries = joined(
    base,
    (item) => [nameOf(item), null],
    (entries) => {
      if (base === undefined && connections.size > 0) setOwn(entries, "default", null);
      for (const [network, connection] of connections)
        setOwn(entries, network.name, Object.keys(connection).length === 0 ? null : { ...connection });
      if (aliases.length > 0 && Object.keys(entries).length === 0) setOwn(entries, "default", null);
      if (aliases.length > 0)
        for (const name of Object.keys(entries)) setOwn(entries, name, withAliases(entries[name], aliases));
    },
  );
  return mentioning([...networksIn(base), ...connections.keys()], entries);
}

/** The base as a mapping of its own, whichever form it was written in, with something added. */
function joined(
  base: Input,
  fromItem: (item: Input) => [string, Input],
  addTo: (entries: Entries) => void,
): Entries | Annotated {
  if (Annotated.isAnnotated(base)) return new Annotated(joined(base.value, fromItem, addTo), base);
  const entries: Entries = {};
  if (isList(base)) for (const item of base) setOwn(entries, ...fromItem(item));
  else if (isMap(base)) for (const [key, value] of Object.entries(base)) setOwn(entries, key, value);
  addTo(entries);
  return entries;
}

/** `NAME=value` or `NAME`, an item of an `environment` list. */
function assignment(item: Input): [string, Input] {
  const text = String(item);
  const at = text.indexOf("=");
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** An item of a `depends_on` list. */
function started(item: Input): [string, Input] {
  return [nameOf(item), { condition: "service_started" }];
}

function nameOf(item: Input): string {
  return ComposeConstruct.isComposeConstruct(item) ? item.name : String(item);
}

/** The networks that stand in a `networks` list as objects. */
function networksIn(base: Input): Network[] {
  const list = Annotated.isAnnotated(base) ? base.value : base;
  return isList(list) ? list.filter((item) => Network.isNetwork(item)) : [];
}

/** The value, where networks are mentioned by their names only. */
function mentioning(networks: readonly Network[], value: Input): Binding {
  return {
    [BIND]: (use) => {
      for (const network of networks) use.resource(network);
      return value;
    },
  };
}

function withAliases(options: Input, aliases: readonly Alias[]): Input {
  const map = isMap(options) ? options : {};
  const present = isList(map.aliases) ? map.aliases : [];
  const added = aliases.map(({ name, reason }) => (reason === undefined ? name : because(reason, name)));
  return { ...map, aliases: [...present, ...added] };
}
