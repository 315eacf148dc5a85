// In which form objects are answered: as they are, as the rows of a table, or as metadata only, by the client's Accept header.
import type { StoredObject } from '../kubeObject.js';
import { without } from './json.js';
import type { Target } from './requestTarget.js';
import { groupVersion } from './resources.js';
import { printerOf } from './tableColumns.js';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface Representation {
  object(object: StoredObject): unknown;
  list(objects: readonly StoredObject[], metadata: ListMeta): unknown;
  /** The object of one watch event; a table's columns go with the first event only. */
  event(object: StoredObject): unknown;
  /** The object of a BOOKMARK event, which has nothing but a version and annotations. */
  bookmark(metadata: Readonly<Record<string, unknown>>): unknown;
}

export interface RepresentationRequest {
  readonly target: Target;
  readonly accept: string;
  readonly params: URLSearchParams;
  readonly now: () => Date;
}

type Shape = 'object' | 'table' | 'metadata';
const META_VERSIONS = ['v1', 'v1beta1'];

/** The first entry that can be served decides, as in content negotiation of the real server. */
function shapeOf(accept: string): { readonly shape: Shape; readonly metaVersion: string } {
  for (const entry of accept.split(',')) {
    const [mediaType = '', ...rest] = entry.split(';').map((part) => part.trim());
    const parameters = new Map(rest.map((part) => part.split('=', 2) as [string, string]));
    const metaVersion = parameters.get('v') ?? 'v1';
    const as = parameters.get('as');
    if (mediaType === 'application/json' || mediaType === '*/*') {
      if (as === undefined) return { shape: 'object', metaVersion };
      if (!META_VERSIONS.includes(metaVersion)) continue;
      if (as === 'Table') return { shape: 'table', metaVersion };
      if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { shape: 'metadata', metaVersion };
    }
  }
  return { shape: 'object', metaVersion: 'v1' };
}

function plain({ target }: RepresentationRequest): Representation {
  const { resource, version } = target;
  const apiVersion = groupVersion(resource.group, version);
  const inVersion = (object: StoredObject): StoredObject =>
    object.apiVersion === apiVersion && object.kind === resource.kind ? object : { ...object, apiVersion, kind: resource.kind };
  // Items of built-in lists have no kind of their own; custom resources keep theirs.
  const item = resource.custom ? inVersion : (object: StoredObject) => without(object, 'apiVersion', 'kind');
  return {
    object: inVersion,
    list: (objects, metadata) => ({ kind: `${resource.kind}List`, apiVersion, metadata, items: objects.map(item) }),
    event: inVersion,
    bookmark: (metadata) => ({ kind: resource.kind, apiVersion, metadata }),
  };
}

function partial(metaVersion: string): Representation {
  const apiVersion = `meta.k8s.io/${metaVersion}`;
  const object = ({ metadata }: StoredObject): unknown => ({ kind: 'PartialObjectMetadata', apiVersion, metadata });
  return {
    object,
    list: (objects, metadata) => ({ kind: 'PartialObjectMetadataList', apiVersion, metadata, items: objects.map(object) }),
    event: object,
    bookmark: (metadata) => ({ kind: 'PartialObjectMetadata', apiVersion, metadata }),
  };
}

function table(request: RepresentationRequest, metaVersion: string): Representation {
  const printer = printerOf(request.target.resource.kind);
  const metadataOnly = partial(metaVersion);
  const whole = plain(request);
  const rowObject = (object: StoredObject): unknown => {
    switch (request.params.get('includeObject')) {
      case 'None':
        return undefined;
      case 'Object':
        return whole.object(object);
      default:
        return metadataOnly.object(object);
    }
  };
  const header = { kind: 'Table', apiVersion: `meta.k8s.io/${metaVersion}` };
  const rows = (objects: readonly StoredObject[]): unknown => {
    const now = request.now();
    return objects.map((object) => ({ cells: printer.cells(object, now), object: rowObject(object) }));
  };
  const tableOf = (objects: readonly StoredObject[], metadata: object): object => {
    return { ...header, metadata, columnDefinitions: printer.columns, rows: rows(objects) };
  };
  let events = 0;
  const later = (objects: readonly StoredObject[], metadata: object): object => {
    events += 1;
    return events === 1 ? tableOf(objects, metadata) : { ...header, metadata, columnDefinitions: null, rows: rows(objects) };
  };
  const versionOf = ({ metadata: { resourceVersion } }: StoredObject): object => ({ resourceVersion });
  return {
    object: (object) => tableOf([object], versionOf(object)),
    list: tableOf,
    event: (object) => later([object], versionOf(object)),
    bookmark: (metadata) => ({ ...header, metadata, columnDefinitions: null, rows: [] }),
  };
}

/** One representation serves one request: a watch's table remembers that its columns were sent. */
export function createRepresentation(request: RepresentationRequest): Representation {
  const { shape, metaVersion } = shapeOf(request.accept);
  if (shape === 'table') return table(request, metaVersion);
  return shape === 'metadata' ? partial(metaVersion) : plain(request);
}
