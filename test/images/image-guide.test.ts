import { App } from "lamb-compose";
import { ImageGuide, ImageWorkflow, TAG_POLICY } from "lamb-compose/images";
import { describe, expect, it } from "vitest";
import { GUIDE_FILE, lambImages } from "./workflows";

function lambGuide(): string {
  const app = new App();
  lambImages(app);
  return app.synth().assertValid().files.get(GUIDE_FILE) ?? "";
}

/** The rows of the table below a heading, by their cells. */
function tableOf(text: string, first: string): readonly (readonly string[])[] {
  const rows = text.split("\n").map((line) =>
    line
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
  const start = rows.findIndex(([cell]) => cell === first);
  const end = rows.findIndex((cells, index) => index > start && cells.length === 0);
  return rows.slice(start + 2, end);
}

describe("ImageGuide", () => {
  it("has a row for each rule of the policy, with a tag of that form", () => {
    const rows = tableOf(lambGuide(), "tag");
    expect(rows.map(([tag, example]) => `${tag} ${example}`)).toEqual([
      "`sha-COMMIT` `sha-9f2c41d07be8`",
      "`vX.Y.Z` `v1.2.1`",
      "`X.Y.Z` `1.2.1`",
      "`X.Y` `1.2`",
      "`X` `1`",
      "`latest` `latest`",
      "`edge` `edge`",
    ]);
    expect(rows.map((cells) => cells.at(-1))).toEqual(TAG_POLICY.map(({ audience }) => audience));
    expect(rows.every((cells) => cells.length === 5)).toBe(true);
  });

  it("says of each tag what makes it, and when it moves", () => {
    const rows = new Map(tableOf(lambGuide(), "tag").map(([tag = "", , from, moves]) => [tag, [from, moves]]));
    expect(rows.get("`vX.Y.Z`")).toEqual(["a release, a pre-release", "never"]);
    expect(rows.get("`edge`")).toEqual(["a push to `main`", "to the newest commit of `main`"]);
    expect(rows.get("`latest`")).toEqual(["a release", "to the newest stable release of all"]);
  });

  it("has every image, under the name that is pulled", () => {
    expect(tableOf(lambGuide(), "image").map(([image]) => image)).toEqual([
      "`ghcr.io/lamb-project/lamb`",
      "`ghcr.io/lamb-project/lamb-kb`",
      "`ghcr.io/lamb-project/openwebui`",
      "`ghcr.io/lamb-project/lamb-library-manager`",
    ]);
  });

  it("names the workflow that signs, as the signature does", () => {
    expect(lambGuide()).toContain(
      "--certificate-identity https://github.com/Lamb-Project/lamb/.github/workflows/build-images.yml@refs/tags/v1.2.1",
    );
  });

  it("says how to go on for those who release, and for those who run it", () => {
    const text = lambGuide();
    const titles = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(["Which tag", "To release", "To pin", "To verify", "To go back", "To renew what is pinned"]);
    expect(text).toContain("`LAMB_VERSION=v1.2.1`");
    expect(text.match(/^```/gm)).toHaveLength(10);
    expect(text.split("\n").filter((line) => line.length > 120 && !/^[|]|^<!--|^docker|^```/.test(line))).toEqual([]);
  });

  it("speaks of nothing that the program does not have", () => {
    const app = new App();
    const images = [{ name: "web", context: ".", dockerfile: "Dockerfile" }];
    const workflow = new ImageWorkflow(app, "images", {
      ...{ images, registry: "ghcr.io/shop", repository: "shop/shop", defaultBranch: "trunk" },
      ...{ runners: { amd64: "ubuntu-24.04" }, fileName: ".github/workflows/shop.yml" },
    });
    new ImageGuide(app, "guide", { workflow, fileName: "docs/images.md" });
    const text = app.synth().assertValid().files.get("docs/images.md") ?? "";
    expect(text).not.toMatch(/lamb(?!-compose)|LAMB|arm64|starts the stack|undefined|`main`/);
    expect(text).toContain("`.github/workflows/shop.yml` builds these images for amd64, and publishes");
    expect(text).toContain("git switch trunk");
  });
});
