/**
 * Certificates, CRLs and their fields as @peculiar's schema objects, to be serialised by it and read back by us.
 *
 * @module
 */

import { AsnConvert, AsnIntegerArrayBufferConverter, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";
import { fromHex } from "cert-parser-core";
import fc from "fast-check";

/** The same examples at each run: a failure is a finding, not a matter of luck. */
export const deterministic: fc.Parameters<unknown> = { seed: 9303, numRuns: 150 };

/** The bytes that @peculiar's serialiser makes of a schema object. */
export function serialise(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}

/** A copy in an ArrayBuffer of its own, as the schema objects hold their octets. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** Dotted OIDs: arcs of all lengths, UUIDs below 2.25 among them. */
export const dottedOid: fc.Arbitrary<string> = fc
  .oneof(
    fc.record({ first: fc.constantFrom(0n, 1n), second: fc.bigInt(0n, 39n) }),
    fc.record({ first: fc.constant(2n), second: fc.bigInt(0n, 1n << 40n) }),
  )
  .chain(({ first, second }) =>
    fc
      .array(fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 1n << 128n)), { minLength: 1, maxLength: 3 })
      .map((rest) => [first, second, ...rest].join(".")),
  );

/** Content octets of an INTEGER in its shortest form, of either sign. */
export const integerOctets: fc.Arbitrary<Uint8Array> = fc
  .uint8Array({ minLength: 1, maxLength: 24 })
  .map(shortestForm);

/** Whole seconds of the years that both forms of Time can tell together. */
export const instant: fc.Arbitrary<Date> = fc
  .date({ min: new Date("1950-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
  .map((date) => new Date(Math.trunc(date.getTime() / 1000) * 1000));

/** A Time in the form that RFC 5280, 4.1.2.5 has for its year. */
export function timeOf(date: Date): x509.Time {
  return date.getUTCFullYear() < 2050
    ? new x509.Time({ utcTime: date })
    : new x509.Time({ generalTime: date });
}

const printable = fc.string({
  unit: fc.constantFrom(..."ABCXYZabcxyz0189 '()+,-./:=?"),
  minLength: 1,
  maxLength: 12,
});
const ascii = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 12 });
const anyText = fc.string({ unit: "binary", minLength: 1, maxLength: 8 });
const basicPlane = fc
  .array(fc.integer({ min: 0x20, max: 0xd7ff }), { minLength: 1, maxLength: 8 })
  .map((codes) => String.fromCharCode(...codes));

/** One string of each type that names have, and what it says. */
export const attributeValue: fc.Arbitrary<readonly [text: string, value: x509.AttributeValue]> = fc.oneof(
  printable.map((text) => [text, new x509.AttributeValue({ printableString: text })] as const),
  ascii.map((text) => [text, new x509.AttributeValue({ ia5String: text })] as const),
  anyText.map((text) => [text, new x509.AttributeValue({ utf8String: text })] as const),
  basicPlane.map((text) => [text, new x509.AttributeValue({ bmpString: text })] as const),
);

/** What a name says, level by level. */
export type NameTexts = readonly (readonly { readonly type: string; readonly text: string }[])[];

/** A name with up to four levels of up to two attributes, and what it says. */
export const name: fc.Arbitrary<{ readonly texts: NameTexts; readonly schema: x509.Name }> = fc
  .array(
    fc.array(
      fc.tuple(fc.oneof(fc.constantFrom("2.5.4.3", "2.5.4.6", "2.5.4.10"), dottedOid), attributeValue),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    { maxLength: 4 },
  )
  .map((rdns) => ({
    texts: rdns.map((rdn) => rdn.map(([type, [text]]) => ({ type, text }))),
    schema: new x509.Name(
      rdns.map(
        (rdn) =>
          new x509.RelativeDistinguishedName(
            rdn.map(([type, [, value]]) => new x509.AttributeTypeAndValue({ type, value })),
          ),
      ),
    ),
  }));

/** An AlgorithmIdentifier with parameters of all kinds, or none. */
export const algorithm: fc.Arbitrary<x509.AlgorithmIdentifier> = fc
  .tuple(dottedOid, fc.constantFrom("", "0500", "3003020101", "06032a0304"))
  .map(([oid, parameters]) =>
    parameters === ""
      ? new x509.AlgorithmIdentifier({ algorithm: oid })
      : new x509.AlgorithmIdentifier({ algorithm: oid, parameters: bufferOf(fromHex(parameters)) }),
  );

/** Extensions of types that nobody knows. */
export const unknownExtension: fc.Arbitrary<x509.Extension> = fc
  .tuple(fc.uint8Array({ maxLength: 16 }), fc.boolean(), fc.nat({ max: 9999 }))
  .map(
    ([value, critical, arc]) =>
      new x509.Extension({
        extnID: `1.3.6.1.4.1.99999.${arc}`,
        critical,
        extnValue: new OctetString(bufferOf(value)),
      }),
  );

/** A keyIdentifier of whatever length. */
export const keyIdentifier: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 1, maxLength: 33 });

