/**
 * The anchors that TRUST_ANCHORS names: files or directories of CSCA certificates, or fingerprints.
 *
 * @module
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Certificate,
  CertParserError,
  err,
  ok,
  parseCertificate,
  type Result,
  roleOf,
  type TrustAnchor,
} from "cert-parser-core";

/** Reads the anchors of a comma-separated text. What is wrong reads on from the name of the setting. */
export function readTrustAnchors(text: string): Result<readonly TrustAnchor[], string> {
  const entries = text.split(",").map((entry) => entry.trim());
  const anchors: TrustAnchor[] = [];
  for (const entry of entries) {
    if (entry === "")
      return err("names nothing between two commas, or nothing at all; expected files or fingerprints");
    const read = isFingerprint(entry) ? ok([fingerprintOf(entry)]) : readPath(entry);
    if (!read.ok) return read;
    anchors.push(...read.value);
  }
  return ok(anchors);
}

/** SHA-256 in hex, with colons or without. */
function isFingerprint(entry: string): boolean {
  return /^[0-9a-f]{64}$/i.test(entry) || /^([0-9a-f]{2}:){31}[0-9a-f]{2}$/i.test(entry);
}

function fingerprintOf(entry: string): string {
  return entry.replaceAll(":", "").toLowerCase();
}

function readPath(path: string): Result<readonly TrustAnchor[], string> {
  try {
    return statSync(path).isDirectory() ? readDirectory(path) : readCertificates(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    return err(
      `names ${path}, which cannot be read (${code}); expected CSCA certificates or a SHA-256 in hex`,
    );
  }
}

/** Kubernetes puts links to directories beside the files that it mounts, whose names begin with two dots. */
function readDirectory(path: string): Result<readonly TrustAnchor[], string> {
  const files = readdirSync(path)
    .filter((name) => !name.startsWith("."))
    .sort()
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
  if (files.length === 0) return err(`names the directory ${path}, in which there is no file`);
  const anchors: TrustAnchor[] = [];
  for (const file of files) {
    const read = readCertificates(file);
    if (!read.ok) return read;
    anchors.push(...read.value);
  }
  return ok(anchors);
}

function readCertificates(file: string): Result<readonly Certificate[], string> {
  const bytes = readFileSync(file);
  if (bytes.length > maxBytes) return err(`names ${file}, which is too large to be certificates`);
  const text = bytes.toString("latin1");
  const ders = text.includes("-----BEGIN ") ? pemCertificates(text) : [new Uint8Array(bytes)];
  if (ders.length === 0) return err(`names ${file}, in which there is no certificate`);
  const certificates: Certificate[] = [];
  for (const der of ders) {
    const certificate = readCertificate(der);
    if (certificate === null) return err(`names ${file}, which holds what is no certificate, in DER or PEM`);
    if (!["csca", "link"].includes(roleOf(certificate))) {
      return err(`names ${file}, which holds a certificate that is not a CSCA's (${certificate.sha256})`);
    }
    certificates.push(certificate);
  }
  return ok(certificates);
}

function pemCertificates(text: string): readonly Uint8Array[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, base64 = ""]) => new Uint8Array(Buffer.from(base64, "base64")));
}

function readCertificate(der: Uint8Array): Certificate | null {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof CertParserError) return null;
    throw error;
  }
}

// The certificates of the whole world, in PEM, are a tenth of it.
const maxBytes = 16 * 1024 * 1024;
