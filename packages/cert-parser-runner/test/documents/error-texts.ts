/**
 * Every code that a user can meet, with what it means and what to do: for `docs/errors.md`.
 *
 * Each table is a record over the code's own union, so that a code without a text, and a text without a code, is a
 * fault of types. Codes that have no union are found in the sources by a test.
 *
 * @module
 */

import type {
  CertParserErrorCode,
  FindingCode,
  Leniency,
  SyncErrorCode,
  VerificationCode,
} from "cert-parser-core";
import type { ExitCode } from "../../src/cli/failure.ts";
import type { ConfigurationFaultCode } from "../../src/config/configuration-fault.ts";
import type { FileFaultReason } from "../../src/download/file-fault.ts";
import type { HttpFaultReason } from "../../src/download/http-fault.ts";
import type { ListenErrorCode } from "../../src/http/serve.ts";
import type { StoreErrorCode } from "../../src/store/store-error.ts";

/** What a code means, and what to do about it. */
export type CodeText = readonly [meaning: string, remedy: string];

type Texts<Code extends string> = Readonly<Record<Code, CodeText>>;

export const exitTexts: Readonly<Record<ExitCode, CodeText>> = {
  0: ["Done or good; for `serve` and `demo`: stopped in order by a signal.", "Nothing."],
  1: [
    "Refused, waiting for approval, or failed: the bundle or a part of it, the run, the store, the port, or an unexpected error.",
    "Read the last line of stderr: its codes are below. Trying again can help.",
  ],
  2: [
    "Wrong usage or configuration. Trying again does not help.",
    "Run `cert-parser-runner check-config`: it lists every fault at once.",
  ],
  3: [
    "Undetermined, of commands that give verdicts: nothing speaks against it, and not enough is known.",
    "The output names what is not known: give it with `--anchor` or `--authorities`.",
  ],
  5: [
    "Could not be judged, of commands that give verdicts: the file cannot be read or parsed.",
    "Read the last line of stderr; get the file again.",
  ],
};

/** With the stages at which each can stop a run. */
export const pipelineTexts: Readonly<Record<SyncErrorCode, readonly [stages: string, ...text: CodeText]>> = {
  AUTHENTICATION_ERROR: [
    "authenticate, login",
    "The identity provider or the SFC login refused who we say we are.",
    "Check the `AUTH_` and `LOGIN_` settings that the message names; has a secret been changed or run out?",
  ],
  EXTERNAL_SERVICE_ERROR: [
    "authenticate, login, download",
    "The service could not be reached, or gave something else than was asked for.",
    "See the reason under [Network](#network-and-service). Runs are tried again by themselves.",
  ],
  PARSE_ERROR: [
    "download, parse",
    "What came is no list that can be opened, as a whole.",
    "See the reason under [Reading](#reading). Get the file by hand and look at it with `inspect`.",
  ],
  TRUST_ERROR: [
    "verify",
    "What was read is refused, or waits for approval, and is quarantined: `trust list`. What else is in the bundle went in.",
    "See the reason under [Judgment](#judgment). Do not lower a limit before you know why.",
  ],
  DATABASE_ERROR: [
    "store",
    "The store cannot be used, or did not take the list. It is as it was.",
    "See the reason under [Store](#store).",
  ],
  CONFIGURATION_ERROR: [
    "authenticate, login, download",
    "A setting or an argument cannot be used.",
    "Run `cert-parser-runner check-config`; see [Configuration](#configuration) and [Files](#files).",
  ],
  CANCELLED: [
    "any",
    "The run was asked to stop, by a signal as a rule. The store is as it was.",
    "Nothing: the next run makes up for it.",
  ],
};

