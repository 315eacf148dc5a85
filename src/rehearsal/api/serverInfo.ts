// What a server says about itself: version and health.
import type { Answer } from './answer.js';
import { ok, plainText } from './answer.js';

/**
 * Never changes: Google's kubectl dispatcher runs the kubectl that matches the version it sees, and remembers it for hours.
 */
const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.4-gke.1415000',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2025-05-01T00:00:00Z',
  goVersion: 'go1.23.6 X:boringcrypto',
  compiler: 'gc',
  platform: 'linux/amd64',
};

const HEALTH_PATHS: readonly string[] = ['/healthz', '/livez', '/readyz'];

/** Open to everyone, as `system:public-info-viewer` makes them on a real cluster. */
export function isPublicPath(path: string): boolean {
  return path === '/version' || HEALTH_PATHS.includes(path);
}

/** The answer for such a path, or undefined for every other path. */
export function describeServer(path: string): Answer | undefined {
  if (path === '/version') return ok(VERSION);
  if (path === '/') return ok({ paths: ['/api', '/apis', '/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'] });
  return HEALTH_PATHS.includes(path) ? plainText('ok') : undefined;
}
