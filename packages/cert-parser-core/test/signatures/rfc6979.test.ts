/**
 * The signatures of RFC 6979, appendix A.2, over the octets of "sample" and "test".
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex } from "../../src/bytes/hex.ts";
import { checkSignature } from "../../src/signatures/check-signature.ts";
import type { PublicKey } from "../../src/x509/public-key.ts";
import { bitString, oid, sequence } from "../der-writer.ts";
import { ecPublicKey } from "./ec-keys.ts";
import { algorithmIdentifier, engines, readPublicKey } from "./engines.ts";
import { positiveInteger } from "./rsa-keys.ts";

const ecdsaTypes: Readonly<Record<string, string>> = {
  "SHA-224": "1.2.840.10045.4.3.1",
  "SHA-256": "1.2.840.10045.4.3.2",
  "SHA-384": "1.2.840.10045.4.3.3",
  "SHA-512": "1.2.840.10045.4.3.4",
};

/** A.2.3 to A.2.7. */
const keys = [
  [
    "P-192",
    "ac2c77f529f91689fea0ea5efec7f210d8eea0b9e047ed56",
    "3bc723e57670bd4887ebc732c523063d0a7c957bc97c1c43",
    [
      [
        "sample",
        "SHA-224",
        "a1f00dad97aeec91c95585f36200c65f3c01812aa60378f5",
        "e07ec1304c7c6c9debbe980b9692668f81d4de7922a0f97a",
      ],
      [
        "sample",
        "SHA-256",
        "4b0b8ce98a92866a2820e20aa6b75b56382e0f9bfd5ecb55",
        "ccdb006926ea9565cbadc840829d8c384e06de1f1e381b85",
      ],
      [
        "test",
        "SHA-224",
        "6945a1c1d1b2206b8145548f633bb61cef04891baf26ed34",
        "b7fb7fdfc339c0b9bd61a9f5a8eaf9be58fc5cba2cb15293",
      ],
      [
        "test",
        "SHA-256",
        "3a718bd8b4926c3b52ee6bbe67ef79b18cb6eb62b1ad97ae",
        "5662e6848a4a19b1f1ae2f72acd4b8bbe50f1eac65d9124f",
      ],
    ],
  ],
  [
    "P-224",
    "00cf08da5ad719e42707fa431292dea11244d64fc51610d94b130d6c",
    "eeab6f3debe455e3dbf85416f7030cbd94f34f2d6f232c69f3c1385a",
    [
      [
        "sample",
        "SHA-224",
        "1cdfe6662dde1e4a1ec4cdedf6a1f5a2fb7fbd9145c12113e6abfd3e",
        "a6694fd7718a21053f225d3f46197ca699d45006c06f871808f43ebc",
      ],
      [
        "sample",
        "SHA-256",
        "61aa3da010e8e8406c656bc477a7a7189895e7e840cdfe8ff42307ba",
        "bc814050dab5d23770879494f9e0a680dc1af7161991bde692b10101",
      ],
      [
        "test",
        "SHA-224",
        "c441ce8e261ded634e4cf84910e4c5d1d22c5cf3b732bb204dbef019",
        "902f42847a63bdc5f6046ada114953120f99442d76510150f372a3f4",
      ],
      [
        "test",
        "SHA-256",
        "ad04dde87b84747a243a631ea47a1ba6d1faa059149ad2440de6fba6",
        "178d49b1ae90e3d8b629be3db5683915f4e8c99fdf6e666cf37adcfd",
      ],
    ],
  ],
  [
    "P-256",
    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    [
      [
        "sample",
        "SHA-224",
        "53b2fff5d1752b2c689df257c04c40a587fababb3f6fc2702f1343af7ca9aa3f",
        "b9afb64fdc03dc1a131c7d2386d11e349f070aa432a4acc918bea988bf75c74c",
      ],
      [
        "sample",
        "SHA-256",
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
      ],
      [
        "test",
        "SHA-224",
        "c37edb6f0ae79d47c3c27e962fa269bb4f441770357e114ee511f662ec34a692",
        "c820053a05791e521fcaad6042d40aea1d6b1a540138558f47d0719800e18f2d",
      ],
      [
        "test",
        "SHA-256",
        "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
        "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
      ],
    ],
  ],
  [
    "P-384",
    "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13",
    "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
    [
      [
        "sample",
        "SHA-224",
        "42356e76b55a6d9b4631c865445dbe54e056d3b3431766d0509244793c3f9366450f76ee3de43f5a125333a6be060122",
        "9da0c81787064021e78df658f2fbb0b042bf304665db721f077a4298b095e4834c082c03d83028efbf93a3c23940ca8d",
      ],
      [
        "sample",
        "SHA-384",
        "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46",
        "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8",
      ],
      [
        "test",
        "SHA-384",
        "8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb0542a7f0812998da8f1dd3ca3cf023db",
        "ddd0760448d42d8a43af45af836fce4de8be06b485e9b61b827c2f13173923e06a739f040649a667bf3b828246baa5a5",
      ],
    ],
  ],
  [
    "P-521",
    "01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a4",
    "00493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5",
    [
      [
        "sample",
        "SHA-384",
        "01ea842a0e17d2de4f92c15315c63ddf72685c18195c2bb95e572b9c5136ca4b4b576ad712a52be9730627d16054ba40cc0b8d3ff035b12ae75168397f5d50c67451",
        "01f21a3cee066e1961025fb048bd5fe2b7924d0cd797babe0a83b66f1e35eeaf5fde143fa85dc394a7dee766523393784484bdf3e00114a1c857cde1aa203db65d61",
      ],
      [
        "sample",
        "SHA-512",
        "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa",
        "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a",
      ],
      [
        "test",
        "SHA-512",
        "013e99020abf5cee7525d16b69b229652ab6bdf2affcaef38773b4b7d08725f10cdb93482fdcc54edcee91eca4166b2a7c6265ef0ce2bd7051b7cef945babd47ee6d",
        "01fbd0013c674aa79cb39849527916ce301c66ea7ce8b80682786ad60f98f7e78a19ca69eff5c57400e3b3a0ad66ce0978214d13baf4e9ac60752f7b155e2de4dce3",
      ],
    ],
  ],
] as const;