export const httpTexts: Texts<Exclude<HttpFaultReason, `HTTP_${number}`>> = {
  ABORTED: ["The run was cancelled while it waited for an answer.", "Nothing."],
  CONNECTION_CLOSED: [
    "The other side closed the connection before it answered.",
    "If it lasts: ask who runs the service; look at a proxy or firewall between.",
  ],
  CONNECTION_REFUSED: [
    "Nothing listens at that address.",
    "Is the service up, and are host and port of the URL right? Does the network policy let the pod out?",
  ],
  EMPTY_BODY: ["An answer without the body that it should have.", "Check the URL of the step."],
  HTML_BODY: [
    "A web page came: a login page, or an error page of a proxy.",
    "Check the URL, and whether a proxy asks for a login.",
  ],
  IDLE_TIMEOUT: [
    "The body began to come, and then no byte for too long.",
    "If the service is only slow, raise `HTTP_TIMEOUT_SECONDS`.",
  ],
  INVALID_URL: ["The URL is none, or carries a user name.", "Correct the setting that the message names."],
  JSON_BODY: ["A JSON document came where a list or a plain token should.", "Check the URL of the step."],
  NAME_NOT_FOUND: [
    "The host name is not known.",
    "Check its spelling, the name server, the pod's egress to DNS (port 53, UDP and TCP), and `HTTPS_PROXY`.",
  ],
  NETWORK_ERROR: ["Any other failure of the network.", "The log has the causes, innermost last."],
  NOT_JSON: ["The token endpoint answered something else than JSON.", "Check `AUTH_URL`."],
  OVERALL_TIMEOUT: [
    "The time for all attempts together was over.",
    "If the service is only slow, raise `HTTP_TIMEOUT_SECONDS`.",
  ],
  PORT_BLOCKED: ["The URL names a port where HTTP is never sent, such as 25.", "Correct the port."],
  REDIRECT_LIMIT: ["Too many redirects in a row.", "Set the URL to the place where they end."],
  REDIRECT_ORIGIN: [
    "A redirect to another scheme, host or port; our credentials are not sent there.",
    "If it is the right place, set the URL to it.",
  ],
  TIMEOUT: [
    "No complete answer within `HTTP_TIMEOUT_SECONDS`.",
    "Is the service overloaded, or a firewall silent? If it is only slow, raise the limit.",
  ],
  TLS_ERROR: [
    "The server's certificate is not trusted or has expired, or TLS failed otherwise.",
    "Name the file of your certificate authority in `NODE_EXTRA_CA_CERTS`; check the clock.",
  ],
  TOKEN_MALFORMED: [
    "The token holds characters that no HTTP header may carry.",
    "Check the URL of the step: something else than a token came.",
  ],
  TOKEN_MISSING: ["The answer holds no token.", "Check the URL of the step."],
  TOO_LARGE: [
    "More bytes than `MAX_DOWNLOAD_BYTES`.",
    "Check the URL; if the list really is that large, raise the limit and the pod's memory.",
  ],
  TRUNCATED_BODY: [
    "The body ended before it was complete.",
    "Tried again by itself; if it lasts, look at proxies.",
  ],
  XML_BODY: ["An XML document came where a list or a token should.", "Check the URL of the step."],
};

/** Statuses that are worth a word of their own; any other is `HTTP_` with its number. */
export const statusTexts: Texts<
  "HTTP_400" | "HTTP_401" | "HTTP_403" | "HTTP_404" | "HTTP_429" | "HTTP_500" | "HTTP_503"
> = {
  HTTP_400: [
    "The request was not understood; from the identity provider often wrong credentials (`invalid_grant`).",
    "The message says which OAuth error came; check the `AUTH_` settings.",
  ],
  HTTP_401: [
    "The credentials or the token were not accepted.",
    "At `authenticate`: check the four `AUTH_` settings. At `download`, both tokens were made anew once already.",
  ],
  HTTP_403: ["Known, and not allowed.", "Check the rights of the user and the `LOGIN_` settings."],
  HTTP_404: ["Nothing is at that address.", "Check the URL of the step."],
  HTTP_429: ["Too many requests.", "Tried again after the time that the service asks for. Run less often."],
  HTTP_500: ["The service failed.", "Tried again by itself; if it lasts, ask who runs it."],
  HTTP_503: [
    "The service is not there for now.",
    "Tried again by itself, after `Retry-After` where it is given.",
  ],
};

export const fileTexts: Texts<FileFaultReason> = {
  ABORTED: ["Reading was cancelled.", "Nothing."],
  FILE_EMPTY: ["The file is empty.", "Get it again."],
  FILE_IS_DIRECTORY: ["A directory, where a file is expected.", "Name the file in it."],
  FILE_NOT_FOUND: ["There is no such file.", "Check the path; in a container it is the container's."],
  FILE_TOO_LARGE: ["Larger than `MAX_DOWNLOAD_BYTES`.", "If that is right, raise the limit."],
  FILE_UNREADABLE: ["The file cannot be read.", "Check its permissions: in the image the user is 1000."],
};

