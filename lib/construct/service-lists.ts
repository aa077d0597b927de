import { setOwn } from "../spec/value";
import { Annotated, plain, reannotated } from "./annotated";
import { BIND, type Bindable, type Binding, type Input } from "./binding";
import { ComposeConstruct } from "./compose-construct";
import { isList, isMap } from "./copy";
import { Network } from "./network";

/** How a service joins a network, with the specification's keys. */
export interface Connection {
  readonly aliases?: readonly Bindable<string>[] | undefined;
  readonly ipv4_address?: Bindable<string> | undefined;
  readonly ipv6_address?: Bindable<string> | undefined;
  readonly mac_address?: Bindable<string> | undefined;
  readonly interface_name?: Bindable<string> | undefined;
  readonly priority?: number | undefined;
  readonly gw_priority?: number | undefined;
  readonly use_service_name_alias?: boolean | undefined;
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
export function joinedDependencies(base: Input, dependencies: ReadonlyMap<{ readonly name: string }, Input>): Input {
  if (dependencies.size === 0) return base;
  return joined(base, started, (entries) => {
    for (const [service, dependency] of dependencies) setOwn(entries, service.name, dependency);
  });
}

/** Names of the networks in a service's `networks`. `undefined` when it says nothing of them. */
export function networkNamesIn(base: Input): readonly string[] | undefined {
  const networks = plain(base);
  if (isList(networks)) return networks.map((item) => nameOf(plain(item)));
  return isMap(networks) ? Object.keys(networks) : undefined;
}

/**
 * The `networks` of a service with networks joined, and its aliases on each of them.
 *
 * @param aliases names, each with the reason for it
 * @param below networks that files below have the service join; `undefined` when they name none
 */
export function joinedNetworks(
  base: Input,
  connections: ReadonlyMap<Network, Input>,
  aliases: readonly Input[],
  below: readonly string[] | undefined,
): Input {
  if (connections.size === 0 && aliases.length === 0) return base;
  const replaced = Annotated.isAnnotated(base) && base.tag !== undefined;
  const entries = joined(
    base,
    (item) => [nameOf(item), null],
    (entries) => {
      if (base === undefined && below === undefined) setOwn(entries, "default", null);
      if (aliases.length > 0 && !replaced)
        for (const name of below ?? []) if (!Object.hasOwn(entries, name)) setOwn(entries, name, null);
      for (const [network, connection] of connections) setOwn(entries, network.name, connection);
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
  if (Annotated.isAnnotated(base)) return reannotated(base, joined(base.value, fromItem, addTo));
  const entries: Entries = {};
  if (isList(base)) for (const item of base) setOwn(entries, ...entryOf(item, fromItem));
  else if (isMap(base)) for (const [key, value] of Object.entries(base)) setOwn(entries, key, value);
  addTo(entries);
  return entries;
}

/** An item of a list as an entry of a mapping, with the comment that it has. */
function entryOf(item: Input, fromItem: (item: Input) => [string, Input]): [string, Input] {
  if (!Annotated.isAnnotated(item)) return fromItem(item);
  const [key, value] = entryOf(item.value, fromItem);
  return [key, new Annotated(value, item)];
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
  const list = plain(base);
  return isList(list) ? list.map(plain).filter((item) => Network.isNetwork(item)) : [];
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

function withAliases(options: Input, aliases: readonly Input[]): Input {
  if (Annotated.isAnnotated(options)) return new Annotated(withAliases(options.value, aliases), options);
  const map = isMap(options) ? options : {};
  const present = isList(map.aliases) ? map.aliases : [];
  return { ...map, aliases: [...present, ...aliases] };
}
