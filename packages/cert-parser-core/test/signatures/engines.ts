/**
 * The engines that every test of signatures runs over, and the keys that it gives them.
 *
 * @module
 */

import type { KeyObject } from "node:crypto";
import { expectElement } from "../../src/der/reader.ts";
import { createNodeEngine } from "../../src/signatures/node-engine.ts";
import { createPortableEngine } from "../../src/signatures/portable-engine.ts";
import type { SignatureEngine } from "../../src/signatures/signature-engine.ts";
import { type AlgorithmIdentifier, algorithmIdentifierAt } from "../../src/x509/algorithm-identifier.ts";
import { createFileTables } from "../../src/x509/file-tables.ts";
import { framePublicKey, type PublicKey, publicKeyAt } from "../../src/x509/public-key.ts";
import { oid, sequence } from "../der-writer.ts";

/** By name. */
export const engines: readonly (readonly [name: string, engine: SignatureEngine])[] = [
  ["portable", createPortableEngine()],
  ["node", createNodeEngine()],
];

/** Reads a SubjectPublicKeyInfo, as a certificate's is read. */
export function readPublicKey(der: Uint8Array): PublicKey {
  const whole = expectElement(der, 0, der.length, 0x30, "SubjectPublicKeyInfo");
  const { element, algorithm } = framePublicKey(
    der,
    whole,
    createFileTables().algorithms,
    "SubjectPublicKeyInfo",
  );
  return publicKeyAt(der, element, algorithm);
}

/** The SubjectPublicKeyInfo of a key of the runtime's. */
export function exportPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: "der", type: "spki" }));
}

/** An AlgorithmIdentifier of these parameters. */
export function algorithmIdentifier(
  dotted: string,
  ...parameters: readonly Uint8Array[]
): AlgorithmIdentifier {
  const der = sequence(oid(dotted), ...parameters);
  return algorithmIdentifierAt(der, expectElement(der, 0, der.length, 0x30, "algorithm"), "algorithm");
}
