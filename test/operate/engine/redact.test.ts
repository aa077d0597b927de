import { describe, expect, it } from "vitest";
import { redactor } from "../../../lib/operate/engine/redact";

describe("texts of others", () => {
  const redact = redactor(
    "LTI_SECRET=s3cret-value\nA_TOKEN=s3cret-value-and-more\nPIN_PASSWORD=123\nHOST=lamb.uni.edu\n",
  );

  it("lose the secrets of the .env, the longest first, and keep all else", () => {
    expect(redact("lamb.uni.edu s3cret-value s3cret-value-and-more 123")).toBe(
      "lamb.uni.edu <LTI_SECRET> <A_TOKEN> 123",
    );
  });

  it("lose values that a pattern would take for something else", () => {
    expect(redactor("A_TOKEN='$&a.b*c'\n")("x $&a.b*c y axb*c")).toBe("x <A_TOKEN> y axb*c");
  });
});
