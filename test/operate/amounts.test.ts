import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { amounts, megabytes } from "../../lib/operate/amounts";
import { farIn } from "../../lib/operate/backup/restic-json";
import { Copier } from "../../lib/operate/data/copier";
import { Docker } from "../../lib/operate/engine/docker";
import { farOfPull } from "../../lib/operate/engine/pull";
import { FakeDocker } from "./engine/fake-docker";

describe("how far long work is", () => {
  let notes: string[] = [];
  beforeEach(() => {
    notes = [];
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => vi.useRealTimers());
  /** Work that has done so many bytes of 4 GB at the end of each second. */
  const work = (seconds: number, bytes: number, told = amounts({ note: (text) => notes.push(text) })) => {
    for (let second = 1; second <= seconds; second++) {
      vi.advanceTimersByTime(1000);
      told(second * bytes, 4e9);
    }
  };

  it("is a line every ten seconds, without anything that a log could not hold", () => {
    work(39, 10e6);
    expect(notes).toEqual([
      "100.0 MB of 4.0 GB, about 7 min left",
      "200.0 MB of 4.0 GB, about 6 min left",
      "300.0 MB of 4.0 GB, about 6 min left",
    ]);
  });

  it.each([
    [100e6, "1.0 GB of 4.0 GB, about 30 s left"],
    [1e6, "10.0 MB of 4.0 GB, about 67 min left"],
    [5e5, "5.0 MB of 4.0 GB, about 2.2 h left"],
  ])("at %d bytes a second: %s", (bytes, words) => {
    work(10, bytes);
    expect(notes).toEqual([words]);
  });

  it("is not told of what is done within ten seconds, nor of what is complete; other work begins anew", () => {
    const told = amounts({ note: (text) => notes.push(text) });
    work(9, 1e8, told);
    work(9, 1e8, told);
    vi.advanceTimersByTime(60_000);
    told(4e9, 4e9);
    expect(notes).toEqual([]);
  });
});

describe("what programs say of it", () => {
  it("is read from Compose's lines of a pull: all layers together", () => {
    const told: (readonly [number, number])[] = [];
    const far = farOfPull((...amount) => told.push(amount));
    // As Compose 2.40.3 writes them.
    const bar = "[==============>                                    ]";
    far(" web Pulling ");
    far(` 1f3abf5f68d4 Downloading ${bar}    426kB/40MB`);
    far(` 4f4fb700ef54 Downloading ${bar}  1.049MB/3.4MB`);
    far(" 1f3abf5f68d4 Download complete ");
    far(` 1f3abf5f68d4 Extracting ${bar}  11.93MB/40MB`);
    expect(told).toEqual([
      [0, 0],
      [426e3, 40e6],
      [1_475_000, 43.4e6],
      [41.049e6, 43.4e6],
      [41.049e6, 43.4e6],
    ]);
  });

  it("is read from restic's lines of JSON, and from nothing else", () => {
    const told: (readonly [number, number])[] = [];
    const far = farIn((...amount) => told.push(amount));
    far('{"message_type":"status","percent_done":0.5,"total_files":1,"total_bytes":80000000,"bytes_done":40000000}');
    far('{"message_type":"status","percent_done":0,"total_files":1}');
    far("something else");
    expect(told).toEqual([[40e6, 80e6]]);
  });

  it("is read from the program that copies, and is no part of what it says is wrong", async () => {
    const stderr = "done 1000 of 4000\ndone 2000 of 4000\nno space left on device\n";
    const docker = new FakeDocker([
      { when: "sys.version_info" },
      { when: "volume inspect", stdout: "[]" },
      { when: "import", stderr, code: 1 },
    ]);
    try {
      const told: (readonly [number, number])[] = [];
      const copier = await Copier.find(new Docker(docker.environment), ["image"]);
      const copied = copier.sync([{ from: "a", to: "b", databases: [] }], (...amount) => told.push(amount));
      await expect(copied).rejects.toMatchObject({
        code: "disk-full",
        reason: "the disk is full: no space left on device",
      });
      expect(told).toEqual([
        [1000, 4000],
        [2000, 4000],
      ]);
    } finally {
      docker.remove();
    }
  });

  it("is in the units that the results have", () => {
    expect([megabytes(1_500_000), megabytes(2.5e9)]).toEqual(["1.5 MB", "2.5 GB"]);
  });
});
