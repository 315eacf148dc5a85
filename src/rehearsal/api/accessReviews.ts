// `kubectl auth can-i`: answers by the same rules that requests are held to.
import type { Answer } from './answer.js';
import { created } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { isAllowed } from './accessPolicy.js';
import { fieldsAt, textAt } from './json.js';
import { parseObject } from './requestBody.js';
import { checkBodyMatchesPath } from './validation.js';

/** POST of a SelfSubjectAccessReview; nothing is stored. */
export function reviewAccess(context: ApiContext, request: ResourceRequest): Answer {
  const review = parseObject(request.body);
  checkBodyMatchesPath(review, request.target);
  const attributes = fieldsAt(review, 'spec', 'resourceAttributes');
  const optional = (field: string): Record<string, string> => {
    const value = textAt(attributes, field);
    return value === '' ? {} : { [field]: value };
  };
  const allowed = isAllowed(context.access, {
    verb: textAt(attributes, 'verb'),
    group: textAt(attributes, 'group'),
    resource: textAt(attributes, 'resource'),
    ...optional('subresource'),
    ...optional('namespace'),
    ...optional('name'),
  });
  return created({ ...review, status: { allowed } });
}
