import type { GuideFacts } from "../../guides/facts";
import { code } from "../../guides/markdown";
import type { GuideChapter, GuidePage } from "../../guides/page";
import { CADDY } from "../facts/caddy";
import { KB } from "../facts/kb";
import { LAMB } from "../facts/lamb";
import { LIBRARY_MANAGER } from "../facts/library-manager";
import { OPEN_WEBUI } from "../facts/open-webui";
import { RELEASES } from "../facts/releases";
import { LambRelease } from "../release";
import { troubleChapter } from "./trouble";
import { upstreamChapter } from "./upstream";
import { SAMPLES, WITH_LIBRARY } from "./words";

/** How to look after LAMB, for an administrator. */
export function operationsPage(facts: GuideFacts): GuidePage {
  return {
    id: "operations",
    title: "Look after LAMB",
    intro:
      "What an administrator does once LAMB is running. Run all commands in the folder of the deployment. [Install LAMB](deployment) explains how to install it.",
    chapters: [
      look(),
      change(),
      backUp(),
      restore(),
      upgrade(),
      rollback(),
      troubleChapter(),
      upstreamChapter(),
      uninstall(facts),
    ],
  };
}

/** By name. */
const SERVICES = `${[LAMB, KB, OPEN_WEBUI, CADDY].map(({ name }) => code(name)).join(", ")} and, from LAMB ${WITH_LIBRARY} on, ${code(LIBRARY_MANAGER.name)}`;

function look(): GuideChapter {
  return {
    id: "look",
    title: "Check its state",
    blocks: [
      "One screen shows each service, its state and since when, and anything that is wrong:",
      { id: "status", lines: ["lamb-compose status"] },
      "This checks the server, Docker, the files and what runs, and tells you how to fix what it finds:",
      { id: "doctor", lines: ["lamb-compose doctor"] },
      `The log of a service. The services are ${SERVICES}:`,
      { id: "logs", lines: ["docker compose logs --tail 50 lamb"] },
      "For monitoring from a timer: it exits with status 3 if something is wrong.",
      { id: "status-check", lines: ["lamb-compose status --check"] },
    ],
  };
}

function change(): GuideChapter {
  return {
    id: "change",
    title: "Change a setting",
    blocks: [
      "Each setting is a line in `.env`; [Settings](deployment#variables) lists them all. This explains one of them, and what a new value does:",
      { id: "explain", lines: ["lamb-compose env explain LTI_SECRET"] },
      "After a change, check it, see what would happen, and apply it. Only the services that the change affects are restarted.",
      { id: "check", lines: ["lamb-compose env check"] },
      { id: "diff", lines: ["lamb-compose diff --deployed"], output: ["what runs is what the files say"] },
      { id: "up", lines: ["lamb-compose up"] },
      "If somebody has seen a password or key, replace it. The command says what stops working, keeps the old file, and restarts the services that use it. Without `--yes` it asks first:",
      { id: "rotate", lines: ["lamb-compose env rotate LAMB_JWT_SECRET --yes"] },
      "A public host name is stored in the data, too: links to documents keep the name that was in use when the document was added. `lamb-compose env set LAMB_PUBLIC_HOST NAME --relink` changes it there as well. If you changed the name in another way, run the command below. It says how many rows it would rewrite, asks, and rewrites them in a copy of the data; [Go back](#rollback) returns to the old data:",
      { id: "relink", lines: ["lamb-compose relink"] },
    ],
  };
}

