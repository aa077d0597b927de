import { z } from "zod";
import { readBackupRecords } from "../backup/records";
import { securePlaces } from "../doctor/checks/public";
import type { DoctorFacts } from "../doctor/facts";
import { parsedAnswer } from "../engine/answer";
import { releaseFacts } from "../engine/facts";
import { serviceOf } from "../engine/model";
import { OperateError } from "../error";

const UPSTREAMS = z.array(
  z.looseObject({ address: z.string(), num_requests: z.number().default(0), fails: z.number().default(0) }),
);

/** What belongs to the look of a deployment beside its services. What cannot be found out is left out. */
export interface Around {
  /** Which releases of which products the files are of: `LAMB 0.6`. */
  readonly releases: readonly string[];
  /** To whom proxies pass requests on, how many are on their way, and how many of late got no answer. */
  readonly upstreams: readonly { readonly address: string; readonly requests: number; readonly fails: number }[];
  /** Until when the certificates are valid that people are shown, as ISO times. */
  readonly certificates: readonly { readonly host: string; readonly end: string }[];
  /** Bytes on the disk of the engine. */
  readonly disk: { readonly free: number; readonly total: number } | undefined;
  /** The last backup that was made with this tool. */
  readonly backup: { readonly time: string; readonly verified: string | undefined } | undefined;
}

/** Looks around a deployment. */
export async function aroundOf(facts: DoctorFacts): Promise<Around> {
  const { releases } = releaseFacts(await facts.model());
  const [upstreams, certificates, disk, backup] = await Promise.all([
    ifKnown(upstreamsOf(facts)),
    ifKnown(certificatesOf(facts)),
    ifKnown(facts.localInfo().then(({ DockerRootDir }) => facts.host.space(DockerRootDir))),
    ifKnown(readBackupRecords(facts.dir).then(({ backups }) => backups.at(-1))),
  ]);
  return {
    releases: Object.entries(releases).map(([product, { version }]) => `${product} ${version}`),
    upstreams: upstreams ?? [],
    certificates: certificates ?? [],
    disk: disk && { free: disk.freeBytes, total: disk.totalBytes },
    backup: backup && { time: backup.time, verified: backup.verified },
  };
}

async function upstreamsOf(facts: DoctorFacts): Promise<Around["upstreams"]> {
  const { reloads } = releaseFacts(await facts.model());
  const running = (await facts.containers()).filter(({ State }) => State.Status === "running" && !State.Paused);
  const asked = running.map(async (container) => {
    const words = reloads[serviceOf(container)]?.upstreams;
    if (words === undefined) return [];
    const text = await facts.docker.must(["exec", container.Id, ...words], { timeout: 30 });
    return parsedAnswer(text, UPSTREAMS, `docker exec ${words[0]}`);
  });
  return (await Promise.all(asked)).flat().map(({ address, num_requests, fails }) => {
    return { address, requests: num_requests, fails };
  });
}

async function certificatesOf(facts: DoctorFacts): Promise<Around["certificates"]> {
  const asked = (await securePlaces(facts)).map(async ({ url }) => {
    const shown = await facts.certificate(url);
    return shown === undefined ? [] : [{ host: url.host, end: shown.end.toISOString() }];
  });
  return (await Promise.all(asked)).flat();
}

/** What keeps one thing from being known is no reason not to show the others: checks say it. */
async function ifKnown<T>(fact: Promise<T>): Promise<T | undefined> {
  try {
    return await fact;
  } catch (error) {
    if (error instanceof OperateError) return undefined;
    throw error;
  }
}
