/**
 * Judges every object of a bundle, and says what came of them together.
 *
 * @module
 */

import type { Bundle, HeldBundle, SignedObject } from "../icao/bundle.ts";
import type { Judgment, Known } from "../policy/judgment.ts";
import { learnFrom } from "../policy/known-growth.ts";
import { ok } from "../result.ts";
import type { PortError, PortResult, TrustPolicy } from "./ports.ts";

/** Judges the objects, those that are signed first: what they are accepted with judges the others. */
export async function judgeBundle(
  policy: TrustPolicy,
  bundle: HeldBundle,
  known: Known,
  signal: AbortSignal,
): PortResult<readonly Judgment[]> {
  const objects = bundle.objects.length > 0 ? bundle.objects : [nothingOf(bundle)];
  const judgments = new Map<SignedObject, Judgment>();
  let learnt = known;
  let lessons = 0;
  for (const object of objects.toSorted((a, b) => Number(isUnsigned(a)) - Number(isUnsigned(b)))) {
    const judged = await policy.judge(object, learnt, signal, bundle);
    if (!judged.ok) return judged;
    judgments.set(object, judged.value);
    if (objects.length > 1 && lessons++ < maxLessons) learnt = learnFrom(object, judged.value, learnt);
  }
  return ok(objects.flatMap((object) => judgments.get(object) ?? []));
}

/** What the judgments come to: a bundle is accepted whole, or not at all. */
export function outcomeOfAll(judgments: readonly Judgment[]): Judgment["outcome"] {
  if (judgments.some(({ outcome }) => outcome === "refused")) return "refused";
  return judgments.some(({ outcome }) => outcome === "pending") ? "pending" : "accepted";
}

/** Why a run ends that was not accepted: what decided, in the words of the first object that it decided against. */
export function refusalOf(judgments: readonly Judgment[]): PortError | undefined {
  const outcome = outcomeOfAll(judgments);
  if (outcome === "accepted") return undefined;
  const deciding = judgments.find((judgment) => judgment.outcome === outcome);
  const weight = outcome === "refused" ? "refusal" : "pending";
  const reasons = deciding?.reasons.filter((reason) => reason.weight === weight) ?? [];
  const what = outcome === "refused" ? "list refused" : "list waits for approval";
  return {
    code: "TRUST_ERROR",
    reason: reasons[0]?.code ?? outcome.toUpperCase(),
    message: `${what}: ${reasons.map(({ message }) => message).join("; ")}`,
  };
}

function isUnsigned({ signers }: SignedObject): boolean {
  return signers.length === 0;
}

/** A delta that only takes away, or a file with nothing in it. */
function nothingOf({ bytes }: Bundle): SignedObject {
  return {
    kind: "certificates",
    offset: 0,
    origin: undefined,
    der: bytes ?? new Uint8Array(),
    certificates: [],
    envelopeCertificates: [],
    crls: [],
    signers: [],
    rejections: [],
    findings: [],
  };
}

// Twice as many lists as ICAO's directory holds: what is learnt of each is gathered anew for the next.
const maxLessons = 64;
