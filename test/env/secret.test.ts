import { describe, expect, it } from "vitest";
import { isAlike, isGuess, isPlaceholder, isWeak } from "../../lib/env/secret";

describe("a placeholder", () => {
  it.each([
    "change-me",
    "CHANGE_ME",
    "changeme",
    "Change me!",
    "CHANGE_ME_strong_random_secret",
    "my-change-this-later",
    "<your key>",
    "<host>",
    "YOUR_API_KEY_HERE",
    "your-openai-api-key-here",
    "your-langsmith-api-key-here",
    "your-openai-compatible-api-key",
    "your-password",
    "lamb.yourdomain.com",
    "admin@yourdomain.com",
    "admin@example.com",
    "https://chat.example.org/x",
    "lamb.campus.example",
    "https://lamb.campus.example:8443",
    "example",
    "Password",
    "xxxx",
    "sk-xxxxxxxx",
    "sk-...",
    "AI...",
    "...",
    "TODO",
  ])("%j", (value) => expect(isPlaceholder(value)).toBe(true));

  it.each([
    "https://exchange.me.uk",
    "exchangeme",
    "lamb.uni-example.edu",
    "https://lamb.upc.edu",
    "admin@owi.com",
    "gpt-4o-mini",
    "Admin User",
    "examples.edu",
    "4e7f41b2c06f4a0d",
    "your.friend.at.the.university.library.edu",
    "yours-truly",
    "I trust it...",
    "AIzaSyD...q",
    "sk-xxa81f0c",
    "",
  ])("is not %j", (value) => expect(isPlaceholder(value)).toBe(false));
});

describe("a guess", () => {
  it.each([
    "admin",
    "Admin123",
    "password1!",
    "super-secret-key",
    "p4ssw0rd",
    "t0p-s3cr3t",
    "test test",
    "letmein2024",
    "postgres",
    "12345678",
    "000000",
    "aaaa",
    "correct horse battery staple",
  ])("%j", (value) => expect(isGuess(value)).toBe(true));

  it.each([
    "4e7f41b2c06f4a0d9b1d7c3a58e2f690",
    "sk-proj-7Hq2",
    "Tr0ub4dor&3",
    "98213476501928",
    "",
    "password-of-the-library",
  ])("is not %j", (value) => expect(isGuess(value)).toBe(false));

  it("is looked for in linear time", () => {
    const start = performance.now();
    for (const part of ["abc", "12", "pass", "adminadministrator", "aaaa", "0"]) {
      isGuess(`${part.repeat(100_000)}!x`);
      isGuess(`${part.repeat(64).slice(0, 60)}é`);
      isPlaceholder(`${part.repeat(100_000)}-`);
      isPlaceholder("-".repeat(300_000));
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("a weak secret", () => {
  it.each(["k3Y-9z", "1234567890123456", "abcdefghijk", "ababababababababababab"])("%j", (value) =>
    expect(isWeak(value)).toBe(true),
  );

  it.each(["4e7f41b2c06f4a0d", "zX9-kfT2qw!", "several words of mine"])("is not %j", (value) =>
    expect(isWeak(value)).toBe(false),
  );
});

describe("values that are alike", () => {
  it.each([
    ["t0p-s3cr3t", "T0P S3CR3T", true],
    ["0p3n-w3bu!", "0p3nw3bu", true],
    ["-", "!", false],
    ["-", "-", true],
    ["a", "b", false],
  ])("%j, %j: %j", (one, other, alike) => expect(isAlike(one, other)).toBe(alike));
});
