/* parts: pieces that the dashboard, the pages and the history are made of. */

import { element } from './dom.js';
import { ago, moment } from './format.js';

/* A time of the server (ISO 8601, UTC), as a person says it. */
export function when(iso) {
    return iso && element('time', { datetime: iso, title: moment(iso) }, ago(iso));
}

export function panel(heading, ...children) {
    return element('section', { class: 'section' }, element('h2', null, heading), children);
}

export function quiet(...children) {
    return element('p', { class: 'quiet' }, children);
}

/* What may be wider than a narrow window: scrolled by itself, by keyboard too. */
export function scrolling(name, ...children) {
    return element('div', { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': name }, children);
}

/* A cell of a number: stands to the right. */
export function figure(text) {
    return { figure: text };
}

function cell(content, index) {
    if (index === 0)
        return element('th', { scope: 'row' }, content);
    return content?.figure === undefined ? element('td', null, content) : element('td', { class: 'number' }, content.figure);
}

function head(content) {
    return element('th', content?.figure === undefined ? { scope: 'col' } : { scope: 'col', class: 'number' }, content?.figure ?? content);
}

/* Rows of cells: text, nodes or figures; the first cell of a row names it. */
export function dataTable(caption, heads, rows) {
    return scrolling(caption, element('table', { class: 'data' },
        element('caption', { class: 'unseen' }, caption),
        element('thead', null, element('tr', null, heads.map(head))),
        element('tbody', null, rows.map((row) => element('tr', null, row.map(cell))))));
}
