/**
 * Rarities of names, times, serial numbers and of the frame around them.
 *
 * @module
 */

import { concat, indefiniteElement } from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import { timeValue } from "../asn1/time.ts";
import type * as ext from "../x509/extension.ts";
import { encodeName, type NameAttribute, type NameInput } from "../x509/name.ts";
import { drawBytes } from "./random.ts";
import type { Rarity } from "./rarity.ts";

/** The table. */
export const certificateRarities: readonly Rarity[] = [
  {
    id: "bmp-string",
    description: "commonName as BMPString",
    change: () => ({ subject: nameWith({ type: "CN", value: "CSCA Ξ", string: "bmpString" }) }),
  },
  {
    id: "universal-string",
    description: "commonName as UniversalString, which RFC 5280, 4.1.2.4 leaves to old certificates",
    change: () => ({ subject: nameWith({ type: "CN", value: "CSCA Ξ", string: "universalString" }) }),
  },
  {
    id: "ia5-string",
    description: "commonName as IA5String, which no DirectoryString may be (RFC 5280, 4.1.2.4)",
    change: () => ({ subject: nameWith({ type: "CN", value: "CSCA XA", string: "ia5String" }) }),
  },
  {
    id: "printable-string-charset",
    description: "commonName as PrintableString with an at sign and an underscore, which it cannot hold",
    change: () => ({
      subject: nameWith({ type: "CN", value: "csca_xa@xa.example", string: "printableString" }),
    }),
  },
  {
    id: "country-utf8-string",
    description: "countryName as UTF8String, as the German Deviation List of 2018 tells of its DSCs",
    change: () => ({
      subject: [
        { ...country, string: "utf8String" },
        { type: "CN", value: "CSCA XA" },
      ],
    }),
  },
  {
    id: "multi-valued-rdn",
    description: "an RDN of two attributes",
    change: () => ({
      subject: [
        country,
        [
          { type: "O", value: "Government of XA" },
          { type: "CN", value: "CSCA XA" },
        ],
      ],
    }),
  },
  {
    id: "issuer-order",
    description: "the subject's RDNs in another order in the issuer, for which gmrtd compares names loosely",
    change: ({ subject }) => ({ issuer: subject instanceof Uint8Array ? subject : subject.toReversed() }),
  },
  {
    id: "serial-too-long",
    description: "a serial number of 21 octets, against RFC 5280, 4.1.2.2",
    change: () => ({ serialNumber: concat(Uint8Array.of(0x52), drawBytes("serial-too-long", 20)) }),
  },
  {
    id: "serial-not-minimal",
    description: "a serial number with an octet too many in front, against X.690, 8.3.2",
    change: () => ({ serialNumber: concat(Uint8Array.of(0, 0x52), drawBytes("serial-not-minimal", 7)) }),
  },
  {
    id: "version-1",
    description: "an X.509 certificate of version 1, without extensions",
    change: () => ({ version: 0, extensions: [] }),
  },
  {
    id: "unique-identifiers",
    description: "issuerUniqueID and subjectUniqueID, which Doc 9303-12, Table 5 prohibits",
    change: () => ({
      issuerUniqueId: drawBytes("unique-identifiers/issuer", 8),
      subjectUniqueId: drawBytes("unique-identifiers/subject", 8),
    }),
  },
  {
    id: "signature-unused-bits",
    description: "a signature whose last four bits are said not to count",
    change: () => ({ signatureUnusedBits: 4 }),
  },
  {
    id: "utc-time-without-seconds",
    description: "notBefore as UTCTime without seconds, against RFC 5280, 4.1.2.5.1",
    change: () => ({ notBefore: { value: "2025-07-01T10:30:00Z", form: "utcTime", text: "2507011030Z" } }),
  },
  {
    id: "utc-time-with-offset",
    description: "notBefore as UTCTime with an offset from UTC, against RFC 5280, 4.1.2.5.1",
    change: () => ({
      notBefore: { value: "2025-07-01T08:30:00Z", form: "utcTime", text: "250701103000+0200" },
    }),
  },
  {
    id: "generalized-time-fraction",
    description: "notAfter as GeneralizedTime with a fraction of a second, against RFC 5280, 4.1.2.5.2",
    change: () => ({
      notAfter: { value: "2051-07-05T16:17:38Z", form: "generalizedTime", text: "20510705161738.5Z" },
    }),
  },
  {
    id: "validity-reversed",
    description: "notAfter before notBefore",
    change: ({ notBefore, notAfter }) => ({ notBefore: timeValue(notAfter), notAfter: timeValue(notBefore) }),
  },
  {
    id: "boolean-not-ff",
    description: "every BOOLEAN that is true written as 01, against X.690, 11.1",
    change: ({ extensions = [] }) => ({
      extensions: extensions.map((extension) =>
        extension.oid === oids.idCeBasicConstraints ? withTrueAs01(extension) : extension,
      ),
      changeTbs: withCriticalAs01,
    }),
  },
];

/** Those that are no DER inside, though their outermost element is: each with what is wrong. */
export const notDer: readonly Rarity[] = [
  {
    id: "length-not-minimal",
    description: "a length in more octets than it needs, against X.690, 10.1",
    change: ({ subject }) => ({ subject: withLongLength(encodeName(subject)) }),
  },
  {
    id: "length-indefinite",
    description: "an indefinite length, against X.690, 10.1",
    change: ({ subject }) => ({ subject: indefiniteElement(0x30, encodeName(subject).subarray(2)) }),
  },
];

function nameWith(commonName: NameAttribute): NameInput {
  return [country, commonName];
}

/** The same element with its length in the long form, though it is short. */
function withLongLength(name: Uint8Array): Uint8Array {
  const content = name.subarray(2);
  return concat(Uint8Array.of(0x30, 0x81, content.length), content);
}

function withTrueAs01(extension: ext.Extension): ext.Extension {
  return { ...extension, value: replaceAll(extension.value, "0101ff", "010101") };
}

/** `critical TRUE` stands before the OCTET STRING of the value. */
function withCriticalAs01(tbsCertificate: Uint8Array): Uint8Array {
  return replaceAll(tbsCertificate, "0101ff04", "01010104");
}

function replaceAll(bytes: Uint8Array, pattern: string, replacement: string): Uint8Array {
  return new Uint8Array(
    Buffer.from(Buffer.from(bytes).toString("hex").replaceAll(pattern, replacement), "hex"),
  );
}

const country: NameAttribute = { type: "C", value: "XA" };
