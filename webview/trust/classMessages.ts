// The words for the classes of proxies, in the summary, the filters and the details.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { SignerClass, TrustClass } from '../../src/shared/trustClass.js';

/** A few words, for a legend or a choice. */
export const classNames: Readonly<Record<TrustClass, Message>> = {
  both: message('trust.page.class.both'),
  istioCa: message('trust.page.class.istioCa'),
  meshCa: message('trust.page.class.meshCa'),
  otherRoots: message('trust.page.class.otherRoots'),
  unknown: message('trust.page.class.unknown'),
  notLoaded: message('trust.page.class.notLoaded'),
  waiting: message('trust.page.class.waiting'),
};

export const signerNames: Readonly<Record<SignerClass, Message>> = {
  meshCa: message('panel.signer.meshCa'),
  istioCa: message('panel.signer.istioCa'),
  other: message('panel.signer.other'),
  unsigned: message('panel.signer.unsigned'),
  unread: message('panel.signer.unread'),
};

/** A sentence on what it means for the peers of such a proxy. */
export const classSentences: Readonly<Record<TrustClass, Message>> = {
  both: message('trust.page.details.both'),
  istioCa: message('trust.page.details.istioCa'),
  meshCa: message('trust.page.details.meshCa'),
  otherRoots: message('trust.page.details.otherRoots'),
  unknown: message('trust.page.details.unknown'),
  notLoaded: message('trust.page.details.notLoaded'),
  waiting: message('trust.page.details.waiting'),
};
