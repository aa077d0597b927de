import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { manifestIn } from "../../../lib/operate/backup/manifest";
import { secretIn } from "../../../lib/operate/backup/restic";
import { summaryIn } from "../../../lib/operate/backup/restic-json";
import { retentionIn, retentionWords } from "../../../lib/operate/backup/retention";
import { scheduleTexts } from "../../../lib/operate/backup/schedule";
import { describeWith, run } from "../../support/tools";
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
  const texts = async (at: string, dir = "/srv/lamb one", user = "root", node = "/usr/bin/node") => {
    docker = new FakeDocker([{ when: "config --format json", stdout: JSON.stringify({ name: "lamb", services: {} }) }]);
    const environment = docker.environment;
    const onFailure = 'echo "100 % of %i"';
    // The fake one runs wherever it is called; only the name of the directory is asked.
    return scheduleTexts({ dir, environment, at, onFailure, user, program: [node, "/opt/lamb compose/main.js"] });
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

  it("is done by the user whose the deployment is", async () => {
    const [service, , , cron] = (await texts("03:05", "/tmp", "lamb")).map(({ text }) => text);
    expect(service).toContain("\nUser=lamb\n");
    expect(cron).toContain("\n5 3 * * * lamb /usr/bin/node ");
  });

  describeWith("systemd-analyze", "for systemd", () => {
    it.each(["root", "daemon"])("is something that it takes without a word, as %s", async (user) => {
      const folder = await mkdtemp(join(tmpdir(), "lamb-compose-units-"));
      const units = (await texts("23:59", folder, user, process.execPath)).slice(0, 3);
      const paths = units.map(({ path }) => join(folder, basename(path)));
      for (const [at, { text }] of units.entries()) await writeFile(paths[at] ?? "", text);
      expect(run("systemd-analyze", ["verify", ...paths])).toEqual({ status: 0, stdout: "", stderr: "" });
      await rm(folder, { recursive: true });
    });
  });

  it.each(["3:05", "24:00", "12:60", "noon", ""])("is not at %j", async (at) => {
    await expect(texts(at, "/tmp")).rejects.toThrow("bad-time at --at");
  });
});

it("finds what restic made behind lines that were cut off", () => {
  const summary = { message_type: "summary", snapshot_id: "abc", data_added: 3 };
  const said = `{"message_type":"status"}\n${JSON.stringify(summary)}\n{"message_type":"summary","snap`;
  expect(summaryIn(said)).toEqual(summary);
  expect(() => summaryIn('rest of a line "summary"')).toThrow("restic-failed at restic backup");
});

it.each(["", "{}", "[]", '{"version": 2}'])("takes %j for no manifest of a backup", (text) => {
  expect(() => manifestIn(text)).toThrow("bad-backup at manifest.json");
});

it.each([
  ["rest:https://user:word@host/lamb", ["word"]],
  ["rest:https://user:w@rd:1@host/lamb", ["w@rd:1"]],
  ["rest:https://user@uni.edu:word@host:8000/lamb", ["word"]],
  ["rest:https://user@host:8000/lamb@home", []],
  ["rest:https://host:8000/lamb", []],
  ["s3:https://host/bucket", []],
  ["sftp:user@host:/lamb", []],
  ["/mnt/a:b@c", []],
])("finds the password in %s", (location, secrets) => {
  expect(secretIn(location)).toEqual(secrets);
});
