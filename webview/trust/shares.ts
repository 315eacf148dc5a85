// What the bars and legends count: the roots that proxies trust, and who signed their certificates.
import type { SignerClass, TrustClass } from '../../src/shared/trustClass.js';
import { signerClasses, trustClasses } from '../../src/shared/trustClass.js';
import { classNames, signerNames } from './classMessages.js';
import type { Shares } from './shareBar.js';

export const trustShares: Shares<TrustClass> = { names: trustClasses, fill: (name) => `fill-${name}`, words: classNames };

export const signerShares: Shares<SignerClass> = { names: signerClasses, fill: (name) => `fill-signer-${name}`, words: signerNames };
