import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createRecent } from "../../src/http/recent.ts";

const options = { freshMs: 60_000, timeoutMs: 30, staleMs: 60_000 };
const never = <T>() => new Promise<T>(() => undefined);

describe("createRecent", () => {
  test("asks once for many who ask at once, and not again while the answer is fresh", async () => {
    let asked = 0;
    const recent = createRecent(async () => ++asked, options);
    assert.deepEqual(await Promise.all([recent.read(), recent.read(), recent.read()]), [1, 1, 1]);
    assert.equal(await recent.read(), 1);
  });

  test("asks anew once the answer is old, or was forgotten", async () => {
    let asked = 0;
    const old = createRecent(async () => ++asked, { ...options, freshMs: -1 });
    assert.deepEqual([await old.read(), await old.read()], [1, 2]);
    const fresh = createRecent(async () => ++asked, options);
    assert.equal(await fresh.read(), 3);
    fresh.forget();
    assert.equal(await fresh.read(), 4);
  });

  test("an answer to a question from before it was told to forget is not taken for fresh", async () => {
    const answers: ((value: string) => void)[] = [];
    const recent = createRecent(() => new Promise<string>((resolve) => answers.push(resolve)), {
      ...options,
      timeoutMs: 5000,
    });
    const before = recent.read();
    recent.forget();
    const after = recent.read();
    answers[1]?.("new");
    answers[0]?.("old");
    assert.deepEqual([await before, await after], ["old", "new"]);
    const again = recent.read();
    answers[2]?.("newest");
    assert.equal(await again, "newest");
  });

  test("gives the last answer while the next one is late, and fails where there is none", async () => {
    let late = false;
    const recent = createRecent(() => (late ? never<string>() : Promise.resolve("held")), {
      ...options,
      freshMs: -1,
    });
    assert.equal(await recent.read(), "held");
    late = true;
    assert.equal(await recent.read(), "held");
    await assert.rejects(createRecent(never, options).read(), { code: "STORE_TIMEOUT" });
  });

  test("a failure is told, not remembered", async () => {
    let asked = 0;
    const recent = createRecent(async () => {
      asked++;
      if (asked === 1) throw new Error("down");
      return asked;
    }, options);
    await assert.rejects(recent.read(), /down/);
    assert.equal(await recent.read(), 2);
  });
});
