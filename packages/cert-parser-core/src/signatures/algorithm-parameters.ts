/**
 * The parameters of signature algorithms that have none to tell: RFC 3279 section 2.2, RFC 4055, RFC 5758, RFC 8410.
 *
 * @module
 */

import { Tag } from "../der/tag.ts";
import type { AlgorithmIdentifier } from "../x509/algorithm-identifier.ts";
import type { SignatureScheme } from "../x509/signature-algorithm.ts";
import { type Leniency, type Refusal, unsupported } from "./verdict.ts";

/** What is let pass of the parameters; those of RSASSA-PSS are read elsewhere. */
export function checkParameters(
  { parameters }: AlgorithmIdentifier,
  scheme: SignatureScheme,
): readonly Leniency[] | Refusal {
  if (scheme === "rsa-pss") return none;
  if (parameters === undefined) return scheme === "rsa-pkcs1" ? ["RSA_PARAMETERS_ABSENT"] : none;
  const isNull = parameters.length === 2 && parameters[0] === Tag.NULL && parameters[1] === 0;
  if (isNull && scheme === "rsa-pkcs1") return none;
  if (isNull && scheme === "ecdsa") return ["ECDSA_PARAMETERS_NULL"];
  return unsupported("the signature algorithm has parameters that do not belong to it");
}

const none: readonly Leniency[] = Object.freeze([]);
