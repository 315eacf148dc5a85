// English texts of the identity scan: what becomes of an identity that is written down when peers change their trust domain.

export const identityEn = {
  'identity.expanded': 'matches peers of both trust domains: istiod expands it to the trust domain and its aliases',
  'identity.anyDomain': 'matches in every trust domain',
  'identity.refuses': 'peers that have moved to {domain} will no longer match, so they will be refused',
  'identity.letsThrough': 'peers that have moved to {domain} will no longer match, so what is refused today will be let through',
  'identity.unknownEffect': 'peers that have moved to {domain} will no longer match',
  'identity.prefixKeptLiterally': 'istiod takes a pattern that is no full identity literally and expands it to no other trust domain; {effect}',
  'identity.foreignDomain': 'the trust domain {domain} is no identity of this mesh that is known here: check who is meant',
  'identity.bothListed': 'the same service account is listed under {domain} as well',
  'identity.serverNotExpected': 'names are compared literally: servers that have moved to {domain} will be refused',
  'identity.text': 'a trust domain is written here and is compared in a way that cannot be told from outside',
  'identity.outsideService': 'an outside authorization service sees the identities of callers: check that it accepts those of {domain}',
} as const;
