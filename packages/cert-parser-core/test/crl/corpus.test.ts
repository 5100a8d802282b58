import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import {
  CertParserError,
  parseRevocationList,
  revokedCertificateRecords,
  toCrlRecord,
  toHex,
} from "cert-parser-core";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";
import { outcomeOf } from "../outcome.ts";
import { readTar } from "../tar.ts";

interface Expected {
  readonly file: string;
  readonly entries: number;
  readonly thisUpdate: Date;
}

const expectations: readonly Expected[] = corpusAbsent
  ? []
  : new TextDecoder()
      .decode(readCorpus("expected/crl.tsv"))
      .trim()
      .split("\n")
      .map((line) => {
        const [file = "", , entries = "", thisUpdate = ""] = line.split("\t");
        return { file, entries: Number(entries), thisUpdate: openSslTime(thisUpdate) };
      });

// What this library says of each: its scope, then the codes of its findings, those in its entries among them.
const wellKnown: Readonly<Record<string, readonly string[]>> = {
  "CN.crl": ["full"],
  "DE.crl": ["full", "ALGORITHM_PARAMETERS"],
  "GB.crl": ["full"],
  "delta.crl": ["delta"],
  "large-25219.crl": ["full", "NAME_STRING"],
  "v1-minimal.crl": [
    "full",
    "VERSION_UNEXPECTED",
    "COUNTRY_ABSENT",
    "TIME_FORM",
    "CRL_NEXT_UPDATE_ABSENT",
    "TIME_FORM",
  ],
};

