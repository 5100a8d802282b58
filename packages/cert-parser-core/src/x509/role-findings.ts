/**
 * What Doc 9303-12, Table 6 asks of keyUsage in each role.
 *
 * @module
 */

import type { Finding } from "../findings.ts";
import { keyUsageNames } from "./certificate-extensions.ts";
import { type CertificateRole, keyUsageBitsFor, type RoleGrounds } from "./role.ts";
import type { TbsCertificate } from "./tbs-certificate.ts";

/** Notes a keyUsage that has other bits than those of the role, or cannot be read where there could be extensions. */
export function noteKeyUsage(
  { version, extensions, subjectPublicKeyInfo }: TbsCertificate,
  { keyUsage }: RoleGrounds,
  role: CertificateRole,
  findings: Finding[],
): void {
  const expected = keyUsageBitsFor(role);
  if (expected === undefined || keyUsage === expected) return;
  if (keyUsage === undefined && version < 3) return;
  const found =
    keyUsage === undefined ? "absent or malformed" : keyUsageNames(keyUsage).join(", ") || "without a bit";
  findings.push({
    code: "KEY_USAGE_UNEXPECTED",
    message: `keyUsage is ${found}, expected ${keyUsageNames(expected).join(", ")}`,
    offset: (extensions ?? subjectPublicKeyInfo.element).start,
    clause: "Doc 9303-12, Table 6",
  });
}
