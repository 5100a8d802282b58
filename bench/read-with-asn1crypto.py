"""Reads certificates with asn1crypto to the fields that the other readers read. Prints one line of JSON.

Usage: read-with-asn1crypto.py FILE, where FILE has one certificate after the other in DER.
"""

import hashlib
import json
import sys
import time

from asn1crypto import parser, x509


def read(der):
    certificate = x509.Certificate.load(der)
    tbs = certificate["tbs_certificate"]
    constraints = certificate.basic_constraints_value
    usage = certificate.key_usage_value
    return {
        "sha256": hashlib.sha256(der).hexdigest(),
        "serialNumber": tbs["serial_number"].contents.hex(),
        "issuer": certificate.issuer.native,
        "subject": certificate.subject.native,
        "issuerDer": certificate.issuer.dump().hex(),
        "subjectDer": certificate.subject.dump().hex(),
        "notBefore": certificate.not_valid_before,
        "notAfter": certificate.not_valid_after,
        "subjectKeyIdentifier": certificate.key_identifier,
        "authorityKeyIdentifier": certificate.authority_key_identifier,
        "basicConstraints": None if constraints is None else constraints.native,
        "keyUsage": None if usage is None else usage.native,
        "signatureAlgorithm": certificate["signature_algorithm"]["algorithm"].dotted,
        "publicKeyAlgorithm": tbs["subject_public_key_info"]["algorithm"]["algorithm"].dotted,
    }


def read_all(certificates):
    begun = time.perf_counter()
    count = 0
    for der in certificates:
        try:
            read(der)
        except ValueError:
            pass  # Lithuania's key identifiers: the others are read none the less.
        count += 1
    return (time.perf_counter() - begun) * 1000, count


with open(sys.argv[1], "rb") as file:
    data = file.read()
certificates = []
at = 0
while at < len(data):
    _, _, _, header, content, trailer = parser.parse(data[at:])
    length = len(header) + len(content) + len(trailer)
    certificates.append(data[at : at + length])
    at += length

cold, count = read_all(certificates)
warm = sorted(read_all(certificates)[0] for _ in range(5))
print(json.dumps({"certificates": count, "coldMs": cold, "warmMs": warm[2], "runs": 5}))
