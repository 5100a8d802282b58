import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readElement } from "../../src/der/reader.ts";
import { createElementTable } from "../../src/x509/element-table.ts";
import { formatName, nameAt } from "../../src/x509/name.ts";

const fromText = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
// C=UT, and C=XX; the third begins with the bytes of the first and goes on.
const ut = fromText("300d310b3009060355040613025554");
const xx = fromText("300d310b3009060355040613025858");

describe("a table of elements, here of names", () => {
  const table = createElementTable(nameAt);
  const read = (bytes: Uint8Array, at = 0) => table.read(bytes, readElement(bytes, at), "Name");

  test("gives the same object for the same bytes, wherever they stand", () => {
    const twice = Uint8Array.from([...ut, ...ut]);
    assert.equal(read(twice, 0), read(twice, ut.length));
    assert.equal(read(ut), read(Uint8Array.from(ut)));
  });

  test("tells other names apart", () => {
    assert.notEqual(read(ut), read(xx));
    assert.deepEqual([formatName(read(ut)), formatName(read(xx))], ["C=UT", "C=XX"]);
  });

  test("tells names apart whose fingerprints are the same", () => {
    // 31 times one more in a byte is one less of 31 in the next.
    const a = fromText("300d310b3009060355040613024142");
    const b = fromText("300d310b3009060355040613024042".replace("4042", `40${(0x42 + 31).toString(16)}`));
    assert.deepEqual(
      [formatName(read(a)), formatName(read(b)), formatName(read(a))],
      ["C=AB", "C=@a", "C=AB"],
    );
  });
});
