import assert from "node:assert/strict";
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import {
  type FixtureFile,
  type FixtureName,
  type FixturePart,
  readCertificates,
  readFixture,
  readManifest,
} from "cert-parser-fixtures";
import { unzipSync } from "fflate";
import { openssl, withoutOpenssl } from "./lists.ts";
import { at, readAll } from "./tlv.ts";

const manifest = readManifest();
const digests = new Map(readCertificates().map(({ name, sha256 }) => [name, sha256]));

describe("PEM and base64", () => {
  const blocks = [
    ...textOf("certificates.pem").matchAll(/-----BEGIN ([^-]+)-----([^-]+)-----END \1-----\r\n/g),
  ];

  test("certificates.pem has the blocks that the manifest names, and a private key", () => {
    const labels = blocks.map(([, label]) => label);
    const { parts = [], skipped = [] } = file("certificates.pem");
    assert.deepEqual(
      labels.filter((label) => !skipped.includes(label ?? "")),
      parts.map(({ origin }) => origin),
    );
    assert.deepEqual(
      labels.filter((label) => skipped.includes(label ?? "")),
      ["PRIVATE KEY"],
    );
    const [[key = ""] = []] = blocks.filter(([, label]) => label === "PRIVATE KEY");
    assert.equal(createPrivateKey(key).asymmetricKeyType, "ec");
  });

  test("certificates.pem holds what the manifest says, in its order", () => {
    const values = blocks
      .filter(([, label]) => label !== "PRIVATE KEY")
      .map(([, , base64 = ""]) => Buffer.from(base64, "base64"));
    assert.deepEqual(values.map(sha256), partDigests("certificates.pem"));
  });

  test("certificates.pem ends every line with CRLF, and has text around its blocks", () => {
    const text = textOf("certificates.pem");
    assert.equal(text.match(/\n/g)?.length, text.match(/\r\n/g)?.length);
    assert.match(text, /^CSCA certificates/);
    assert.match(text, /-----\r\nThe last one was the first\.\r\n$/);
  });

  test("list.b64 and list.pem are signer-alone.ml", () => {
    const list = Buffer.from(readFixture("signer-alone.ml"));
    assert.deepEqual(Buffer.from(textOf("list.b64"), "base64"), list);
    const [, base64 = ""] =
      /^-----BEGIN CMS-----\n([^-]+)-----END CMS-----\n$/.exec(textOf("list.pem")) ?? [];
    assert.deepEqual(Buffer.from(base64, "base64"), list);
  });
});

describe("bundles", () => {
  for (const name of ["bundle.p7b", "bundle-ber.p7b"] as const) {
    test(`openssl finds the certificates of ${name} that the manifest names`, {
      skip: withoutOpenssl,
    }, () => {
      const { stdout } = openssl(readFixture(name), "pkcs7", "-inform", "DER", "-print_certs");
      const found =
        stdout.toString().match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
      const { parts = [] } = file(name);
      const named = parts.flatMap(({ certificate }) => (certificate ? [digests.get(certificate)] : []));
      assert.deepEqual(
        found.map((pem) => sha256(new X509Certificate(pem).raw)),
        named,
      );
    });
  }

  test("bundle.p7b has neither content nor signers, and one certificate of each role", () => {
    const bundle = at(readFixture("bundle.p7b"), 1, 0);
    assert.equal(at(bundle.der, 2).der.toString("hex"), "300b06092a864886f70d010701");
    assert.equal(readAll(bundle.content).at(-1)?.der.toString("hex"), "3100");
    const roles = readCertificates()
      .filter(({ name }) => file("bundle.p7b").parts?.some(({ certificate }) => certificate === name))
      .map(({ role }) => role);
    assert.deepEqual(roles.toSorted(), ["csca", "dl-signer", "dsc", "link", "ml-signer", "vds-signer"]);
  });

  test("bundle-ber.p7b has indefinite lengths, and the CRL that the manifest gives", () => {
    const bytes = Buffer.from(readFixture("bundle-ber.p7b"));
    assert.equal(bytes.subarray(0, 2).toString("hex"), "3080");
    assert.ok(bytes.includes(Buffer.from(readFixture("list.crl"))));
    assert.equal(
      file("bundle-ber.p7b").parts?.at(-1)?.revocationList?.sha256,
      sha256(readFixture("list.crl")),
    );
  });
});

