/**
 * `inspect --ndjson`: one JSON record a line.
 *
 * @module
 */

import {
  type Bundle,
  describeCertificate,
  isDeviationList,
  toCrlRecord,
  toDeviationRecord,
} from "cert-parser-core";
import { certificatesOf, crlsOf } from "./bundle-parts.ts";

/** A line for each certificate; with `all`, those of the envelope, and one for each CRL and deviation. */
export function* recordLines(bundle: Bundle, all: boolean): Generator<string> {
  let position = 0;
  for (const certificate of certificatesOf(bundle, all)) {
    yield line({ ...describeCertificate(certificate), position: position++ });
  }
  if (!all) return;
  position = 0;
  for (const crl of crlsOf(bundle)) yield line({ ...toCrlRecord(crl), position: position++ });
  for (const object of bundle.objects) {
    if (!isDeviationList(object)) continue;
    const { origin = null } = object;
    for (const deviation of object.deviations) yield line({ ...toDeviationRecord(deviation), origin });
  }
}

function line(record: object): string {
  return `${JSON.stringify(record)}\n`;
}
