import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FROZEN } from "../../../lib/lamb/facts/frozen";
import { COPIER, MIGRATE } from "../../../lib/operate/generated/programs";
import { describeWith, run } from "../../support/tools";
import { bytesBelow, oldCheckout, writeDatabases } from "./old-data";

const isRoot = process.getuid?.() === 0;

/** Variable of a service → what it says in the new deployment. */
const VALUES: Readonly<Record<string, string>> = {
  HOME_URL: "https://lamb.uni.edu/kb",
  LAMB_WEB_HOST: "https://lamb.uni.edu",
  LAMB_BEARER_TOKEN: "new-bearer",
  LAMB_KB_SERVER_TOKEN: "new-kb-token",
};

const frozen = FROZEN.map((one) => {
  const from = one.kind === "path" ? undefined : one.kind === "address" ? one.base : one.key;
  return { ...one, value: VALUES[from?.variable ?? ""] };
});

interface Place {
  readonly volume: string;
  readonly folder: string;
  readonly from: readonly string[];
  readonly host: string;
  readonly only?: readonly string[];
  readonly links: Readonly<Record<string, readonly [string, string]>>;
}

describeWith("python", "the program that migrates", () => {
  let home = "";
  const old = (...path: readonly string[]) => join(home, "old checkout", ...path);
  const to = (...path: readonly string[]) => join(home, "to", ...path);
  const ask = (action: string, spec: object) =>
    run("python3", ["-c", MIGRATE, COPIER, action], {
      input: JSON.stringify({ frozen, owners: {}, scratch: join(home, "scratch"), ...spec }),
    });
  const answer = (action: string, spec: object) => {
    const { status, stdout, stderr } = ask(action, spec);
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout);
  };
  const place = (volume: string, folder: string, from: string, more: Partial<Place> = {}): Place => {
    return { volume, folder, from: [old(from)], host: old(from), links: {}, ...more };
  };
  const places = (): readonly Place[] => [
    place("lamb-data", "", "", { only: ["lamb_v4.db"] }),
    place("lamb-data", "aac_logs", "aac_logs"),
    place("lamb-static", "public", "backend/static/public"),
    place("openwebui-data", "", "open-webui/backend/data"),
    place("kb-data", "", "lamb-kb-server-stable/backend/data"),
    place("kb-static", "", "lamb-kb-server-stable/backend/static"),
  ];
  const roots = () => {
    const names = [...new Set(places().map(({ volume }) => volume))];
    return Object.fromEntries(names.map((name) => [name, to(name)]));
  };
  const rows = (path: string, query: string): unknown => {
    const program =
      "import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))";
    const { status, stdout, stderr } = run("python3", ["-c", program, path, query]);
    expect([status, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout);
  };
  const sums = (found: readonly ({ changed: number; right: number; lost: number } | null)[]) =>
    Object.fromEntries(
      found.flatMap((one, at) => {
        const { holds } = FROZEN[at] ?? { holds: "" };
        return one === null ? [] : [[holds, [one.changed, one.right, one.lost]]];
      }),
    );

  /** What has to become of the rows of {@link oldCheckout}: changed, right already, naming what is not there. */
  const EXPECTED = {
    "files in chats": [1, 0, 1],
    "Open WebUI's connection to LAMB": [1, 0, 0],
    "pictures of people": [1, 1, 0],
    "files of the knowledge base": [1, 1, 0],
    "addresses of the knowledge base's files": [1, 0, 1],
    "sources of citations": [1, 0, 0],
    "addresses in citations": [2, 0, 0],
    "the knowledge base of organizations": [1, 1, 0],
    "the library of organizations": [0, 2, 0],
  };

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-migrate-"));
    for (const name of ["old checkout", "scratch", ...places().map(({ volume }) => `to/${volume}`)]) {
      mkdirSync(join(home, name), { recursive: true });
    }
    oldCheckout(old());
    chmodSync(old("backend/static/public/2"), 0o700);
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("looks at everything, and leaves it as it is", () => {
    const before = bytesBelow(old());
    const { places: found, frozen: rowsOf, free } = answer("survey", { places: places(), roots: {} });
    expect(bytesBelow(old())).toBe(before);
    expect(readdirSync(join(home, "scratch"))).toEqual([]);
    expect(free).toBeGreaterThan(0);
    // The rows that are in the WAL alone, and none of a transaction that never ended.
    expect(found[0].databases).toEqual({
      "lamb_v4.db": { LAMB_Creator_users: 2, LAMB_lti_activities: 3, LAMB_organizations: 2 },
    });
    expect(found[3].databases).toEqual({ "webui.db": { config: 1, file: 2, user: 2 } });
    expect(found[2]).toMatchObject({ files: 2, private: 1, links: [["2/inside", "notes.txt", null]] });
    expect(sums(rowsOf)).toEqual(EXPECTED);
    const organizations = rowsOf[FROZEN.findIndex(({ holds }) => holds === "the knowledge base of organizations")];
    expect(organizations.elsewhere).toEqual({ "http://kb2:9090": 1 });
  });

  it("copies everything with its hash, and rewrites what names old places, in the copy alone", () => {
    const before = bytesBelow(old());
    const taken = answer("take", { places: places(), roots: roots() });
    expect(bytesBelow(old())).toBe(before);
    const files: readonly [string, number, number, number, string][] = taken[2];
    expect(files.map(([path]) => path).sort()).toEqual(["2/img/naïve picture.png", "2/notes.txt"]);
    for (const [path, size, , , hash] of files) {
      const copy = readFileSync(to("lamb-static/public", path));
      expect([copy.length, createHash("sha256").update(copy).digest("hex")]).toEqual([size, hash]);
    }
    // An absolute link into the place itself would lead into the old installation.
    expect(readlinkSync(to("lamb-static/public/2/inside"))).toBe("notes.txt");
    expect(statSync(to("lamb-static/public/2")).mode & 0o777).toBe(0o700);
    expect(readdirSync(to("lamb-data")).sort()).toEqual(["aac_logs", "lamb_v4.db", "lamb_v4.db-wal"]);
    expect(existsSync(to("lamb-static/css"))).toBe(false);

    const owners = isRoot ? Object.fromEntries(Object.keys(roots()).map((name) => [name, [10001, 10002]])) : {};
    const { frozen: changed, databases } = answer("rewrite", { places: [], roots: roots(), owners });
    expect(bytesBelow(old())).toBe(before);
    expect(sums(changed)).toEqual(EXPECTED);
    expect(databases["lamb-data/lamb_v4.db"].after).toMatchObject({ LAMB_Creator_users: 2, LAMB_organizations: 2 });
    for (const { before: had, after } of Object.values<{ before: object; after: object }>(databases)) {
      expect(after).toEqual(had);
    }
    expect(readdirSync(to("openwebui-data")).sort()).toEqual(["uploads", "webui.db"]);
    expect(rows(to("openwebui-data/webui.db"), "SELECT path FROM file ORDER BY id")).toEqual([
      ["/app/backend/data/uploads/7_essay über Bäume.txt"],
      ["/opt/lamb/open-webui/backend/data/uploads/gone.txt"],
    ]);
    expect(rows(to("openwebui-data/webui.db"), "SELECT json_extract(data, '$.openai') FROM config")).toEqual([
      [
        JSON.stringify({
          api_base_urls: ["http://lamb:9099/v1", "https://api.openai.com/v1"],
          api_keys: ["new-bearer", "sk-own"],
        }),
      ],
    ]);
    expect(rows(to("openwebui-data/webui.db"), "SELECT profile_image_url FROM user ORDER BY id")).toEqual([
      ["https://lamb.uni.edu/static/img/lamb_icon.png"],
      ["/user.png"],
    ]);
    expect(rows(to("kb-data/lamb-kb-server.db"), "SELECT file_path, file_url FROM file_registry ORDER BY id")).toEqual([
      ["/app/backend/static/2/kb1/a.txt", "https://lamb.uni.edu/kb/static/2/kb1/a.txt"],
      ["https://other.edu/page", "https://other.edu/static/2/kb1/none.txt"],
    ]);
    expect(
      rows(to("kb-data/chromadb/chroma.sqlite3"), "SELECT string_value FROM embedding_metadata ORDER BY id, key DESC"),
    ).toEqual([
      ["/app/backend/static/2/kb1/a.txt"],
      ["https://lamb.uni.edu/kb/static/2/kb1/a.txt"],
      ["https://lamb.uni.edu/kb/static/2/kb1/a.txt"],
      ["see /opt/lamb and http://localhost:9090/static/"],
    ]);
    const setup = "json_extract(config, '$.setups.default.knowledge_base')";
    expect(rows(to("lamb-data/lamb_v4.db"), `SELECT ${setup} FROM LAMB_organizations ORDER BY id`)).toEqual([
      [JSON.stringify({ server_url: "http://kb:9090", api_token: "new-kb-token" })],
      [JSON.stringify({ server_url: "http://kb2:9090", api_token: "own" })],
    ]);
    if (isRoot) {
      for (const path of ["lamb-data/lamb_v4.db", "lamb-static/public/2/inside", "kb-data"]) {
        const { uid, gid } = lstatSync(to(path));
        expect([uid, gid]).toEqual([10001, 10002]);
      }
    }
    // Cut off before it was told, it is done again from the beginning, and says the same.
    answer("take", { places: places(), roots: roots() });
    expect(sums(answer("rewrite", { places: [], roots: roots(), owners }).frozen)).toEqual(EXPECTED);
  });

  it("takes the first of the folders that is there, and says that there is none", () => {
    const from = [old("backend/static/none"), old("backend/static/public"), old("backend/static")];
    const uploads = place("lamb-static", "public", "backend/static", { from, host: "" });
    const gone = place("lamb-data", "moodle", "moodle");
    const database = place("lamb-data", "", "backend", { only: ["lamb_v4.db"] });
    const { places: found } = answer("survey", { places: [uploads, gone, database], roots: {} });
    expect(found.map(({ at, files }: { at: number | null; files: number }) => [at, files])).toEqual([
      [1, 2],
      [null, 0],
      [null, 0],
    ]);
    const { places: unread } = answer("survey", { places: places(), roots: {}, frozen: [], reads: false });
    expect(unread.map(({ databases }: { databases: object }) => Object.keys(databases).length)).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });

  it("takes in a second pass what the first one could not know", () => {
    // What may be written again within the tick of a clock is read again.
    utimesSync(old("aac_logs/session.jsonl"), new Date(), new Date(Date.now() + 3_600_000));
    const first = answer("take", { places: places(), roots: roots(), live: true });
    expect(first[1]).toEqual([]);
    writeFileSync(old("backend/static/public/2/img/naïve picture.png"), "PICTURE");
    writeDatabases([[old("lamb_v4.db"), "wal", ["INSERT INTO LAMB_Creator_users VALUES (3, 'late@uni.edu')"]]]);
    rmSync(old("open-webui/backend/data/webui.db-journal"));
    renameSync(old("aac_logs/session.jsonl"), old("aac_logs/other.jsonl"));
    answer("take", { places: places(), roots: roots(), known: first });
    expect(readFileSync(to("lamb-static/public/2/img/naïve picture.png"), "utf8")).toBe("PICTURE");
    expect(rows(to("lamb-data/lamb_v4.db"), "SELECT count(*) FROM LAMB_Creator_users")).toEqual([[3]]);
    // A journal of before would undo what came after it.
    expect(existsSync(to("openwebui-data/webui.db-journal"))).toBe(false);
    expect(readdirSync(to("lamb-data/aac_logs"))).toEqual(["other.jsonl"]);
  });

  it("follows links to where the data are, and takes what SQLite keeps there", () => {
    const elsewhere = join(home, "elsewhere");
    mkdirSync(elsewhere);
    for (const end of ["", "-wal"]) renameSync(old(`lamb_v4.db${end}`), join(elsewhere, `real.db${end}`));
    rmSync(old("lamb_v4.db-shm"), { force: true });
    symlinkSync(join(elsewhere, "real.db"), old("lamb_v4.db"));
    renameSync(old("backend/static/public/2"), join(elsewhere, "two"));
    symlinkSync("../../../../elsewhere/two", old("backend/static/public/2"));
    const [data, , uploads] = answer("survey", { places: places(), roots: {} }).places;
    expect(data.links).toEqual([["lamb_v4.db", join(elsewhere, "real.db"), join(elsewhere, "real.db")]]);
    expect(uploads.links).toEqual([["2", "../../../../elsewhere/two", join(elsewhere, "two")]]);
    const links = { "lamb_v4.db": [join(elsewhere, "real.db"), join(elsewhere, "real.db")] } as const;
    const followed = places().map((one) => {
      if (one.folder === "public") return { ...one, links: { "2": [join(elsewhere, "two"), join(elsewhere, "two")] } };
      return one.only === undefined ? one : { ...one, links };
    });
    const second = answer("survey", { places: followed, roots: {} });
    expect(second.places[0].databases["lamb_v4.db"]).toMatchObject({ LAMB_Creator_users: 2 });
    answer("take", { places: followed, roots: roots() });
    expect(rows(to("lamb-data/lamb_v4.db"), "SELECT count(*) FROM LAMB_Creator_users")).toEqual([[2]]);
    expect(readFileSync(to("lamb-static/public/2/notes.txt"), "utf8")).toBe("notes");
  });

  it.each([
    ["a database that is not sound", "bad-database"],
    ["two places with the same file", "two-sources"],
  ])("refuses %s", (_, code) => {
    const twice = code === "two-sources" ? [place("lamb-static", "public", "backend/static/public")] : [];
    if (code === "bad-database") {
      const path = old("lamb-kb-server-stable/backend/data/other.db");
      writeDatabases([[path, "wal", ["CREATE TABLE t (a)", "PRAGMA wal_checkpoint"]]]);
      for (const end of ["-wal", "-shm"]) rmSync(path + end);
      writeFileSync(path, readFileSync(path).fill(0x5a, 4096));
    }
    const taken = ask("take", { places: [...places(), ...twice], roots: roots() });
    const last = taken.status === 0 ? ask("rewrite", { places: [], roots: roots() }) : taken;
    expect([last.status, last.stderr]).toEqual([1, expect.stringMatching(`^${code} `)]);
  });
});