export const parserTexts: Texts<CertParserErrorCode> = {
  ARCHIVE_MALFORMED: [
    "A ZIP archive, or a member of it, is damaged.",
    "Get it again: the download broke off.",
  ],
  ARCHIVE_UNSUPPORTED: [
    "A member of a ZIP archive is encrypted, or compressed in a rare way.",
    "Unpack it by hand, and read what is in it.",
  ],
  BASE64_SYNTAX: [
    "Text that should be base64 is not: in PEM, in LDIF, or all of the file.",
    "Get it again; was it opened and saved by an editor or a mail program?",
  ],
  CMS_CONTENT_MISSING: [
    "The envelope has no content: a detached signature, a bundle of certificates, or emptied on the way.",
    "Get the file again, from the publisher.",
  ],
  CMS_CONTENT_TYPE: [
    "A CMS file of another kind than a Master List or a Deviation List.",
    "Check the URL; `inspect FILE` says what it is.",
  ],
  DER_LENGTH: [
    "A length is not in the shortest form, or too long.",
    "A damaged file, or a certificate made wrong: tell the publisher.",
  ],
  DER_SYNTAX: ["The bytes are not the structure that they should be.", "As for `DER_LENGTH`."],
  DER_TRAILING_DATA: ["Bytes follow a value that should have been the last.", "As for `DER_LENGTH`."],
  DER_TRUNCATED: ["The file ends too early.", "Get it again: the download broke off."],
  INPUT_UNRECOGNISED: [
    "Empty, or nothing that is known: often a web page or an error message.",
    "Look at the file; check the URL.",
  ],
  LDIF_SYNTAX: [
    "A line or a change of an LDIF file is not as RFC 2849 has it.",
    "The message has its place; get the file again, from the publisher.",
  ],
  LIMIT_EXCEEDED: [
    "Larger, deeper or longer than is read: far above every real list.",
    "Take it for an attack or damage until the publisher says otherwise.",
  ],
};

