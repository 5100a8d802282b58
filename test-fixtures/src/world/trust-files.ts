/**
 * Lists that must be believed, and lists that must not be, each for one reason: the files of trust.
 *
 * @module
 */

import { octetString } from "../asn1/der-writer.ts";
import { idMessageDigest } from "../asn1/oids.ts";
import { buildCertificateBundle } from "../cms/certificate-bundle.ts";
import { buildListContent } from "../cms/master-list.ts";
import { encodeAttribute } from "../cms/signed-data.ts";
import { forgePkcs1 } from "../crypto/forged-pkcs1.ts";
import { digest } from "../crypto/hash.ts";
import type { FixtureVerdict } from "../manifest.ts";
import { type Catalogue, inDerOrder } from "./catalogue.ts";
import { zip } from "./container-files.ts";
import { type FileDraft, type ListDraft, listFile, type Tampering } from "./list-file.ts";

/** All of them. `lists` are the Master Lists made so far: some are tampered with. */
export function trustFiles(catalogue: Catalogue, lists: readonly FileDraft[]): readonly FileDraft[] {
  const good = lists.find(({ name }) => name === "signer-alone.ml");
  if (good?.list === undefined) throw new Error("no list signer-alone.ml");
  return [
    ...rollovers(catalogue),
    ...tampered(catalogue),
    ...accepted(catalogue),
    ...forged(catalogue),
    bundleWithRogue(catalogue),
    archiveWithRogue(catalogue, good),
  ];
}

/** From one key to the next of a CSCA, as the German and the Dutch ones did it. */
function rollovers(catalogue: Catalogue): readonly FileDraft[] {
  const list = (draft: Draft) => trustList(catalogue, draft);
  const overLink = { outcome: "verified", codes: ["ROLLOVER"] } as const;
  return [
    list({
      name: "rollover-before.ml",
      description: "the list of a CSCA before its rollover, signed under the old key",
      publisher: "qz-passport",
      signer: "qz-list-signer-1",
      signingTime: "2025-06-01T12:00:00Z",
      holds: ["qz-passport-1"],
      trust: [
        verdict({
          anchor: "qz-passport-1",
          codes: ["SIGNER_EXPIRED_SINCE"],
          path: ["qz-list-signer-1", "qz-passport-1"],
        }),
        refusal("qz-passport-2", "ANCHOR_MISMATCH"),
      ],
    }),
    list({
      name: "rollover-after.ml",
      description:
        "the next list, signed under the new key, with the link to it inside, as the DE list of 2024-12",
      publisher: "qz-passport",
      holds: ["qz-passport-1", "qz-passport-2", "qz-passport-2-link"],
      trust: [
        verdict({
          ...overLink,
          anchor: "qz-passport-1",
          path: ["qz-list-signer", "qz-passport-2-link", "qz-passport-1"],
        }),
        verdict({ anchor: "qz-passport-2", path: ["qz-list-signer", "qz-passport-2"] }),
      ],
    }),
    list({
      name: "rollover-unlinked.ml",
      description: "a list signed under a new key, with no link certificate at all, as NL lists are",
      publisher: "xz-passport",
      holds: ["xz-passport-1", "xz-passport-2"],
      trust: [
        refusal("xz-passport-1", "ANCHOR_MISMATCH"),
        verdict({
          ...overLink,
          anchor: "xz-passport-1",
          accepted: ["rollover-witness.ml"],
          path: ["xz-list-signer", "xz-passport-2-link", "xz-passport-1"],
        }),
        verdict({ anchor: "xz-passport-2", path: ["xz-list-signer", "xz-passport-2"] }),
      ],
    }),
    list({
      name: "rollover-witness.ml",
      description: "the list of another publisher, with the link that rollover-unlinked.ml lacks",
      publisher: "xa-passport",
      holds: ["xa-passport-3", "xz-passport-2-link"],
      trust: [verdict(signedByXa), refusal("xz-passport-1", "ANCHOR_MISMATCH")],
    }),
    list({
      name: "rogue-link.ml",
      description:
        "a list signed under a key that was given by a link of 2026, issued with a key that was retired in 2022",
      publisher: "xa-passport",
      signer: "xa-rogue-list-signer",
      holds: ["xa-passport-1", "xa-rogue", "xa-rogue-link"],
      trust: [refusal("xa-passport-1", "ANCHOR_MISMATCH"), refusal("xa-passport-3", "ANCHOR_MISMATCH")],
    }),
  ];
}

