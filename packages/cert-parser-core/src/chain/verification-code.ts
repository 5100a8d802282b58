/**
 * Why an object was accepted, waits or was refused: stable codes.
 *
 * @module
 */

/** Stable codes of the reasons in a judgment. Branch on these, never on messages. */
export type VerificationCode =
  /** CMSAlgorithmProtection names other algorithms than the signerInfo does (RFC 6211). */
  | "ALGORITHM_PROTECTION_MISMATCH"
  /** The anchor has expired by now, and was valid when the list was signed. */
  | "ANCHOR_EXPIRED"
  /** No path leads from the signer to an anchor, or to a publisher that is trusted. */
  | "ANCHOR_MISMATCH"
  /** The anchor, or a certificate on the path, is revoked. */
  | "ANCHOR_REVOKED"
  /** No CSCA certificate was found that issued the signer's, or the one that was found did not. */
  | "CHAIN_BROKEN"
  /** The content is of another type than a Master List, or the content type in the signed attributes differs. */
  | "CONTENT_TYPE"
  /** A country would be left without a valid CSCA certificate. */
  | "COUNTRY_LOST"
  /** A document signer and the CSCA that issued it are of different countries. */
  | "COUNTRY_MISMATCH"
  /** The CRL was issued after the key that signed it had expired. */
  | "CRL_AFTER_KEY"
  /** The CRL says that it is of more than a day from now. */
  | "CRL_IN_FUTURE"
  /** The CRL is older than the last accepted one of the same key, or its number goes back. */
  | "CRL_ROLLBACK"
  /** The CRL is a delta, indirect or partial, or says of its scope what is not known here: it is not applied as a full one. */
  | "CRL_SCOPE"
  /** The time of the next CRL has passed. */
  | "CRL_STALE"
  /** The CSCA certificate is not valid at the instant of the check. */
  | "CSCA_EXPIRED"
  /** A CSCA signed the list itself, where Doc 9303-12 has a list signer. */
  | "CSCA_SIGNED_DIRECTLY"
  /** digestAlgorithm and the digest of the signature algorithm differ. */
  | "DIGEST_MISMATCH"
  /** A newer list of the same CSCA was accepted before: this one is kept as history, and changes nothing that is current. */
  | "EDITION_SUPERSEDED"
  /** No certificate of the issuer is known: its CSCA may have rolled over, or be missing from the lists. */
  | "ISSUER_UNKNOWN"
  /** The key signed before or after its private key usage period. */
  | "KEY_USAGE_PERIOD"
  /** The key left every list before its time: it vouches for nothing new. */
  | "KEY_WITHDRAWN"
  /** Something was let pass that its standard does not allow, such as an RSA signature without NULL in its DigestInfo. */
  | "LENIENCY"
  /** A link that leads to the publisher's key is revoked, because its key or its CA was compromised. */
  | "LINK_REVOKED"
  /** A link that no accepted list held, by a key that was not to sign any more when the list was signed. */
  | "LINK_UNSEEN"
  /** A directory deletes a signed list, or no longer holds it. The deletion is unsigned, so the list stays in force. */
  | "LIST_MISSING"
  /** The version of the list is not 0. */
  | "LIST_VERSION"
  /** The list is older than MAX_LIST_AGE_HOURS at the first run of its source. */
  | "LIST_TOO_OLD"
  /** The digest of the content is not the one in the signed attributes. */
  | "MESSAGE_DIGEST_MISMATCH"
  /** The issuer's name is not that of the CSCA whose key signed. */
  | "NAME_MISMATCH"
  /** A version of the directory is missing between what is held and the delta. */
  | "PKD_VERSION_GAP"
  /** The version of the directory is far ahead of the one that is held. */
  | "PKD_VERSION_JUMP"
  /** The publisher was trusted on first use, and nobody has approved it since. */
  | "PIN_UNAPPROVED"
  /** The publisher's key was retired by a rollover: it signs no new lists. */
  | "PUBLISHER_RETIRED"
  /** Nobody vouches for the publisher: it is not pinned, linked to a pinned one, nor in another accepted source. */
  | "PUBLISHER_UNKNOWN"
  /** Content that is signed at the same time as the accepted list, and differs from it. */
  | "REPLAY"
  /** No CRL that was accepted speaks of the certificate. */
  | "REVOCATION_UNDETERMINED"
  /** A CRL of a sibling or namesake of the issuer's key lists the certificate. It has no authority over it. */
  | "REVOCATION_ALERT"
  /** The certificate is revoked. */
  | "REVOKED"
  /** The directory is of an older version than the one that is held. */
  | "ROLLBACK"
  /** The publisher's key is a new one, to which link certificates lead from the trusted one. */
  | "ROLLOVER"
  /** More certificates would leave than the policy allows. */
  | "SHRINK"
  /** The signature is not that of the signer's key over the signed attributes. */
  | "SIGNATURE_INVALID"
  /** Signatures were not verified: TRUST_MODE is off. */
  | "SIGNATURE_UNCHECKED"
  /** The signature is of a kind that is not verified here. */
  | "SIGNATURE_UNSUPPORTED"
  /** The signed attributes are not strict DER, or one stands there twice, or with no or several values. */
  | "SIGNED_ATTRIBUTES_MALFORMED"
  /** There are no signed attributes: a signature over the content alone can be replayed (RFC 5652, 5.3). */
  | "SIGNED_ATTRIBUTES_MISSING"
  /** The signer's certificate was not valid when the list was signed; a Document Signer's, at the instant of the check. */
  | "SIGNER_EXPIRED"
  /** The signer's certificate has expired since. */
  | "SIGNER_EXPIRED_SINCE"
  /** No certificate of the envelope is the one that the signerInfo names. */
  | "SIGNER_NOT_FOUND"
  /** The signer's certificate may not sign lists, or documents: a key usage or purpose is missing, or it must be rejected. */
  | "SIGNER_PROFILE"
  /** signingCertificateV2 names another certificate (RFC 5035). */
  | "SIGNING_CERTIFICATE_MISMATCH"
  /** The list says that it was signed more than a day from now. */
  | "SIGNING_TIME_IN_FUTURE"
  /** The list does not say when it was signed. */
  | "SIGNING_TIME_MISSING"
  /** The list holds no certificate at all, or fewer than asked for. */
  | "TOO_FEW_CERTIFICATES"
  /** Nobody signed it, and its source is not declared unsigned. */
  | "UNSIGNED"
  /** SHA-1, an RSA key below 2048 or an EC key below 224 bits on the path from the signer to the anchor, in a list signed after 2020. */
  | "WEAK_ALGORITHM"
  /** The work that is allowed for an object was used up before it was judged. */
  | "WORK_EXCEEDED";