// The same where a CRL has one defect; without a country, or without a common name, are those made of the least there is.
const oneDefect: Readonly<Record<string, readonly string[]>> = {
  "crl.delta.der": ["delta", "EXTENSION_CRITICALITY"],
  "crl.empty.der": ["full", "COMMON_NAME_ABSENT", "COUNTRY_ABSENT"],
  "crl.entry.empty.ext.seq.der": ["full", "EXTENSION_EMPTY"],
  "crl.entry.invalid.reason.der": ["partial", "EXTENSION_MALFORMED"],
  "crl.entry.invalidity.date.der": ["partial", "TIME_FORM"],
  "crl.entry.issuer.ext.der": ["unknown", "EXTENSION_CRITICALITY", "EXTENSION_MALFORMED"],
  "crl.entry.unknown.crit.ext.der": ["unknown", "EXTENSION_CRITICALITY"],
  "crl.idp.explicit.false.bool.der": [
    "partial",
    "COUNTRY_ABSENT",
    "DEFAULT_ENCODED",
    "CRL_AUTHORITY_KEY_ABSENT",
  ],
  "crl.idp.indirect_crl.der": ["indirect", "COUNTRY_ABSENT", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.invalid.bool.der": ["partial", "COUNTRY_ABSENT", "BOOLEAN_NOT_DER", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.invalid.name.der": [
    "unknown",
    "COUNTRY_ABSENT",
    "EXTENSION_MALFORMED",
    "CRL_AUTHORITY_KEY_ABSENT",
  ],
  "crl.idp.name_relative_to_issuer.der": ["partial", "COUNTRY_ABSENT", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.no_distribution_point_name.der": ["partial", "COUNTRY_ABSENT", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.only_attribute_certs.der": ["partial", "COUNTRY_ABSENT", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.only_ca_certs.der": ["partial", "COUNTRY_ABSENT", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.only_some_reasons.der": ["partial", "COUNTRY_ABSENT", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.only_user_certs.der": ["partial", "COUNTRY_ABSENT", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.unknown.tag.der": ["unknown", "COUNTRY_ABSENT", "EXTENSION_MALFORMED", "CRL_AUTHORITY_KEY_ABSENT"],
  "crl.idp.valid.der": ["partial"],
  "crl.invalid.this.update.time.der": [
    "full",
    "COMMON_NAME_ABSENT",
    "COUNTRY_ABSENT",
    "TIME_FORM",
    "CRL_NEXT_UPDATE_ABSENT",
  ],
  "crl.mismatched.sigalg.der": ["partial", "SIGNATURE_ALGORITHM_MISMATCH"],
  "crl.missing.exts.der": ["full", "CRL_AUTHORITY_KEY_ABSENT", "CRL_NUMBER"],
  "crl.missing.next.update.der": ["partial", "CRL_NEXT_UPDATE_ABSENT"],
  "crl.negative.crl.number.der": ["full", "COMMON_NAME_ABSENT", "COUNTRY_ABSENT", "CRL_NUMBER"],
  "crl.negative.serial.der": ["partial", "SERIAL_NEGATIVE"],
  "crl.no.entry.exts.der": ["partial"],
  "crl.too.long.crl.number.der": ["partial", "CRL_NUMBER"],
  "crl.topbit.serial.der": ["partial"],
  "crl.unknown.crit.ext.der": ["unknown", "EXTENSION_CRITICALITY"],
  "crl.valid.der": ["partial"],
  "crl.wrong.version.der": ["partial", "VERSION_UNEXPECTED"],
};

describe("CRLs of the corpus", { skip: corpusAbsent }, () => {
  for (const { file, entries, thisUpdate } of expectations) {
    test(`${file} has the ${entries} entries and the thisUpdate that OpenSSL reads`, () => {
      const crl = parseRevocationList(readCorpus(`crl/${file}`));
      assert.equal(crl.revokedCertificateCount, entries);
      assert.equal(crl.thisUpdate.getTime(), thisUpdate.getTime());
      assert.equal([...crl.revokedCertificates].length, entries);
    });
  }

  test("the list of expectations covers every file", () => {
    const files = [
      ...corpusFiles("crl"),
      ...corpusFiles("crl/one-defect").map((file) => `one-defect/${file}`),
    ];
    assert.deepEqual(expectations.map(({ file }) => file).toSorted(), files.toSorted());
  });

  for (const [folder, table] of [
    ["crl", wellKnown],
    ["crl/one-defect", oneDefect],
  ] as const) {
    for (const [file, expected] of Object.entries(table)) {
      test(`${folder}/${file} is ${expected.join(", ")}`, () => {
        const { scope, findings } = parseRevocationList(readCorpus(`${folder}/${file}`));
        assert.deepEqual([scope, ...findings.map(({ code }) => code)], expected);
      });
    }

    test(`the table of ${folder} covers every file`, () => {
      assert.deepEqual(Object.keys(table), corpusFiles(folder));
    });
  }

  test("Macao's authority key identifier says all three things that it may", () => {
    const record = toCrlRecord(parseRevocationList(readCorpus("crl/CN.crl")));
    assert.equal(record.authorityKeyIdentifier, "78ef4471335459e698ad94b175b927be4749f03d");
    assert.deepEqual(record.authorityKey, {
      keyIdentifier: record.authorityKeyIdentifier,
      authorityCertIssuer: [{ type: "directoryName", value: record.issuer }],
      authorityCertSerialNumber: "5f",
    });
  });

  test("a delta CRL says which CRL it goes on top of, and where it is published", () => {
    const record = toCrlRecord(parseRevocationList(readCorpus("crl/delta.crl")));
    assert.deepEqual([record.crlNumber, record.baseCrlNumber], ["04fd", "04f7"]);
    assert.deepEqual(record.issuingDistributionPoint?.fullName, [
      {
        type: "uniformResourceIdentifier",
        value: "http://pki.cartaodecidadao.pt/publico/lrc/cc_sub-ec_cidadao_assinatura_crl0018_p0008.crl",
      },
    ]);
  });

  test("every entry of the 25,219 is found by its serial number, and is the one that was asked for", () => {
    const crl = parseRevocationList(readCorpus("crl/large-25219.crl"));
    let position = 0;
    for (const { serialNumber, revocationDate } of crl.revokedCertificates) {
      if (position++ % 1000 !== 0) continue;
      const found = crl.findRevoked(serialNumber);
      assert.equal(toHex(found?.serialNumber ?? new Uint8Array()), toHex(serialNumber));
      assert.deepEqual(found?.revocationDate, revocationDate);
    }
    assert.equal(crl.findRevoked(new Uint8Array(19)), undefined);
  });

  test("25,219 entries are read twice alike, each with its own serial number", () => {
    const crl = parseRevocationList(readCorpus("crl/large-25219.crl"));
    const first = [...revokedCertificateRecords(crl)];
    assert.equal(first.length, 25_219);
    assert.equal(new Set(first.map(({ serialNumber }) => serialNumber)).size, 25_219);
    assert.deepEqual([...revokedCertificateRecords(crl)], first);
  });

  test("a negative serial number keeps its octets", () => {
    const [entry] = parseRevocationList(
      readCorpus("crl/one-defect/crl.negative.serial.der"),
    ).revokedCertificates;
    assert.ok(
      entry && (entry.serialNumber[0] as number) >= 0x80,
      toHex(entry?.serialNumber ?? new Uint8Array()),
    );
  });

  test("a CRL of version 1 without nextUpdate has none", () => {
    const { version, nextUpdate } = parseRevocationList(readCorpus("crl/v1-minimal.crl"));
    assert.deepEqual([version, nextUpdate], [1, undefined]);
  });
});

describe("688 CRLs of a fuzz corpus", { skip: corpusAbsent }, () => {
  // OpenSSL reads 617 of them, of which 607 are refused here: BER where X.509 is signed over DER, or no time in thisUpdate.
  const outcomes = new Map<string, number>();
  const files = corpusAbsent
    ? []
    : readTar(new Uint8Array(gunzipSync(readCorpus("malformed/malformed.tar.gz")))).filter(({ name }) =>
        name.startsWith("./crl/"),
      );
  for (const { bytes } of files) {
    const read = outcomeOf(() => parseRevocationList(bytes));
    const outcome = read instanceof CertParserError ? `${read.code} ${read.path ?? read.message}` : "read";
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  test("are read where they are DER and tell the time, and refused for that where they are not", () => {
    assert.deepEqual(
      [...outcomes].toSorted(([, a], [, b]) => b - a),
      [
        ["DER_SYNTAX indefinite length is not DER", 665],
        ["read", 10],
        ["DER_SYNTAX TBSCertList.thisUpdate", 8],
        ["DER_LENGTH length is not in its shortest form", 3],
        ["DER_SYNTAX CertificateList.tbsCertList", 1],
        ["DER_SYNTAX high tag numbers are not used by X.509 or CMS", 1],
      ],
    );
  });

  test("one among them, a real one, has 72 entries whose dates have no Z", () => {
    const file = files.find(({ name }) => name.endsWith("/7ddb700cdb2f24e1f80ce72b953f8935c6307530"));
    assert.ok(file);
    const crl = parseRevocationList(file.bytes);
    const [first] = crl.revokedCertificates;
    assert.equal(crl.revokedCertificateCount, 72);
    assert.equal(first?.revocationDate.toISOString(), "2016-07-02T00:00:00.000Z");
    assert.deepEqual(
      crl.findings.flatMap(({ code, message }) => (code === "TIME_FORM" ? [message] : [])),
      [
        'TBSCertList.revokedCertificates.revocationDate is not in the form of RFC 5280: "160702000000", which has no Z and is taken for UTC (the first of 72 such findings)',
      ],
    );
  });
});

/** `Jul 14 16:00:00 2021 GMT`; years below 1000 are not padded. */
function openSslTime(text: string): Date {
  const [, month = "", day, time, year = ""] = /^(\w{3}) +(\d+) (\S+) (\d+) GMT$/.exec(text) ?? [];
  const number =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].indexOf(month) + 1;
  const digits = (value: number | string | undefined, length: number) => String(value).padStart(length, "0");
  return new Date(`${digits(year, 4)}-${digits(number, 2)}-${digits(day, 2)}T${time}Z`);
}
