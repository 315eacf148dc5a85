// `pilot-agent request` against something that answers HTTP inside the pod.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { pilotAgent } from '../../../../src/rehearsal/streams/pilotAgent.js';
import { startProgram } from '../../../../src/rehearsal/streams/podProcess.js';
import { createDuplexPair } from '../../../../src/rehearsal/envoy/duplexPair.js';

describe('pilot-agent in a proxy', () => {
  const server = createServer((request, response) => {
    response.statusCode = Number(/^\/(\d{3})/u.exec(request.url ?? '')?.[1] ?? 200);
    response.end(`${request.method ?? ''} ${request.url ?? ''}`);
  });
  const run = async (...args: string[]): Promise<readonly [code: number, stdout: string, stderr: string]> => {
    const process = startProgram(
      pilotAgent(args, (port) => {
        if (port !== 15000) throw new Error(`error forwarding port ${port}: connection refused`);
        const [near, far] = createDuplexPair();
        server.emit('connection', far);
        return near;
      }),
    );
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    process.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    process.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const code = await process.exit;
    await new Promise((resolve) => setImmediate(resolve));
    return [code, String(Buffer.concat(out)), String(Buffer.concat(err))];
  };

  it('prints the body and one newline, with or without a leading slash', async () => {
    assert.deepEqual(await run('request', 'GET', '/config_dump?resource=x'), [0, 'GET /config_dump?resource=x\n', '']);
    assert.deepEqual(await run('request', 'GET', 'ready'), [0, 'GET /ready\n', '']);
  });

  it('exits with 255 and says why for a status of 400 and more', async () => {
    assert.deepEqual(await run('request', 'GET', '503'), [255, '', 'Error: received unsuccessful status code 503: GET /503\n']);
  });

  it('takes 404 for an answer like any other', async () => {
    assert.deepEqual(await run('request', 'GET', '404'), [0, 'GET /404\n', '']);
  });

  it('asks only the ports that Istio allows', async () => {
    assert.deepEqual(await run('request', '--debug-port', '8080', 'GET', 'x'), [255, '', 'Error: debug port 8080 is not in allowed list 15000, 15004, 15020, 15021\n']);
    assert.deepEqual(await run('request', '--debug-port=15020', 'GET', 'x'), [255, '', 'Error: Get "http://localhost:15020/x": dial tcp 127.0.0.1:15020: connect: connection refused\n']);
  });

  it('knows its arguments', async () => {
    assert.deepEqual(await run('request', 'GET'), [255, '', 'Error: requires at least 2 arg(s), only received 1\n']);
    assert.deepEqual(await run('proxy'), [255, '', 'Error: unknown command "proxy" for "pilot-agent"\n']);
  });
});
