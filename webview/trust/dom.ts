// Making and changing elements without markup: every text goes in as text, and the document is touched only by a change.

export interface ElementOptions {
  readonly className?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Node[];
}

export function createElement<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, options: ElementOptions = {}): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (options.className !== undefined) element.className = options.className;
  if (options.text !== undefined) element.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) element.setAttribute(name, value);
  element.append(...(options.children ?? []));
  return element;
}

/** A name, an identity or a fingerprint: shown as it is in every language. */
export function createData(text: string, className = ''): HTMLElement {
  const element = createElement('span', { text, attributes: { translate: 'no' } });
  if (className !== '') element.className = className;
  return element;
}

export function setText(element: Node, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Undefined takes the attribute away. */
export function setAttribute(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export function setClass(element: Element, className: string): void {
  if (element.className !== className) element.className = className;
}

export function setHidden(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden;
}
