import { resolve } from "node:path";
import type { Environment } from "../../env/file";
import { shellWord } from "../../report/shell-word";
import { Docker } from "../engine/docker";
import { ComposeProject } from "../engine/project";
import { OperateError } from "../error";

export interface ScheduleRequest {
  readonly dir: string;
  readonly environment: Environment;
  /** Time of each day, such as `03:30`. */
  readonly at: string;
  /** Words of a command that is run when a backup fails. */
  readonly onFailure: string;
  /** The program and the words with which this command is called. */
  readonly program: readonly string[];
  /** Whose the deployment is: the files that a backup writes are to be this user's, too. */
  readonly user: string;
}

/** A file that an operator can put in place. */
export interface ScheduleText {
  readonly path: string;
  readonly text: string;
}

/**
 * What makes a backup each day, and tells somebody when it fails: systemd units, and a line for cron. A day that was
 * missed is made up for by systemd as soon as the host runs again.
 *
 * @throws OperateError `bad-time`
 */
export async function scheduleTexts(request: ScheduleRequest): Promise<readonly ScheduleText[]> {
  const { dir, environment, at, onFailure, program, user } = request;
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(at) ?? [];
  if (hour === undefined || minute === undefined) {
    const reason = "is not a time of the day";
    throw new OperateError({ code: "bad-time", path: "--at", value: at, reason, fix: "write it as 03:30" });
  }
  const { name } = await new ComposeProject(resolve(dir), new Docker(environment)).model();
  const unit = `lamb-compose-backup-${name}`;
  const words = [...program, "backup", "--dir", resolve(dir)];
  const place = (file: string) => `/etc/systemd/system/${file}`;
  const service = [
    "[Unit]",
    `Description=Backup of ${name}`,
    "Wants=network-online.target",
    "After=network-online.target docker.service",
    `OnFailure=${unit}-failed.service`,
    "",
    "[Service]",
    "Type=oneshot",
    ...(user === "root" ? [] : [`User=${user}`]),
    `ExecStart=${words.map(systemdWord).join(" ")}`,
    "CacheDirectory=lamb-compose",
    "Environment=RESTIC_CACHE_DIR=%C/lamb-compose",
    "Nice=10",
    "IOSchedulingClass=idle",
  ];
  const failed = [
    "[Unit]",
    `Description=Says that the backup of ${name} failed`,
    "",
    "[Service]",
    "Type=oneshot",
    `ExecStart=/bin/sh -c ${systemdWord(onFailure.replaceAll("%i", name))}`,
  ];
  const timer = [
    "[Unit]",
    `Description=Backup of ${name}, each day`,
    "",
    "[Timer]",
    `OnCalendar=*-*-* ${at}:00`,
    "RandomizedDelaySec=300",
    "Persistent=true",
    "",
    "[Install]",
    "WantedBy=timers.target",
  ];
  const cron = `${Number(minute)} ${Number(hour)} * * * ${user} ${words.map(shellWord).join(" ")} || { ${onFailure.replaceAll("%i", name)}; }`;
  const text = (lines: readonly string[]) => `${lines.join("\n")}\n`;
  return [
    { path: place(`${unit}.service`), text: text(service) },
    { path: place(`${unit}-failed.service`), text: text(failed) },
    { path: place(`${unit}.timer`), text: text(timer) },
    {
      path: `/etc/cron.d/${unit}`,
      text: text(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", cron.replaceAll("%", "\\%")]),
    },
  ];
}

function systemdWord(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@+=:,./%$-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
