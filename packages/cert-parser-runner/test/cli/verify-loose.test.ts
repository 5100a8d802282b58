import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { runCli } from "./run-cli.ts";
import {
  at,
  createScratch,
  makeCrl,
  makeCsca,
  makeDeviationList,
  makeDirectory,
  makeDocumentSigner,
  makeList,
  withPurpose,
} from "./small-world.ts";

const scratch = createScratch();
after(() => scratch.remove());

const csca = makeCsca();
const stranger = makeCsca();
const signer = makeDocumentSigner(csca);
const crl = makeCrl(csca);
const revoking = makeCrl(csca, {
  revokedCertificates: [
    { serialNumber: 77, revocationDate: "2024-05-20T00:00:00Z", reason: "keyCompromise" },
  ],
});
const files = {
  csca: scratch.file("csca.cer", csca.der),
  stranger: scratch.file("stranger.cer", stranger.der),
  signer: scratch.file("signer.cer", signer.der),
  directory: scratch.file("signer.ldif", makeDirectory([signer.der])),
  revoked: scratch.file("revoked.ldif", makeDirectory([signer.der], [revoking])),
  crl: scratch.file("list.crl", crl),
  crlDirectory: scratch.file("crl.ldif", makeDirectory([], [crl])),
  revokingCrl: scratch.file("revoking.crl", revoking),
};

async function verify(...args: readonly string[]) {
  const { code, stdout, stderr } = await runCli(["verify", ...args, "--at", at, "--json"]);
  const document = JSON.parse(stdout);
  return { code, stderr, document, object: document.objects[0] };
}

/** The human-readable text with each run of blanks as one. */
async function textOf(...args: readonly string[]): Promise<string> {
  const { stdout } = await runCli(["verify", ...args, "--at", at]);
  return stdout.replaceAll(/\s+/g, " ");
}

describe("verify, of what has no list around it", { concurrency: 2 }, () => {
  for (const file of [files.crl, files.crlDirectory]) {
    test(`a CRL is not good under an anchor of another key, whatever else is named: ${file.slice(-8)}`, async () => {
      const named = ["--anchor", files.stranger, "--authorities", files.csca];
      const { code, object } = await verify(file, ...named);
      assert.notEqual(code, 0);
      assert.notEqual(object.outcome, "verified");
      assert.equal((await verify(file, "--anchor", files.csca)).code, 0);
    });
  }

  test("a document signer beside the CRL that revokes it is refused", async () => {
    const { code, object, stderr } = await verify(files.revoked, "--anchor", files.csca);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: TRUST_ERROR \(REVOKED\): .*revoked at 2024-05-20T00:00:00Z, reason keyCompromise/,
    );
    assert.equal(object.certificate.revokedBy.reason, "keyCompromise");
  });

  test("so is one whose CRL is named with --authorities", async () => {
    const { code } = await verify(files.signer, "--anchor", files.csca, "--authorities", files.revokingCrl);
    assert.equal(code, 1);
  });

  for (const [what, file] of [
    ["a file", files.signer],
    ["a directory", files.directory],
  ] as const) {
    test(`a document signer in ${what}: verified under its CSCA, undetermined without`, async () => {
      assert.equal((await verify(file, "--anchor", files.csca)).code, 0);
      const alone = await verify(file);
      assert.deepEqual([alone.code, alone.document.outcome], [3, "undetermined"]);
      assert.match(alone.stderr, /^error: TRUST_ERROR \(ISSUER_UNKNOWN\): /);
      assert.equal((await verify(file, "--anchor", files.stranger)).code, 3);
    });
  }

  test("its text names the issuer, the path, and what is not known", async () => {
    const text = await textOf(files.signer, "--anchor", files.csca);
    assert.match(text, /verdict verified: issued under a trust anchor/);
    assert.match(text, /issuer CN=CSCA UT,C=UT [0-9a-f]{64}/);
    assert.match(text, /path CN=Document Signer UT,C=UT [0-9a-f]{64} <- CSCA \(anchor\): CN=CSCA UT,C=UT/);
    assert.match(text, /CRL no CRL that speaks for its CSCA is known/);
    assert.match(text, /not known whether it is revoked: no CRL of its CSCA is known/);
  });

  test("its text names the CRL that does not list it, and when the next one is due", async () => {
    const text = await textOf(files.signer, "--anchor", files.csca, "--authorities", files.crl);
    assert.match(
      text,
      /CRL not revoked by CRL, issued 2024-06-01T00:00:00Z, next due 2024-08-30T00:00:00Z [0-9a-f]{64}/,
    );
    assert.doesNotMatch(text, /not known/);
  });

  test("without an anchor its text says that the CSCA is taken as named", async () => {
    const text = await textOf(files.signer, "--authorities", files.csca);
    assert.match(text, /sound in itself; no trust anchors configured/);
    assert.match(text, /whether its CSCA belongs to the state: no trust anchors configured/);
    assert.match(await textOf(files.signer), /path CN=Document Signer.* <- unknown/);
  });

  test("a CSCA that no list and no anchor names makes the file no better for the others in it", async () => {
    const file = scratch.file("mixed.ldif", makeDirectory([signer.der, stranger.der]));
    const { code, stderr } = await verify(file, "--anchor", files.csca);
    assert.equal(code, 1);
    assert.match(stderr, /^error: TRUST_ERROR \(UNSIGNED\): /);
  });

  test("a list signed over SHA-1 after 2020 is refused, unless a test PKI is allowed to", async () => {
    const file = scratch.file("sha1.ml", makeList(csca, { hash: "SHA-1" }));
    const refused = await verify(file, "--anchor", files.csca);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error: TRUST_ERROR \(WEAK_ALGORITHM\): /);
    const allowed = await verify(file, "--anchor", files.csca, "--allow-weak-algorithms");
    assert.equal(allowed.code, 0);
    assert.ok(allowed.object.steps.some(({ code }: { code: string }) => code === "WEAK_ALGORITHM"));
  });

  const noncritical = [
    [
      "a Master List",
      scratch.file("noncritical.ml", makeList(csca, { change: withPurpose("2.23.136.1.1.3") })),
    ],
    ["a Deviation List", scratch.file("noncritical.dl", makeDeviationList(csca))],
  ] as const;
  for (const [what, file] of noncritical) {
    test(`${what} whose signer's key purpose is not critical is good, and that is noted`, async () => {
      const { code, object } = await verify(file, "--anchor", files.csca);
      assert.equal(code, 0);
      const profile = object.steps.find(({ step }: { step: string }) => step === "signer-profile");
      assert.deepEqual([profile.result, profile.code], ["noted", "SIGNER_PROFILE"]);
    });
  }
});