describe("list.zip", () => {
  const members = unzipSync(readFixture("list.zip"));

  test("has the members that the manifest names, the list deflated", () => {
    const { parts = [], skipped = [] } = file("list.zip");
    const named = parts.map(({ origin }) => origin?.split("!/")[0]);
    assert.deepEqual(Object.keys(members).toSorted(), [...named, ...skipped].toSorted());
    const list = Buffer.from(readFixture("duplicates.ml"));
    assert.deepEqual(Buffer.from(members["masterlist/XA_2026-06-01.ml"] ?? []), list);
    assert.ok(!Buffer.from(readFixture("list.zip")).includes(list));
  });

  test("has a certificate in an archive inside", () => {
    const inner = unzipSync(members["certificates.zip"] ?? new Uint8Array());
    const { certificate = "" } = file("list.zip").parts?.[1] ?? {};
    assert.equal(sha256(inner["csca/aa.cer"] ?? new Uint8Array()), digests.get(certificate));
  });
});

describe("LDIF", () => {
  for (const name of ["collection-001.ldif", "collection-002.ldif"] as const) {
    test(`${name} holds what the manifest says, under its DNs, with the attributes of the directory`, () => {
      const entries = recordsOf(name).filter((record) => heldBy(record) !== undefined);
      assert.deepEqual(
        entries.map((record) => sha256(heldBy(record) ?? Buffer.alloc(0))),
        partDigests(name),
      );
      assert.deepEqual(
        entries.map((record) => ({
          origin: textsOf(record, "dn")[0],
          pkd: {
            version: textsOf(record, "pkdversion").map(Number)[0] ?? null,
            conformanceCodes: textsOf(record, "pkdconformancecode"),
            conformanceTexts: textsOf(record, "pkdconformancetext"),
          },
        })),
        file(name).parts?.map(({ origin, pkd }) => ({ origin, pkd })),
      );
    });
  }

  test("collection-001.ldif has CRLF, folded lines, mixed case, a DN in base64, and no blank line at its end", () => {
    const text = textOf("collection-001.ldif");
    assert.equal(text.match(/\n/g)?.length, text.match(/\r\n/g)?.length);
    assert.ok(text.split("\r\n").every((line) => line.length <= 76));
    for (const wanted of [/^UsErCeRtIfIcAtE;BiNaRy:: /m, /^dn:: /m, /^userCertificate:: /m])
      assert.match(text, wanted);
    for (const wanted of [/^certificateRevocationList:: /m, /^# /m, /pkdDownload\r\n$/])
      assert.match(text, wanted);
    assert.doesNotMatch(text, /\r\n\r\n$/);
  });

  test("collection-002.ldif has a list under each name of the attribute", () => {
    const names = recordsOf("collection-002.ldif").flatMap((record) =>
      record.filter(({ base64 }) => base64).map((line) => line.name),
    );
    assert.deepEqual(names, ["pkdmasterlistcontent", "cscamasterlistdata"]);
  });

  test("delta.ldif adds three DSCs, changes one entry of its own and one of the collection's, and deletes one of each", () => {
    const records = recordsOf("delta.ldif").slice(1);
    const changes = records.map(
      (record) => `${textsOf(record, "changetype")[0]} ${textsOf(record, "dn")[0]}`,
    );
    const seen = new Set<string>();
    const own = changes.map((change) => {
      const [type = "", dn = ""] = [
        change.slice(0, change.indexOf(" ")),
        change.slice(change.indexOf(" ") + 1),
      ];
      if (type === "add") seen.add(dn);
      return `${type} ${seen.has(dn) ? "own" : "other"}`;
    });
    assert.deepEqual(own, [
      "add own",
      "add own",
      "add own",
      "modify own",
      "modify other",
      "delete own",
      "delete other",
    ]);
    const below = recordsOf("collection-001.ldif").flatMap((record) => textsOf(record, "dn"));
    for (const index of [4, 6]) assert.ok(below.includes(changes[index]?.replace(/^\w+ /, "") ?? ""));
  });

  test("delta-empty.ldif is the twelve bytes that ICAO publishes", () => {
    assert.equal(textOf("delta-empty.ldif"), "version: 1\n\n");
  });
});

describe("deviations.dl", () => {
  const content = at(readFixture("deviations.dl"), 1, 0, 2, 1, 0).content;
  const deviations = readAll(at(content, 2).content);

  test("openssl accepts its signature", { skip: withoutOpenssl }, () => {
    const { stdout, stderr } = openssl(
      readFixture("deviations.dl"),
      ...["cms", "-verify", "-noverify", "-binary", "-inform", "DER"],
    );
    assert.match(stderr, /Verification successful/);
    assert.deepEqual(stdout, content);
  });

  test("is a DeviationList in DER order, with the deviations of the manifest", () => {
    const { deviationList } = file("deviations.dl");
    assert.deepEqual(
      deviations.map(({ der }) => der),
      deviations.map(({ der }) => der).toSorted(Buffer.compare),
    );
    assert.deepEqual(
      deviations.map(({ der }) =>
        readAll(at(der, 1).content).map(({ content: each }) => descriptionOf(each)),
      ),
      deviationList?.deviations.map(({ descriptions }) => descriptions.map(({ description }) => description)),
    );
  });

  test("names document signers in each of the three ways", () => {
    const tags = deviations.flatMap(({ der }) => readAll(at(der, 0).content).map(({ tag }) => tag));
    for (const tag of [0x80, 0xa1, 0x82, 0x83, 0xa4, 0xa5]) assert.ok(tags.includes(tag), tag.toString(16));
  });
});

/** The PrintableString that a DeviationDescription may begin with. */
function descriptionOf(content: Buffer): string | null {
  const [first] = readAll(content);
  return first?.tag === 0x13 ? first.content.toString("latin1") : null;
}

/** A line of LDIF, unfolded. */
interface Line {
  /** In lower case, without options. */
  readonly name: string;
  readonly base64: boolean;
  readonly value: Buffer;
}

/** A reader of LDIF for these files alone: nothing in common with the writer. */
function recordsOf(name: FixtureName): readonly (readonly Line[])[] {
  return textOf(name)
    .replaceAll("\r\n", "\n")
    .replaceAll("\n ", "")
    .trimEnd()
    .split("\n\n")
    .map((record) =>
      record
        .split("\n")
        .filter((line) => !line.startsWith("#"))
        .map((line) => {
          const [, attribute = "", colon, value = ""] = /^([^:;]+)(?:;\w+)?:(:?) ?(.*)$/.exec(line) ?? [];
          const base64 = colon === ":";
          return {
            name: attribute.toLowerCase(),
            base64,
            value: Buffer.from(value, base64 ? "base64" : "utf8"),
          };
        }),
    );
}

function textsOf(record: readonly Line[], name: string): readonly string[] {
  return record.filter((line) => line.name === name).map(({ value }) => value.toString());
}

function heldBy(record: readonly Line[]): Buffer | undefined {
  return record.find(({ base64, value }) => base64 && value[0] === 0x30)?.value;
}

function partDigests(name: FixtureName): readonly (string | undefined)[] {
  return file(name).parts?.map((part) => digestOf(part)) ?? [];
}

function digestOf({ certificate, revocationList, list }: FixturePart): string | undefined {
  if (certificate !== undefined) return digests.get(certificate);
  if (revocationList !== undefined) return revocationList.sha256;
  return manifest.files.find(
    (other) => other.kind === "master-list" && JSON.stringify(other.list) === JSON.stringify(list),
  )?.sha256;
}

function file(name: FixtureName): FixtureFile {
  const found = manifest.files.find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
}

function textOf(name: FixtureName): string {
  return Buffer.from(readFixture(name)).toString();
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