export const judgmentTexts: Texts<VerificationCode> = {
  ALGORITHM_PROTECTION_MISMATCH: [
    "The signer protects other algorithms (RFC 6211) than it signed with. Refused.",
    "Treat it as tampering until the publisher says otherwise.",
  ],
  ANCHOR_EXPIRED: [
    "Noted: the anchor has expired since the list was signed.",
    "Get the publisher's new CSCA certificate from another channel than the list, and name it in `TRUST_ANCHORS`.",
  ],
  ANCHOR_MISMATCH: [
    "No path leads from the signer to an anchor, or to a trusted publisher. Refused.",
    "Is it another publisher's list? If the publisher has a new key, name its CSCA in `TRUST_ANCHORS`, or run `trust approve`.",
  ],
  ANCHOR_REVOKED: [
    "The signer, its CSCA or the anchor is revoked. Refused.",
    "Ask the publisher. If the CRL is wrong about its root, `trust approve KEY` lifts it, with who and why.",
  ],
  CHAIN_BROKEN: [
    "No CSCA certificate was found that issued the signer's certificate, or the one found did not sign it. Refused.",
    "Give the CSCA certificate: `verify --authorities FILE`, or `TRUST_ANCHORS`.",
  ],
  CONTENT_TYPE: [
    "The content is no Master List, or the signed content type is another one. Refused.",
    "Check the URL, then ask the publisher.",
  ],
  COUNTRY_LOST: [
    "Noted: a country is left without a valid CSCA certificate.",
    "See `diff OLD NEW`; ask the publisher whether that is intended.",
  ],
  COUNTRY_MISMATCH: [
    "A document signer and the CSCA that issued it are of different countries.",
    "Do not trust the document signer.",
  ],
  CRL_AFTER_KEY: [
    "The CRL was issued after the certificate of its key had expired. It is not applied.",
    "Treat it as misuse of an old key until its owner says otherwise; get the CRL of the current key.",
  ],
  CRL_IN_FUTURE: [
    "The CRL is dated more than a day from now. It is not applied.",
    "Check the clock of the machine, then ask the publisher.",
  ],
  CRL_ROLLBACK: [
    "A newer CRL of the same key was accepted before. This one is not applied.",
    "Nothing if the source is slow; otherwise an old one is being replayed.",
  ],
  CRL_SCOPE: [
    "The CRL is a delta, indirect or partial. It is not applied as a full one.",
    "Get the full CRL.",
  ],
  CRL_STALE: [
    "Noted: the next CRL is overdue. What this one revokes stays revoked.",
    "Get a newer one; revocations since then are not known.",
  ],
  CSCA_EXPIRED: [
    "The CSCA certificate is not valid at the instant of the check.",
    "Is there a newer CSCA certificate of that country?",
  ],
  CSCA_SIGNED_DIRECTLY: ["Noted: a CSCA signed the list itself, without a list signer.", "Nothing."],
  DIGEST_MISMATCH: [
    "The digest algorithm and that of the signature differ. Refused.",
    "Treat it as tampering until the publisher says otherwise.",
  ],
  EDITION_SUPERSEDED: [
    "Noted: a newer list of the same CSCA was accepted. This one is kept as history, and changes nothing that is current.",
    "Nothing if you load old lists; otherwise check whether the source is out of date.",
  ],
  ISSUER_UNKNOWN: [
    "No CSCA certificate of the issuer is known: the CSCA may have rolled over, or be missing from the lists.",
    "Look for it in another country's list: `verify FILE --authorities OTHER_LIST`.",
  ],
  KEY_USAGE_PERIOD: [
    "A key signed outside of its private key usage period.",
    "Treat it as misuse of an old key until its owner says otherwise. Nothing if it is noted.",
  ],
  KEY_WITHDRAWN: [
    "The key left every list over 30 days before its time. It vouches for nothing new: a list waits for approval, a document signer first seen later is undetermined.",
    "Ask the state why. To accept a list in spite of it: `trust approve SHA256 --reason TEXT`.",
  ],
  LENIENCY: ["Noted: a deviation from a standard that real publishers have.", "Nothing."],
  LINK_REVOKED: [
    "A link to the publisher's key is revoked because a key or a CA was compromised. The list waits for approval.",
    "Ask the publisher by another channel whether its key is still its own, then run `trust approve`.",
  ],
  LINK_UNSEEN: [
    "A link that no accepted list held leads to the publisher's key, signed by a key that was not to sign any more. The list waits for approval.",
    "Compare the key with what the publisher states, then run `trust approve KEY`.",
  ],
  LIST_MISSING: [
    "Noted: the directory deletes a signed list, or no longer holds it. That is not signed, so what the list holds stays.",
    "Ask the source. To end what it lists: `source remove NAME --reason TEXT`.",
  ],
  LIST_TOO_OLD: [
    "The first list of a publisher is older than `MAX_LIST_AGE_HOURS`; the message tells both in days. It waits for approval.",
    "Is there a newer one? If not: `trust approve SHA256 --reason TEXT`, or raise `MAX_LIST_AGE_HOURS`.",
  ],
  LIST_VERSION: [
    "The version of the list is not 0. Refused.",
    "Ask the publisher; a later version needs a later release of this program.",
  ],
  MESSAGE_DIGEST_MISMATCH: [
    "The content is not what was signed. Refused.",
    "Get the file again; if it is the same, it was changed.",
  ],
  NAME_MISMATCH: [
    "The issuer's name is not that of the CSCA whose key signed.",
    "Ask the publisher. Nothing if it is noted.",
  ],
  PIN_UNAPPROVED: [
    "Noted: the publisher was trusted on first use, and has not been approved.",
    "Compare its key with what the publisher states, then run `trust approve`.",
  ],
  PKD_VERSION_GAP: [
    "Versions of the directory are missing between what is held and the delta. It waits for approval.",
    "Sync the versions between, or the complete collection. To skip them: `trust approve SHA256 --reason TEXT`.",
  ],
  PKD_VERSION_JUMP: [
    "The version of the directory is far ahead of the one that is held. It waits for approval.",
    "If the directory was really idle that long: `trust approve SHA256 --reason TEXT`.",
  ],
  PUBLISHER_RETIRED: [
    "The publisher's key was retired by a rollover, and signs no new lists. Refused.",
    "Treat the key as stolen until the publisher says otherwise.",
  ],
  PUBLISHER_UNKNOWN: [
    "The publisher is neither pinned, nor linked to a pinned one, nor in another accepted source. The list waits for approval.",
    "`trust list` shows its key: compare it, then run `trust approve KEY`.",
  ],
  REPLAY: [
    "Signed at the same time as the accepted list, with different content. Refused.",
    "Treat it as tampering until the publisher says otherwise.",
  ],
  REVOCATION_ALERT: [
    "Noted: a CRL of a sibling or namesake of the issuer's key lists the certificate. It has no authority over it, so nothing changes.",
    "Ask the state. If the two keys are of one CSCA: `trust join KEY KEY --reason TEXT`.",
  ],
  REVOCATION_UNDETERMINED: [
    "No accepted CRL speaks of the certificate.",
    "Get the CRL of that CSCA; decide by your own rules until then.",
  ],
  REVOKED: ["The certificate is revoked.", "Do not trust it."],
  ROLLBACK: [
    "The directory is of an older version than the one that is held. Refused.",
    "Is the download address out of date? If it is intended: `trust approve SHA256 --reason TEXT`.",
  ],
  ROLLOVER: [
    "Noted: the publisher has a new key, to which link certificates lead from the trusted one.",
    "Nothing; the old key is retired.",
  ],
  SHRINK: [
    "More valid certificates of one list, or outside of lists, would leave than `MAX_REMOVED_PERCENT` allows: over two, or all. That list is refused.",
    "See `diff --store SOURCE SHA256`, and ask the publisher. If it is right: `trust approve SHA256 --reason TEXT`.",
  ],
  SIGNATURE_INVALID: [
    "The signature is not that of the key that it names. Refused.",
    "Get the file again; if it is the same, it was changed.",
  ],
  SIGNATURE_UNCHECKED: [
    "Noted for every list: `TRUST_MODE` is off, and no signature was verified.",
    "Unset `TRUST_MODE`. What was stored meanwhile is judged again.",
  ],
  SIGNATURE_UNSUPPORTED: [
    "The signature is of a kind that is not verified here. Refused.",
    "Report it, with the algorithm that the message names.",
  ],
  SIGNED_ATTRIBUTES_MALFORMED: [
    "The signed attributes are not strict DER, or one is there twice. Refused.",
    "Treat it as tampering until the publisher says otherwise.",
  ],
  SIGNED_ATTRIBUTES_MISSING: [
    "There are no signed attributes: such a signature can be moved to other content. Refused.",
    "Ask the publisher for a list as Doc 9303-12 specifies it.",
  ],
  SIGNER_EXPIRED: [
    "The signer's certificate was not valid when the list was signed. Refused.",
    "Ask the publisher.",
  ],
  SIGNER_EXPIRED_SINCE: [
    "Noted: the signer's certificate has expired since it signed.",
    "Nothing; look for a newer list.",
  ],
  SIGNER_NOT_FOUND: [
    "No certificate matches the signer identifier. Refused.",
    "Ask the publisher for a list with its signer in the envelope.",
  ],
  SIGNER_PROFILE: [
    "The certificate may not sign lists, or CRLs: its key usage or its purpose says otherwise. Refused; noted if the flaw has no bearing on security.",
    "Treat it as misuse of another certificate until the publisher says otherwise. Nothing if it is noted.",
  ],
  SIGNING_CERTIFICATE_MISMATCH: [
    "The signed attributes name another certificate (RFC 5035). Refused.",
    "Treat it as tampering until the publisher says otherwise.",
  ],
  SIGNING_TIME_IN_FUTURE: [
    "The list claims to be signed over a day from now. Refused: it would lock out every later one.",
    "Check the clock of the machine, then ask the publisher.",
  ],
  SIGNING_TIME_MISSING: [
    "The list does not say when it was signed. Refused.",
    "Ask the publisher for a list as Doc 9303-12 specifies it.",
  ],
  TOO_FEW_CERTIFICATES: [
    "The list is empty, or has fewer certificates than `MIN_CERTIFICATES`. It is refused.",
    "Check the URL, then ask the publisher.",
  ],
  UNSIGNED: [
    "It is unsigned, and its source is not declared so, or once gave signed lists. Refused; noted of a CSCA certificate outside of lists, which is left out.",
    "Get the signed list. For certificates of your own: `UNSIGNED_SOURCES`, or `sync --unsigned`.",
  ],
  WEAK_ALGORITHM: [
    "SHA-1, an RSA key below 2048 or an EC key below 224 bits on the path from the signer to the anchor. Refused for lists signed after 2020, noted before.",
    "Ask the publisher for a list that is signed in a better way. Of a test PKI: `TRUST_ALLOW_WEAK_ALGORITHMS`, `verify --allow-weak-algorithms`.",
  ],
  WORK_EXCEEDED: [
    "Verifying it would take more work than any real list does: very large keys, or very many. Not judged further.",
    "Treat it as an attack until the publisher says otherwise.",
  ],
};