for (const [name, engine] of engines) {
  describe(`ECDSA by the ${name} engine`, () => {
    for (const [curve, x, y, signatures] of keys) {
      const publicKey = ecPublicKey(curve, fromHex(`04${x}${y}`));
      for (const [message, hash, r, s] of signatures) {
        test(`accepts the signature over "${message}" with ${hash} on ${curve}`, () => {
          const input = {
            publicKey,
            algorithm: algorithmIdentifier(ecdsaTypes[hash] ?? ""),
            data: ascii(message),
          };
          assert.equal(checkSignature(engine, { ...input, signature: numbers(r, s) }).outcome, "valid");
          assert.equal(checkSignature(engine, { ...input, signature: numbers(s, r) }).outcome, "invalid");
        });
      }
    }
  });

  describe(`DSA by the ${name} engine`, () => {
    for (const [message, hash, type, r, s] of dsaSignatures()) {
      const algorithm = algorithmIdentifier(type);
      test(`accepts the signature over "${message}" with ${hash}`, () => {
        const input = { publicKey: dsaKey(), algorithm, data: ascii(message) };
        const {
          outcome,
          scheme,
          hash: found,
          keySize,
        } = checkSignature(engine, { ...input, signature: numbers(r, s) });
        assert.deepEqual([outcome, scheme, found, keySize], ["valid", "dsa", hash, 1024]);
        assert.equal(checkSignature(engine, { ...input, signature: numbers(s, r) }).outcome, "invalid");
      });
    }
  });
}

/** A.2.1: 1024 bits. */
function dsaKey(): PublicKey {
  const p =
    "86f5ca03dcfeb225063ff830a0c769b9dd9d6153ad91d7ce27f787c43278b447e6533b86b18bed6e8a48b784a14c252c5be0dbf60b86d6385bd2f12fb763ed8873abfd3f5ba2e0a8c0a59082eac056935e529daf7c610467899c77adedfc846c881870b7b19b2b58f9be0521a17002e3bdd6b86685ee90b3d9a1b02b782b1779";
  const q = "996f967f6c8e388d9e28d01e205fba957a5698b1";
  const g =
    "07b0f92546150b62514bb771e2a0c0ce387f03bda6c56b505209ff25fd3c133d89bbcd97e904e09114d9a7defdeadfc9078ea544d2e401aeecc40bb9fbbf78fd87995a10a1c27cb7789b594ba7efb5c4326a9fe59a070e136db77175464adca417be5dce2f40d10a46a3a3943f26ab7fd9c0398ff8c76ee0a56826a8a88f1dbd";
  const y =
    "5df5e01ded31d0297e274e1691c192fe5868fef9e19a84776454b100cf16f65392195a38b90523e2542ee61871c0440cb87c322fc4b4d2ec5e1e7ec766e1be8d4ce935437dc11c3c8fd426338933ebfe739cb3465f4d3668c5e473508253b1e682f65cbdc4fae93c2ea212390e54905a86e2223170b44eaa7da5dd9ffcfb7f3b";
  const parameters = sequence(number(p), number(q), number(g));
  return readPublicKey(sequence(sequence(oid("1.2.840.10040.4.1"), parameters), bitString(number(y))));
}

function dsaSignatures(): readonly (readonly [
  message: string,
  hash: string,
  type: string,
  r: string,
  s: string,
])[] {
  return [
    [
      "sample",
      "SHA-1",
      "1.2.840.10040.4.3",
      "2e1a0c2562b2912caaf89186fb0f42001585da55",
      "29efb6b0aff2d7a68eb70ca313022253b9a88df5",
    ],
    [
      "sample",
      "SHA-256",
      "2.16.840.1.101.3.4.3.2",
      "81f2f5850be5bc123c43f71a3033e9384611c545",
      "4cdd914b65eb6c66a8aaad27299bee6b035f5e89",
    ],
  ];
}

function numbers(r: string, s: string): Uint8Array {
  return sequence(number(r), number(s));
}

function number(hex: string): Uint8Array {
  return positiveInteger(BigInt(`0x${hex}`));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
