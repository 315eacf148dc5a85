// People of a rehearsal beside its administrator, so that missing rights can be met: users of the kubeconfig without a context of
// their own (`kubectl --user=mesh-viewer`), with what the cluster's roles give them.
import { randomBytes } from 'node:crypto';
import { userNamed } from './api/authentication.js';
import type { Credential } from './api/authentication.js';
import { clusterRoleBinding } from './api/bootstrapRoles.js';
import { RBAC_GROUP } from './api/roleRules.js';
import type { ObjectStore } from './clusterBackend.js';

export interface Persona {
  readonly name: string;
  /** The same in all clusters. */
  readonly token: string;
  /** Bound for the whole cluster; without one a person may do nothing until someone binds a role. */
  readonly clusterRole?: string;
}

const PEOPLE: readonly Omit<Persona, 'token'>[] = [
  { name: 'mesh-viewer', clusterRole: 'view' },
  { name: 'app-developer' },
];

export function createPersonas(): readonly Persona[] {
  return PEOPLE.map((person) => ({ ...person, token: randomBytes(24).toString('base64url') }));
}

export function credentialsOfPersonas(personas: readonly Persona[]): readonly Credential[] {
  return personas.map(({ name, token }) => ({ token, user: userNamed(name) }));
}

/** Binds the roles that they start with. */
export function bindPersonas(store: ObjectStore, personas: readonly Persona[]): void {
  for (const { name, clusterRole } of personas) {
    if (clusterRole === undefined) continue;
    store.create(`clusterrolebindings.${RBAC_GROUP}`, clusterRoleBinding(name, clusterRole, { kind: 'User', name }));
  }
}
