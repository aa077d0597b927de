import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { describeWith } from "../support/tools";
import { Operated } from "./operated";
import { Poll, type Polled } from "./poll";
import { eventually, must, run } from "./run";
import { killedAtEachStep } from "./signalled";
import { type Behaviour, PORT, type StackProps, stackImages, stackOf } from "./switched";

const ASKED = [
  { name: "web", port: PORT, path: "/" },
  { name: "db", port: PORT, path: "/db/" },
];
/** What people change meanwhile: it is written into the data of `db`. */
const POSTED = { name: "post", port: PORT, path: "/db/", method: "POST" };
const QUICK = ["--yes", "--watch", "6"];
/** Seconds that a slow start takes. */
const SLOW = 3;

describeWith("docker-engine", "lamb-compose upgrade and rollback", () => {
  vi.setConfig({ testTimeout: 240_000 });
  let one: Operated;
  const ask = async (path: string, method = "GET") => {
    return (await fetch(`http://127.0.0.1:${PORT}${path}`, { method })).text();
  };
  const volumes = async () => {
    const words = [
      "volume",
      "ls",
      "--filter",
      `label=com.docker.compose.project=${one.project}`,
      "--format",
      "{{.Name}}",
    ];
    return (await must("docker", words)).stdout
      .trim()
      .split("\n")
      .map((name) => name.replace(`${one.project}_`, ""))
      .sort();
  };
  /** What a program says that sees a volume at `/v`, and nothing else. */
  const seenIn = async (mount: string, program: string, text: string) => {
    const seeing = ["run", "--rm", "--network", "none", "--volume", `${one.project}_${mount}`, "--entrypoint", program];
    return (await must("docker", [...seeing, "operated/python:1", "-c", text])).stdout;
  };
  /** The bytes of all files in a volume, as one hash. */
  const bytesOf = async (volume: string) => {
    const sums = "cd /v && find . -type f ! -name '*-shm' | sort | xargs sha256sum";
    return createHash("sha256")
      .update(await seenIn(`${volume}:/v:ro`, "sh", sums))
      .digest("hex");
  };
  /** The number in the database of a volume that nothing uses. */
  const countedIn = async (volume: string) => {
    const program =
      "import sqlite3; print(sqlite3.connect('/v/app.db').execute('SELECT number FROM counter').fetchone()[0])";
    return Number(await seenIn(`${volume}:/v`, "python", program));
  };
  const leftOver = async () =>
    (
      await run("docker", [
        "ps",
        "--all",
        "--quiet",
        "--filter",
        `label=com.docker.compose.project=${one.project}-rehearsal`,
      ])
    ).stdout;
  const counted = async () => Number((await ask("/db/")).split(" ")[1]);
  /** All that was answered was kept. What was cut off may have been done, or not. */
  const allKept = (kept: number, { post }: Readonly<Record<string, Polled>>) => {
    expect(kept).toBeGreaterThanOrEqual(post?.by["200"] ?? 0);
    expect(kept).toBeLessThanOrEqual(post?.count ?? 0);
  };
  /** Nobody who asks is turned away; of those who post, at most whom `db` was at work for when it stopped. */
  const nobodyTurnedAway = (polled: Readonly<Record<string, Polled>>, { stops = 1, deaths = 0 } = {}) => {
    expect(polled.db).toMatchObject({ failed: 0 });
    // One that dies in the middle of an answer has cut it off.
    expect(polled.web?.stops).toBeLessThanOrEqual(deaths);
    expect(polled.post?.stops ?? 0).toBeLessThanOrEqual(stops);
  };
  /** What people see of both services. */
  const seen = async () => [await ask("/"), await ask("/db/")];
  const files = () => readFile(join(one.dir, "compose.yaml"), "utf8");
  beforeAll(async () => {
    for (const [image, name] of stackImages()) await must("docker", ["tag", image, name]);
    one = await Operated.create(stackOf({ release: "one" }));
    const { code, stderr } = await one.lamb("up");
    expect(code, stderr).toBe(0);
    for (const path of ["/", "/db/"]) await ask(path, "POST");
  });
  afterAll(async () => {
    await one?.remove();
    for (const [, name] of stackImages()) await must("docker", ["image", "rm", name]);
  });

  // One deployment lives through all of this, one test after the other.

  it("asks nobody where there is nobody, and then does nothing", async () => {
    await one.write(stackOf({ release: "two" }));
    const { code, stdout, stderr } = await one.lamb("upgrade");
    expect([code, stdout]).toEqual([4, "nothing was done; with --yes it does not ask\n"]);
    expect(stderr).toContain("~ environment.RELEASE");
    expect((await one.lamb("upgrade", "--plan")).stdout).toContain("the way back is state 1");
    expect(await volumes()).toEqual(["db-data", "web-data"]);
    expect(await seen()).toEqual(["one 1 one 5000", "one 1 one 5000"]);
  });

  it("does not begin where a name means another image by now: there would be no way back", async () => {
    const [, [caddy = ""] = []] = stackImages();
    const { stdout } = await must("docker", ["image", "inspect", "--format", "{{.Id}}", "operated/python:1"]);
    await must("docker", ["tag", caddy, "operated/python:1"]);
    const { code, stderr } = await one.lamb("upgrade", ...QUICK);
    await must("docker", ["tag", stdout.trim(), "operated/python:1"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("other-image at operated/python:1")]);
    expect(stderr).toContain(`docker tag ${stdout.trim()} operated/python:1`);
    expect(await ask("/")).toBe("one 1 one 5000");
  });

  it.each<[Behaviour, string]>([
    ["exits", "in the rehearsal: has ended: exited (3); the end of its log:\n    the migration failed"],
    ["dies", "in the rehearsal: was well, and exited (4)"],
    ["hangs", "in the rehearsal: fails its healthcheck"],
    ["damages", "in the rehearsal: is not sound"],
  ])("finds in the rehearsal a release that %s, before anything is stopped", async (behaviour, words) => {
    // The last connection that is closed writes the database whole.
    await one.write(stackOf({ release: "one" }));
    await one.compose("stop", "db", "web");
    await one.compose("start", "db", "web");
    await eventually(
      20,
      () => one.conditions(),
      ({ db, web }) => db === "healthy" && web === "healthy",
    );
    const before = [await bytesOf("web-data"), await bytesOf("db-data")];
    const ids = [(await one.container("web")).Id, (await one.container("db")).Id];
    await one.write(stackOf({ release: "two", behaviour }));
    const poll = new Poll(ASKED);
    const { code, stderr, stdout } = await one.lamb("upgrade", ...QUICK);
    const polled = await poll.end();
    console.log(`${behaviour}:`, JSON.stringify(polled));
    expect([code, stdout], stderr).toEqual([1, "nothing was touched: what runs is as it was\n"]);
    expect(stderr).toContain(words);
    for (const name of ["web", "db"]) expect(polled[name]).toMatchObject({ failed: 0 });
    expect([(await one.container("web")).Id, (await one.container("db")).Id]).toEqual(ids);
    expect([await bytesOf("web-data"), await bytesOf("db-data")]).toEqual(before);
    expect(await volumes()).toEqual(["db-data", "web-data"]);
    expect(await leftOver()).toBe("");
    expect(await files()).toBe(stackOf({ release: "one" })["compose.yaml"]);
    expect(await ask("/")).toBe("one 1 one 5000");
  });

  it("brings a release that works, and nobody is turned away, nor waits longer than the slowest start takes", async () => {
    await one.write(stackOf({ release: "two", start: SLOW }));
    // What somebody has renamed by hand, and a container of no service of the files, which is nobody's to remove.
    await must("docker", ["rename", (await one.container("web")).Id, `${one.project}-other-name`]);
    const labels = [`project=${one.project}`, "service=gone", "oneoff=False"];
    const labelled = labels.flatMap((label) => ["--label", `com.docker.compose.${label}`]);
    const orphan = await must("docker", ["run", "--detach", "--rm", ...labelled, "operated/python:1", "sleep", "1000"]);
    const poll = new Poll([...ASKED, POSTED]);
    const { code, stdout, stderr } = await one.lamb("upgrade", ...QUICK);
    const polled = await poll.end();
    console.log("upgrade:", JSON.stringify(polled));
    await must("docker", ["kill", orphan.stdout.trim()]);
    expect([code, stdout], stderr).toEqual([0, "upgraded; the state is kept as 2, and 1 is the way back\n"]);
    expect(stderr).toContain("of data in 2 volumes are copied");
    expect(stderr).toContain("it starts, and its data are sound");
    nobodyTurnedAway(polled);
    // As long as the slowest start took in the rehearsal, on this machine as busy as it is, and four seconds.
    const [, slowest = "0"] = /the slowest service took ([\d.]+) s/.exec(stderr) ?? [];
    expect(Number(slowest)).toBeGreaterThan(SLOW);
    for (const { longest } of Object.values(polled)) expect(longest).toBeLessThan(Number(slowest) + 4);
    expect(await ask("/")).toMatch(/^two 1 one,two 5000$/);
    const posted = (await ask("/db/")).split(" ");
    expect(posted.slice(2)).toEqual(["one,two", "5000"]);
    allKept(Number(posted[1]) - 1, polled);
    expect(await volumes()).toEqual(["db-data", "db-data-g2", "web-data", "web-data-g2"]);
    expect(await leftOver()).toBe("");
    expect((await one.lamb("diff", "--deployed")).stdout).toBe("what runs is what the files say\n");
    expect((await one.lamb("upgrade", ...QUICK)).stdout).toBe("what runs is what the files say: nothing to do\n");
  });

  it("brings back what was, and what was left behind", async () => {
    for (const path of ["/", "/db/"]) await ask(path, "POST");
    const [left, inNow, inEarlier] = [await ask("/"), await counted(), await countedIn("db-data")];
    const back = new Poll([...ASKED, POSTED]);
    const rolled = await one.lamb("rollback", ...QUICK);
    const during = await back.end();
    console.log("rollback:", JSON.stringify(during));
    expect([rolled.code, rolled.stdout], rolled.stderr).toEqual([
      0,
      "rolled back; the state is kept as 3, and 2 is the way back\n",
    ]);
    expect(rolled.stderr).toMatch(
      /written since, and not visible any more:\n {2}\S+db-data-g2: \d+ files new, \d+ changed, 0 gone/,
    );
    nobodyTurnedAway(during);
    // What was posted before the switch is in the data from before, too.
    expect(await seen()).toEqual(["one 1 one 5000", expect.stringMatching(/^one \d+ one 5000$/)]);
    const since = (await counted()) - inEarlier;

    // And forward again, to the data that were left, with what was posted until `db` stopped.
    expect((await one.lamb("rollback", "2", ...QUICK)).code).toBe(0);
    expect(await ask("/")).toBe(left);
    allKept((await counted()) - inNow + since, during);
  });

  it("keeps generations, and runs earlier files on the data of now only where they can read them", {
    timeout: 600_000,
  }, async () => {
    const had = await volumes();
    const left = await ask("/");
    const generations = async () => (await volumes()).filter((name) => name.startsWith("db-data"));
    const brought = async (props: Omit<StackProps, "release">, ...words: readonly string[]) => {
      await one.write(stackOf({ release: "next", ...props }));
      const { code, stderr } = await one.lamb("upgrade", "--no-rehearse", ...words, ...QUICK);
      expect(code, stderr).toBe(0);
      return stderr;
    };
    const refused = async (words: string) => {
      const { code, stderr } = await one.lamb("rollback", "--keep-data", ...QUICK);
      expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
      expect(await ask("/")).toMatch(/^next /);
    };
    expect(await brought({ schema: "2" }, "--keep", "9")).not.toContain("cannot read any more");
    await refused("other-schema at web-data");
    const plan = await brought({ schema: "2", oneWay: "Old names are gone.", start: 0 }, "--keep", "9");
    expect(plan).toMatch(/cannot read any more:\n {2}Old names are gone\.\n/);
    await refused("has data that a later release has changed: Old names are gone.");
    expect(await volumes()).toEqual(expect.arrayContaining([...had]));
    expect(await generations()).toEqual(["db-data", "db-data-g2", "db-data-g3", "db-data-g4"]);
    expect((await one.lamb("rollback", "2", ...QUICK)).code).toBe(0);
    expect(await ask("/")).toBe(left);

    await brought({});
    expect(await generations()).toEqual(["db-data-g2", "db-data-g5"]);
    const now = await ask("/");
    const { code, stderr } = await one.lamb("rollback", "--keep-data", ...QUICK);
    expect(code, stderr).toBe(0);
    expect(await ask("/")).toBe(now.replace("next", "two"));
    expect(await generations()).toEqual(["db-data-g2", "db-data-g5"]);
  });

  it.each<[Behaviour]>([["exits"], ["dies"]])(
    "returns by itself from a release that %s, which was not tried first",
    async (behaviour) => {
      const [web, db = ""] = await seen();
      await one.write(stackOf({ release: "three", behaviour }));
      const poll = new Poll([...ASKED, POSTED]);
      const { code, stderr, stdout } = await one.lamb("upgrade", "--no-rehearse", ...QUICK);
      const polled = await poll.end();
      console.log(`${behaviour}, not tried first:`, JSON.stringify(polled));
      expect([code, stdout], stderr).toEqual([
        5,
        "everything is back to what it was before, on the data from before\n",
      ]);
      // `db` stops for the new release, and for the way back.
      nobodyTurnedAway(polled, { stops: 2, deaths: behaviour === "dies" ? 1 : 0 });
      // What people posted while the new release ran is in the data that are left.
      expect(stderr).toContain("what was written meanwhile is in");
      expect(await seen()).toEqual([web, expect.stringMatching(db.replace(/ \d+ /, " \\d+ "))]);
      expect((await one.lamb("diff", "--deployed")).code).toBe(0);
    },
  );

  describe("killed", () => {
    it("as it begins each of its steps, goes on there when it is given again, and nobody is turned away", async () => {
      const before = await seen();
      const inBefore = await counted();
      await one.write(stackOf({ release: "three" }));
      const poll = new Poll([...ASKED, POSTED]);
      const refused = async (step: number) => {
        if (step > 1) return;
        const other = await one.lamb("rollback", ...QUICK);
        expect([other.code, other.stderr]).toEqual([
          4,
          expect.stringContaining("`lamb-compose upgrade` was interrupted at"),
        ]);
      };
      await killedAtEachStep(one.commandLine("upgrade", ...QUICK), { after: refused });
      const { code, stderr } = await one.lamb("upgrade", ...QUICK);
      const polled = await poll.end();
      console.log("killed at each step:", JSON.stringify(polled));
      expect(code, stderr).toBe(0);
      // What a killed process had Compose do goes on beside what the next one has it do: `db` may be stopped twice.
      nobodyTurnedAway(polled, { stops: 2 });
      allKept((await counted()) - inBefore, polled);
      const but = (text = "") => text.replace(/^\w+ \d+/, "three").replace(/ 5000$/, ",three 5000");
      expect((await seen()).map((text) => text.replace(/ \d+/, ""))).toEqual(before.map(but));
      expect(await readdir(join(one.dir, ".lamb-compose"))).toEqual(["history"]);
      expect(await leftOver()).toBe("");
    });

    it("as it begins each of the steps that lead back, goes on there, too", async () => {
      const before = await seen();
      await one.write(stackOf({ release: "four", behaviour: "exits" }));
      const words = ["upgrade", "--no-rehearse", ...QUICK] as const;
      await killedAtEachStep(one.commandLine(...words), { isBack: true });
      const { code, stderr } = await one.lamb(...words);
      expect(code, stderr).toBe(5);
      expect(await seen()).toEqual(before);
      expect((await one.lamb("status", "--check")).code).toBe(0);
    });

    it.each([
      [3, false, "upgrade --abort", "everything is back to what it was before, on the data from before\n"],
      // People may have written into the copy by then: it is left. Any other command takes it back, too.
      [8, true, "up --cut-off abort", "3 services are up and well"],
    ])("as it begins step %d, is taken back when that is wanted", async (step, isLeft, command, words) => {
      const [before, had] = [await seen(), await volumes()];
      await one.write(stackOf({ release: "four" }));
      expect(await one.signalled("SIGKILL", `[${step}/`, "upgrade", ...QUICK)).toBe("SIGKILL");
      const refused = await one.lamb("rollback", ...QUICK);
      expect([refused.code, refused.stderr]).toEqual([
        4,
        expect.stringContaining("add --cut-off resume, or --cut-off abort"),
      ]);
      const { code, stdout, stderr } = await one.lamb(command);
      expect([code, stdout], stderr).toEqual([0, expect.stringContaining(words)]);
      expect(await seen()).toEqual(before);
      expect((await volumes()).length).toBe(had.length + (isLeft ? 2 : 0));
      expect((await one.lamb("upgrade", "--abort")).stderr).toContain("nothing-to-abort");
    });
  });

  describe("in place", () => {
    const backedUp = (verified: string | undefined, time: Date) => {
      const backup = { snapshot: "4711abcd", time: time.toISOString(), bytes: 1, added: 1, held: 0, verified };
      const text = JSON.stringify({ version: 1, backups: [backup] });
      return writeFile(join(one.dir, ".lamb-compose", "backups.json"), text);
    };
    const words = ["upgrade", "--in-place", "--yes", "--watch", "1"] as const;
    afterAll(() => rm(join(one.dir, ".lamb-compose", "backups.json"), { force: true }));

    it("is done only after a verified backup of the last hour", async () => {
      await one.write(stackOf({ release: "place" }));
      for (const made of [undefined, [undefined, 0], ["read", 2], ["read", -2]] as const) {
        if (made !== undefined) await backedUp(made[0], new Date(Date.now() - made[1] * 3_600_000));
        const { code, stderr } = await one.lamb(...words);
        expect([code, stderr]).toEqual([4, expect.stringContaining("no-backup")]);
      }
    });

    it("makes no copy, and names the backup as the way back when the release fails", async () => {
      const [before, had] = [await seen(), await volumes()];
      await backedUp("read", new Date());
      const plan = (await one.lamb(...words, "--plan")).stdout;
      expect(plan).toContain("are changed in place: nothing is copied");
      expect(plan).toContain("the way back from then on is the backup 4711abcd");
      const { code, stderr } = await one.lamb(...words);
      expect(code, stderr).toBe(0);
      // None is new. What operations before have left is older than what is kept, and gone.
      expect(had).toEqual(expect.arrayContaining(await volumes()));
      expect((await ask("/")).split(" ")[1]).toBe(before[0]?.split(" ")[1]);
      await one.write(stackOf({ release: "worse", behaviour: "exits" }));
      const failed = await one.lamb(...words);
      expect([failed.code, failed.stdout]).toEqual([6, ""]);
      expect(failed.stderr).toContain("changed-in-place");
      expect(failed.stderr).toContain("the migration failed");
      expect(failed.stderr).toContain("lamb-compose restore 4711abcd");
      // What brings it back finds no other operation that was cut off.
      expect(await readdir(join(one.dir, ".lamb-compose"))).not.toContain("operation.json");
    });
  });
});
