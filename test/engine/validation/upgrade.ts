import { Deployment, type DeploymentProps } from "../deployment";
import { Markers } from "../markers";
import { Poll, type Polled, type Target } from "../poll";
import { must } from "../run";
import { derived, SERVICES } from "./measure";

/** What a deployment's way from a registry, to another version and back again is like. */
export interface Upgraded {
  /** Megabytes that were pulled, of the images' own layers. */
  readonly megabytes: number;
  readonly pull: number;
  readonly start: number;
  /** To the next version and back: one variable, `pull`, `up --detach --wait`. */
  readonly there: Changed;
  readonly back: Changed;
  /** What a tag that the registry does not have did to the services that ran. */
  readonly missing: string;
}

/** One change of version. */
export interface Changed {
  readonly seconds: number;
  readonly polled: Polled;
  readonly replaced: readonly string[];
  readonly built: boolean;
  readonly lost: readonly string[];
}

const OLD = { LAMB_VERSION: "v0.6" };
const NEW = { LAMB_VERSION: "v0.7" };
const MISSING = { LAMB_VERSION: "v99.0" };
const MEGABYTES = 16;

/** Measures it, with somebody who asks `target` all the time. */
export async function upgraded(
  props: DeploymentProps,
  standIns: Readonly<Record<string, string>>,
  target: Omit<Target, "name">,
): Promise<Upgraded> {
  const stack = await Deployment.create(props);
  try {
    for (const version of [OLD, NEW]) await publish(stack, props, version, standIns);
    await stack.change(OLD);
    const { seconds: pull } = await stack.compose("pull", "--quiet", ...SERVICES);
    const { seconds: start } = await stack.start();
    const markers = new Markers(stack, SERVICES);
    await markers.write();
    const there = await changed(stack, NEW, markers, target);
    const back = await changed(stack, OLD, markers, target);
    const megabytes = MEGABYTES * SERVICES.length;
    return { megabytes, pull, start, there, back, missing: await withoutTag(stack) };
  } finally {
    await stack.remove();
  }
}

/** Images of a version, which differ from those of the other one in a layer that only the registry has. */
async function publish(
  stack: Deployment,
  { write }: DeploymentProps,
  version: Readonly<Record<string, string>>,
  standIns: Readonly<Record<string, string>>,
): Promise<void> {
  const images: Record<string, string> = {};
  for (const name of ["lamb", "lamb-kb", "openwebui"]) {
    images[name] = await derived(standIns[name] ?? "", { megabytes: MEGABYTES });
  }
  await stack.replace({ write, images });
  await stack.change(version);
  await stack.publishImages();
  await must("docker", ["image", "rm", ...Object.values(images)]);
}

async function changed(
  stack: Deployment,
  version: Readonly<Record<string, string>>,
  markers: Markers,
  target: Omit<Target, "name">,
): Promise<Changed> {
  const before = await ids(stack);
  await stack.change(version);
  const poll = new Poll([{ name: "users", ...target }]);
  const pull = await stack.compose("pull", "--quiet", ...SERVICES);
  const up = await stack.start();
  const { users } = await poll.end();
  if (users === undefined) throw new Error("nobody asked");
  const after = await ids(stack);
  return {
    seconds: pull.seconds + up.seconds,
    polled: users,
    replaced: SERVICES.filter((service) => before.get(service) !== after.get(service)),
    built: /\b(Building|Built)\b/.test(up.stdout + up.stderr),
    lost: await markers.lost(),
  };
}

async function withoutTag(stack: Deployment): Promise<string> {
  const before = await ids(stack);
  await stack.change(MISSING);
  const pull = await stack.tryCompose("pull", "--quiet", ...SERVICES);
  const up = await stack.tryCompose("up", "--detach", "--wait");
  if (pull.code === 0 || up.code === 0) throw new Error("a tag that is not there was found");
  const after = await ids(stack);
  const replaced = SERVICES.filter((service) => before.get(service) !== after.get(service));
  return replaced.length === 0 ? "they went on" : `${replaced.join(", ")} did not go on`;
}

async function ids(stack: Deployment): Promise<ReadonlyMap<string, string>> {
  return new Map(
    await Promise.all(SERVICES.map(async (service) => [service, (await stack.inspect(service)).Id] as const)),
  );
}
