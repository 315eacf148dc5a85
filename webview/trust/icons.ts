// The page's icons as inline drawings: they take the colour of the text beside them and need no font.

const namespace = 'http://www.w3.org/2000/svg';

/** Lines on a grid of 16 by 16. */
const lines = {
  check: 'M3 8.5 6.5 12 13 4.5',
  warning: 'M8 2 14.5 13.5 H1.5 Z M8 6.5 V9.5 M8 11.4 V11.6',
  expired: 'M8 1.8 A6.2 6.2 0 1 1 7.99 1.8 Z M5.6 5.6 10.4 10.4 M10.4 5.6 5.6 10.4',
  unknown: 'M8 1.8 A6.2 6.2 0 1 1 7.99 1.8 Z M6.2 6.4 C6.2 4 9.8 4 9.8 6.3 C9.8 7.6 8 7.7 8 9.2 M8 11.1 V11.3',
  notLoaded: 'M8 1.8 A6.2 6.2 0 1 1 7.99 1.8 Z M5 8 H11',
  waiting: 'M8 1.8 A6.2 6.2 0 1 1 7.99 1.8 Z M8 4.5 V8 L10.5 9.5',
  copy: 'M5.5 5.5 H13.5 V13.5 H5.5 Z M10.5 5.5 V2.5 H2.5 V10.5 H5.5',
  close: 'M4 4 12 12 M12 4 4 12',
  gateway: 'M2 8 H10 M7 4.5 10.5 8 7 11.5 M13.5 2.5 V13.5',
  scope: 'M2 3 H14 L9.5 8.5 V13 L6.5 11.5 V8.5 Z',
  folded: 'M6 3.5 10.5 8 6 12.5',
  unfolded: 'M3.5 6 8 10.5 12.5 6',
  lock: 'M4 7.2 H12 V13.5 H4 Z M5.5 7.2 V5 A2.5 2.5 0 0 1 10.5 5 V7.2',
  file: 'M4 1.8 H9.5 L12.5 4.8 V14.2 H4 Z M9.5 1.8 V4.8 H12.5',
  ascending: 'M8 13 V3.5 M4 7.5 8 3.5 12 7.5',
  descending: 'M8 3 V12.5 M4 8.5 8 12.5 12 8.5',
} as const;

export type IconName = keyof typeof lines;

/** Hidden from screen readers: the word beside it, or the button's name, says the same. */
export function createIcon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', lines[name]);
  svg.append(path);
  return svg;
}
