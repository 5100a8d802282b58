/**
 * The readers of LDIF that are compared: ours to records, and the least that anything must do that reads the same stream.
 *
 * @module
 */

import { createReadStream } from "node:fs";
import { readBundle, toCertificateRecord } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";

/** Reads a file and gives how many certificates were in it. */
export type LdifReader = (file: string) => Promise<number>;

/** By the names that the table shows. */
export const ldifReaders: Readonly<Record<string, LdifReader>> = {
  "cert-parser-core": async (file) => {
    const bundle = await readBundle(createReadStream(file), { sha256 });
    let records = 0;
    for (const { certificates } of bundle.objects) {
      for (const certificate of certificates) if (toCertificateRecord(certificate).bytes > 0) records++;
    }
    return records;
  },
  "lines and base64 alone": async (file) => {
    const values: Buffer[] = [];
    for await (const line of unfoldedLines(file)) {
      const at = line.indexOf(":: ");
      if (at > 0) values.push(Buffer.from(line.slice(at + 3), "base64"));
    }
    return values.length;
  },
};

async function* unfoldedLines(file: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(file, "latin1")) {
    const lines = (rest + chunk).replaceAll("\n ", "").split("\n");
    // A line may go on in the next chunk, and the next line of the file too.
    rest = lines.pop() ?? "";
    rest = `${lines.pop() ?? ""}\n${rest}`;
    yield* lines;
  }
  yield* rest.split("\n");
}
