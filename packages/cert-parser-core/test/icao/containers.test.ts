import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  applyDelta,
  type Bundle,
  CertParserError,
  type Limits,
  readBundle,
  summariseBundle,
  toCertificateRecord,
} from "cert-parser-core";
import { zipSync } from "fflate";
import { ascii, base64Lines } from "../ascii.ts";
import { concat, context, integer, oid, sequence, set } from "../der-writer.ts";
import {
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
  unreadableCertificate,
} from "../specimens.ts";

const one = buildCertificate({ serialNumber: integer("01") });
const two = buildCertificate({ serialNumber: integer("02") });
const three = buildCertificate({ serialNumber: integer("03") });
const crl = buildRevocationList();
const list = buildSignedData(buildCscaMasterList(one, two));
const otherList = buildSignedData(buildCscaMasterList(three));

function pem(label: string, der: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${base64Lines(der)}\n-----END ${label}-----\n`;
}

/** A SignedData about nothing, as in a `.p7b` file. */
function certificateBundle(...certificates: readonly Uint8Array[]): Uint8Array {
  const signedData = sequence(
    integer("01"),
    set(),
    sequence(oid("1.2.840.113549.1.7.1")),
    context(0, ...certificates),
    context(1, crl),
    set(),
  );
  return sequence(oid("1.2.840.113549.1.7.2"), context(0, signedData));
}

function entry(dn: string, ...lines: readonly string[]): string {
  return `dn: ${dn}\n${lines.join("\n")}\n\n`;
}

function value(type: string, der: Uint8Array): string {
  return `${type}:: ${base64Lines(der, 76, "\n ")}`;
}

function serialsOf({ objects }: Bundle): readonly string[] {
  return objects.flatMap(({ certificates }) =>
    certificates.map((each) => toCertificateRecord(each).serialNumber),
  );
}

function codesOf({ findings, objects }: Bundle): readonly string[] {
  return [...findings, ...objects.flatMap((object) => object.findings)].map(({ code }) => code);
}

async function* streamOf(bytes: Uint8Array, size = 50): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("readBundle opens", () => {
  const inputs: readonly (readonly [
    what: string,
    input: Uint8Array,
    kind: string,
    serials: string,
    crls: number,
  ])[] = [
    ["a certificate in PEM", ascii(pem("CERTIFICATE", one)), "certificate", "01", 0],
    ["a CRL in PEM", ascii(pem("X509 CRL", crl)), "crl", "", 1],
    ["a list in PEM", ascii(pem("CMS", list)), "master-list", "01 02", 0],
    ["a list in PEM under the older label", ascii(pem("PKCS7", list)), "master-list", "01 02", 0],
    ["a list in PEM under the wrong label", ascii(pem("CERTIFICATE", list)), "master-list", "01 02", 0],
    [
      "several blocks of PEM",
      ascii(pem("CERTIFICATE", one) + pem("X509 CRL", crl) + pem("CERTIFICATE", two)),
      "certificates",
      "01 02",
      1,
    ],
    [
      "a list and a certificate in PEM",
      ascii(pem("CERTIFICATE", three) + pem("CMS", list)),
      "certificates",
      "01 02 03",
      0,
    ],
    [
      "a certificate with what OpenSSL trusts it for",
      ascii(pem("TRUSTED CERTIFICATE", concat(one, sequence()))),
      "certificate",
      "01",
      0,
    ],
    ["a certificate in base64", ascii(base64Lines(one)), "certificate", "01", 0],
    ["a list in base64, in one line", ascii(base64Lines(list, 99_999)), "master-list", "01 02", 0],
    ["a list in base64 after blanks", ascii(`\r\n  ${base64Lines(list)}\r\n`), "master-list", "01 02", 0],
    ["a bare list in base64", ascii(base64Lines(buildCscaMasterList(one))), "bare-master-list", "01", 0],
    ["a bundle of PKCS #7", certificateBundle(one, two), "certificates", "01 02", 1],
    ["a bundle of PKCS #7 in PEM", ascii(pem("PKCS7", certificateBundle(one))), "certificates", "01", 1],
    ["certificates and CRLs one behind the other", concat(one, crl, two), "certificates", "01 02", 1],
    ["a ZIP archive with a list", zipSync({ "GermanMasterList.ml": list }), "zip", "01 02", 0],
    [
      "a ZIP archive of anything",
      zipSync({ a: list, b: one, c: ascii(pem("X509 CRL", crl)) }),
      "zip",
      "01 02 01",
      1,
    ],
    [
      "a ZIP archive in a ZIP archive",
      zipSync({ inner: zipSync({ a: list }), b: ascii(base64Lines(three)) }),
      "zip",
      "01 02 03",
      0,
    ],
    [
      "LDIF with a list",
      ascii(entry("o=ml,c=UT", value("pkdMasterListContent;binary", list))),
      "ldif",
      "01 02",
      0,
    ],
    [
      "LDIF with a list under its older name",
      ascii(entry("o=ml,c=UT", value("CscaMasterListData", list))),
      "ldif",
      "01 02",
      0,
    ],
    [
      "LDIF with lists, certificates and CRLs",
      ascii(
        entry("c=A", value("pkdMasterListContent", list)) +
          entry("c=B", value("userCertificate;binary", three)) +
          entry("c=C", value("certificateRevocationList;binary", crl)),
      ),
      "ldif",
      "01 02 03",
      1,
    ],
    [
      "LDIF with values under names of its own",
      ascii(entry("c=A", value("jpegPhoto", ascii("no")), value("whatever;binary", one))),
      "ldif",
      "01",
      0,
    ],
    [
      "LDIF in a ZIP archive",
      zipSync({ "icaopkd-002.ldif": ascii(entry("c=A", value("pkdMasterListContent", list))) }),
      "zip",
      "01 02",
      0,
    ],
    [
      "LDIF after a byte order mark",
      ascii(`\ufeff${entry("c=A", value("userCertificate", one))}`),
      "ldif",
      "01",
      0,
    ],
  ];
  for (const [what, input, kind, serials, crls] of inputs) {
    test(what, async () => {
      for (const form of [input, streamOf(input)]) {
        const bundle = await readBundle(form);
        const summary = summariseBundle(bundle);
        assert.equal(bundle.kind, kind);
        assert.equal(serialsOf(bundle).join(" "), serials);
        assert.deepEqual([summary.crls, summary.rejected, bundle.byteLength], [crls, [], input.length]);
        assert.deepEqual(codesOf(bundle), []);
      }
    });
  }
});

describe("where something stood", () => {
  test("is told by the label and the offset of a PEM block", async () => {
    const text = `text\n${pem("CERTIFICATE", one)}`;
    const [object] = (await readBundle(ascii(text))).objects;
    assert.deepEqual(object?.certificates[0]?.origin, { name: "CERTIFICATE", offset: 5 });
    assert.equal(object?.certificates[0]?.offset, 0);
  });

  test("is told by the names of the members of archives", async () => {
    const inner = zipSync({ "list.ml": list });
    const [object] = (
      await readBundle(zipSync({ "readme.ml": otherList, "inner.zip": inner }))
    ).objects.slice(1);
    assert.equal(object?.origin?.name, "inner.zip!/list.ml");
    assert.equal(object?.certificates[0]?.origin?.name, "inner.zip!/list.ml");
  });

  test("is told by the DN of an LDIF entry, with what the directory says of it", async () => {
    const text = `version: 1\n\n${entry(
      "cn=A,o=dsc,c=UT",
      "pkdVersion: 17",
      "pkdConformanceCode: ERR:DSC.ISS.34",
      "pkdConformanceCode: WARN:DSC.SAN.14",
      "pkdConformanceText:: w5xiZXI=",
      value("userCertificate;binary", one),
    )}`;
    const [object] = (await readBundle(ascii(text))).objects;
    const [certificate] = object?.certificates ?? [];
    assert.deepEqual(certificate?.foundIn, "ldif");
    assert.deepEqual(certificate?.origin, {
      name: "cn=A,o=dsc,c=UT",
      offset: 12,
      pkd: {
        version: 17,
        conformanceCodes: ["ERR:DSC.ISS.34", "WARN:DSC.SAN.14"],
        conformanceTexts: ["Über"],
      },
    });
  });

  test("counts certificates and CRLs through the file", async () => {
    const text =
      pem("CERTIFICATE", one) +
      pem("CERTIFICATE", unreadableCertificate) +
      pem("X509 CRL", crl) +
      pem("CERTIFICATE", two);
    const [object] = (await readBundle(ascii(text))).objects;
    assert.deepEqual(
      object?.certificates.map(({ index }) => index),
      [0, 2],
    );
    assert.deepEqual(
      object?.rejections.map(({ index, kind }) => [kind, index]),
      [["certificate", 1]],
    );
    assert.equal(object?.crls[0]?.index, 0);
  });
});

describe("each list of a file is an object of its own", () => {
  test("in a ZIP archive, beside one for all that stands by itself in a member", async () => {
    const { objects } = await readBundle(zipSync({ a: list, b: otherList, c: concat(one, crl) }));
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["master-list", "master-list", "certificates"],
    );
    assert.deepEqual(objects[1]?.der, otherList);
  });

  test("in LDIF", async () => {
    const text =
      entry("c=A", value("pkdMasterListContent", list)) +
      entry("c=B", value("userCertificate", one)) +
      entry("c=C", value("pkdMasterListContent", otherList)) +
      entry("c=D", value("userCertificate", two));
    const { objects } = await readBundle(ascii(text));
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["master-list", "master-list", "certificates"],
    );
  });
});

describe("what cannot be read costs itself, not its neighbours:", () => {
  const truncated = list.subarray(0, list.length - 9);
  const inputs: readonly (readonly [
    what: string,
    input: Uint8Array,
    kind: string,
    code: string,
    serials: string,
  ])[] = [
    [
      "a certificate in PEM",
      ascii(pem("CERTIFICATE", unreadableCertificate) + pem("CERTIFICATE", two)),
      "certificate",
      "DER_SYNTAX",
      "02",
    ],
    [
      "a block of PEM that holds nothing like what it says",
      ascii(pem("X509 CRL", ascii("no CRL")) + pem("CERTIFICATE", two)),
      "crl",
      "DER_SYNTAX",
      "02",
    ],
    ["a list in an archive", zipSync({ a: truncated, b: otherList }), "list", "DER_TRUNCATED", "03"],
    [
      "a list in LDIF",
      ascii(
        entry("c=A", value("pkdMasterListContent", truncated)) + entry("c=B", value("userCertificate", two)),
      ),
      "list",
      "DER_TRUNCATED",
      "02",
    ],
    [
      "a certificate in LDIF",
      ascii(
        entry("c=A", value("userCertificate", ascii("none"))) + entry("c=B", value("userCertificate", two)),
      ),
      "certificate",
      "DER_SYNTAX",
      "02",
    ],
    [
      "a certificate in LDIF in plain text",
      ascii(entry("c=A", "userCertificate: MIIB", value("userCertificate", two))),
      "certificate",
      "BASE64_SYNTAX",
      "02",
    ],
    [
      "a certificate of a bundle of PKCS #7",
      certificateBundle(unreadableCertificate, two),
      "certificate",
      "DER_SYNTAX",
      "02",
    ],
  ];
  for (const [what, input, kind, code, serials] of inputs) {
    test(what, async () => {
      const bundle = await readBundle(input);
      const { rejected } = summariseBundle(bundle);
      assert.deepEqual(
        rejected.map((each) => [each.kind, each.reason.code]),
        [[kind, code]],
      );
      assert.ok(rejected[0]?.origin !== undefined || bundle.kind === "certificates");
      assert.equal(serialsOf(bundle).join(" "), serials);
    });
  }

  const skipped: readonly (readonly [what: string, input: Uint8Array, code: string, message: RegExp])[] = [
    [
      "a member that is nothing of this field",
      zipSync({ a: list, "readme.txt": ascii("Read me") }),
      "ARCHIVE_MEMBER_SKIPPED",
      /^readme\.txt was passed over: INPUT_UNRECOGNISED/,
    ],
    [
      "a private key",
      ascii(pem("PRIVATE KEY", ascii("secret")) + pem("CERTIFICATE", one)),
      "PEM_BLOCK_SKIPPED",
      /a private key, which does not belong/,
    ],
    [
      "parameters",
      ascii(pem("EC PARAMETERS", oid("1.2.3")) + pem("CERTIFICATE", one)),
      "PEM_BLOCK_SKIPPED",
      /not read here/,
    ],
    ["bytes behind a certificate", concat(one, ascii("more")), "TRAILING_DATA", /4 bytes follow/],
    [
      "a certificate cut off behind another",
      concat(one, two.subarray(0, 50)),
      "TRAILING_DATA",
      /50 bytes follow/,
    ],
    ["a list behind a certificate", concat(one, list), "TRAILING_DATA", /bytes follow/],
    [
      "a line of LDIF",
      ascii(entry("c=A", "nonsense", value("userCertificate", one))),
      "LDIF_LINE_SKIPPED",
      /no colon/,
    ],
  ];
  for (const [what, input, code, message] of skipped) {
    test(`${what} is a finding`, async () => {
      const bundle = await readBundle(input);
      assert.equal(serialsOf(bundle)[0], "01");
      assert.deepEqual(codesOf(bundle), [code]);
      const findings = [...bundle.findings, ...bundle.objects.flatMap((object) => object.findings)];
      assert.match(findings[0]?.message ?? "", message);
    });
  }

  test("a million bad lines are one finding that says how many", async () => {
    const bundle = await readBundle(
      ascii(`${entry("c=A", value("userCertificate", one))}${"x\n".repeat(1000)}`),
    );
    assert.deepEqual(codesOf(bundle), ["LDIF_LINE_SKIPPED"]);
    assert.match(bundle.findings[0]?.message ?? "", /1000/);
  });

  test("what stands there twice is a finding", async () => {
    const text =
      pem("CERTIFICATE", one) + pem("X509 CRL", crl) + pem("CERTIFICATE", one) + pem("X509 CRL", crl);
    assert.deepEqual(codesOf(await readBundle(ascii(text))), ["DUPLICATE_CERTIFICATE", "DUPLICATE_CRL"]);
  });
});

describe("a file in which nothing was found is refused, with a word on what it is:", () => {
  const inputs: readonly (readonly [what: string, input: Uint8Array, message: RegExp])[] = [
    [
      "LDIF of entries without values",
      ascii(`version: 1\n\n${entry("c=A", "c: A")}${entry("c=B", "c: B")}`),
      /LDIF of 2 records, none/,
    ],
    ["an empty archive", zipSync({}), /empty ZIP archive/],
    [
      "an archive of other files",
      zipSync({ "a.txt": ascii("a"), "b.txt": ascii("b") }),
      /ZIP archive of 2 members, none .*a\.txt/,
    ],
    ["PEM of keys", ascii(pem("PRIVATE KEY", ascii("secret"))), /PEM of another kind.*private key/],
    ["PEM that is cut off", ascii("-----BEGIN CERTIFICATE-----\nMIIB"), /PEM.*no -----END/],
    [
      "a bundle of PKCS #7 without certificates",
      sequence(
        oid("1.2.840.113549.1.7.2"),
        context(0, sequence(integer("01"), set(), sequence(oid("1.2.840.113549.1.7.1")), set())),
      ),
      /carries no content/,
    ],
  ];
  for (const [what, input, message] of inputs) {
    test(what, async () => {
      await assert.rejects(readBundle(input), (error) => {
        assert.ok(error instanceof CertParserError);
        assert.ok(error.code === "INPUT_UNRECOGNISED" || error.code === "CMS_CONTENT_MISSING", error.code);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe("limits", () => {
  const nested = (depth: number): Uint8Array => (depth === 0 ? list : zipSync({ inner: nested(depth - 1) }));
  const rows: readonly (readonly [
    what: string,
    limits: Partial<Limits>,
    fits: Uint8Array,
    exceeds: Uint8Array,
  ])[] = [
    ["bytes of what is held", { maxBytes: list.length }, list, concat(list, integer("00"))],
    ["archives in archives", { maxArchiveDepth: 2 }, nested(2), nested(3)],
    ["members", { maxEntries: 2 }, zipSync({ a: list, b: one }), zipSync({ a: list, b: one, c: two })],
    [
      "blocks of PEM",
      { maxEntries: 1 },
      ascii(pem("CERTIFICATE", one)),
      ascii(pem("CERTIFICATE", one).repeat(2)),
    ],
    ["certificates of a bundle", { maxCertificates: 1 }, certificateBundle(one), certificateBundle(one, two)],
    ["certificates one behind the other", { maxCertificates: 1 }, one, concat(one, two)],
    [
      "bytes of LDIF",
      { maxStreamBytes: 2000, maxBytes: 100 },
      ascii(entry("c=A", value("userCertificate", one))),
      ascii(`${entry("c=A", value("userCertificate", one))}${"#\n".repeat(1000)}`),
    ],
    [
      "attributes of LDIF",
      { maxEntries: 1 },
      ascii(entry("c=A", value("userCertificate", one))),
      ascii(entry("c=A", value("userCertificate", one)).repeat(2)),
    ],
    [
      "growth of archives",
      { maxExpansionRatio: 1 },
      zipSync({ a: list }),
      zipSync({ a: list, b: new Uint8Array(9000) }),
    ],
  ];
  const bad = pem("CERTIFICATE", unreadableCertificate);
  const badList = list.subarray(0, list.length - 9);
  const unreadable: readonly (readonly [what: string, fits: Uint8Array, exceeds: Uint8Array])[] = [
    [
      "PEM",
      ascii(bad + pem("CERTIFICATE", one)),
      ascii(bad + pem("A", one.subarray(0, 9)) + pem("CERTIFICATE", one)),
    ],
    ["an archive", zipSync({ a: badList, b: one }), zipSync({ a: badList, b: one, c: ascii("text") })],
    [
      "LDIF",
      ascii(entry("c=A", value("userCertificate", unreadableCertificate), value("userCertificate", one))),
      ascii(
        entry(
          "c=A",
          value("userCertificate", unreadableCertificate),
          "userCertificate:: !",
          value("userCertificate", one),
        ),
      ),
    ],
  ];
  for (const [what, fits, exceeds] of unreadable) {
    test(`parts that cannot be read are counted through all of ${what}`, async () => {
      const limits = { maxRejections: 1 };
      await readBundle(fits, { limits });
      await assert.rejects(readBundle(exceeds, { limits }), { code: "LIMIT_EXCEEDED" });
    });
  }

  for (const [what, limits, fits, exceeds] of rows) {
    test(`${what}: the limit fires one over it`, async () => {
      await readBundle(fits, { limits });
      await assert.rejects(readBundle(exceeds, { limits }), { code: "LIMIT_EXCEEDED" });
      await assert.rejects(readBundle(streamOf(exceeds), { limits }), { code: "LIMIT_EXCEEDED" });
    });
  }
});

describe("a CMS that carries nothing is no bundle of certificates", () => {
  const emptied = buildSignedData(buildCscaMasterList(one), {
    eContent: concat(),
    certificates: context(0, two),
  });
  test("where a list was taken out of it: its envelope must not pass for the list", async () => {
    await assert.rejects(readBundle(emptied), { code: "CMS_CONTENT_MISSING" });
  });

  test("where it is a SignedData without its ContentInfo", async () => {
    const naked = sequence(
      integer("03"),
      set(sequence(oid("2.16.840.1.101.3.4.2.1"))),
      sequence(oid("1.2.3")),
      set(),
    );
    await assert.rejects(readBundle(naked), { code: "DER_SYNTAX" });
  });
});

describe("readBundle wants bytes:", () => {
  for (const input of [null, undefined, "text", 1, [one]]) {
    test(`${JSON.stringify(input)?.slice(0, 20)} is a mistake of the caller`, async () => {
      await assert.rejects(readBundle(input as unknown as Uint8Array), TypeError);
    });
  }

  test("so are chunks of text", async () => {
    async function* texts() {
      yield "dn: c=UT";
    }
    await assert.rejects(readBundle(texts() as unknown as AsyncIterable<Uint8Array>), TypeError);
  });
});

describe("LDIF of ICAO's directory", () => {
  const collection = ascii(
    `version: 1\n\n${entry("cn=1,c=UT", "pkdVersion: 3", value("userCertificate;binary", one))}${entry(
      "cn=2,c=UT",
      "pkdVersion: 5",
      value("userCertificate;binary", two),
    )}${entry("o=ml,c=UT", "pkdVersion: 5", value("pkdMasterListContent", list))}${entry("cn=crl,c=UT", "pkdVersion: 4", value("certificateRevocationList", crl))}`,
  );
  const modify = (dn: string, ...lines: readonly string[]) => entry(dn, "changetype: modify", ...lines);
  const read = (text: string) => readBundle(ascii(`version: 1\n\n${text}`));
  const apply = async (text: string) => applyDelta(await readBundle(collection), await read(text));
  const serialsAfter = async (text: string) => serialsOf(await apply(text)).join(" ");

  test("is not held when it comes as a stream, and its digest and length are right all the same", async () => {
    const streamed = await readBundle(streamOf(collection));
    const whole = await readBundle(collection);
    assert.equal(streamed.bytes, undefined);
    assert.equal(whole.bytes, collection);
    assert.deepEqual([streamed.sha256, streamed.byteLength], [whole.sha256, whole.byteLength]);
  });

  test("tells its versions; a complete collection may have gaps, since entries leave it", async () => {
    const { directories, findings } = await readBundle(collection);
    assert.deepEqual(directories, [{ records: 4, isDelta: false, versions: [3, 4, 5], changes: [] }]);
    assert.deepEqual(findings, []);
  });

  test("may be an empty delta", async () => {
    for (const text of ["version: 1\n\n", "version: 1\r\n\r\n", "version: 1"]) {
      const bundle = await readBundle(ascii(text));
      assert.deepEqual([bundle.kind, bundle.objects, codesOf(bundle)], ["ldif", [], []]);
    }
  });

  test("has its changes applied in their order", async () => {
    const bundle = await read(
      entry("cn=1,c=UT", "changetype: add", value("userCertificate", one)) +
        entry("cn=2,c=UT", "changetype: add", value("userCertificate", two)) +
        entry("CN = 1, C = ut", "changetype: delete") +
        modify("cn=2,c=UT", "replace: userCertificate;binary", value("userCertificate;binary", three), "-"),
    );
    assert.deepEqual(
      [serialsOf(bundle), bundle.directories[0]?.isDelta, codesOf(bundle)],
      [["03"], true, []],
    );
  });

  test("reports a gap between the versions of a delta", async () => {
    const bundle = await read(
      entry("c=A", "changetype: add", "pkdVersion: 6", value("userCertificate", one)) +
        entry("c=B", "changetype: add", "pkdVersion: 9", value("userCertificate", two)),
    );
    assert.deepEqual(codesOf(bundle), ["PKD_VERSION_GAP"]);
    assert.match(bundle.findings[0]?.message ?? "", /from 6 to 9/);
  });

  test("keeps changes to what it does not hold, for the collection below", async () => {
    const bundle = await read(
      entry("cn=1,c=UT", "changetype: delete") + modify("cn=2,c=UT", "delete: userCertificate", "-"),
    );
    assert.deepEqual(codesOf(bundle), ["LDIF_CHANGE_UNMATCHED"]);
    assert.deepEqual(
      bundle.directories[0]?.changes.map(({ dn, attribute }) => [dn, attribute]),
      [
        ["cn=1,c=UT", null],
        ["cn=2,c=UT", "usercertificate"],
      ],
    );
  });

  const deltas: readonly (readonly [what: string, delta: string, serials: string])[] = [
    ["nothing changes nothing", "", "01 02 01 02"],
    [
      "an entry added",
      entry("cn=3,c=UT", "changetype: add", value("userCertificate", three)),
      "01 02 01 02 03",
    ],
    ["an entry deleted", entry("cn=1,c=UT", "changetype: delete"), "01 02 02"],
    ["a list deleted", entry("o=ml,c=UT", "changetype: delete"), "01 02"],
    [
      "a list replaced",
      modify(
        "o=ml,c=UT",
        "replace: pkdMasterListContent;binary",
        value("pkdMasterListContent;binary", otherList),
        "-",
        "replace: pkdVersion",
        "pkdVersion: 6",
        "-",
      ),
      "03 01 02",
    ],
    ["a value deleted by name", modify("cn=2,c=UT", "delete: userCertificate", "-"), "01 02 01"],
    [
      "a value deleted by value",
      modify("cn=2,c=UT", "delete: userCertificate", value("userCertificate", two), "-"),
      "01 02 01",
    ],
    [
      "another value deleted",
      modify("cn=2,c=UT", "delete: userCertificate", value("userCertificate", three), "-"),
      "01 02 01 02",
    ],
    [
      "a value added",
      modify("cn=2,c=UT", "add: userCertificate", value("userCertificate", three), "-"),
      "01 02 01 02 03",
    ],
    ["another attribute replaced", modify("cn=2,c=UT", "replace: cn", "cn: 2", "-"), "01 02 01 02"],
  ];
  for (const [what, delta, serials] of deltas) {
    test(`a delta on top of a collection: ${what}`, async () =>
      assert.equal(await serialsAfter(delta), serials));
  }

  const partial: readonly (readonly [what: string, changes: string, serials: string, codes: string])[] = [
    [
      "a value to be deleted that cannot be read deletes nothing",
      modify("cn=2,c=UT", "delete: userCertificate", "userCertificate:: !", "-"),
      "02",
      "LDIF_LINE_SKIPPED",
    ],
    [
      "a value to take the place of others that cannot be read leaves them",
      modify("cn=2,c=UT", "replace: userCertificate", "userCertificate:: !", "-"),
      "02",
      "LDIF_LINE_SKIPPED",
    ],
    [
      "a part that nothing ends is told, and the next is carried out",
      modify(
        "cn=2,c=UT",
        "delete: userCertificate",
        "add: userCertificate",
        value("userCertificate", three),
        "-",
      ),
      "03",
      "LDIF_LINE_SKIPPED",
    ],
    [
      "a value to be deleted that is not there is told",
      modify("cn=2,c=UT", "delete: userCertificate", value("userCertificate", three), "-"),
      "02",
      "LDIF_CHANGE_UNMATCHED",
    ],
    [
      "a name that is escaped in another way is the same",
      entry("CN=\\32,c=UT", "changetype: delete"),
      "",
      "",
    ],
  ];
  for (const [what, changes, serials, codes] of partial) {
    test(`within a file, ${what}`, async () => {
      const added = entry("cn=2,c=UT", "changetype: add", value("userCertificate", two));
      const bundle = await read(added + changes);
      assert.equal(serialsOf(bundle).join(" "), serials);
      assert.equal([...new Set(codesOf(bundle))].join(" "), codes);
    });
  }

  test("has the directory's own words changed by a modification", async () => {
    const bundle = await read(
      entry(
        "cn=2,c=UT",
        "changetype: add",
        "pkdVersion: 6",
        "pkdConformanceCode: A",
        "pkdConformanceCode: B",
        value("userCertificate", two),
      ) +
        modify(
          "cn=2,c=UT",
          "replace: pkdVersion",
          "pkdVersion: 7",
          "-",
          "delete: pkdConformanceCode",
          "pkdConformanceCode: A",
          "-",
          "add: pkdConformanceText",
          "pkdConformanceText: text",
          "-",
        ),
    );
    assert.deepEqual(bundle.objects[0]?.certificates[0]?.origin?.pkd, {
      version: 7,
      conformanceCodes: ["B"],
      conformanceTexts: ["text"],
    });
  });

  test("a delta that is not newer than the collection is told", async () => {
    const bundle = await apply(
      entry("cn=3,c=UT", "changetype: add", "pkdVersion: 5", value("userCertificate", three)),
    );
    assert.deepEqual(codesOf(bundle), ["PKD_VERSION_OLD"]);
  });

  test("a delta that says no version has the one that the caller gives", async () => {
    const first = applyDelta(
      await readBundle(collection),
      await read(entry("cn=1,c=UT", "changetype: delete")),
      { version: 6 },
    );
    const second = applyDelta(
      first,
      await read(entry("cn=3,c=UT", "changetype: add", "pkdVersion: 7", value("userCertificate", three))),
    );
    assert.deepEqual([second.directories[0]?.versions, codesOf(second)], [[3, 4, 5, 6, 7], []]);
  });

  test("a change to what the collection does not hold is told", async () => {
    assert.deepEqual(codesOf(await apply(entry("cn=none,c=UT", "changetype: delete"))), [
      "LDIF_CHANGE_UNMATCHED",
    ]);
  });

  test("a delta on top of a collection has the versions of both, and its CRLs", async () => {
    const bundle = await apply(entry("cn=crl,c=UT", "changetype: delete", "pkdVersion: 6"));
    assert.deepEqual(bundle.directories[0]?.versions, [3, 4, 5, 6]);
    assert.equal(summariseBundle(bundle).crls, 0);
    assert.deepEqual(codesOf(bundle), []);
  });

  test("a delta that leaves versions out is told", async () => {
    const bundle = await apply(
      entry("cn=3,c=UT", "changetype: add", "pkdVersion: 8", value("userCertificate", three)),
    );
    assert.deepEqual(codesOf(bundle), ["PKD_VERSION_GAP"]);
    assert.match(bundle.findings[0]?.message ?? "", /from 5 to 8/);
  });

  test("a delta goes on LDIF only", async () => {
    const certificate = await readBundle(one);
    const ldif = await readBundle(collection);
    assert.throws(() => applyDelta(certificate, ldif), TypeError);
    assert.throws(() => applyDelta(ldif, certificate), TypeError);
  });
});
