import { isAbsolute, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { imageReference } from "../../../construct/image/reference";
import { LambRelease } from "../../../lamb/release";
import { parsedAnswer } from "../../engine/answer";
import { releaseFacts } from "../../engine/facts";
import { type Container, conditionOf, hashesOf, LABEL, serviceOf } from "../../engine/model";
import { expectedHashes } from "../../journal/history";
import { isAtWork } from "../../journal/open";
import { operationRecord } from "../../journal/record";
import { type Check, type Trouble, troublesOf } from "../check";
import type { DoctorFacts } from "../facts";

/** Restarts by the engine from which on something is wrong with a service, and not with a moment. */
const MANY_RESTARTS = 3;

const UP = "run `docker compose up -d --wait`";
const LOGS = (service: string) => `find out why: docker compose logs --tail 50 ${service}`;

/** What a container that is not well needs, by the word for how it is. */
const REMEDIES: readonly (readonly [is: RegExp, reason: string, fix: (service: string) => string])[] = [
  [
    /^paused$/,
    "is paused: requests to it wait, and `up` of what depends on it fails",
    (service) => `run \`docker compose unpause ${service}\``,
  ],
  [/^unhealthy$/, "fails its healthcheck", LOGS],
  [/^restarting$/, "ends again and again", LOGS],
  [/^created$/, "was created and never started, as when `up` is interrupted: no restart policy starts it", () => UP],
  [
    /^(dead|removing)$/,
    "could not be removed by the engine",
    (service) => `run \`docker compose rm -f ${service}\`, then \`docker compose up -d --wait\``,
  ],
  [/^exited \([1-9]\d*\)$/, "has ended with a failure", LOGS],
];

/** What runs. */
export const RUNNING_CHECKS: readonly Check[] = [
  {
    id: "nothing-cut-off",
    what: "no operation was interrupted",
    why: "it is half done, and continues when the same command is run again",
    severity: "error",
    host: false,
    find: async (facts) => {
      const record = await operationRecord.read(facts.dir);
      // While it is at work, its record is there, too.
      if (record === undefined || (await isAtWork(facts.dir))) return [];
      const { operation, step, began } = record;
      const reason = `\`${operation}\`, begun at ${began}, was interrupted at "${step}"`;
      return [{ subject: operation, reason, fix: `run \`lamb-compose ${operation}\` again: it continues from there` }];
    },
  },
  {
    id: "services-well",
    what: "the containers are healthy, or run if they have no healthcheck",
    why: "a paused, ended or unhealthy one keeps the services that need it from starting",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { services } = await facts.model();
      return (await facts.containers()).flatMap((container): readonly Trouble[] => {
        const service = serviceOf(container);
        const condition = conditionOf(container);
        const model = services[service];
        const [, reason, fix] = REMEDIES.find(([is]) => is.test(condition)) ?? [];
        if (model !== undefined && fix !== undefined) {
          const how = container.State.OOMKilled ? ": it took more memory than it may" : ` (${condition})`;
          return [{ subject: service, reason: `${reason}${how}`, fix: fix(service) }];
        }
        // One that has done its work ends with 0; one that restarts by itself does not end.
        if (condition === "exited (0)" && (model?.restart ?? "no") !== "no") {
          const stopped = "is stopped, and its restart policy does not start it";
          return [{ subject: service, severity: "warning", reason: stopped, fix: UP }];
        }
        return [];
      });
    },
  },
  {
    id: "no-restarts",
    what: "no service was restarted by the engine",
    why: "a service that stops by itself fails for everybody who uses it at that moment",
    severity: "warning",
    host: false,
    find: async (facts) =>
      (await facts.containers())
        .filter(({ RestartCount }) => RestartCount >= MANY_RESTARTS)
        .map((container) => ({
          subject: serviceOf(container),
          reason: `was restarted ${container.RestartCount} times since its container was made`,
          fix: `find out why it ends: docker compose logs ${serviceOf(container)}`,
        })),
  },
  {
    id: "deployed-files",
    what: "what runs is what the files say",
    why: "a change of the files or of .env has no effect until the services are created again",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const containers = await facts.containers();
      const hashes = await expectedHashes(facts.dir, await facts.hashes(), hashesOf(containers));
      const [{ services }, images] = [await facts.model(), await facts.imageIds()];
      return containers.flatMap((container) => {
        const subject = serviceOf(container);
        const wanted = hashes.get(subject);
        if (wanted === undefined) return [];
        if (container.Config.Labels[LABEL.hash] !== wanted) {
          return [{ subject, reason: "runs with older settings", fix: UP }];
        }
        const name = services[subject]?.image ?? "";
        const image = images.get(name);
        if (image === undefined || image === container.Image) return [];
        return [{ subject, reason: `runs another image than ${name} means on this host by now`, fix: UP }];
      });
    },
  },
  {
    id: "all-running",
    what: "all services have a container, or none of them has",
    why: "a part of the services is an outage for people, or an interrupted `up`",
    severity: "error",
    host: false,
    find: async (facts) => {
      const containers = await facts.containers();
      if (containers.length === 0) return [];
      const there = new Set(containers.map(serviceOf));
      const missing = Object.keys((await facts.model()).services).filter((name) => !there.has(name));
      return missing.map((subject) => ({
        subject,
        reason: "has no container, and others of the deployment have",
        fix: UP,
      }));
    },
  },
  {
    id: "own-checks",
    what: "the checks that the files define are passed",
    why: "they check what this stack needs in order to work",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { checks } = releaseFacts(await facts.model());
      const containers = await facts.containers();
      return troublesOf(Object.values(checks), async (check) => {
        const { service, command, what, why, fix, severity } = check;
        const container = containers.find((one) => serviceOf(one) === service && conditionOf(one) !== "paused");
        if (container?.State.Status !== "running") return [];
        const { code } = await facts.docker.run(["exec", container.Id, ...command], { timeout: 30 });
        if (code === 0) return [];
        return [{ subject: service, severity, reason: `this does not hold: ${what}: ${why}`, fix }];
      });
    },
  },
  {
    id: "one-release",
    what: "all images of LAMB are of one release",
    why: "LAMB reads Open WebUI's tables by the position of their columns: another version's break it",
    severity: "error",
    host: false,
    find: async (facts) => {
      const own = new LambRelease(LambRelease.upcoming).builds.map(({ name }) => name);
      const found = Object.entries((await facts.model()).services).flatMap(([service, { image = "" }]) => {
        const reference = imageReference(image);
        const name = reference?.path.split("/").at(-1) ?? "";
        return reference?.tag !== undefined && own.includes(name) ? [{ service, tag: reference.tag }] : [];
      });
      const tags = new Set(found.map(({ tag }) => tag));
      if (tags.size < 2) return [];
      const list = found.map(({ service, tag }) => `${service} ${tag}`).join(", ");
      return [{ reason: `the images are of several: ${list}`, fix: "give all the same version: LAMB_VERSION in .env" }];
    },
  },
  {
    id: "no-orphans",
    what: "no container is left of a service that the files do not have any more",
    why: "it goes on running, on the data of the others, and no update reaches it",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const { services } = await facts.model();
      const orphans = (await facts.containers()).filter((container) => services[serviceOf(container)] === undefined);
      return orphans.map(({ Name }) => ({
        subject: Name,
        reason: "belongs to no service of the files, or to one whose profile is not enabled",
        fix: `remove it if it is not needed any more: docker rm -f ${Name}`,
      }));
    },
  },
  {
    id: "settings-current",
    what: "services work with the settings that are on the disk",
    why: "what a newer setting forbids is allowed until the service has read it",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { reloads } = releaseFacts(await facts.model());
      const running = (await facts.containers()).filter(({ State }) => State.Status === "running" && !State.Paused);
      return troublesOf(running, async (container) => {
        const service = serviceOf(container);
        const { inForce, inFiles } = reloads[service] ?? {};
        if (inForce === undefined || inFiles === undefined) return [];
        const [has, wants] = [await settings(facts, container, inForce), await settings(facts, container, inFiles)];
        if (isDeepStrictEqual(has, wants)) return [];
        const reason = "works with other settings than those on the disk";
        const fix = `run \`lamb-compose up\`, which has it read them again; without it: docker compose restart ${service}`;
        return [{ subject: service, reason, fix }];
      });
    },
  },
  {
    id: "mounts-current",
    what: "containers see the files that are on the disk",
    why: "a container that has a replaced file mounted still sees the old one, also after a reload",
    severity: "error",
    host: false,
    find: async (facts) => {
      await facts.localInfo();
      const containers = (await facts.containers()).filter(({ State }) => State.Pid > 0);
      return troublesOf(containers, (container) => staleMounts(container, facts));
    },
  },
];

/** What a command in a container prints as JSON. */
async function settings({ docker }: DoctorFacts, { Id }: Container, words: readonly string[]): Promise<unknown> {
  const text = await docker.must(["exec", Id, ...words], { timeout: 30 });
  return parsedAnswer(text, z.unknown(), `docker exec ${words[0]}`);
}

async function staleMounts(container: Container, { host }: DoctorFacts): Promise<readonly Trouble[]> {
  const binds = container.Mounts.filter(({ Type }) => Type === "bind");
  return troublesOf(binds, async ({ Source, Destination }) => {
    if (!isAbsolute(Source)) return [];
    const [wanted, seen] = await Promise.all([
      host.identity(Source),
      host.identity(join(`/proc/${container.State.Pid}/root`, Destination)),
    ]);
    // Only root may look into a container; devices have other numbers behind a virtual machine's sharing.
    if (wanted === undefined || seen === undefined || wanted.split(":")[1] === seen.split(":")[1]) return [];
    const service = serviceOf(container);
    const reason = `sees an older file than the ${Source} that is there now`;
    const fix = `run \`docker compose up -d --force-recreate ${service}\``;
    return [{ subject: `${service}: ${Destination}`, reason, fix }];
  });
}