export const storeTexts: Texts<StoreErrorCode> = {
  BUNDLE_REFUSED: ["A refused list reached the store: a fault of the program.", "Report it."],
  BUNDLE_REPLACED: [
    "Another run stored another list in the meantime.",
    "Nothing: the next run goes by that one.",
  ],
  CANCELLED: ["Stopped by its signal; nothing of the work was kept.", "Nothing."],
  KEY_AMBIGUOUS: [
    "More than one key begins so, or both names are of one key.",
    "Give more digits of it: `trust list` shows them all.",
  ],
  KEY_UNKNOWN: [
    "No key begins so, or the two keys were not joined.",
    "See `trust list`; give at least 16 digits.",
  ],
  PUBLISHER_AMBIGUOUS: [
    "More than one publisher has a key that begins so.",
    "Give more digits of it: `trust list` shows them all.",
  ],
  // The reason of a judgment has the same name; its text is the one that is shown there.
  PUBLISHER_UNKNOWN: ["No publisher has a key that begins so.", "See `trust list`."],
  QUARANTINE_AMBIGUOUS: [
    "More than one bundle in quarantine has a SHA-256 that begins so.",
    "Give more digits of it: `trust list` shows them all.",
  ],
  QUARANTINE_MISSING: [
    "No bundle in quarantine has that SHA-256, or it was too large to be kept.",
    "See `trust list`; where the file is not kept, sync it again.",
  ],
  SCHEMA_CHANGED: [
    "A migration that was applied reads otherwise in this program.",
    "Use the version that made the store, or restore a backup.",
  ],
  SCHEMA_OUTDATED: [
    "The schema lacks migrations, or its tables were removed.",
    "Run `cert-parser-runner migrate`.",
  ],
  SCHEMA_PRERELEASE: [
    "A build from before the first release made the store; its schema is no longer supported. Nothing was changed.",
    "Start anew: use another database or `DATA_DIR`, or drop the schema `certs`. Keep the schema `certs_predecessor`.",
  ],
  SCHEMA_TOO_NEW: [
    "A later version of the program has migrated the store.",
    "Use that version or a later one, or restore the backup from before the upgrade.",
  ],
  SERVER_TOO_OLD: ["PostgreSQL is older than 15.", "Upgrade the server."],
  SOURCE_UNKNOWN: ["No source of that name is in use.", "See `source list`."],
  STORE_BUSY: [
    "Another run held the store for longer than we wait.",
    "Nothing if it passes; else see who holds it in `pg_stat_activity`.",
  ],
  STORE_CHANGED: [
    "Another run, or an operator, changed the store after the bundle was judged. Nothing was written.",
    "Nothing: the bundle is judged anew at once, and again in the next run.",
  ],
  STORE_CLOSED: [
    "The store was closed while a run went on.",
    "Nothing while the service stops; otherwise report it.",
  ],
  STORE_CONNECTION_LOST: [
    "The connection broke; nothing of the work in hand was kept.",
    "Recovers by itself. Did the server restart or fail over?",
  ],
  STORE_CONSTRAINT: [
    "A row breaks a constraint: somebody else writes to our tables, or a fault of the program.",
    "Let nothing else write to the schema `certs`; report it.",
  ],
  STORE_DATABASE_MISSING: ["The server has no database of that name.", "Create it, or correct the name."],
  STORE_DIRECTORY: [
    "The data directory of the embedded store cannot be used.",
    "Check `DATA_DIR`, its owner and its room.",
  ],
  STORE_DSN_INVALID: [
    "The connection string cannot be used.",
    "The message says why; special characters of a password are percent-encoded.",
  ],
  STORE_FAILED: [
    "Anything else; the log has the causes.",
    "Read them; the code `SQLSTATE_` and five characters is PostgreSQL's.",
  ],
  STORE_FULL: ["No room is left on the disk of the database.", "Make room; recovers by itself."],
  STORE_HOST_UNKNOWN: ["The host name of the database does not resolve.", "Check its spelling and the DNS."],
  STORE_LOCKED: [
    "Another process has the embedded store open.",
    "Stop it, or use another `DATA_DIR`; several at a time need PostgreSQL.",
  ],
  STORE_LOGIN_FAILED: [
    "User name or password were refused.",
    "Check them; percent-encode special characters in `DATABASE_DSN`.",
  ],
  STORE_PERMISSION: [
    "The database user lacks a privilege.",
    "Let it create the schema `certs`, or own that and its tables; [with tables of the predecessor](migration-from-python.md#who-owns-the-tables), those too.",
  ],
  STORE_READ_ONLY: ["The server takes no writes.", "Is it a standby? Name the primary."],
  STORE_STARTING: ["The server is starting up or shutting down.", "Wait."],
  STORE_TIMEOUT: [
    "The server or a statement took too long.",
    "Check address, port, firewall and load; look for locks in `pg_stat_activity`.",
  ],
  STORE_TLS: ["TLS could not be agreed on.", "Check `sslmode`, `sslrootcert` and the server's certificate."],
  STORE_TOO_MANY_CONNECTIONS: [
    "The server takes no more connections.",
    "Raise `max_connections`, or put a pooler before it.",
  ],
  STORE_UNREACHABLE: [
    "Nothing listens at the address, or the way there is closed.",
    "Is PostgreSQL running? Does the network policy let the pod out to it?",
  ],
};