/** Lists of a good publisher with one thing wrong. */
function tampered(catalogue: Catalogue): readonly FileDraft[] {
  const list = (draft: Omit<Draft, "publisher" | "trust">, ...codes: readonly string[]) =>
    trustList(catalogue, {
      publisher: "xa-passport",
      ...draft,
      trust: [refusal("xa-passport-3", ...codes)],
    });
  const content = (...names: readonly string[]) =>
    buildListContent({ certificates: names.map((name) => catalogue.find(name).certificate.der) });
  const second = encodeAttribute(idMessageDigest, octetString(digest("SHA-256", content("xa-rogue"))));
  const twice: Tampering = { changeAttributes: (attributes) => [...attributes, second] };
  return [
    list(
      {
        name: "no-signed-attributes.ml",
        description: "a list without signed attributes, the signature over its content alone",
        tampering: { signedAttributes: "absent" },
      },
      "SIGNED_ATTRIBUTES_MISSING",
    ),
    list(
      {
        name: "attribute-twice.ml",
        description: "a list with a second messageDigest among its signed attributes, of other content",
        tampering: twice,
      },
      "SIGNED_ATTRIBUTES_MALFORMED",
    ),
    list(
      {
        name: "content-swapped.ml",
        description: "a list of a rogue certificate under the signature of signer-alone.ml",
        holds: ["xa-rogue"],
        tampering: { messageDigest: digest("SHA-256", content("xa-passport-3")) },
      },
      "MESSAGE_DIGEST_MISMATCH",
    ),
    list(
      {
        name: "signer-without-purpose.ml",
        description: "a list whose signer has no extended key usage",
        signer: "xa-list-signer-without-purpose",
      },
      "SIGNER_PROFILE",
    ),
    list(
      {
        name: "signer-expired.ml",
        description: "a list whose signer expired the day before",
        signer: "xa-list-signer-expired",
      },
      "SIGNER_EXPIRED",
    ),
    list(
      {
        name: "from-the-future.ml",
        description: "a list that says that it was signed in 2099",
        signingTime: "2099-06-01T12:00:00Z",
      },
      "SIGNING_TIME_IN_FUTURE",
    ),
  ];
}

/** The envelope is covered by no signature: what is added to it neither harms nor helps. */
function accepted(catalogue: Catalogue): readonly FileDraft[] {
  const list = (draft: Omit<Draft, "publisher" | "trust">) =>
    trustList(catalogue, { publisher: "xa-passport", ...draft, trust: [verdict(signedByXa)] });
  return [
    list({
      name: "decoy.ml",
      description:
        "signer-alone.ml with a second certificate in its envelope, before the signer's and with the same key identifier",
      beside: ["xa-list-signer", "xa-decoy"],
    }),
    list({
      name: "rogue-envelope.ml",
      description: "signer-alone.ml with a rogue root added to its envelope",
      beside: ["xa-list-signer", "xa-rogue"],
    }),
  ];
}