/** An extension of this value. */
export function extensionOf(extnID: string, value: unknown, critical: boolean): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(bufferOf(serialise(value))) });
}

/** A certificate of any version, with extensions or without. */
export const certificate: fc.Arbitrary<x509.Certificate> = fc
  .record({
    version: fc.constantFrom(x509.Version.v1, x509.Version.v2, x509.Version.v3),
    serialNumber: integerOctets,
    signature: algorithm,
    issuer: name,
    notBefore: instant,
    notAfter: instant,
    subject: name,
    key: fc.record({ algorithm, octets: fc.uint8Array({ maxLength: 40 }) }),
    extensions: fc.option(fc.array(unknownExtension, { minLength: 1, maxLength: 4 })),
    subjectKeyIdentifier: fc.option(keyIdentifier),
    authorityKeyIdentifier: fc.option(keyIdentifier),
    signatureValue: fc.uint8Array({ maxLength: 40 }),
  })
  .map((fields) => {
    const extensions = [...(fields.extensions ?? [])];
    if (fields.subjectKeyIdentifier) {
      const value = new x509.SubjectKeyIdentifier(bufferOf(fields.subjectKeyIdentifier));
      extensions.push(extensionOf(x509.id_ce_subjectKeyIdentifier, value, false));
    }
    if (fields.authorityKeyIdentifier) {
      const keyIdentifier = new x509.KeyIdentifier(bufferOf(fields.authorityKeyIdentifier));
      const value = new x509.AuthorityKeyIdentifier({ keyIdentifier });
      extensions.push(extensionOf(x509.id_ce_authorityKeyIdentifier, value, false));
    }
    const validity = new x509.Validity();
    validity.notBefore = timeOf(fields.notBefore);
    validity.notAfter = timeOf(fields.notAfter);
    const tbsCertificate = new x509.TBSCertificate({
      version: fields.version,
      serialNumber: bufferOf(fields.serialNumber),
      signature: fields.signature,
      issuer: fields.issuer.schema,
      validity,
      subject: fields.subject.schema,
      subjectPublicKeyInfo: new x509.SubjectPublicKeyInfo({
        algorithm: fields.key.algorithm,
        subjectPublicKey: bufferOf(fields.key.octets),
      }),
    });
    if (extensions.length > 0) tbsCertificate.extensions = new x509.Extensions(extensions);
    return new x509.Certificate({
      tbsCertificate,
      signatureAlgorithm: fields.signature,
      signatureValue: bufferOf(fields.signatureValue),
    });
  });

/** One entry of a CRL, with a reason or without. */
export const revokedCertificate: fc.Arbitrary<x509.RevokedCertificate> = fc
  .record({
    serialNumber: integerOctets,
    revocationDate: instant,
    reason: fc.option(fc.constantFrom(...[0, 1, 2, 3, 4, 5, 6, 8, 9, 10])),
  })
  .map(({ serialNumber, revocationDate, reason }) => {
    const entry = new x509.RevokedCertificate({
      userCertificate: bufferOf(serialNumber),
      revocationDate: timeOf(revocationDate),
    });
    if (reason !== null) {
      entry.crlEntryExtensions = [extensionOf(x509.id_ce_cRLReasons, new x509.CRLReason(reason), false)];
    }
    return entry;
  });

/** A CRL of version 2. */
export const certificateList: fc.Arbitrary<x509.CertificateList> = fc
  .record({
    signature: algorithm,
    issuer: name,
    thisUpdate: instant,
    nextUpdate: fc.option(instant),
    entries: fc.option(fc.array(revokedCertificate, { minLength: 1, maxLength: 5 })),
    crlNumber: fc.option(integerOctets),
    signatureValue: fc.uint8Array({ maxLength: 40 }),
  })
  .map((fields) => {
    const tbsCertList = new x509.TBSCertList({
      version: x509.Version.v2,
      signature: fields.signature,
      issuer: fields.issuer.schema,
      thisUpdate: timeOf(fields.thisUpdate),
    });
    if (fields.nextUpdate) tbsCertList.nextUpdate = timeOf(fields.nextUpdate);
    if (fields.entries) tbsCertList.revokedCertificates = fields.entries;
    if (fields.crlNumber) {
      // The schema's own CRLNumber holds a number, which has 53 bits for 20 octets.
      const number = AsnIntegerArrayBufferConverter.toASN(bufferOf(fields.crlNumber)).toBER();
      tbsCertList.crlExtensions = [
        new x509.Extension({
          extnID: x509.id_ce_cRLNumber,
          critical: false,
          extnValue: new OctetString(number),
        }),
      ];
    }
    return new x509.CertificateList({
      tbsCertList,
      signatureAlgorithm: fields.signature,
      signature: bufferOf(fields.signatureValue),
    });
  });

function shortestForm(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start + 1 < octets.length) {
    const [first, second] = [octets[start] as number, octets[start + 1] as number];
    if (!((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) break;
    start++;
  }
  return octets.subarray(start);
}