export const configurationTexts: Texts<ConfigurationFaultCode> = {
  CONFLICT: ["Two settings, or two spellings of one, exclude each other.", "Unset one of the two."],
  FILE: [
    "The file that `NAME_FILE` names is missing, empty or unreadable.",
    "Check the mount and its permissions.",
  ],
  INVALID: [
    "The value is not of the form that is wanted.",
    "The message says which; see [configuration](configuration.md).",
  ],
  MISSING: ["Not set, though another setting needs it.", "Set it, or unset the other."],
};

export const listenTexts: Texts<ListenErrorCode> = {
  ADDRESS_UNAVAILABLE: ["`HOST` is no address of this machine.", "Use `0.0.0.0`, or `::`."],
  LISTEN_FAILED: ["The port could not be had for another reason.", "The message has it."],
  PORT_FORBIDDEN: ["The user may not use that port.", "Choose a `PORT` above 1023."],
  PORT_IN_USE: ["Another program has the port.", "Stop it, or choose another `PORT`."],
};

export const findingTexts: Readonly<Record<FindingCode, string>> = {
  ALGORITHM_PARAMETERS:
    "The parameters of an algorithm are not as its standard has them, such as NULL with ECDSA.",
  ARCHIVE_MEMBER_SKIPPED: "A member of a ZIP archive holds nothing that is read here.",
  BIT_STRING_UNUSED_BITS: "A signature or a key is said to end in the middle of an octet.",
  BOOLEAN_NOT_DER: "A BOOLEAN that is true is not written as FF.",
  COMMON_NAME_ABSENT: "A subject or a CRL's issuer has no commonName.",
  COUNTRY_ABSENT: "A name has no country.",
  COUNTRY_CASE:
    "The country is not in upper case. It is upper-cased in records; names keep what was written.",
  COUNTRY_LENGTH: "The country is not of two letters. It is kept as it was written.",
  COUNTRY_MISMATCH: "Issuer and subject name different countries. The subject's counts.",
  CRL_AUTHORITY_KEY_ABSENT: "A CRL does not name the key of its issuer: which one signed it must be tried.",
  CRL_NEXT_UPDATE_ABSENT: "A CRL does not say when the next one comes: its age is hard to judge.",
  CRL_NUMBER: "A CRL has no number, or one that is negative or too long.",
  CRL_REVOKED_EMPTY: "A CRL that revokes nothing has an empty list, where it should have none.",
  DEFAULT_ENCODED: "A default value is written out, where DER leaves it out.",
  DEVIATION_FORM: "A deviation is encoded in another way than Doc 9303-12 has it.",
  DOCUMENT_TYPE_LIST_FORM:
    "documentTypeList is encoded in another way than Doc 9303-12 has it. It was read all the same.",
  DUPLICATE_CERTIFICATE: "A certificate stands in the list or file more than once. It is stored once.",
  DUPLICATE_CRL: "A CRL stands in the file more than once. It is stored once.",
  EC_COFACTOR_ABSENT: "The explicit parameters of a key leave out the cofactor.",
  EC_CURVE_NAMED: "A key names its curve, where Doc 9303-12 wants all parameters.",
  EC_PARAMETERS_UNRECOGNISED:
    "The parameters of a key are of no known curve; the message says which differs. Do not trust such a key.",
  EC_POINT_COMPRESSED: "The public point or the generator is compressed.",
  ENVELOPE_CRLS: "A Master List carries CRLs beside the content, where the profile has none.",
  EXTENSION_CRITICALITY: "An extension is critical and should not be, or the other way round.",
  EXTENSION_DUPLICATE: "An extension stands there more than once. The first counts.",
  EXTENSION_EMPTY: "An extension is a SEQUENCE without elements.",
  EXTENSION_MALFORMED: "An extension could not be read and was passed over.",
  EXTENSION_TOO_LONG: "An extension is longer than any that is looked into. Its bytes were kept.",
  HASH_WEAK: "A signature is over SHA-1 or MD5.",
  INTEGER_NOT_MINIMAL: "An INTEGER has more octets than it needs.",
  KEY_IDENTIFIER_RAW: "The subject key identifier lacks the OCTET STRING around it.",
  KEY_SIZE: "A key is shorter than Doc 9303-12 wants.",
  KEY_USAGE_UNEXPECTED: "keyUsage has other bits than the role asks for, or is absent.",
  LDIF_CHANGE_UNMATCHED: "A delta changes what the file does not hold: read it on top of its collection.",
  LDIF_LINE_SKIPPED: "A line of an LDIF file could not be read and was passed over.",
  NAME_STRING: "A string in a name is of an unusual type, or not in the character set of its type.",
  NON_DER_ENVELOPE: "The envelope uses BER, which CMS allows.",
  PEM_BLOCK_SKIPPED: "A PEM block is of a kind that is not read here, or holds nothing that is.",
  PKD_VERSION_GAP: "Versions of the directory are missing: get the deltas between.",
  PKD_VERSION_OLD: "A delta is not newer than the collection that it was put on top of.",
  PUBLIC_KEY_MALFORMED: "A public key is not in the form that its algorithm asks for.",
  RSA_EXPONENT: "The public exponent of an RSA key is not 65537.",
  SERIAL_NEGATIVE: "The serial number is negative.",
  SERIAL_TOO_LONG: "The serial number is longer than 20 octets.",
  SERIAL_ZERO: "The serial number is zero.",
  SET_OF_ORDER: "The elements of a SET OF are not in the order of DER.",
  SIGNATURE_ALGORITHM_MISMATCH: "The two signature algorithms of a certificate or CRL differ.",
  SIGNING_TIME_MISSING: "The list does not say when it was signed, or not legibly: its age is unknown.",
  TIME_FORM: "A time is written in another form than the profile asks for.",
  TRAILING_DATA: "Bytes follow the outermost value. They were not read.",
  UNIQUE_IDENTIFIER: "A certificate has issuerUniqueID or subjectUniqueID, which the profile prohibits.",
  UNSIGNED_ATTRIBUTES: "A signer has unsigned attributes, where the profile allows none.",
  VALIDITY_REVERSED: "notAfter is before notBefore, or nextUpdate before thisUpdate.",
  VERSION_UNEXPECTED: "A version number is not the one of the profile.",
};

