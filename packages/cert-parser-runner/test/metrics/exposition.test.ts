import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseExposition } from "./exposition.ts";

describe("parseExposition", () => {
  test("reads names, labels with their escapes, and values", () => {
    const text =
      '# HELP a_total Say \\\\ and \\n.\n# TYPE a_total counter\na_total{x="\\"\\\\\\n}, ",y=""} 1.5e3\n';
    const family = parseExposition(text).get("a_total");
    assert.equal(family?.help, "Say \\ and \n.");
    assert.deepEqual(family?.samples, [{ name: "a_total", labels: { x: '"\\\n}, ', y: "" }, value: 1500 }]);
  });

  const gauge = "# HELP a A.\n# TYPE a gauge\n";
  const histogram = "# HELP a A.\n# TYPE a histogram\n";
  const flaws = [
    ["a last line without an end", `${gauge}a 1`],
    ["a sample without HELP", "a 1\n"],
    ["TYPE of another metric", "# HELP a A.\n# TYPE b gauge\n"],
    ["an unknown type", "# HELP a A.\n# TYPE a thing\n"],
    ["HELP without TYPE", "# HELP a A.\na 1\n"],
    ["a metric in two places", `${gauge}a 1\n# HELP b B.\n# TYPE b gauge\n${gauge}`],
    ["a sample of another metric", `${gauge}b 1\n`],
    ["a sample twice", `${gauge}a{x="1",y="2"} 1\na{y="2",x="1"} 1\n`],
    ["a label twice", `${gauge}a{x="1",x="2"} 1\n`],
    ["an unescaped quote", `${gauge}a{x="""} 1\n`],
    ["an unknown escape in a label", `${gauge}a{x="\\t"} 1\n`],
    ["an unknown escape in HELP", "# HELP a \\t\n# TYPE a gauge\n"],
    ["a label without quotes", `${gauge}a{x=1} 1\n`],
    ["a name with a dash", "# HELP a-b A.\n# TYPE a-b gauge\n"],
    ["a value that is none", `${gauge}a NaN\n`],
    ["no value", `${gauge}a\n`],
    ["a negative counter", "# HELP a_total A.\n# TYPE a_total counter\na_total -1\n"],
    ["a counter without _total", "# HELP a A.\n# TYPE a counter\na 1\n"],
    ["a gauge with _total", "# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n"],
    ["buckets that fall", `${histogram}a_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n`],
    ["bounds that fall", `${histogram}a_bucket{le="2"} 1\na_bucket{le="1"} 1\na_sum 1\na_count 1\n`],
    ["buckets without +Inf", `${histogram}a_bucket{le="1"} 1\na_sum 1\na_count 1\n`],
    ["a count that is not the last bucket", `${histogram}a_bucket{le="+Inf"} 1\na_sum 1\na_count 2\n`],
    ["a histogram without its sum", `${histogram}a_bucket{le="+Inf"} 1\na_count 1\n`],
  ] as const;
  for (const [flaw, text] of flaws) {
    test(`rejects ${flaw}`, () => {
      assert.throws(() => parseExposition(text));
    });
  }
});