function backUp(): GuideChapter {
  return {
    id: "backup",
    title: "Back up",
    blocks: [
      "A backup holds everything of one moment: data, files, settings and passwords, encrypted. People go on working while it is made. The program `restic` must be on the server (`apt install restic`).",
      "This makes the key, and shows it. Without it nobody can read the backups, you neither. Put it where neither the server nor the backups are, such as the password safe of your department:",
      { id: "backup-key", lines: ["lamb-compose backup key"] },
      "Make a backup. Say where the key is kept, and where the backups go: a folder of another disk, `sftp:user@host:/folder`, `s3:https://host/bucket` or `rest:https://host/folder`. SFTP uses the SSH key of the user who makes the backup. What S3 and REST servers ask for, such as `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, is put into the file `.lamb-compose/backup.env`, a line each:",
      {
        id: "backup",
        lines: [`lamb-compose backup --to ${SAMPLES.backups} --key-kept 'password safe of the department'`],
      },
      "It says what it does not have, such as folders of the server that you mount into services yourself. The next ones go where the last one went. What there is, and whether all of it can be read:",
      { id: "backup-next", lines: ["lamb-compose backup"] },
      { id: "backup-list", lines: ["lamb-compose backup list"] },
      { id: "backup-check", lines: ["lamb-compose backup check"] },
      "This prints what a timer needs to make one each night, and to tell somebody when it fails:",
      { id: "backup-schedule", lines: ["lamb-compose backup schedule --at 03:30"] },
    ],
  };
}

function restore(): GuideChapter {
  return {
    id: "restore",
    title: "Restore, here or on a new server",
    blocks: [
      "The plan says what would come back, and what was written since. Nothing is changed:",
      { id: "restore-plan", lines: ["lamb-compose restore --plan"] },
      "The last backup comes back with data, files, settings and images of its time. It is tried beside what runs first. What runs now stays as a state: [Go back](#rollback) brings it back.",
      { id: "restore", lines: ["lamb-compose restore"] },
      "On a new server you need the place of the backups and the key, and nothing else. It asks for the key. Credentials of S3 and REST servers must be in the environment:",
      { id: "restore-new", lines: [`lamb-compose restore --new lamb ${SAMPLES.backups}`] },
      "Let both host names lead to the new server then. The old one must not run at the same time.",
    ],
  };
}

function upgrade(): GuideChapter {
  const rows = RELEASES.map(({ version, out, stop, oneWay, retracted }) => [
    code(version),
    retracted !== undefined ? `nobody should run it: ${retracted}` : out ? "yes" : "not yet",
    stop ?? "no",
    oneWay.join(" ") || "nothing",
  ]);
  return {
    id: "upgrade",
    title: "Upgrade",
    blocks: [
      {
        head: ["release", "out", "an upgrade must stop here", "what it changes in the data for good"],
        rows,
      },
      "Look at the plan first: what restarts, what is copied, and how much disk space that takes. It changes nothing.",
      { id: "upgrade-plan", lines: [`lamb-compose upgrade ${LambRelease.upcoming} --plan`] },
      "Then upgrade. It shows the plan and asks. The data is copied while everything runs, and the new release is tried on the copy, where nobody can reach it. Only then does it take over. People wait for seconds and see no error. If anything fails, the old release goes on by itself, on untouched data.",
      { id: "upgrade", lines: [`lamb-compose upgrade ${LambRelease.upcoming}`] },
      "If it is interrupted (a dropped connection, a power cut), run the same command again, or undo it with `lamb-compose upgrade --abort`. Any other command asks which of the two it should do first; without a terminal, `--cut-off` tells it.",
    ],
  };
}

function rollback(): GuideChapter {
  return {
    id: "rollback",
    title: "Go back",
    blocks: [
      "This brings back the previous state: version, settings and data together. What people have written since is not in it, but stays in the present volumes, so that you can go forward again. Look at the plan first:",
      { id: "rollback-plan", lines: ["lamb-compose rollback --plan"] },
      { id: "rollback", lines: ["lamb-compose rollback"] },
    ],
  };
}

function uninstall({ volumes }: GuideFacts): GuideChapter {
  return {
    id: "uninstall",
    title: "Uninstall",
    blocks: [
      "This stops LAMB and removes its containers and networks. The data stays, and `lamb-compose up` brings everything back:",
      { id: "down", lines: ["docker compose down"] },
      `**This deletes the data for good:** every volume of the deployment (${volumes.map(({ name }) => code(name)).join(", ")}). Older generations of the data, which upgrades keep, have names that end with \`-g2\`, \`-g3\` and so on.`,
      { id: "down-volumes", lines: ["docker compose down --volumes"] },
      "What is left are the images (`docker image prune --all` removes those that nothing uses), older generations of the data (`docker volume ls` shows them), and the folder with `.env` and its secrets.",
    ],
  };
}
