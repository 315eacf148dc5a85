// What a request comes to for those who decide whether it is allowed.

/** One action, as RBAC sees it; `namespace` is missing for cluster-wide requests. */
export interface AccessRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}
