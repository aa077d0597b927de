import { join } from "node:path";
import { readBackupRecords } from "../../backup/records";
import { serviceOf } from "../../engine/model";
import { type Check, troublesOf } from "../check";

/** Hours after which a backup of every day has failed once. */
const DAILY = 26;

/** The volumes. */
export const DATA_CHECKS: readonly Check[] = [
  {
    id: "backup-recent",
    what: "there is a backup of the last day, and it was verified",
    why: "a disk that fails takes everything since the last one",
    severity: "warning",
    host: false,
    find: async (facts) => {
      // What never ran has nothing to lose.
      if ((await facts.containers()).length === 0) return [];
      const last = (await readBackupRecords(facts.dir)).backups.at(-1);
      const fix = "run `lamb-compose backup`; `lamb-compose backup schedule` has it run every day";
      // Who has another way to back up need not be told each time.
      if (last === undefined) return [{ severity: "advice", reason: "none was made with this tool", fix }];
      const hours = Math.floor((Date.now() - Date.parse(last.time)) / 3_600_000);
      // A clock that was wrong is right again, or is wrong now: nobody can say how old it is.
      if (hours < 0) return [{ reason: `the last one is of a time to come, ${last.time}: a clock was set`, fix }];
      if (hours > DAILY) return [{ reason: `the last one is ${hours} hours old`, fix }];
      return last.verified === undefined ? [{ reason: "the last one was not verified", fix }] : [];
    },
  },
  {
    id: "data-owned",
    what: "services own the folders with their data",
    why: "one that may not write its data fails at the first change, or at the next start",
    severity: "error",
    host: false,
    find: async (facts) => {
      await facts.localInfo();
      const names = new Set(Object.values((await facts.model()).volumes).map(({ name }) => name));
      const running = (await facts.containers()).filter(({ State }) => State.Pid > 0);
      return troublesOf(running, (container) => {
        const written = container.Mounts.filter(
          ({ Type, Name, RW }) => Type === "volume" && RW && names.has(Name ?? ""),
        );
        return troublesOf(written, async ({ Destination }) => {
          const process = `/proc/${container.State.Pid}`;
          const user = /^Uid:\s+(\d+)/m.exec((await facts.host.text(`${process}/status`)) ?? "")?.[1];
          const owner = await facts.host.owner(join(process, "root", Destination));
          // Only root may look into a container; and who is root in it may be let write by a capability.
          if (owner === undefined || user === undefined || user === "0" || Number(user) === owner) return [];
          const service = serviceOf(container);
          const reason = `belongs to the user ${owner}, and the service runs as ${user}`;
          const fix = `run \`docker compose exec --user 0 ${service} chown -R ${user} ${Destination}\``;
          return [{ subject: `${service}: ${Destination}`, reason, fix }];
        });
      });
    },
  },
  {
    id: "volumes-here",
    what: "no other project has volumes of the same names while those of this one are not there, or empty",
    why: "under another project name Compose makes empty volumes: everything seems lost, though the data are still there",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const [model, volumes] = [await facts.model(), await facts.volumes()];
      const names = new Set(volumes.map(({ name }) => name));
      return troublesOf(Object.entries(model.volumes), async ([key, { name, external }]) => {
        const others = volumes.filter(({ volume, project }) => volume === key && project !== model.name);
        if (external || others.length === 0) return [];
        const isThere = names.has(name);
        // What a container uses, or has used, is not new.
        if (isThere && ((await facts.users(name)).length > 0 || !(await facts.isEmpty(name)))) return [];
        const full = await Promise.all(others.map(async (other) => ((await facts.isEmpty(other.name)) ? [] : [other])));
        return full.flat().map((other) => ({
          subject: name,
          reason: `is ${isThere ? "empty" : "not there"}, and ${other.name} of the project ${other.project} is ${isThere ? "not" : "there"}`,
          fix: `set COMPOSE_PROJECT_NAME=${other.project} in .env before the first \`up\`, if these are the data`,
        }));
      });
    },
  },
  {
    id: "volumes-ours",
    what: "no other project uses the volumes",
    why: "two deployments that write one database break it",
    severity: "error",
    host: false,
    find: async (facts) => {
      const model = await facts.model();
      const names = new Set((await facts.volumes()).map(({ name }) => name));
      const own = Object.values(model.volumes).filter(({ name }) => names.has(name));
      return troublesOf(own, async ({ name }) => {
        const others = (await facts.users(name)).filter(({ project }) => project !== model.name);
        return others.map((user) => ({
          subject: name,
          reason: `the container ${user.name}${user.project === undefined ? "" : ` of the project ${user.project}`} mounts it`,
          fix: `stop that one, or give this deployment a name of its own: COMPOSE_PROJECT_NAME in .env`,
        }));
      });
    },
  },
];
