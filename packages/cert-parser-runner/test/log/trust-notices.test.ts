import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLogger } from "../../src/log/logger.ts";
import { logTrustNotices, type TrustFigures } from "../../src/log/trust-notices.ts";

const nothing: TrustFigures = {
  unapprovedPins: 0,
  unverifiedCertificates: 0,
  unsignedCertificates: 0,
  refusedBundles: 0,
  pendingBundles: 0,
};

/** Level, event and text of each line. */
function linesOf(figures: Partial<TrustFigures>): readonly (readonly string[])[] {
  let text = "";
  const stream = {
    write(line: string) {
      text += line;
    },
  };
  logTrustNotices(
    { ...nothing, ...figures },
    createLogger({ level: "INFO", stream, terminal: false, colour: false }),
  );
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { level, event, message } = JSON.parse(line);
      return [level, event, message];
    });
}

describe("notices of trust", () => {
  test("there are none where there is nothing to look into", () => {
    assert.deepEqual(linesOf({}), []);
  });

  const cases = [
    [{ unapprovedPins: 1 }, "WARNING", "trust.unapproved", /^1 publisher trusted on first use/],
    [{ unverifiedCertificates: 2 }, "WARNING", "trust.unverified", /^2 certificates listed whose/],
    [{ unsignedCertificates: 3 }, "INFO", "trust.unverified", /and 3 unsigned$/],
    [{ refusedBundles: 4 }, "WARNING", "trust.quarantined", /^4 bundles in quarantine, of which 0 wait/],
    [{ pendingBundles: 5 }, "WARNING", "trust.quarantined", /^5 bundles in quarantine, of which 5 wait/],
  ] as const;
  for (const [figures, level, event, message] of cases) {
    test(`${JSON.stringify(figures)}: ${event} at ${level}`, () => {
      const [line, ...others] = linesOf(figures);
      assert.deepEqual([line?.[0], line?.[1], others], [level, event, []]);
      assert.match(line?.[2] ?? "", message);
    });
  }
});
