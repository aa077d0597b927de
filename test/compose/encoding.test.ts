import { ComposeError, resolve } from "lamb-compose/compose";
import { describe, expect, it } from "vitest";

const TEXT = 'services:\n  a:\n    image: "xü\u{1f600}"\n';

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = Buffer.from(text, "utf16le");
  return isLittle ? bytes : bytes.swap16();
}

const imagesOf = (text: string | Uint8Array) =>
  resolve([{ path: "/p/compose.yaml", text }], { projectDirectory: "/p" }).images;

/** As `docker compose -f FILE config` reads them (2.40.3). */
describe("a Compose file", () => {
  it.each<[string, string | Uint8Array]>([
    ["UTF-8", Buffer.from(TEXT)],
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${TEXT}`)],
    ["UTF-16, little end first", utf16(`\ufeff${TEXT}`, true)],
    ["UTF-16, big end first", utf16(`\ufeff${TEXT}`, false)],
    ["UTF-16 with CRLF", utf16(`\ufeff${TEXT.replaceAll("\n", "\r\n")}`, true)],
  ])("is read in %s", (_, text) => expect(imagesOf(text)).toEqual(["xü\u{1f600}"]));

  it.each<[string, Uint8Array, string]>([
    ["half a character", Buffer.concat([utf16(`\ufeff${TEXT}`, true), Buffer.from("a")]), "character"],
    ["half a pair", utf16("\ufeff\ud800", true), "surrogate pair"],
  ])("is refused in Compose's words with %s", (_, text, what) => {
    expect(() => imagesOf(text)).toThrow(new ComposeError("yaml", `yaml: incomplete UTF-16 ${what}`));
  });

  it("is not read as UTF-16 without a byte order mark", () => {
    expect(() => imagesOf(utf16(TEXT, true))).toThrow(ComposeError);
  });
});
