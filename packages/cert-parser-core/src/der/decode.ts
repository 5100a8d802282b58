/**
 * The only door to `@peculiar/asn1-schema`: whole input, our limits, our errors.
 *
 * @module
 */

import { AsnConvert } from "@peculiar/asn1-schema";
import { CertParserError } from "../errors.ts";
import { expectWithinBytes, type Limits } from "../limits.ts";
import { expectEnd, readElement } from "./reader.ts";

/** Decodes exactly one DER value. `label` names it in errors, for example `"Certificate"`. */
export function decode<T>(der: Uint8Array, schema: new () => T, label: string, limits: Limits): T {
  expectWithinBytes(der, limits);
  // asn1js ignores what follows the first element; a trust anchor must not carry passengers.
  expectEnd(readElement(der).end, der.length, label);
  try {
    return AsnConvert.parse(der, schema, {
      berOptions: {
        maxDepth: limits.maxDepth,
        maxNodes: limits.maxElements,
        maxContentLength: limits.maxBytes,
      },
    });
  } catch (cause) {
    throw new CertParserError("DER_SYNTAX", `not a ${label} to the schema`, {
      offset: 0,
      path: label,
      cause,
    });
  }
}
