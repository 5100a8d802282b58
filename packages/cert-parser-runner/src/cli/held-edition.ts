/**
 * What the store holds of a source, as one side of a comparison.
 *
 * @module
 */

import { type Certificate, type Edition, parseCertificate, trustStateOf } from "cert-parser-core";
import { createNodeEngine } from "cert-parser-core/node";
import type { Store } from "../store/store.ts";
import { failure } from "./failure.ts";

/** Reads the certificates that the current lists of a source hold. Of what stands by itself only digests are known. */
export async function readHeldEdition(store: Store, source: string): Promise<Edition> {
  const known = await store.known(source, new AbortController().signal);
  if (!known.ok) throw failure(known.error, undefined, known.error.cause);
  const { listed, trust } = known.value;
  if (trust === undefined) return { certificates: [], signingTime: null, publishers: [] };
  const { currentEditions } = trustStateOf(trust.facts, createNodeEngine());
  const editions = trust.facts.editions.filter(
    (edition) => edition.source === source && currentEditions.has(edition.id),
  );
  const ids = new Set(editions.map(({ id }) => id));
  const certificates = trust.facts.authorities
    .filter((fact) => fact.editions.some((id) => ids.has(id)))
    .map((fact): Certificate => fact.certificate ?? parseCertificate(fact.der));
  const read = new Set(certificates.map(({ sha256 }) => sha256));
  const keys = new Set(editions.map(({ publisher }) => publisher));
  const publishers = (await store.publishers()).filter(
    (publisher) => publisher.source === source && keys.has(publisher.keySha256),
  );
  return {
    certificates,
    furtherDigests: new Set([...listed.keys()].filter((sha256) => !read.has(sha256))),
    signingTime: editions.reduce<Date | null>(
      (latest, { signingTime }) => (latest === null || signingTime > latest ? signingTime : latest),
      null,
    ),
    publishers,
  };
}
