/**
 * Extensions that only CRLs and their entries have (RFC 5280, 5.2 and 5.3), with their usual criticality.
 *
 * @module
 */

import {
  boolean,
  contextConstructed,
  contextPrimitive,
  element,
  integer,
  objectIdentifier,
  sequence,
  Tag,
} from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import { timeValue } from "../asn1/time.ts";
import { type Extension, rawExtension } from "./extension.ts";
import { encodeName, type NameInput } from "./name.ts";

/** deltaCRLIndicator, critical: the number of the CRL that the delta goes on top of. */
export function deltaCrlIndicator(baseNumber: bigint | number): Extension {
  return rawExtension(oids.idCeDeltaCrlIndicator, integer(baseNumber), true);
}

/** issuingDistributionPoint, critical, with a full name and any of its flags. */
export function issuingDistributionPoint(options: {
  readonly uri?: string;
  readonly onlyContainsUserCerts?: boolean;
  readonly onlyContainsCaCerts?: boolean;
  readonly indirectCrl?: boolean;
}): Extension {
  const { uri, onlyContainsUserCerts, onlyContainsCaCerts, indirectCrl } = options;
  const point = uri === undefined ? [] : [contextConstructed(0, contextConstructed(0, uriName(uri)))];
  const flag = (number: number, value = false) =>
    value ? [contextPrimitive(number, boolean(true).subarray(2))] : [];
  const value = sequence(
    ...point,
    ...flag(1, onlyContainsUserCerts),
    ...flag(2, onlyContainsCaCerts),
    ...flag(4, indirectCrl),
  );
  return rawExtension(oids.idCeIssuingDistributionPoint, value, true);
}

/** certificateIssuer of an entry in an indirect CRL, critical. */
export function certificateIssuer(issuer: NameInput): Extension {
  // directoryName is [4] EXPLICIT, since Name is a CHOICE.
  const names = sequence(contextConstructed(4, encodeName(issuer)));
  return rawExtension(oids.idCeCertificateIssuer, names, true);
}

/** invalidityDate of an entry. */
export function invalidityDate(time: string): Extension {
  const digits = timeValue(time).replaceAll(/[-:TZ]/g, "");
  return rawExtension(oids.idCeInvalidityDate, element(Tag.generalizedTime, Buffer.from(`${digits}Z`)));
}

/** holdInstructionCode of an entry (RFC 3280, 5.3.2), by its dotted OID. */
export function holdInstructionCode(instruction: string): Extension {
  return rawExtension(oids.idCeHoldInstructionCode, objectIdentifier(instruction));
}

function uriName(uri: string): Uint8Array {
  return contextPrimitive(6, Buffer.from(uri, "latin1"));
}
