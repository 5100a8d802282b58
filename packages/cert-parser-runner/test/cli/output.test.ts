import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { describe, test } from "node:test";
import { createOutput } from "../../src/cli/output.ts";

describe("createOutput", () => {
  test("waits for a reader who is slow", async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const out = createOutput(stream);
    let written = false;
    const writing = out.write("longer than the buffer").then(() => {
      written = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(written, false);
    stream.resume();
    await writing;
  });

  test("flushes what was written before it resolves", async () => {
    const arrived: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        setTimeout(() => {
          arrived.push(String(chunk));
          done();
        }, 10);
      },
    });
    const out = createOutput(stream);
    await out.write("one");
    await out.write("two");
    await out.flush();
    assert.equal(arrived.join(""), "onetwo");
  });

  /** A stream whose writes fail. */
  const failing = (code: string) =>
    new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
    });

  test("is closed, and does not fail, once the reader has gone", async () => {
    const out = createOutput(failing("EPIPE"));
    await out.write("into the void");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(out.closed, true);
    await out.write("more");
    await out.flush();
  });

  test("a writer who waits is let go when the reader goes", async () => {
    const stream = new PassThrough({ highWaterMark: 1 });
    const out = createOutput(stream);
    const writing = out.write("longer");
    stream.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    await writing;
    assert.equal(out.closed, true);
  });

  test("tells of a disk that is full", async () => {
    const out = createOutput(failing("ENOSPC"));
    await out.write("lost").catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await assert.rejects(out.flush(), { code: "ENOSPC" });
  });
});
