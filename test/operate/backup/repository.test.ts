import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changeBackupRecords, readBackupRecords } from "../../../lib/operate/backup/records";
import {
  assureKey,
  assureRepository,
  openRepository,
  readKey,
  rememberRepository,
} from "../../../lib/operate/backup/repository";
import { Restic } from "../../../lib/operate/backup/restic";
import { describeWith } from "../../support/tools";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-repository-"));
  writeFileSync(join(dir, "compose.yaml"), "services: {}\n");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A `restic` that says something and fails. */
function fake(words: string, code = 1): Readonly<Record<string, string>> {
  const folder = join(dir, "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, "restic"), `#!/bin/sh\necho '${words}' >&2\nexit ${code}\n`, { mode: 0o755 });
  return { PATH: `${folder}:/usr/bin:/bin` };
}

// What restic 0.14.0 of Debian 12 and 0.19.1 said when each was the case.
it.each([
  ["Fatal: wrong password or no key found", "wrong-key"],
  [
    "Fatal: unable to open config file: Stat: stat /x/config: no such file or directory\nIs there a repository at the following location?\n/x",
    "no-repository",
  ],
  ["Fatal: repository does not exist: unable to open config file", "no-repository"],
  ["unable to create lock in backend: repository is already locked by PID 1 on vm by root", "repository-locked"],
  ["Save(<data/1>) failed: write /x/tmp: no space left on device", "disk-full"],
  ["ciphertext verification failed", "repository-damaged"],
  ["Fatal: repository contains errors", "repository-damaged"],
  [
    'Fatal: unable to open config file: client.Head: Head "http://127.0.0.1:1/lamb/config": dial tcp 127.0.0.1:1: connect: connection refused\nIs there a repository at the following location?\nrest:http://127.0.0.1:1/lamb/',
    "repository-away",
  ],
  // rest-server 0.14.0, with another password.
  [
    "Fatal: unable to open config file: unexpected HTTP response (401): 401 Unauthorized\nIs there a repository at the following location?\nrest:http://u:***@127.0.0.1:1/lamb/",
    "repository-denied",
  ],
  // rest-server 0.14.0 with --max-size.
  [
    "Save(<data/313fe9037a>) returned error, retrying after 552.330144ms: server response unexpected: 507 Insufficient Storage (507)",
    "disk-full",
  ],
  // OpenSSH 9.2.
  [
    "subprocess ssh: Warning: Permanently added host to the list of known hosts.\nFatal: unable to open config file: Lstat: file does not exist\nIs there a repository at the following location?\nsftp:host:/lamb",
    "no-repository",
  ],
  [
    "subprocess ssh: root@host: Permission denied (publickey,keyboard-interactive).\nFatal: unable to open repository at sftp:host:/lamb: unable to start the sftp session, error: EOF",
    "repository-denied",
  ],
  [
    "subprocess ssh: ssh: connect to host 127.0.0.1 port 1: Connection refused\nFatal: unable to open repository at sftp:host:/lamb: unable to start the sftp session, error: EOF",
    "repository-away",
  ],
  // gofakes3 1.2.0.
  [
    "Fatal: unable to open config file: Stat: The specified bucket does not exist\nIs there a repository at the following location?\ns3:http://127.0.0.1:1/lamb",
    "no-repository",
  ],
  [
    'Save(<data/1>) returned error: Post "https://host/data": dial tcp 10.0.0.1:443: connect: connection refused',
    "repository-away",
  ],
  ["Fatal: Access Denied.", "repository-denied"],
  ["Fatal: something else", "restic-failed"],
])("tells from %j what is wrong", async (said, code) => {
  await expect(new Restic(fake(said)).must(["backup"])).rejects.toMatchObject({ code, path: "restic backup" });
});

it("says what to install where there is no restic", async () => {
  const problem = { code: "no-restic", fix: expect.stringContaining("the package `restic` of Debian") };
  await expect(new Restic({ PATH: dir }).must(["version"])).rejects.toMatchObject(problem);
});

it("says what to do about a restic that answers in another form, and not about Docker", async () => {
  const folder = join(dir, "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, "restic"), "#!/bin/sh\necho '{}'\n", { mode: 0o755 });
  const repository = await openRepository({ dir, environment: { PATH: `${folder}:/usr/bin:/bin` }, to: dir });
  const problem = { code: "restic-failed", path: "restic cat config", fix: expect.stringContaining("restic version") };
  await expect(assureRepository(repository, false)).rejects.toMatchObject(problem);
});

it("says that a snapshot lacks something, and shows no secret", async () => {
  const environment = {
    ...fake("warning: at rest:https://me:hidden-word@host with key-of-the-bucket", 3),
    RESTIC_REPOSITORY: "rest:https://me:hidden-word@host",
    AWS_SECRET_ACCESS_KEY: "key-of-the-bucket",
  };
  const failed = new Restic(environment).must(["backup"]);
  await expect(failed).rejects.toMatchObject({
    code: "incomplete-snapshot",
    reason: "not everything could be read: warning: at rest:https://me:***@host with ***",
  });
});

describe("the key", () => {
  it("is made for a deployment alone", async () => {
    rmSync(join(dir, "compose.yaml"));
    await expect(assureKey(dir, {})).rejects.toMatchObject({ code: "no-compose-file" });
    expect(readdirSync(dir)).toEqual([]);
  });

  it("is made once, for nobody but the owner", async () => {
    expect(await readKey(dir)).toBeUndefined();
    const key = await assureKey(dir, {});
    expect(key).toMatch(/^[\w-]{43}$/);
    expect([await assureKey(dir, {}), await readKey(dir)]).toEqual([key, key]);
    expect(statSync(join(dir, ".lamb-compose/backup.key")).mode & 0o777).toBe(0o600);
  });
});

it("remembers backups, the latest hundred of them", async () => {
  expect(await readBackupRecords(dir)).toEqual({ version: 1, backups: [] });
  const backup = (at: number) => ({ snapshot: `${at}`, time: "2026-01-01T00:00:00Z", bytes: 1, added: 1, held: 0.5 });
  const backups = Array.from({ length: 120 }, (_, at) => backup(at));
  await changeBackupRecords(dir, (now) => ({ ...now, backups }));
  expect((await readBackupRecords(dir)).backups).toEqual(backups.slice(20));
  writeFileSync(join(dir, ".lamb-compose/backups.json"), "{}");
  await expect(readBackupRecords(dir)).rejects.toMatchObject({ code: "bad-journal" });
});

describeWith("restic", "a repository of restic's", () => {
  const environment = () => ({ PATH: process.env.PATH, RESTIC_CACHE_DIR: join(dir, "cache") });

  it("must be named once, and is remembered beside what somebody wrote there", async () => {
    await expect(openRepository({ dir, environment: environment() })).rejects.toMatchObject({ code: "no-repository" });
    await assureKey(dir, {});
    const settings = join(dir, ".lamb-compose/backup.env");
    writeFileSync(settings, "AWS_ACCESS_KEY_ID=mine\n", { mode: 0o600 });
    const to = join(dir, "a b");
    const first = await openRepository({ dir, environment: environment(), to });
    expect(first).toMatchObject({ place: to, folder: to, ownKey: true, isOther: true });
    await rememberRepository({ dir, environment: environment(), to });
    expect(readFileSync(settings, "utf8")).toContain("AWS_ACCESS_KEY_ID=mine\n");
    expect(await openRepository({ dir, environment: environment() })).toMatchObject({ place: to, isOther: false });
  });

  it("is made where none was, and not in the place of one that is not there any more", async () => {
    await assureKey(dir, {});
    const repository = await openRepository({ dir, environment: environment(), to: join(dir, "repository") });
    await expect(assureRepository(repository, false)).rejects.toMatchObject({ code: "no-repository" });
    const made = await assureRepository(repository, true);
    expect(made).toEqual({ id: expect.stringMatching(/^[0-9a-f]{64}$/), isNew: true });
    expect(await assureRepository(repository, false)).toEqual({ ...made, isNew: false });
    const other = { ...environment(), RESTIC_PASSWORD: "another" };
    const wrong = await openRepository({ dir, environment: other, to: join(dir, "repository") });
    expect(wrong.ownKey).toBe(false);
    await expect(assureRepository(wrong, true)).rejects.toMatchObject({ code: "wrong-key" });
  });
});
