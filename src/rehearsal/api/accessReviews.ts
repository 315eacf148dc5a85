// `kubectl auth can-i`, `auth can-i --list` and `auth whoami`: answers by the same rules that requests are held to. Nothing is stored.
import type { Answer } from './answer.js';
import { created } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { isAllowed } from './accessPolicy.js';
import { fieldsAt, textAt } from './json.js';
import { parseObject } from './requestBody.js';
import { isPathGranted, rulesFor } from './roleRules.js';
import type { PolicyRule } from './roleRules.js';
import { checkBodyMatchesPath } from './validation.js';

type Review = (context: ApiContext, request: ResourceRequest, spec: Record<string, unknown>) => object;

/** Whether one action is allowed. */
const reviewAccess: Review = (context, request, spec) => {
  const path = fieldsAt(spec, 'nonResourceAttributes');
  if (Object.keys(path).length > 0) {
    return { allowed: isPathGranted(context.backend.store, request.user, textAt(path, 'verb'), textAt(path, 'path')) };
  }
  const attributes = fieldsAt(spec, 'resourceAttributes');
  const optional = (field: string): Record<string, string> => {
    const value = textAt(attributes, field);
    return value === '' ? {} : { [field]: value };
  };
  const allowed = isAllowed(context, request.user, {
    verb: textAt(attributes, 'verb'),
    group: textAt(attributes, 'group'),
    resource: textAt(attributes, 'resource'),
    ...optional('subresource'),
    ...optional('namespace'),
    ...optional('name'),
  });
  return { allowed };
};

function ruleFields(rule: PolicyRule, ...fields: (keyof PolicyRule)[]): object {
  return Object.fromEntries(fields.map((field) => [field, rule[field]] as const).filter(([, values]) => values.length > 0));
}

/** All that the user may do in a namespace. */
const reviewRules: Review = (context, request, spec) => {
  const rules = rulesFor(context.backend.store, request.user, textAt(spec, 'namespace'));
  const isForPaths = (rule: PolicyRule): boolean => rule.nonResourceURLs.length > 0;
  return {
    resourceRules: rules.filter((rule) => !isForPaths(rule)).map((rule) => ruleFields(rule, 'verbs', 'apiGroups', 'resources', 'resourceNames')),
    nonResourceRules: rules.filter(isForPaths).map((rule) => ruleFields(rule, 'verbs', 'nonResourceURLs')),
    incomplete: false,
  };
};

const reviewSelf: Review = (_context, { user }) => ({ userInfo: { username: user.name, groups: user.groups } });

const REVIEWS: Readonly<Record<string, Review>> = {
  SelfSubjectAccessReview: reviewAccess,
  SelfSubjectReview: reviewSelf,
  SelfSubjectRulesReview: reviewRules,
};

/** The answer to a POST of a review; undefined for every other kind. */
export function answerReview(context: ApiContext, request: ResourceRequest): Answer | undefined {
  const review = REVIEWS[request.target.resource.kind];
  if (!review) return undefined;
  const body = parseObject(request.body);
  checkBodyMatchesPath(body, request.target);
  return created({ ...body, status: review(context, request, fieldsAt(body, 'spec')) });
}
