// One facet of the filter: a native list, which stays quick with two thousand namespaces.
import { createElement, setAttribute } from './dom.js';

export interface FacetOption {
  readonly value: string;
  readonly label: string;
  /** A name from a cluster, not a word of a language. */
  readonly isName: boolean;
}

export interface FacetSelect {
  readonly element: HTMLSelectElement;
  draw(label: string, all: string, options: readonly FacetOption[], chosen: string | undefined): void;
}

export function createFacetSelect(choose: (value: string | undefined) => void): FacetSelect {
  const element = createElement('select', { className: 'facet' });
  element.addEventListener('change', () => {
    choose(element.value === '' ? undefined : element.value);
  });
  let drawn = '';
  return {
    element,
    draw: (label, all, options, chosen) => {
      setAttribute(element, 'aria-label', label);
      const listed = withChosen(options, chosen);
      const wanted = JSON.stringify([all, listed]);
      if (wanted !== drawn) {
        element.replaceChildren(new Option(all, ''), ...listed.map(createOption));
        drawn = wanted;
      }
      if (element.value !== (chosen ?? '')) element.value = chosen ?? '';
      element.classList.toggle('active', chosen !== undefined);
    },
  };
}

/** A choice that was remembered from before stays visible while its rows are not there (yet). */
function withChosen(options: readonly FacetOption[], chosen: string | undefined): readonly FacetOption[] {
  if (chosen === undefined || options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: chosen, isName: true }];
}

function createOption({ value, label, isName }: FacetOption): HTMLOptionElement {
  const option = new Option(label, value);
  if (isName) option.translate = false;
  return option;
}
