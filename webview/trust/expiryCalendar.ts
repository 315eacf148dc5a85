// When certificates expire, as bars over time: the workloads' by the hour or day, the authorities' by the month or year.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { CalendarBucket, CalendarUnit, CertificatesView } from '../../src/shared/trustViews.js';
import { createElement } from './dom.js';
import { createIcon } from './icons.js';
import type { PageFrame } from './pageFrame.js';

/** The same as the bars' frame in media/trust.css. */
const barHeightPx = 44;

export function createCalendars({ calendars, expired }: CertificatesView, frame: PageFrame): HTMLElement {
  const { say } = frame;
  const heading = createElement('h2', { text: say(message('panel.calendar')) });
  const warning = expired === 0 ? [] : [createElement('p', { className: 'why', children: [createIcon('expired'), createElement('span', { text: say(message('panel.calendar.expired', { count: expired })) })] })];
  const drawn = calendars.filter(({ buckets }) => buckets.length > 0).map(({ unit, buckets }) => createCalendar(unit, buckets, frame));
  return createElement('section', {
    className: 'calendars',
    attributes: { 'aria-label': say(message('panel.calendar')) },
    children: [heading, ...warning, createElement('div', { className: 'calendarFrame', children: drawn })],
  });
}

const kinds = ['roots', 'issuers', 'leaves'] as const;

const kindWords: Readonly<Record<(typeof kinds)[number], Message>> = {
  leaves: message('panel.calendar.leaf'),
  issuers: message('panel.calendar.issuer'),
  roots: message('panel.calendar.root'),
};

function createCalendar(unit: CalendarUnit, buckets: readonly CalendarBucket[], { say, state }: PageFrame): HTMLElement {
  const most = Math.max(1, ...buckets.map(totalOf));
  const present = kinds.filter((kind) => buckets.some((bucket) => bucket[kind] > 0));
  const showStart = startFormatter(unit, state.locale);
  const bars = buckets.map((bucket) => {
    const label = say(message('panel.calendar.bucket', { when: showStart(bucket.start), leaves: bucket.leaves, issuers: bucket.issuers, roots: bucket.roots }));
    return createElement('li', { className: 'bucket', attributes: { title: label }, children: [createElement('span', { className: 'unseen', text: label }), ...createBars(bucket, most)] });
  });
  const ends = [buckets[0], buckets.at(-1)].map((bucket) => createElement('span', { attributes: { translate: 'no' }, text: bucket === undefined ? '' : showStart(bucket.start) }));
  const legend = present.map((kind) => createElement('span', { className: 'legendEntry', children: [createElement('span', { className: `swatch fill-${kind}` }), createElement('span', { text: say(kindWords[kind]) })] }));
  const head = createElement('div', { className: 'calendarHead', children: [...legend, createElement('span', { className: 'dim', text: say(message(`panel.calendar.by.${unit}`)) })] });
  return createElement('div', {
    className: 'calendar',
    children: [head, createElement('ul', { className: 'buckets', children: bars }), createElement('div', { className: 'calendarEnds dim', attributes: { 'aria-hidden': 'true' }, children: ends })],
  });
}

function totalOf({ leaves, issuers, roots }: CalendarBucket): number {
  return leaves + issuers + roots;
}

function createBars(bucket: CalendarBucket, most: number): readonly Node[] {
  return kinds
    .filter((kind) => bucket[kind] > 0)
    .map((kind) => {
      const bar = createElement('span', { className: `bucketBar fill-${kind}`, attributes: { 'aria-hidden': 'true' } });
      bar.style.height = `${Math.max(4, Math.round((barHeightPx * bucket[kind]) / most))}px`;
      return bar;
    });
}

function startFormatter(unit: CalendarUnit, locale: PageFrame['state']['locale']): (moment: number) => string {
  const fields: Readonly<Record<CalendarUnit, Intl.DateTimeFormatOptions>> = {
    hour: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
    day: { month: 'short', day: 'numeric' },
    week: { month: 'short', day: 'numeric' },
    month: { year: 'numeric', month: 'short' },
    year: { year: 'numeric' },
    decade: { year: 'numeric' },
  };
  const format = new Intl.DateTimeFormat(locale === 'pseudo' ? 'en' : locale, fields[unit]);
  return (moment) => format.format(moment);
}