/** Lists that nobody with a key of the publisher's had a hand in. */
function forged(catalogue: Catalogue): readonly FileDraft[] {
  const altered = catalogue.find("xa-altered");
  const forgery: Tampering = { changeSignature: (_, signed) => forgePkcs1(3072, "SHA-256", signed) };
  return [
    trustList(catalogue, {
      name: "exponent-3-forgery.ml",
      description:
        "a list of a rogue certificate; PKCS #1 v1.5, forged under a signer's key of 3072 bits and exponent 3",
      publisher: "xa-passport",
      signer: "xa-list-signer-exponent-3",
      holds: ["xa-rogue"],
      tampering: forgery,
      trust: [refusal("xa-passport-3", "SIGNATURE_INVALID")],
    }),
    trustList(catalogue, {
      name: "altered-curve.ml",
      description: "a list of a rogue certificate, whose signer altered-curve.cer issued",
      publisher: "xa-passport",
      signer: "xa-altered-list-signer",
      holds: ["xa-rogue"],
      beside: ["xa-altered-list-signer", altered.name],
      trust: [refusal("xa-passport-3", "CHAIN_BROKEN")],
    }),
    {
      name: "altered-curve.cer",
      description:
        "the root that trust is in, but for the generator of its explicit curve: the same public point, another private key (CVE-2020-0601)",
      kind: "certificate",
      content: altered.certificate.der,
      certificate: altered.name,
    },
  ];
}

function bundleWithRogue(catalogue: Catalogue): FileDraft {
  const certificates = inDerOrder(["xa-passport-3", "xz-passport-2-link", "xa-rogue"].map(catalogue.find));
  return {
    name: "list-with-rogue.p7b",
    description: "a PKCS#7 bundle of the certificates of rollover-witness.ml and a rogue one",
    kind: "certificates",
    content: buildCertificateBundle({ certificates: certificates.map(({ certificate }) => certificate.der) }),
    parts: certificates.map(({ name }) => ({ origin: null, certificate: name })),
    trust: [refusal("xa-passport-3", "UNSIGNED")],
  };
}

/** A verdict belongs to one signed object: the good list lends the other one nothing. */
function archiveWithRogue(catalogue: Catalogue, good: FileDraft): FileDraft {
  const rogue = trustList(catalogue, {
    name: "rogue.ml",
    description: "a list of a rogue CSCA's",
    publisher: "xa-passport",
    signer: "xa-rogue-list-signer",
    holds: ["xa-rogue"],
    trust: [refusal("xa-passport-3", "ANCHOR_MISMATCH")],
  });
  const members: readonly (readonly [origin: string, draft: FileDraft])[] = [
    ["XA_2026-06-01.ml", { ...good, trust: [verdict(signedByXa)] }],
    ["XA_2026-06-01_2.ml", rogue],
  ];
  return {
    name: "list-and-rogue.zip",
    description: "an archive of signer-alone.ml and the list of a rogue CSCA",
    kind: "zip",
    content: zip(Object.fromEntries(members.map(([origin, { content }]) => [origin, content]))),
    parts: members.map(([origin, { list, trust }]) => ({
      origin,
      ...(list && { list }),
      ...(trust && { trust }),
    })),
    skipped: [],
  };
}

interface Draft extends Omit<ListDraft, "certificates" | "signingTime"> {
  /** Default: the day on which most fixtures were signed. */
  readonly signingTime?: string;
  /** Names of the certificates in it. Default: the root of the publisher XA. */
  readonly holds?: readonly string[];
}

/** As a rule with the signer alone in the envelope. */
function trustList(catalogue: Catalogue, draft: Draft): FileDraft {
  const { holds = ["xa-passport-3"], ...fields } = draft;
  const signer = draft.signer ?? `${draft.publisher.slice(0, 2)}-list-signer`;
  const certificates = holds.map(catalogue.find);
  return listFile(catalogue, { signingTime, beside: [signer], ...fields, certificates });
}

function verdict(fields: Pick<FixtureVerdict, "anchor" | "path"> & Partial<FixtureVerdict>): FixtureVerdict {
  return { now, accepted: [], outcome: "verified", codes: [], ...fields };
}

function refusal(anchor: string, ...codes: readonly string[]): FixtureVerdict {
  return { now, anchor, accepted: [], outcome: "refused", codes, path: [] };
}

const signingTime = "2026-06-01T12:00:00Z";
const now = "2026-07-01T00:00:00Z";
const signedByXa = { anchor: "xa-passport-3", path: ["xa-list-signer", "xa-passport-3"] } as const;