/** Codes in the answers of the routes. */
export const routeTexts: Texts<
  | "BODY_TOO_LARGE"
  | "EVENT_LOOP_BLOCKED"
  | "INTERNAL_ERROR"
  | "METHOD_NOT_ALLOWED"
  | "NOT_ACCEPTING_RUNS"
  | "NOT_FOUND"
  | "NO_LIST_YET"
  | "RUN_IN_PROGRESS"
  | "SCHEDULER_DEAD"
  | "STORE_OPENING"
  | "UNAUTHORIZED"
> = {
  BODY_TOO_LARGE: ["The body of `POST /trigger` is over 1 KiB.", "Send none."],
  EVENT_LOOP_BLOCKED: [
    "The process did nothing else for over ten seconds.",
    "Give the container more processor time; Kubernetes restarts it.",
  ],
  INTERNAL_ERROR: ["A route failed: a fault of the program.", "The log has it (`http.failed`); report it."],
  METHOD_NOT_ALLOWED: ["The route takes another method.", "The header `Allow` says which."],
  NOT_ACCEPTING_RUNS: ["The service is starting or stopping.", "Ask again later."],
  NOT_FOUND: [
    "There is no such route; `POST /trigger` is none without `TRIGGER_TOKEN`.",
    "Check the path; set the token.",
  ],
  NO_LIST_YET: ["Nothing was accepted yet, and the first run has not ended.", "Wait for it, or start one."],
  RUN_IN_PROGRESS: ["A run is already in progress.", "Wait for its end; the answer names it."],
  SCHEDULER_DEAD: ["No run will ever be due again.", "Check `SCHEDULER_CRON` with `check-config`."],
  STORE_OPENING: ["The store is being opened.", "Wait; the log says what it waits for."],
  UNAUTHORIZED: [
    "`POST /trigger` without its bearer token.",
    "Send `Authorization: Bearer` and the value of `TRIGGER_TOKEN`.",
  ],
};

