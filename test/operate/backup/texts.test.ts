import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { manifestIn } from "../../../lib/operate/backup/manifest";
import { secretIn } from "../../../lib/operate/backup/restic";
import { retentionIn, retentionWords } from "../../../lib/operate/backup/retention";
import { scheduleTexts } from "../../../lib/operate/backup/schedule";
import { FakeDocker } from "../engine/fake-docker";

describe("how many snapshots are kept", () => {
  it("is read, and said in restic's words", () => {
    const span = fc.constantFrom("last", "hourly", "daily", "weekly", "monthly", "yearly");
    fc.assert(
      fc.property(fc.dictionary(span, fc.integer({ min: 1, max: 999_999 }), { minKeys: 1 }), (keep) => {
        const text = Object.entries(keep)
          .map(([name, count]) => `${name}=${count}`)
          .join(", ");
        expect(retentionIn(text)).toEqual(keep);
        const words = Object.entries(keep).flatMap(([name, count]) => [`--keep-${name}`, `${count}`]);
        expect(retentionWords(retentionIn(text))).toEqual(words);
      }),
    );
  });

  it.each(["", "daily", "daily=0", "daily=-1", "daily=7=8", "never=1", "daily=1e3", "daily=7,,"])(
    "is not %j",
    (text) => {
      expect(() => retentionIn(text)).toThrow("bad-retention at --keep");
    },
  );
});

describe("what makes backups each day", () => {
  let docker: FakeDocker | undefined;
  afterEach(() => docker?.remove());
  const texts = async (at: string, dir = "/srv/lamb one", onFailure = 'echo "100 % of %i"') => {
    docker = new FakeDocker([{ when: "config --format json", stdout: JSON.stringify({ name: "lamb", services: {} }) }]);
    const environment = docker.environment;
    // The fake one runs wherever it is called; only the name of the directory is asked.
    return scheduleTexts({ dir, environment, at, onFailure, program: ["/usr/bin/node", "/opt/lamb compose/main.js"] });
  };

  // A directory that is there: Docker is run in it.
  it("is a service, what it does when it fails, a timer, and a line for cron", async () => {
    const found = await texts("03:05", "/tmp");
    expect(found.map(({ path }) => path)).toEqual([
      "/etc/systemd/system/lamb-compose-backup-lamb.service",
      "/etc/systemd/system/lamb-compose-backup-lamb-failed.service",
      "/etc/systemd/system/lamb-compose-backup-lamb.timer",
      "/etc/cron.d/lamb-compose-backup-lamb",
    ]);
    const [service = "", failed = "", timer = "", cron = ""] = found.map(({ text }) => text);
    expect(service).toContain('ExecStart=/usr/bin/node "/opt/lamb compose/main.js" backup --dir /tmp\n');
    expect(service).toContain("OnFailure=lamb-compose-backup-lamb-failed.service\n");
    expect(failed).toContain('ExecStart=/bin/sh -c "echo \\"100 %% of lamb\\""\n');
    expect(timer).toContain("OnCalendar=*-*-* 03:05:00\n");
    expect(timer).toContain("Persistent=true\n");
    expect(cron).toContain(
      "5 3 * * * root /usr/bin/node '/opt/lamb compose/main.js' backup --dir /tmp || { echo \"100 \\% of lamb\"; }\n",
    );
  });

  it.each(["3:05", "24:00", "12:60", "noon", ""])("is not at %j", async (at) => {
    await expect(texts(at, "/tmp")).rejects.toThrow("bad-time at --at");
  });
});

it.each(["", "{}", "[]", '{"version": 2}'])("takes %j for no manifest of a backup", (text) => {
  expect(() => manifestIn(text)).toThrow("bad-backup at manifest.json");
});

it.each([
  ["rest:https://user:word@host/lamb", ["word"]],
  ["rest:https://host:8000/lamb", []],
  ["s3:https://host/bucket", []],
  ["sftp:user@host:/lamb", []],
  ["/mnt/a:b@c", []],
])("finds the password in %s", (location, secrets) => {
  expect(secretIn(location)).toEqual(secrets);
});
