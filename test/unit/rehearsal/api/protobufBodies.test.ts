// Bodies that kubectl sends as protobuf are read; what is no such body is refused.
import assert from 'node:assert/strict';
import { parseProtobufBody } from '../../../../src/rehearsal/api/protobufBodies.js';

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function field(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function flag(number: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(1)]);
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

/** `k8s\0`, then runtime.Unknown with type and raw object. */
function body(apiVersion: string, kind: string, raw: Buffer): Buffer {
  return message(Buffer.from('k8s\0'), field(1, message(field(1, apiVersion), field(2, kind))), field(2, raw), field(3, ''), field(4, ''));
}

const entry = (key: string, value: string): Buffer => message(field(1, key), field(2, value));

describe('protobuf body', () => {
  it('reads a namespace with labels', () => {
    const metadata = message(field(1, 'foo'), field(2, ''), field(3, ''), field(11, entry('a', '1')), field(11, entry('b', '2')));
    const parsed = parseProtobufBody(body('v1', 'Namespace', message(field(1, metadata), field(2, ''), field(3, field(1, '')))));
    assert.deepEqual(parsed, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'foo', labels: { a: '1', b: '2' } } });
  });

  it('reads the data of a secret as base64, however long', () => {
    const value = 'x'.repeat(300);
    const raw = message(field(1, field(1, 's')), field(2, entry('k', value)), field(3, 'Opaque'), flag(5));
    assert.deepEqual(parseProtobufBody(body('v1', 'Secret', raw)), {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { k: Buffer.from(value).toString('base64') },
      type: 'Opaque',
      immutable: true,
    });
  });

  it('reads what `auth can-i` asks', () => {
    const attributes = message(field(1, 'foo'), field(2, 'create'), field(5, 'pods'), field(6, 'portforward'));
    const parsed = parseProtobufBody(body('authorization.k8s.io/v1', 'SelfSubjectAccessReview', field(2, field(1, attributes))));
    assert.deepEqual(parsed.spec, { resourceAttributes: { namespace: 'foo', verb: 'create', resource: 'pods', subresource: 'portforward' } });
  });

  it('refuses kinds it has no table for with 415', () => {
    assert.throws(() => parseProtobufBody(body('v1', 'Pod', Buffer.alloc(0))), { code: 415 });
  });

  it('refuses bytes that are cut off, or no protobuf at all, with 400', () => {
    const whole = body('v1', 'ConfigMap', field(1, field(1, 'c')));
    assert.throws(() => parseProtobufBody(whole.subarray(0, 12)), { code: 400 });
    assert.throws(() => parseProtobufBody(Buffer.from('{"kind":"Pod"}')), { code: 400 });
  });
});