/** What is let pass in a signature that is good. */
export const leniencyTexts: Readonly<Record<Leniency, string>> = {
  DIGEST_INFO_NULL_ABSENT:
    "An RSA signature without NULL after the digest algorithm, where RFC 8017, 9.2 has it: ICAO's lists of 2023.",
  ECDSA_PARAMETERS_NULL:
    "An ECDSA algorithm with NULL for its parameters, where RFC 5758, 3.2 leaves them out: Latvia, Japan and Austria.",
  RSA_PARAMETERS_ABSENT:
    "An RSA algorithm without parameters, where RFC 4055, 5 has NULL: Iceland and Yemen.",
};

/** Codes that stand alone. */
export const otherTexts: Texts<
  | "CERTIFICATE_NOT_FOUND"
  | "CRL_NOT_FOUND"
  | "INSPECT_ERROR"
  | "REFUSED"
  | "SERVICE_MISSING"
  | "SYSTEM_ERROR"
  | "UNEXPECTED"
  | "UNREADABLE"
> = {
  CERTIFICATE_NOT_FOUND: [
    "The file has no certificate of that SHA-256 or position.",
    "`inspect FILE --ndjson --all` shows those that it has.",
  ],
  CRL_NOT_FOUND: [
    "The file has no CRL of that SHA-256 or position.",
    "`inspect FILE --ndjson --all` shows those that it has.",
  ],
  INSPECT_ERROR: [
    "What `inspect` was asked to explain is not in the file.",
    "See the reason: `CERTIFICATE_NOT_FOUND` or `CRL_NOT_FOUND`.",
  ],
  REFUSED: ["A policy of your own refused the list without a reason.", "Let it give one."],
  SERVICE_MISSING: [
    "`serve` has no service to download from. Exit code 2.",
    "Set the `AUTH_`, `LOGIN_` and `DOWNLOAD_` settings, or try `demo`.",
  ],
  SYSTEM_ERROR: [
    "The operating system refused something, such as writing to a full disk.",
    "The reason is its own code, such as `ENOSPC`.",
  ],
  UNEXPECTED: ["An unexpected error.", "Report it with the log, which has the causes."],
  UNREADABLE: [
    "`verify`: a list in the file could not be read. Refused.",
    "`inspect FILE` shows where and why.",
  ],
};
